package client

import (
	"testing"
	"time"
)

// patient is how long is waited for what has to happen at all, on a machine that has other things to do as well.
const patient = time.Minute

// eventually polls a condition until it holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patient)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}
