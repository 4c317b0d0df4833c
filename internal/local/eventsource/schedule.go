package eventsource

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// ScheduleOptions start a function by the clock, as a schedule of EventBridge does.
type ScheduleOptions struct {
	Name     string // of the rule
	Every    time.Duration
	Function Invoker
	Region   string
	// Now is the clock that events carry. Nil: time.Now.
	Now func() time.Time
	// NewID makes event ids. Nil: random UUIDs.
	NewID func() string
	// Log hears of invocations that failed. Nil: nobody does.
	Log *slog.Logger
}

// StartSchedule invokes a function at once and then again and again until the
// mapping is closed. On AWS a run that takes longer than the interval overlaps
// with the next; here the next is left out.
func StartSchedule(o ScheduleOptions) (*Mapping, error) {
	if o.Name == "" || o.Every <= 0 || o.Function == nil {
		return nil, errors.New("start a schedule: a name, an interval and a function are required")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return begin(o.run), nil
}

func (o ScheduleOptions) run(poll, invoke context.Context) {
	tick := time.NewTicker(o.Every)
	defer tick.Stop()
	for {
		if _, err := o.Function.Invoke(invoke, o.event()); err != nil && poll.Err() == nil {
			o.Log.Warn("scheduled function failed", "schedule", o.Name, "error", err)
		}
		select {
		case <-tick.C:
		case <-poll.Done():
			return
		}
	}
}

// event is what EventBridge sends.
func (o ScheduleOptions) event() json.RawMessage {
	b, _ := json.Marshal(map[string]any{ // strings alone: it cannot fail
		"version": "0", "id": o.NewID(), "detail-type": "Scheduled Event", "source": "aws.events",
		"account": "000000000000", "time": o.Now().UTC().Format(time.RFC3339), "region": o.Region,
		"resources": []string{"arn:aws:events:" + o.Region + ":000000000000:rule/" + o.Name},
		"detail":    map[string]any{},
	})
	return b
}
