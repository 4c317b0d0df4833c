package s3

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// eventName is how S3 names what made an object.
type eventName string

const (
	createdByPut       eventName = "ObjectCreated:Put"
	createdByPost      eventName = "ObjectCreated:Post"
	createdByCopy      eventName = "ObjectCreated:Copy"
	createdByMultipart eventName = "ObjectCreated:CompleteMultipartUpload"
)

// eventShape is what all events of a gateway share.
type eventShape struct {
	region string
	now    func() time.Time
}

// notification is S3's event message, version 2.1.
type notification struct {
	Records []record `json:"Records"`
}

type record struct {
	EventVersion      string            `json:"eventVersion"`
	EventSource       string            `json:"eventSource"`
	AWSRegion         string            `json:"awsRegion"`
	EventTime         string            `json:"eventTime"`
	EventName         eventName         `json:"eventName"`
	UserIdentity      principal         `json:"userIdentity"`
	RequestParameters map[string]string `json:"requestParameters"`
	ResponseElements  map[string]string `json:"responseElements"`
	S3                entity            `json:"s3"`
}

type principal struct {
	PrincipalID string `json:"principalId"`
}

type entity struct {
	SchemaVersion   string       `json:"s3SchemaVersion"`
	ConfigurationID string       `json:"configurationId"`
	Bucket          bucketEntity `json:"bucket"`
	Object          object       `json:"object"`
}

type bucketEntity struct {
	Name          string    `json:"name"`
	OwnerIdentity principal `json:"ownerIdentity"`
	ARN           string    `json:"arn"`
}

// object is an object as an event describes it: the ETag is without quotes.
type object struct {
	Key       string `json:"key"`
	Size      int64  `json:"size"`
	ETag      string `json:"eTag"`
	Sequencer string `json:"sequencer"`
}

// event renders the notification of one written object. seq grows with every
// event of the gateway; as hex of one fixed length it sorts as a string.
func (s eventShape) event(w intent, o object, seq uint64) ([]byte, error) {
	o.Key = escapeKey(w.Key)
	o.Sequencer = fmt.Sprintf("%018X", seq)
	requestID := fmt.Sprintf("LOCAL%011X", seq)
	owner := principal{PrincipalID: "LOCAL"}
	event, err := json.Marshal(notification{Records: []record{{
		EventVersion:      "2.1",
		EventSource:       "aws:s3",
		AWSRegion:         s.region,
		EventTime:         s.now().UTC().Format("2006-01-02T15:04:05.000Z"),
		EventName:         w.Name,
		UserIdentity:      owner,
		RequestParameters: map[string]string{"sourceIPAddress": "127.0.0.1"},
		ResponseElements:  map[string]string{"x-amz-request-id": requestID, "x-amz-id-2": requestID},
		S3: entity{
			SchemaVersion:   "1.0",
			ConfigurationID: "local",
			Bucket:          bucketEntity{Name: w.Bucket, OwnerIdentity: owner, ARN: "arn:aws:s3:::" + w.Bucket},
			Object:          o,
		},
	}}})
	if err != nil {
		return nil, fmt.Errorf("encode the event of %s/%s: %w", w.Bucket, w.Key, err)
	}
	return event, nil
}

// escapeKey encodes a key as S3 does in events: like a form value, so that "+"
// is a space, but with the slashes left alone.
func escapeKey(key string) string {
	return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
}
