// Package sqs is Amazon SQS on one machine: standard queues in one file.
//
// It speaks SQS's JSON protocol over HTTP and offers the same operations as Go
// methods. Messages survive the process; a message is delivered at least once,
// usually in the order sent. Not kept, because nothing here needs them: FIFO
// queues, batches, message attributes, and a bound on how long a message stays.
package sqs

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	bolt "go.etcd.io/bbolt"
)

const (
	// MaxBodyBytes is the largest body a message can have.
	MaxBodyBytes = 256 << 10
	// MaxDelay is the longest a message can be held back when it is sent.
	MaxDelay = 15 * time.Minute
	// MaxVisibility is the longest a received message can stay invisible.
	MaxVisibility = 12 * time.Hour
	// MaxWait is the longest that the HTTP API lets a receiver wait.
	MaxWait = 20 * time.Second
	// MaxReceive is the most messages that one call receives.
	MaxReceive = 10
	// DefaultVisibility is how long a received message stays invisible in a
	// queue that says nothing else.
	DefaultVisibility = 30 * time.Second

	account    = "000000000000" // owner of every queue
	batchDelay = time.Millisecond
	lockWait   = 2 * time.Second
)

// Options are what a service takes from outside.
type Options struct {
	// Now is the clock. Nil: time.Now.
	Now func() time.Time
	// NewID makes message ids and receipts. Nil: random UUIDs.
	NewID func() string
	// Log hears what no caller is told. Nil: nobody does.
	Log *slog.Logger
	// URL is the base of queue URLs, like "http://127.0.0.1:9324". Empty: the
	// host that a request names.
	URL string
	// Region is what ARNs name. Empty: us-east-1.
	Region string
}

// Queue is what a queue is called and how it behaves.
type Queue struct {
	// Name is 1 to 80 letters, digits, hyphens and underscores.
	Name string
	// Visibility is how long a received message is hidden from others unless
	// the receiver says otherwise. Zero: DefaultVisibility.
	Visibility time.Duration
	// MaxReceives is how often a message is handed out before it goes to
	// DeadLetter instead. Zero: without limit.
	MaxReceives int
	// DeadLetter names the queue that takes what was received too often; it is
	// declared first.
	DeadLetter string
}

// Service is a set of queues. Its methods may be called from many goroutines.
type Service struct {
	opts   Options
	db     *bolt.DB
	closed chan struct{}

	mu     sync.RWMutex
	queues map[string]*queue
}

// Open opens the queues in the file at path, and creates it if it is missing.
// A queue can be used once it is declared.
//
// Opening makes every message that was in flight visible again at once, with
// its receive count: whoever had received it died with the process that held
// the file. (On AWS a message would wait out its visibility timeout.)
func Open(path string, o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockWait})
	if err != nil {
		return nil, fmt.Errorf("open queues in %s: %w", path, err)
	}
	db.MaxBatchDelay = batchDelay
	return &Service{opts: o, db: db, closed: make(chan struct{}), queues: map[string]*queue{}}, nil
}

// Close ends every wait and closes the file. Messages in flight stay in the
// file and will be visible when it is opened again.
func (s *Service) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
		return nil
	default:
		close(s.closed)
	}
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close queues: %w", err)
	}
	return nil
}

var queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// Declare makes a queue known, with its messages of earlier runs. Declaring it
// again changes how it behaves from then on.
func (s *Service) Declare(q Queue) error {
	if !queueName.MatchString(q.Name) {
		return fmt.Errorf("declare queue %q: not a queue name", q.Name)
	}
	if q.Visibility == 0 {
		q.Visibility = DefaultVisibility
	}
	if q.Visibility < 0 || q.Visibility > MaxVisibility || q.MaxReceives < 0 {
		return fmt.Errorf("declare queue %s: visibility %v or max receives %d out of range",
			q.Name, q.Visibility, q.MaxReceives)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if (q.MaxReceives > 0) != (q.DeadLetter != "") {
		return fmt.Errorf("declare queue %s: max receives and a dead-letter queue go together", q.Name)
	}
	if _, known := s.queues[q.DeadLetter]; q.DeadLetter != "" && !known {
		return fmt.Errorf("declare queue %s: its dead-letter queue %s is not declared", q.Name, q.DeadLetter)
	}
	if known := s.queues[q.Name]; known != nil {
		known.configure(q)
		return nil
	}
	messages, err := load(s.db, q.Name, s.opts.Now())
	if err != nil {
		return fmt.Errorf("declare queue %s: %w", q.Name, err)
	}
	s.queues[q.Name] = newQueue(q, messages)
	return nil
}

// ARN is the Amazon Resource Name of a queue.
func (s *Service) ARN(name string) string {
	return "arn:aws:sqs:" + s.opts.Region + ":" + account + ":" + name
}

func (s *Service) queue(name string) (*queue, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	q := s.queues[name]
	if q == nil {
		return nil, &Error{Code: QueueDoesNotExist, Message: "The specified queue does not exist."}
	}
	return q, nil
}

// names lists the queues whose names begin with prefix, sorted.
func (s *Service) names(prefix string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var names []string
	for name := range s.queues {
		if len(name) >= len(prefix) && name[:len(prefix)] == prefix {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// ServeHTTP answers one call of SQS's JSON 1.0 protocol.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	requestID := s.opts.NewID()
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-Requestid", requestID)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	if err != nil {
		writeError(w, invalid("The request cannot be read or is longer than %d bytes.", maxRequestBytes))
		return
	}
	answer, err := s.call(r, body)
	if err == nil {
		writeAnswer(w, answer)
		return
	}
	if r.Context().Err() != nil {
		return // a receiver that waited has gone
	}
	refusal, ok := errors.AsType[*Error](err)
	if !ok {
		s.opts.Log.Error("sqs call failed", "request", requestID, "target", r.Header.Get(targetHeader), "error", err)
		refusal = &Error{Code: InternalError, Message: "We encountered an internal error. Please try again."}
	}
	writeError(w, refusal)
}
