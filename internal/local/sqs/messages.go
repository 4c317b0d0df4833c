package sqs

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	bolt "go.etcd.io/bbolt"
)

// ErrClosed is returned by a Receive that waits when the service is closed.
var ErrClosed = errors.New("the queues are closed")

// Message is a message as it was handed out, or as it was sent; the receipt
// and the counts are then zero.
type Message struct {
	ID        string
	Receipt   string
	Body      string
	MD5OfBody string // hex
	Sent      time.Time
	First     time.Time // when it was first received
	Receives  int       // this one included
}

// Send puts a message in a queue, to be visible after delay. When it returns,
// the message is on disk. A body of over MaxBodyBytes, or with characters that
// XML cannot hold, is refused.
func (s *Service) Send(queue, body string, delay time.Duration) (Message, error) {
	q, err := s.queue(queue)
	if err != nil {
		return Message{}, err
	}
	if err := checkBody(body); err != nil {
		return Message{}, err
	}
	if delay < 0 || delay > MaxDelay {
		return Message{}, invalid("Value %v for parameter DelaySeconds is invalid.", delay)
	}
	now := s.opts.Now()
	c := content{ID: s.opts.NewID(), Sent: now, Body: body}
	var seq uint64
	err = s.db.Batch(func(tx *bolt.Tx) (err error) {
		seq, err = insert(tx, queue, c, standing{Delay: now.Add(delay)})
		return err
	})
	if err != nil {
		return Message{}, fmt.Errorf("send to queue %s: %w", queue, err)
	}
	q.add(&message{seq: seq, visibleAt: now.Add(delay)})
	return Message{ID: c.ID, Body: body, MD5OfBody: digest(body), Sent: c.Sent}, nil
}

// ReceiveOptions are how much to receive, and how.
type ReceiveOptions struct {
	// Max is how many messages to take at most. Zero: one.
	Max int
	// Wait is how long to wait for a first message, at most.
	Wait time.Duration
	// Visibility is how long to hide the messages from others. Nil: as the
	// queue says.
	Visibility *time.Duration
}

// Receive hands out messages that are visible and hides them from others. If
// there are none it waits, and wakes at once when a message arrives or becomes
// visible; none in time is no error. What is received belongs to the caller
// until its visibility ends: Delete it when it is done with. A message received
// too often goes to the dead-letter queue instead.
func (s *Service) Receive(ctx context.Context, queue string, o ReceiveOptions) ([]Message, error) {
	q, err := s.queue(queue)
	if err != nil {
		return nil, err
	}
	most, visibility, err := o.bounds()
	if err != nil {
		return nil, err
	}
	deadline := s.opts.Now().Add(o.Wait)
	for {
		now := s.opts.Now()
		h := q.take(now, most, visibility, s.opts.NewID)
		if err := s.bury(q, queue, h); err != nil {
			return nil, err
		}
		if len(h.receipts) > 0 {
			return s.handOut(queue, q, h.receipts)
		}
		wait := deadline.Sub(now)
		if wait <= 0 {
			return nil, nil
		}
		if next := h.next.Sub(now); !h.next.IsZero() && next < wait {
			wait = next
		}
		if err := s.await(ctx, h.sooner, wait); err != nil {
			return nil, err
		}
	}
}

func (o ReceiveOptions) bounds() (most int, visibility time.Duration, err error) {
	most, visibility = max(1, o.Max), -1
	if o.Max < 0 || o.Max > MaxReceive {
		return 0, 0, invalid("Value %d for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and %d.",
			o.Max, MaxReceive)
	}
	if o.Visibility != nil {
		visibility = *o.Visibility
		if visibility < 0 || visibility > MaxVisibility {
			return 0, 0, invalid("Value %v for parameter VisibilityTimeout is invalid.", visibility)
		}
	}
	return most, visibility, nil
}

func (s *Service) await(ctx context.Context, sooner <-chan struct{}, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-sooner:
		return nil
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closed:
		return ErrClosed
	}
}

