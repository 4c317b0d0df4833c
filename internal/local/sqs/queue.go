package sqs

import (
	"container/heap"
	"sync"
	"time"
)

// message is where a message stands. Its body stays on disk.
type message struct {
	seq       uint64 // its place in the queue, and its key on disk
	visibleAt time.Time
	receives  int
	first     time.Time // when it was first received
	receipt   string    // of the last receive; no other is good
	index     int       // in the heap
}

// queue orders the messages of one queue by when they can be received. Each
// message is in the heap, in flight or not, until it is deleted.
type queue struct {
	mu        sync.Mutex
	config    Queue
	messages  byVisibility
	byReceipt map[string]*message
	sooner    chan struct{} // closed when a message may be visible sooner than was known
}

func newQueue(config Queue, messages []*message) *queue {
	q := &queue{config: config, byReceipt: map[string]*message{}, sooner: make(chan struct{})}
	for _, m := range messages {
		heap.Push(&q.messages, m)
	}
	return q
}

func (q *queue) configure(config Queue) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.config = config
}

// add puts messages in the queue and wakes whoever waits for some.
func (q *queue) add(messages ...*message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range messages {
		heap.Push(&q.messages, m)
		if m.receipt != "" {
			q.byReceipt[m.receipt] = m
		}
	}
	q.wake()
}

func (q *queue) wake() {
	close(q.sooner)
	q.sooner = make(chan struct{})
}

// receipt is one hand-over of a message.
type receipt struct {
	seq      uint64
	handle   string
	receives int
	first    time.Time
}

// hand is what take took out of a queue, or what to wait for if it is nothing.
type hand struct {
	receipts   []receipt
	dead       []*message // received too often; no longer in the queue
	deadLetter string
	next       time.Time // when the next message becomes visible; zero: unknown
	sooner     <-chan struct{}
}

// take hands out up to max messages that are visible now. A visibility below
// zero means the queue's own.
func (q *queue) take(now time.Time, max int, visibility time.Duration, newID func() string) hand {
	q.mu.Lock()
	defer q.mu.Unlock()
	if visibility < 0 {
		visibility = q.config.Visibility
	}
	h := hand{sooner: q.sooner, deadLetter: q.config.DeadLetter}
	var taken []*message
	for len(taken) < max && len(q.messages) > 0 && !q.messages[0].visibleAt.After(now) {
		m := heap.Pop(&q.messages).(*message)
		delete(q.byReceipt, m.receipt)
		if q.config.MaxReceives > 0 && m.receives >= q.config.MaxReceives {
			h.dead = append(h.dead, m)
			continue
		}
		if m.receives++; m.receives == 1 {
			m.first = now
		}
		m.visibleAt, m.receipt = now.Add(visibility), newReceipt(m.seq, newID())
		q.byReceipt[m.receipt] = m
		h.receipts = append(h.receipts, receipt{m.seq, m.receipt, m.receives, m.first})
		taken = append(taken, m)
	}
	for _, m := range taken {
		heap.Push(&q.messages, m)
	}
	if len(q.messages) > 0 {
		h.next = q.messages[0].visibleAt
	}
	return h
}

// remove takes the message of a receipt out of the queue. It answers nil if the
// receipt is old: the message is gone, or somebody else's now.
func (q *queue) remove(handle string) *message {
	q.mu.Lock()
	defer q.mu.Unlock()
	m := q.byReceipt[handle]
	if m != nil {
		delete(q.byReceipt, handle)
		heap.Remove(&q.messages, m.index)
	}
	return m
}

// reschedule changes when an in-flight message becomes visible, and tells
// whether the receipt still stands for one.
func (q *queue) reschedule(handle string, now, visibleAt time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	m := q.byReceipt[handle]
	if m == nil || !m.visibleAt.After(now) {
		return false
	}
	m.visibleAt = visibleAt
	heap.Fix(&q.messages, m.index)
	q.wake()
	return true
}

// Depth counts the messages of a queue.
type Depth struct {
	Visible  int // can be received now
	InFlight int // received, and neither deleted nor visible again
	Delayed  int // sent with a delay that is not over
}

func (q *queue) depth(now time.Time) (d Depth) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range q.messages {
		switch {
		case !m.visibleAt.After(now):
			d.Visible++
		case m.receives > 0:
			d.InFlight++
		default:
			d.Delayed++
		}
	}
	return d
}

// byVisibility is a heap of messages: what is visible first comes first, and of
// those, what was sent first.
type byVisibility []*message

func (h byVisibility) Len() int { return len(h) }

func (h byVisibility) Less(i, j int) bool {
	if !h[i].visibleAt.Equal(h[j].visibleAt) {
		return h[i].visibleAt.Before(h[j].visibleAt)
	}
	return h[i].seq < h[j].seq
}

func (h byVisibility) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *byVisibility) Push(x any) {
	m := x.(*message)
	m.index = len(*h)
	*h = append(*h, m)
}

func (h *byVisibility) Pop() any {
	last := len(*h) - 1
	m := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return m
}
