package s3

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/gallery"
)

// ErrTestEvent is the answer to the greeting S3 sends when notifications are set up.
var ErrTestEvent = errors.New("a test event of S3")

// Arrival is an original that arrived in the upload bucket.
type Arrival struct {
	Owner gallery.Owner
	ID    gallery.ID
}

// DecodeEvent reads S3's notification from the body of a queue's message. A body that is no such notification, or that
// names another key than an original's, is an error that no repetition mends.
func DecodeEvent(body string) ([]Arrival, error) {
	var e struct {
		Event   string                 `json:"Event"`
		Records []events.S3EventRecord `json:"Records"`
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return nil, fmt.Errorf("decode S3 event: %w", err)
	}
	if e.Event == "s3:TestEvent" {
		return nil, ErrTestEvent
	}
	if len(e.Records) == 0 {
		return nil, errors.New("decode S3 event: it has no records")
	}
	arrivals := make([]Arrival, len(e.Records))
	for n, r := range e.Records {
		owner, id, err := ParseOriginalKey(r.S3.Object.URLDecodedKey)
		if err != nil {
			return nil, fmt.Errorf("decode S3 event: %w", err)
		}
		arrivals[n] = Arrival{Owner: owner, ID: id}
	}
	return arrivals, nil
}

// Requeue writes what S3 would send for an original that is to be processed again: the processor has one kind of input.
type Requeue struct{ Bucket string }

// Body is the queue's message for an image.
func (q Requeue) Body(owner gallery.Owner, id gallery.ID) (string, error) {
	var r events.S3EventRecord
	r.EventVersion, r.EventSource, r.EventName = "2.1", "darkroom:requeue", "ObjectCreated:Put"
	r.S3.Bucket.Name = q.Bucket
	r.S3.Object.Key = url.QueryEscape(OriginalKey(owner, id))
	body, err := json.Marshal(events.S3Event{Records: []events.S3EventRecord{r}})
	if err != nil {
		return "", fmt.Errorf("encode event of %s: %w", id, err)
	}
	return string(body), nil
}
