package appsync

import (
	"encoding/json"
	"fmt"
	goruntime "runtime"
	"sync"

	"github.com/darkroom/darkroom/internal/local/websocket"
)

// maxSubscriptions is how many one connection may have.
const maxSubscriptions = 100

// shape is what many subscriptions have in common: the same document, variables and right to see fields. An event is
// written once for each shape.
type shape struct {
	key       [32]byte
	name      string // of the subscription field
	field     selected
	variables map[string]any
	arguments map[string]any
	who       identity // of the first who asked; only its mode and groups matter, and they are part of the key
	users     int      // guarded by the registry's lock
}

// subscription is one that a client has started.
type subscription struct {
	id     string
	head   []byte // of its data frames, up to the payload
	conn   *connection
	shape  *shape
	filter *filter // nil where the resolver set none: then the arguments decide
}

// matches reports whether an event is for this subscriber. A filter from the resolver takes the place of matching
// arguments; otherwise each argument given must equal the event's field of its name, and an explicit null a missing one.
func (s *subscription) matches(event map[string]any) bool {
	if s.filter != nil {
		return s.filter.matches(event)
	}
	for name, want := range s.shape.arguments {
		if !sameArgument(event[name], want) {
			return false
		}
	}
	return true
}

// sameArgument compares as text, since an argument's literal and a resolver's value differ in their Go types, and an ID
// may be written as a number.
func sameArgument(field, want any) bool {
	if field == nil || want == nil {
		return field == nil && want == nil
	}
	a, errA := plainText(field)
	b, errB := plainText(want)
	return errA == nil && errB == nil && a == b
}

func plainText(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	text, err := json.Marshal(v)
	return string(text), err
}

// registry knows who is subscribed to what.
type registry struct {
	mu     sync.RWMutex
	shapes map[[32]byte]*shape
	fields map[string]map[*subscription]struct{} // by the subscription field's name

	deliverers deliverers
}

func newRegistry() *registry {
	return &registry{
		shapes: map[[32]byte]*shape{}, fields: map[string]map[*subscription]struct{}{},
		deliverers: deliverers{most: goruntime.GOMAXPROCS(0)},
	}
}

// shape is one already in use, or nil.
func (r *registry) shape(key [32]byte) *shape {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.shapes[key]
}

// check says whether a connection may start one more subscription under this id.
func (r *registry) check(c *connection, id string) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.room(c, id)
}

func (r *registry) room(c *connection, id string) error {
	if _, taken := c.subs[id]; taken {
		return &protocolError{Type: "DuplicatedOperationError", Message: "Duplicated operation with id " + id}
	}
	if len(c.subs) >= maxSubscriptions {
		return &protocolError{
			Type:    "MaxSubscriptionsReachedError",
			Message: fmt.Sprintf("Max number of %d subscriptions reached", maxSubscriptions),
		}
	}
	return nil
}

// add registers a subscription and acknowledges it: within one lock, so that no event comes before the acknowledgement
// and none after it is missed.
func (r *registry) add(s *subscription) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.room(s.conn, s.id); err != nil {
		return err
	}
	if known := r.shapes[s.shape.key]; known != nil {
		s.shape = known
	}
	r.shapes[s.shape.key] = s.shape
	s.shape.users++
	s.conn.subs[s.id] = s
	name := s.shape.name
	if r.fields[name] == nil {
		r.fields[name] = map[*subscription]struct{}{}
	}
	r.fields[name][s] = struct{}{}
	s.conn.send(serverFrame{ID: s.id, Type: frameStartAck})
	return nil
}

// remove ends one subscription, and is what to answer: complete comes after the last event.
func (r *registry) remove(c *connection, id string) serverFrame {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := c.subs[id]
	if !ok {
		return errorFrame(id, &protocolError{Type: "UnknownOperationError", Message: "Unknown operation id " + id})
	}
	r.forget(s)
	return serverFrame{ID: id, Type: frameComplete}
}

// drop ends all of a connection's.
func (r *registry) drop(c *connection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range c.subs {
		r.forget(s)
	}
}

func (r *registry) forget(s *subscription) {
	delete(s.conn.subs, s.id)
	delete(r.fields[s.shape.name], s)
	if s.shape.users--; s.shape.users == 0 {
		delete(r.shapes, s.shape.key)
	}
}

// publish queues an event for every subscription that it matches. Render writes it for a shape, once, and answers nil
// where there is nothing to send.
func (r *registry) publish(field string, event map[string]any, render func(*shape) []byte) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	tails := map[*shape][]byte{}
	var owned []*outbox
	for s := range r.fields[field] {
		if !s.matches(event) {
			continue
		}
		tail, done := tails[s.shape]
		if !done {
			if payload := render(s.shape); payload != nil {
				tail = dataTail(payload)
			}
			tails[s.shape] = tail
		}
		if tail != nil && s.conn.queue(message{websocket.Text, s.head, tail}) {
			owned = append(owned, &s.conn.out)
		}
	}
	r.deliverers.add(owned)
}
