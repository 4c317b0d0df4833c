package s3

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/darkroom/darkroom/gallery"
)

// EachOriginal tells of all originals, page by page.
func (b Bucket) EachOriginal(ctx context.Context, do func([]gallery.Object) error) error {
	return b.each(ctx, b.Uploads, "originals/", do)
}

// EachRendition tells of all renditions, page by page.
func (b Bucket) EachRendition(ctx context.Context, do func([]gallery.Object) error) error {
	return b.each(ctx, b.Renditions, "renditions/", do)
}

func (b Bucket) each(ctx context.Context, bucket, prefix string, do func([]gallery.Object) error) error {
	pages := s3.NewListObjectsV2Paginator(b.Client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list %s: %w", bucket, err)
		}
		var all []gallery.Object
		for _, o := range page.Contents {
			if owner, id, ok := imageOf(*o.Key); ok {
				all = append(all, gallery.Object{Key: *o.Key, Owner: owner, ID: id, Stored: aws.ToTime(o.LastModified)})
			}
		}
		if err := do(all); err != nil {
			return err
		}
	}
	return nil
}

// EachUpload tells of all uploads in parts that were begun and not completed.
func (b Bucket) EachUpload(ctx context.Context, do func([]gallery.Object) error) error {
	pages := s3.NewListMultipartUploadsPaginator(b.Client, &s3.ListMultipartUploadsInput{Bucket: &b.Uploads})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list the parts in %s: %w", b.Uploads, err)
		}
		var all []gallery.Object
		for _, u := range page.Uploads {
			if owner, id, ok := imageOf(aws.ToString(u.Key)); ok {
				all = append(all, gallery.Object{
					Key: *u.Key, Owner: owner, ID: id, Stored: aws.ToTime(u.Initiated), Upload: aws.ToString(u.UploadId),
				})
			}
		}
		if err := do(all); err != nil {
			return err
		}
	}
	return nil
}

// RenditionKeys lists what is stored of an image's renditions.
func (b Bucket) RenditionKeys(ctx context.Context, i gallery.Image) (keys []string, err error) {
	err = b.each(ctx, b.Renditions, RenditionPrefix(i.Owner, i.ID), func(page []gallery.Object) error {
		for _, o := range page {
			keys = append(keys, o.Key)
		}
		return nil
	})
	return keys, err
}

// RenditionKey is where a rendition of an image belongs.
func (b Bucket) RenditionKey(i gallery.Image, r gallery.Rendition) string {
	return RenditionKey(i.Owner, i.ID, r)
}

// imageOf reads of which image an object is, by its key: folder, owner, id.
func imageOf(key string) (gallery.Owner, gallery.ID, bool) {
	parts := strings.Split(key, "/")
	if len(parts) < 3 {
		return "", "", false
	}
	id, err := gallery.ParseID(parts[2])
	return gallery.Owner(parts[1]), id, err == nil
}
