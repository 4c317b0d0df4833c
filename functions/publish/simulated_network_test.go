package publish_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/darkroom/darkroom/gallery"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
)

// fate is what becomes of a call.
type fate int

const (
	through    fate = iota
	firstHalf       // a batch read answers some keys now and leaves the others for later, as DynamoDB may
	secondHalf      // the same, with the other keys
	lost            // nothing happens, and the caller learns that
	answerLost      // it happens, and the caller thinks that it did not
	diesAfter       // it happens, and the caller is no more
)

var errLost = errors.New("connection reset by peer")

// network carries calls to the table engine and to AppSync. Those of an invocation wait for the driver; others do not.
type network struct {
	engine *engine.Engine
	mu     sync.Mutex
	calls  []*call
	told   []gallery.Event // announced since the driver looked, whatever became of it
}

// call is one that waits.
type call struct {
	invocation *invocation
	request    *http.Request
	body       []byte
	fate       chan fate
}

// Do makes the network an HTTP client of the SDK.
func (n *network) Do(r *http.Request) (*http.Response, error) { return n.RoundTrip(r) }

// RoundTrip carries one call.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	i, ok := r.Context().Value(underWay{}).(*invocation)
	if !ok {
		return n.carry(r, body), nil
	}
	c := &call{invocation: i, request: r, body: body, fate: make(chan fate, 1)}
	n.take(c)
	defer n.forget(c)
	select {
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case f := <-c.fate:
		return n.meet(c, f)
	}
}

func (n *network) take(c *call) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls = append(n.calls, c)
	if c.request.URL.Host == "appsync" && !errors.Is(context.Cause(c.request.Context()), errKilled) {
		n.told = append(n.told, announcement(c.body))
	}
}

// heard takes what has been announced since the last time.
func (n *network) heard() []gallery.Event {
	n.mu.Lock()
	defer n.mu.Unlock()
	told := n.told
	n.told = nil
	return told
}

func (n *network) meet(c *call, f fate) (*http.Response, error) {
	switch f {
	case lost:
		return nil, errLost
	case answerLost:
		n.carry(c.request, c.body)
		return nil, errLost
	case diesAfter:
		n.carry(c.request, c.body)
		c.invocation.die()
		return nil, errKilled
	case firstHalf, secondHalf:
		return n.carryPart(c, f), nil
	}
	return n.carry(c.request, c.body), nil
}

// carry makes the call happen.
func (n *network) carry(r *http.Request, body []byte) *http.Response {
	if r.URL.Host == "appsync" {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"data":{}}`))}
	}
	sent := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body))
	sent.Header = r.Header
	w := httptest.NewRecorder()
	n.engine.ServeHTTP(w, sent)
	return w.Result()
}

// carryPart answers only half of the keys of a batch read.
func (n *network) carryPart(c *call, f fate) *http.Response {
	var in struct {
		RequestItems map[string]struct {
			Keys           []json.RawMessage
			ConsistentRead bool
		}
	}
	reads := strings.HasSuffix(c.request.Header.Get("X-Amz-Target"), ".BatchGetItem")
	if !reads || json.Unmarshal(c.body, &in) != nil || len(in.RequestItems) != 1 {
		return n.carry(c.request, c.body)
	}
	table := slices.Collect(maps.Keys(in.RequestItems))[0]
	asked := in.RequestItems[table]
	all := asked.Keys
	if len(all) < 2 {
		return n.carry(c.request, c.body)
	}
	now, later := all[:len(all)/2], all[len(all)/2:]
	if f == secondHalf {
		now, later = later, now
	}
	asked.Keys = now
	in.RequestItems[table] = asked
	part, _ := json.Marshal(in)
	res := n.carry(c.request, part)
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode != http.StatusOK {
		return res
	}
	asked.Keys = later
	out["UnprocessedKeys"] = map[string]any{table: asked}
	text, _ := json.Marshal(out)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(text)), Header: http.Header{}}
}

// waiting are the calls that wait, in an order that does not depend on which goroutine came first.
func (n *network) waiting() []*call {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := slices.Clone(n.calls)
	slices.SortFunc(all, func(a, b *call) int {
		if a.invocation != b.invocation {
			return a.invocation.number - b.invocation.number
		}
		return strings.Compare(a.what(), b.what())
	})
	return all
}

func (n *network) forget(c *call) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls = slices.DeleteFunc(n.calls, func(other *call) bool { return other == c })
}

// what tells apart the calls that an invocation makes at once: by owner, and by number where it is an announcement. Not by
// the whole body, which holds maps, written in any order.
func (c *call) what() string {
	if c.toTables() {
		return string(anOwner.Find(c.body))
	}
	e := announcement(c.body)
	return fmt.Sprintf("%s %09d", e.Owner, e.Seq)
}

var anOwner = regexp.MustCompile(`\d+-owner-\d+`)

func (c *call) toTables() bool { return c.request.URL.Host == "tables" }

// announcement is the event that a call announces; none where it cannot be read, which no row equals.
func announcement(body []byte) gallery.Event {
	var in struct {
		Variables struct {
			Event struct {
				Owner         gallery.Owner
				ID            gallery.ID
				Seq, Version  int64
				Status        gallery.Status
				Width, Height int
				At            time.Time
			}
		}
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return gallery.Event{}
	}
	e := in.Variables.Event
	return gallery.Event{
		Owner: e.Owner, ID: e.ID, Seq: e.Seq, Version: e.Version, Status: e.Status, Width: e.Width, Height: e.Height, At: e.At,
	}
}
