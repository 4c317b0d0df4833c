package s3

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/darkroom/darkroom/gallery"
)

// EraseObjects removes all that is stored of an owner: originals, renditions and the parts of uploads, also those that no
// record knows. Doing it twice is fine.
func (b Bucket) EraseObjects(ctx context.Context, owner gallery.Owner) error {
	originals := "originals/" + string(owner) + "/"
	if err := b.abandonAll(ctx, originals); err != nil {
		return err
	}
	if err := b.deleteAll(ctx, b.Uploads, originals); err != nil {
		return err
	}
	return b.deleteAll(ctx, b.Renditions, "renditions/"+string(owner)+"/")
}

func (b Bucket) abandonAll(ctx context.Context, prefix string) error {
	pages := s3.NewListMultipartUploadsPaginator(b.Client, &s3.ListMultipartUploadsInput{Bucket: &b.Uploads, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list the parts of %s: %w", prefix, err)
		}
		for _, u := range page.Uploads {
			_, err := b.Client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &b.Uploads, Key: u.Key, UploadId: u.UploadId})
			if err != nil && !noSuchUpload(err) {
				return fmt.Errorf("abandon the parts of %s: %w", aws.ToString(u.Key), err)
			}
		}
	}
	return nil
}

// deleteAll removes what has a prefix, a page (1,000 objects) by a call.
func (b Bucket) deleteAll(ctx context.Context, bucket, prefix string) error {
	pages := s3.NewListObjectsV2Paginator(b.Client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list %s: %w", prefix, err)
		}
		if len(page.Contents) == 0 {
			return nil
		}
		keys := make([]types.ObjectIdentifier, len(page.Contents))
		for n, o := range page.Contents {
			keys[n].Key = o.Key
		}
		out, err := b.Client.DeleteObjects(ctx, &s3.DeleteObjectsInput{
			Bucket: &bucket, Delete: &types.Delete{Objects: keys, Quiet: aws.Bool(true)},
		})
		if err == nil && len(out.Errors) > 0 {
			err = fmt.Errorf("%d of them stay: %s", len(out.Errors), aws.ToString(out.Errors[0].Message))
		}
		if err != nil {
			return fmt.Errorf("delete %d objects of %s: %w", len(keys), prefix, err)
		}
	}
	return nil
}
