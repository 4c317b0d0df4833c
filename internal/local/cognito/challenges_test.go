package cognito

import (
	"fmt"
	"testing"
	"time"
)

func TestChallengesAreBoundedAndTheOldestGoes(t *testing.T) {
	now := time.Unix(1000, 0)
	cs := newChallenges(func() time.Time { return now })
	for i := range maxChallenges + 1 {
		cs.put(fmt.Sprint(i), challenge{name: fmt.Sprint(i)})
	}
	if got, want := len(cs.byID), maxChallenges; got != want {
		t.Errorf("%d challenges kept, want %d", got, want)
	}
	if _, ok := cs.take("0"); ok {
		t.Error("the oldest is still there")
	}
	if c, ok := cs.take("1"); !ok || c.name != "1" {
		t.Errorf("take = %q, %v; want the second oldest", c.name, ok)
	}
	now = now.Add(challengeLasts)
	cs.put("new", challenge{})
	if got, want := len(cs.byID), 1; got != want || cs.byAge.Len() != want {
		t.Errorf("%d challenges kept after all expired, want %d", got, want)
	}
}

func TestAttemptsAreEarnedBackOneByOne(t *testing.T) {
	now := time.Unix(1000, 0)
	a := newAttempts(func() time.Time { return now })
	takeAll := func() (n int) {
		for a.take("ada") {
			n++
		}
		return n
	}
	if got, want := takeAll(), attemptsAtOnce; got != want {
		t.Errorf("%d attempts at first, want %d", got, want)
	}
	now = now.Add(attemptEvery - 1)
	if got := takeAll(); got != 0 {
		t.Errorf("%d attempts too early", got)
	}
	now = now.Add(2*attemptEvery + 1)
	if got, want := takeAll(), 3; got != want {
		t.Errorf("%d attempts after three pauses, want %d", got, want)
	}
	now = now.Add(1000 * time.Hour)
	if got, want := takeAll(), attemptsAtOnce; got != want {
		t.Errorf("%d attempts after a long time, want %d", got, want)
	}
	a.giveBack("ada")
	if got, want := takeAll(), 1; got != want {
		t.Errorf("%d attempts after one was given back, want %d", got, want)
	}
}
