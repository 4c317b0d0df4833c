package s3

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// notifier is a backend that announces what is written to it. Before a write
// it records the intent, after it the event, and only then lets the request be
// acknowledged; a crash in between leaves an intent, which settle resolves.
type notifier struct {
	backend.Backend
	outbox  *outbox
	buckets map[string]bool // that notify
}

// PutObject stores an object that arrived by PUT or by a POST form.
func (n *notifier) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	var out s3response.PutObjectOutput
	err := n.announce(ctx, aws.ToString(in.Bucket), aws.ToString(in.Key), putName(ctx), func() (err error) {
		out, err = n.Backend.PutObject(ctx, in)
		return err
	})
	return out, err
}

// CopyObject stores a copy of an object.
func (n *notifier) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	var out s3response.CopyObjectOutput
	err := n.announce(ctx, aws.ToString(in.Bucket), aws.ToString(in.Key), createdByCopy, func() (err error) {
		out, err = n.Backend.CopyObject(ctx, in)
		return err
	})
	return out, err
}

// CompleteMultipartUpload makes an object of the parts of an upload.
func (n *notifier) CompleteMultipartUpload(
	ctx context.Context, in *s3.CompleteMultipartUploadInput,
) (out s3response.CompleteMultipartUploadResult, version string, err error) {
	err = n.announce(ctx, aws.ToString(in.Bucket), aws.ToString(in.Key), createdByMultipart, func() (err error) {
		out, version, err = n.Backend.CompleteMultipartUpload(ctx, in)
		return err
	})
	return out, version, err
}

// announce writes with the outbox around it. A write that fails is not
// announced, and one that succeeds is not acknowledged unless its event is
// durable. The names are copied, since the gateway reuses their memory.
func (n *notifier) announce(ctx context.Context, bucket, key string, name eventName, write func() error) error {
	if !n.buckets[bucket] {
		return write()
	}
	w := intent{Bucket: strings.Clone(bucket), Key: strings.Clone(key), Name: name}
	id, err := n.outbox.begin(w)
	if err != nil {
		return err
	}
	if err := write(); err != nil {
		// The gateway knows its errors by type alone, so this one goes back as
		// it is. An intent that cannot be dropped is resolved by the next start.
		_ = n.outbox.drop(id)
		return err
	}
	return settleOne(ctx, n.outbox, n.Backend, id, w)
}

// settle resolves the intents that a crash left behind: where the object is
// there, it is announced, perhaps once too often; where it is not, it never was
// written.
func settle(ctx context.Context, out *outbox, store backend.Backend) error {
	left, err := out.intents()
	if err != nil {
		return err
	}
	for id, w := range left {
		if err := settleOne(ctx, out, store, id, w); err != nil {
			return err
		}
	}
	return nil
}

// settleOne turns an intent into an event that describes the object as it now
// is, or drops the intent if there is none.
func settleOne(ctx context.Context, out *outbox, store backend.Backend, id uint64, w intent) error {
	head, err := store.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(w.Bucket), Key: aws.String(w.Key)})
	if isMissing(err) {
		return out.drop(id)
	}
	if err != nil {
		return fmt.Errorf("look at the written object %s/%s: %w", w.Bucket, w.Key, err)
	}
	return out.commit(id, w, object{
		Size: aws.ToInt64(head.ContentLength),
		ETag: strings.Trim(aws.ToString(head.ETag), `"`),
	})
}

// isMissing tells that the store knows there is no such object, or no such
// bucket any more.
func isMissing(err error) bool {
	refused, ok := errors.AsType[s3err.S3Error](err)
	return ok && refused.StatusCode() == 404
}

// putName tells a form from a plain PUT. The gateway calls PutObject for both
// and hands over the request as the context.
func putName(ctx context.Context) eventName {
	if req, ok := ctx.(interface{ Method() []byte }); ok && string(req.Method()) == "POST" {
		return createdByPost
	}
	return createdByPut
}
