package cognito

import (
	"container/list"
	"math/big"
	"sync"
	"time"
)

const (
	challengeLasts = 3 * time.Minute
	maxChallenges  = 1024
)

// challenge is a sign-in between its two calls.
type challenge struct {
	name    string // as it was typed, in canonical form
	who     account
	clientA *big.Int
	serverB *big.Int
	b       *big.Int
}

// challenges holds the sign-ins that wait for their answer, in memory: one that does not survive a restart is started
// again by its user. When there are too many, the oldest is dropped.
type challenges struct {
	now func() time.Time

	mu    sync.Mutex
	byID  map[string]*list.Element // secret block → element of byAge
	byAge *list.List               // of pending, oldest first
}

type pending struct {
	id      string
	started time.Time
	challenge
}

func newChallenges(now func() time.Time) *challenges {
	return &challenges{now: now, byID: make(map[string]*list.Element), byAge: list.New()}
}

// put keeps c under id, which is random and new.
func (cs *challenges) put(id string, c challenge) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for oldest := cs.byAge.Front(); oldest != nil; oldest = cs.byAge.Front() {
		if cs.byAge.Len() < maxChallenges && !cs.expired(oldest.Value.(pending)) {
			break
		}
		cs.drop(oldest)
	}
	cs.byID[id] = cs.byAge.PushBack(pending{id: id, started: cs.now(), challenge: c})
}

// take returns the challenge of that id at most once.
func (cs *challenges) take(id string) (challenge, bool) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	e, ok := cs.byID[id]
	if !ok {
		return challenge{}, false
	}
	cs.drop(e)
	p := e.Value.(pending)
	return p.challenge, !cs.expired(p)
}

func (cs *challenges) expired(p pending) bool { return cs.now().Sub(p.started) >= challengeLasts }

func (cs *challenges) drop(e *list.Element) {
	delete(cs.byID, e.Value.(pending).id)
	cs.byAge.Remove(e)
}
