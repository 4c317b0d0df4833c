package eventsource

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/darkroom/darkroom/internal/local/sqs"
)

// pollWait is how long a poller waits for messages in one call.
const pollWait = 20 * time.Second

// QueueOptions connect a queue to a function.
type QueueOptions struct {
	Queues   *sqs.Service
	Queue    string // by name
	Function Invoker
	// BatchSize is how many messages a function gets at once, at most 10.
	// Zero: one.
	BatchSize int
	// Pollers is how many batches are under way at once, which on AWS is
	// bounded by MaximumConcurrency. Zero: two.
	Pollers int
	// ReportBatchItemFailures reads from the function's answer which messages
	// it did not take. Otherwise it takes all or, by an error, none.
	ReportBatchItemFailures bool
	// RetryAfter is when a message that was not taken comes again. Zero: when
	// its visibility timeout ends, as on AWS.
	RetryAfter time.Duration
	Faults     Faults
	// Log hears of batches that were not taken. Nil: nobody does.
	Log *slog.Logger
}

// queueMapping is a running QueueOptions.
type queueMapping struct {
	QueueOptions
	arn, region string
	dice        *dice
}

// StartQueue carries the messages of a queue to a function until the mapping is
// closed.
func StartQueue(o QueueOptions) (*Mapping, error) {
	if o.Queues == nil || o.Function == nil {
		return nil, errors.New("map a queue: the queues and a function are required")
	}
	if _, err := o.Queues.Depth(o.Queue); err != nil {
		return nil, fmt.Errorf("map queue %s: %w", o.Queue, err)
	}
	if o.BatchSize < 0 || o.BatchSize > sqs.MaxReceive || o.Pollers < 0 || o.RetryAfter < 0 {
		return nil, fmt.Errorf("map queue %s: batch size %d, pollers %d or retry %v out of range",
			o.Queue, o.BatchSize, o.Pollers, o.RetryAfter)
	}
	if o.BatchSize == 0 {
		o.BatchSize = 1
	}
	if o.Pollers == 0 {
		o.Pollers = 2
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m := &queueMapping{QueueOptions: o, arn: o.Queues.ARN(o.Queue), dice: newDice(o.Faults)}
	m.region = strings.Split(m.arn, ":")[3]
	return begin(func(poll, invoke context.Context) {
		var wg sync.WaitGroup
		for range o.Pollers {
			wg.Go(func() { m.poll(poll, invoke) })
		}
		wg.Wait()
	}), nil
}

func (m *queueMapping) poll(poll, invoke context.Context) {
	for failures := 0; poll.Err() == nil; {
		batch, err := m.receive(poll, pollWait)
		switch {
		case errors.Is(err, sqs.ErrClosed):
			return
		case err != nil && poll.Err() == nil:
			m.Log.Error("queue cannot be received from", "queue", m.Queue, "error", err)
			pause(poll, failures)
			failures++
			continue
		}
		failures = 0
		if len(batch) > 0 && m.dice.roll(m.Faults.Reorder) {
			m.overtake(poll, invoke, batch)
		}
		m.deliver(invoke, batch)
	}
}

func (m *queueMapping) receive(ctx context.Context, wait time.Duration) ([]sqs.Message, error) {
	return m.Queues.Receive(ctx, m.Queue, sqs.ReceiveOptions{Max: m.BatchSize, Wait: wait})
}

// overtake lets what arrives soon be delivered before batch, and mixes batch.
func (m *queueMapping) overtake(poll, invoke context.Context, batch []sqs.Message) {
	if later, err := m.receive(poll, m.dice.faults.MaxDelay); err == nil {
		m.deliver(invoke, later)
	}
	m.dice.shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
}

// deliver hands a batch to the function, deletes what it took, and leaves the
// rest to come again.
func (m *queueMapping) deliver(ctx context.Context, batch []sqs.Message) {
	if len(batch) == 0 {
		return
	}
	if d := m.dice.delay(); d > 0 {
		sleep(ctx, d)
	}
	failed, err := m.invoke(ctx, batch)
	if m.dice.roll(m.Faults.Duplicate) {
		failed, err = m.invoke(ctx, batch)
	}
	if err != nil {
		m.Log.Warn("batch of messages not taken", "queue", m.Queue, "messages", len(batch), "error", err)
	}
	for _, message := range batch {
		if err := m.settle(message, err == nil && !failed[message.ID]); err != nil {
			m.Log.Error("message cannot be settled and will come again",
				"queue", m.Queue, "message", message.ID, "error", err)
		}
	}
}

func (m *queueMapping) settle(message sqs.Message, taken bool) error {
	switch {
	case taken:
		return m.Queues.Delete(m.Queue, message.Receipt)
	case m.RetryAfter > 0:
		err := m.Queues.ChangeVisibility(m.Queue, message.Receipt, m.RetryAfter)
		if refused, ok := errors.AsType[*sqs.Error](err); ok && refused.Code == sqs.MessageNotInflight {
			return nil // its visibility timeout was sooner
		}
		return err
	default:
		return nil
	}
}

// invoke returns the ids of the messages that the function did not take. An
// error means all of them, and so does an answer that cannot be read or names
// a message that is not in the batch.
func (m *queueMapping) invoke(ctx context.Context, batch []sqs.Message) (failed map[string]bool, err error) {
	payload, err := m.event(batch)
	if err != nil {
		return nil, err
	}
	response, err := m.Function.Invoke(ctx, payload)
	if err != nil || !m.ReportBatchItemFailures {
		return nil, err
	}
	if failed, err = failedItems(response); err != nil {
		return nil, err
	}
	known := 0
	for _, message := range batch {
		if failed[message.ID] {
			known++
		}
	}
	if known != len(failed) {
		return nil, fmt.Errorf("%w: a failure names an item that is not in the batch", errMalformed)
	}
	return failed, nil
}

// messageRecord is a message as Lambda shows it to a function.
type messageRecord struct {
	MessageID         string            `json:"messageId"`
	ReceiptHandle     string            `json:"receiptHandle"`
	Body              string            `json:"body"`
	Attributes        map[string]string `json:"attributes"`
	MessageAttributes struct{}          `json:"messageAttributes"`
	MD5OfBody         string            `json:"md5OfBody"`
	EventSource       string            `json:"eventSource"`
	EventSourceARN    string            `json:"eventSourceARN"`
	AWSRegion         string            `json:"awsRegion"`
}

func (m *queueMapping) event(batch []sqs.Message) ([]byte, error) {
	records := make([]messageRecord, 0, len(batch))
	for _, message := range batch {
		records = append(records, messageRecord{
			MessageID:      message.ID,
			ReceiptHandle:  message.Receipt,
			Body:           message.Body,
			Attributes:     message.Attributes(),
			MD5OfBody:      message.MD5OfBody,
			EventSource:    "aws:sqs",
			EventSourceARN: m.arn,
			AWSRegion:      m.region,
		})
	}
	payload, err := encode(map[string][]messageRecord{"Records": records})
	if err != nil {
		return nil, fmt.Errorf("encode the event of %d messages: %w", len(batch), err)
	}
	return payload, nil
}
