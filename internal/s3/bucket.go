package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/darkroom/darkroom/gallery"
)

// Open makes the client that all of this package works with. pathStyle addresses buckets as /bucket/key, as engines other
// than AWS want it.
func Open(cfg aws.Config, pathStyle bool) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = pathStyle
		// Of an object that came in parts there is no checksum to compare, which the SDK would say each time.
		o.DisableLogOutputChecksumValidationSkipped = true
	})
}

// Bucket reads originals and writes renditions.
type Bucket struct {
	Client     *s3.Client
	Uploads    string // bucket of originals
	Renditions string // bucket of renditions
}

// Original opens an image's bytes, which the caller closes. gallery.ErrNotFound when they are not there.
func (b Bucket) Original(ctx context.Context, i gallery.Image) (io.ReadCloser, error) {
	key := OriginalKey(i.Owner, i.ID)
	out, err := b.Client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.Uploads, Key: &key})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return nil, gallery.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open original %s: %w", key, err)
	}
	return out.Body, nil
}

// DeleteOriginal removes the bytes of an image. Removing what is not there is fine.
func (b Bucket) DeleteOriginal(ctx context.Context, owner gallery.Owner, id gallery.ID) error {
	key := OriginalKey(owner, id)
	_, err := b.Client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.Uploads, Key: &key})
	if err != nil {
		return fmt.Errorf("delete original %s: %w", key, err)
	}
	return nil
}

// PutRendition stores a rendition. Its key holds a digest, so it may be cached for ever, and a second run stores the same.
func (b Bucket) PutRendition(ctx context.Context, i gallery.Image, r gallery.Rendition, data []byte) error {
	key := RenditionKey(i.Owner, i.ID, r)
	_, err := b.Client.PutObject(ctx, &s3.PutObjectInput{
		Bucket:        &b.Renditions,
		Key:           &key,
		Body:          bytes.NewReader(data),
		ContentLength: aws.Int64(int64(len(data))),
		ContentType:   &r.ContentType,
		CacheControl:  aws.String("private, max-age=31536000, immutable"),
	})
	if err != nil {
		return fmt.Errorf("put rendition %s: %w", key, err)
	}
	return nil
}
