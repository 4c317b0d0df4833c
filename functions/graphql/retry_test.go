package graphql_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/s3"
	ours "github.com/darkroom/darkroom/internal/sqs"
	"github.com/darkroom/darkroom/resolvers"
)

// retry asks for an image of ann's once more, and answers its status with its version, or the code of the refusal.
func (a api) retry(id gallery.ID) string {
	a.t.Helper()
	got := a.query("ann", fmt.Sprintf(`mutation { retryImage(id: "%s") { status version failure } }`, id))
	if len(got.Errors) > 0 {
		return got.code() + " " + got.Errors[0].Extensions.Field + " " + got.Errors[0].Message
	}
	return string(got.Data["retryImage"])
}

func TestAFailedImageIsTriedAgainHoweverOftenItIsAskedFor(t *testing.T) {
	for _, code := range []gallery.FailureCode{gallery.TimedOut, gallery.Corrupt, gallery.Unsupported, gallery.TooLarge} {
		a := open(t, false)
		id := a.uploaded("ann")
		failed := a.becomes(id, claim, fail(code))
		before := a.usage("ann")
		if got, want := a.retry(id), fmt.Sprintf(`{"status":"FAILED","version":%d,"failure":%q}`, failed.Version, code); got != want {
			t.Errorf("%s, a moment after it failed: got %s, want %s", code, got, want)
		}
		*a.later = gallery.RetryPause
		for range 3 {
			want := fmt.Sprintf(`{"status":"PROCESSING","version":%d,"failure":null}`, failed.Version+1)
			if got := a.retry(id); got != want {
				t.Errorf("%s: got %s, want %s", code, got, want)
			}
		}
		if a.requeued() != 3 || a.usage("ann") != before {
			t.Errorf("%s: asked for %d times; the account has %s, had %s", code, a.requeued(), a.usage("ann"), before)
		}
		if a.becomes(id, claim); a.retry(id) == "" || a.requeued() != 3 {
			t.Errorf("%s: asked for %d times, though a worker has it", code, a.requeued())
		}
		messages, err := a.queues.Receive(t.Context(), "process", sqs.ReceiveOptions{Max: 1})
		if err != nil || len(messages) != 1 {
			t.Fatalf("got %d messages, %v", len(messages), err)
		}
		arrivals, err := s3.DecodeEvent(messages[0].Body)
		if err != nil || len(arrivals) != 1 || arrivals[0] != (s3.Arrival{Owner: "ann", ID: id}) {
			t.Errorf("%s: got %+v, %v", code, arrivals, err)
		}
	}
}

// TestAnEventOfARetryThatComesTwiceIsOneRetry: API Gateway's client may send it again, and Lambda may run it again.
func TestAnEventOfARetryThatComesTwiceIsOneRetry(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	failed := a.becomes(id, claim, fail(gallery.TimedOut))
	*a.later = time.Hour
	want := fmt.Sprintf(`{"status":"PROCESSING","version":%d,"failure":null}`, failed.Version+1)
	var group sync.WaitGroup
	for range 8 { // at once, too
		group.Go(func() {
			other := a
			other.handler = awslambda.NewHandler(a.handle)
			if got := other.retry(id); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
	group.Wait()
	if v := a.version(id); v != failed.Version+1 || a.requeued() < 1 {
		t.Errorf("version %d after %d, and asked for %d times", v, failed.Version, a.requeued())
	}
}

// TestWhatTheQueueDidNotHearIsAskedForAgain: the image is stored, its message is not, and who asks once more is heard.
func TestWhatTheQueueDidNotHearIsAskedForAgain(t *testing.T) {
	a := open(t, false)
	root, _ := a.resolvers.(*resolvers.Resolver)
	id := a.uploaded("ann")
	failed := a.becomes(id, claim, fail(gallery.TimedOut))
	*a.later = time.Hour
	queue := root.Queue.(ours.Queue)
	gone := queue
	gone.URL += "-gone"
	root.Queue = gone
	if got := a.retry(id); !strings.HasPrefix(got, "INTERNAL") || a.version(id) != failed.Version+1 {
		t.Errorf("without a queue: got %s, version %d", got, a.version(id))
	}
	root.Queue = queue
	if got := a.retry(id); strings.HasPrefix(got, "INTERNAL") || a.requeued() != 1 || a.version(id) != failed.Version+1 {
		t.Errorf("again: got %s, asked for %d times, version %d", got, a.requeued(), a.version(id))
	}
}

func TestWhatCannotBeTriedAgainSaysWhy(t *testing.T) {
	type changes = []func(gallery.Image) (gallery.Image, error)
	for name, c := range map[string]struct {
		before changes
		want   string
	}{
		"whose bytes never came":     {changes{fail(gallery.NeverArrived)}, "INVALID_INPUT id The picture's bytes never arrived. Upload it again."},
		"whose bytes were others":    {changes{claim, fail(gallery.Mismatch)}, "INVALID_INPUT id The bytes that arrived are not the ones announced. Upload the picture again."},
		"in the trash":               {changes{claim, fail(gallery.Corrupt), trash}, "CONFLICT  The image is in the trash. Restore it first."},
		"being purged":               {changes{claim, fail(gallery.Corrupt), purge}, "NOT_FOUND  There is no such image."},
		"that waits for its bytes":   {nil, `{"status":"PENDING","version":1,"failure":null}`},
		"that is being developed":    {changes{claim}, `{"status":"PROCESSING","version":2,"failure":null}`},
		"that has not failed at all": {changes{claim, ready}, `{"status":"READY","version":3,"failure":null}`},
	} {
		a := open(t, false)
		id := a.uploaded("ann")
		i := a.becomes(id, c.before...)
		*a.later = gallery.RetryPause
		if got := a.retry(id); got != c.want {
			t.Errorf("one %s: got %s, want %s", name, got, c.want)
		}
		if v := a.version(id); v != i.Version || a.requeued() != 0 {
			t.Errorf("one %s: version %d after %d, and asked for %d times", name, v, i.Version, a.requeued())
		}
	}
}
