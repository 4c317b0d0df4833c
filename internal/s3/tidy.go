package s3

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/darkroom/darkroom/gallery"
)

// HasOriginal tells whether an image's bytes are there.
func (b Bucket) HasOriginal(ctx context.Context, i gallery.Image) (bool, error) {
	key := OriginalKey(i.Owner, i.ID)
	_, err := b.Client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.Uploads, Key: &key})
	var missing *types.NotFound
	if errors.As(err, &missing) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for original %s: %w", key, err)
	}
	return true, nil
}

// Tidy removes the renditions of an image that its record does not name: what a worker left who died, or an older
// pipeline made. Only who has the image to himself may do that.
func (b Bucket) Tidy(ctx context.Context, i gallery.Image) error {
	named := map[string]bool{}
	for _, r := range i.Renditions {
		named[RenditionKey(i.Owner, i.ID, r)] = true
	}
	prefix := RenditionPrefix(i.Owner, i.ID)
	pages := s3.NewListObjectsV2Paginator(b.Client, &s3.ListObjectsV2Input{Bucket: &b.Renditions, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list renditions %s: %w", prefix, err)
		}
		for _, o := range page.Contents {
			if key := *o.Key; !named[key] && strings.HasPrefix(key, prefix) {
				if _, err := b.Client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.Renditions, Key: &key}); err != nil {
					return fmt.Errorf("delete rendition %s: %w", key, err)
				}
			}
		}
	}
	return nil
}

// AbandonParts removes what has been sent of an upload in parts. That there is none, or no longer, is fine.
func (b Bucket) AbandonParts(ctx context.Context, i gallery.Image) error {
	if i.UploadID == "" {
		return nil
	}
	key := OriginalKey(i.Owner, i.ID)
	_, err := b.Client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &b.Uploads, Key: &key, UploadId: &i.UploadID})
	if err != nil && !noSuchUpload(err) {
		return fmt.Errorf("abandon the parts of %s: %w", key, err)
	}
	return nil
}

func noSuchUpload(err error) bool {
	var none interface{ ErrorCode() string }
	return errors.As(err, &none) && none.ErrorCode() == "NoSuchUpload"
}
