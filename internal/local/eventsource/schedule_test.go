package eventsource

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

type invoked func(payload []byte) error

func (f invoked) Invoke(_ context.Context, payload []byte) ([]byte, error) { return nil, f(payload) }

func TestAScheduleGoesOnAlsoAfterAFailure(t *testing.T) {
	got := make(chan events.EventBridgeEvent, 16)
	m, err := StartSchedule(ScheduleOptions{
		Name: "sweep", Every: time.Millisecond, Region: "us-east-1",
		Function: invoked(func(payload []byte) error {
			var e events.EventBridgeEvent
			if err := json.Unmarshal(payload, &e); err != nil {
				t.Errorf("%s: %v", payload, err)
			}
			select {
			case got <- e:
			default:
			}
			return errors.New("not today")
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	first, second := <-got, <-got
	if err := m.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if first.Source != "aws.events" || first.DetailType != "Scheduled Event" || first.Time.IsZero() || first.ID == second.ID {
		t.Errorf("got %+v, then %+v", first, second)
	}
}

func TestAScheduleNeedsAnInterval(t *testing.T) {
	if _, err := StartSchedule(ScheduleOptions{Name: "sweep", Function: invoked(nil)}); err == nil {
		t.Error("a schedule without an interval was started")
	}
}