// handOut makes receives durable and reads the bodies. Should the disk fail,
// the messages are visible again at once.
func (s *Service) handOut(queue string, q *queue, receipts []receipt) (messages []Message, err error) {
	err = s.db.Batch(func(tx *bolt.Tx) error {
		messages = nil
		for _, r := range receipts {
			c, err := getContent(tx, queue, r.seq)
			if err != nil {
				return err
			}
			if err := putStanding(tx, queue, r.seq, standing{Receives: r.receives, First: r.first}); err != nil {
				return err
			}
			messages = append(messages, Message{
				ID: c.ID, Receipt: r.handle, Body: c.Body, MD5OfBody: digest(c.Body),
				Sent: c.Sent, First: r.first, Receives: r.receives,
			})
		}
		return nil
	})
	if err != nil {
		now := s.opts.Now()
		for _, r := range receipts {
			q.reschedule(r.handle, now, now)
		}
		return nil, fmt.Errorf("receive from queue %s: %w", queue, err)
	}
	return messages, nil
}

// bury moves messages to the dead-letter queue, where they keep their id, age
// and receive count.
func (s *Service) bury(q *queue, queue string, h hand) error {
	if len(h.dead) == 0 {
		return nil
	}
	grave, err := s.queue(h.deadLetter)
	if err != nil {
		q.add(h.dead...)
		return err
	}
	var buried []*message
	err = s.db.Batch(func(tx *bolt.Tx) error {
		buried = nil
		for _, m := range h.dead {
			c, err := getContent(tx, queue, m.seq)
			if err != nil {
				return err
			}
			seq, err := insert(tx, h.deadLetter, c, standing{Receives: m.receives, First: m.first})
			if err != nil {
				return err
			}
			buried = append(buried, &message{seq: seq, receives: m.receives, first: m.first, visibleAt: s.opts.Now()})
			if err := remove(tx, queue, m.seq); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		q.add(h.dead...)
		return fmt.Errorf("move from queue %s to %s: %w", queue, h.deadLetter, err)
	}
	grave.add(buried...)
	s.opts.Log.Warn("messages moved to the dead-letter queue", "queue", queue, "to", h.deadLetter, "count", len(buried))
	return nil
}

// Delete removes a received message for good. An old receipt, of a message that
// is gone or was received again since, is accepted and does nothing.
func (s *Service) Delete(queue, receipt string) error {
	q, err := s.queue(queue)
	if err != nil {
		return err
	}
	if err := checkReceipt(receipt); err != nil {
		return err
	}
	m := q.remove(receipt)
	if m == nil {
		return nil
	}
	if err := s.db.Batch(func(tx *bolt.Tx) error { return remove(tx, queue, m.seq) }); err != nil {
		q.add(m)
		return fmt.Errorf("delete from queue %s: %w", queue, err)
	}
	return nil
}

// ChangeVisibility makes a received message visible again after d from now;
// zero is at once. The message must still be in flight.
func (s *Service) ChangeVisibility(queue, receipt string, d time.Duration) error {
	q, err := s.queue(queue)
	if err != nil {
		return err
	}
	if err := checkReceipt(receipt); err != nil {
		return err
	}
	if d < 0 || d > MaxVisibility {
		return invalid("Value %v for parameter VisibilityTimeout is invalid.", d)
	}
	now := s.opts.Now()
	if !q.reschedule(receipt, now, now.Add(d)) {
		return &Error{Code: MessageNotInflight, Message: "The message referred to is not in flight."}
	}
	return nil
}

// Depth counts the messages of a queue.
func (s *Service) Depth(queue string) (Depth, error) {
	q, err := s.queue(queue)
	if err != nil {
		return Depth{}, err
	}
	return q.depth(s.opts.Now()), nil
}

// checkBody refuses what SQS refuses: nothing, too much, and characters outside
// of XML.
func checkBody(body string) error {
	switch {
	case body == "":
		return &Error{Code: MissingParameter, Message: "The request must contain the parameter MessageBody."}
	case len(body) > MaxBodyBytes:
		return invalid("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", MaxBodyBytes)
	case !utf8.ValidString(body) || strings.ContainsFunc(body, outsideXML):
		return &Error{Code: InvalidMessageContents, Message: "The message contains characters outside the allowed set."}
	}
	return nil
}

func outsideXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// newReceipt makes a receipt handle, which only the receiver can know.
func newReceipt(seq uint64, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatUint(seq, 10) + "/" + id))
}

func checkReceipt(handle string) error {
	plain, err := base64.RawURLEncoding.DecodeString(handle)
	if seq, _, ok := strings.Cut(string(plain), "/"); err == nil && ok {
		if _, err := strconv.ParseUint(seq, 10, 64); err == nil {
			return nil
		}
	}
	return &Error{Code: ReceiptHandleIsInvalid, Message: "The input receipt handle is invalid."}
}

func digest(body string) string {
	sum := md5.Sum([]byte(body))
	return hex.EncodeToString(sum[:])
}
