package cognito_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/local/cognito"
)

// TestOperationsAtOnceAreBounded holds 64 sign-ins in their trigger: one more is refused, and let in when they are done.
func TestOperationsAtOnceAreBounded(t *testing.T) {
	entered, release := make(chan struct{}, 64), make(chan struct{})
	w := newWorld(t, func(o *cognito.Options) {
		o.TriggerTimeout = time.Minute
		o.Trigger = func(_ context.Context, event []byte) ([]byte, error) {
			entered <- struct{}{}
			<-release
			return event, nil
		}
	})
	var held sync.WaitGroup
	for range 64 {
		held.Go(func() { w.passwordSignIn("nobody@example.com", "a guess") })
	}
	for range 64 {
		<-entered
	}
	if out, kind := w.forgot(email); kind != "TooManyRequestsException" {
		t.Errorf("one more: %s %v", kind, out)
	}
	close(release)
	held.Wait()
	if _, kind := w.forgot(email); kind != "" {
		t.Errorf("after them: %s", kind)
	}
}
