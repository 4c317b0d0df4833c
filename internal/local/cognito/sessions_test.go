package cognito

import (
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func TestSessionsOfOneUserAreBounded(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	p, err := Open(filepath.Join(t.TempDir(), "users.db"), Options{
		PoolID: "local_Dev0001", ClientID: "web", Issuer: "http://127.0.0.1/local_Dev0001",
		Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	p.db.NoSync = true // many small writes, none of which need last
	ada := user{Sub: "0b51a8a9-93d5-4f0e-9b6c-3f6c0f0e2a11"}
	start := func() string {
		t.Helper()
		now = now.Add(time.Second)
		_, refresh, err := p.startSession(ada)
		if err != nil {
			t.Fatal(err)
		}
		return refresh
	}
	live := func(refresh string) bool {
		t.Helper()
		_, live, err := p.sessionOf(refresh)
		if err != nil {
			t.Fatal(err)
		}
		return live
	}
	first, second := start(), start()
	for range maxSessions - 1 {
		start()
	}
	if live(first) || !live(second) {
		t.Errorf("oldest lives: %v, second oldest: %v; want false, true", live(first), live(second))
	}
	now = now.Add(refreshLasts)
	start()
	stored := 0
	err = p.db.View(func(tx *bbolt.Tx) error {
		return eachSession(tx, ada.Sub, func(string, session) { stored++ })
	})
	if err != nil || stored != 1 {
		t.Errorf("%d sessions stored after all but one expired, %v", stored, err)
	}
}
