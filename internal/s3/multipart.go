package s3

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/darkroom/darkroom/gallery"
)

// OpenParts begins an upload in parts and answers S3's name for it. S3 checks the SHA-256 of each part, but never that of
// the whole: processing does.
func (b Bucket) OpenParts(ctx context.Context, i gallery.Image) (string, error) {
	key := OriginalKey(i.Owner, i.ID)
	out, err := b.Client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &b.Uploads, Key: &key, ContentType: &i.ContentType, ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	if err != nil {
		return "", fmt.Errorf("begin the parts of %s: %w", key, err)
	}
	return aws.ToString(out.UploadId), nil
}

// Parts lists those that have arrived, by number; gallery.ErrNotFound when the upload has been completed or abandoned.
func (b Bucket) Parts(ctx context.Context, i gallery.Image) ([]gallery.Part, error) {
	key := OriginalKey(i.Owner, i.ID)
	var parts []gallery.Part
	pages := s3.NewListPartsPaginator(b.Client, &s3.ListPartsInput{Bucket: &b.Uploads, Key: &key, UploadId: &i.UploadID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if noSuchUpload(err) {
			return nil, gallery.ErrNotFound
		}
		if err != nil {
			return nil, fmt.Errorf("list the parts of %s: %w", key, err)
		}
		for _, p := range page.Parts {
			sum, _ := base64.StdEncoding.DecodeString(aws.ToString(p.ChecksumSHA256))
			parts = append(parts, gallery.Part{
				Number: int(aws.ToInt32(p.PartNumber)), Bytes: aws.ToInt64(p.Size), SHA256: hex.EncodeToString(sum),
			})
		}
	}
	sort.Slice(parts, func(a, b int) bool { return parts[a].Number < parts[b].Number })
	return parts, nil
}

// JoinParts makes the object of its parts. An upload that is no longer there is fine if the object is: it was completed
// before. Otherwise the answer is gallery.ErrNotFound.
func (b Bucket) JoinParts(ctx context.Context, i gallery.Image) error {
	key := OriginalKey(i.Owner, i.ID)
	var parts []types.CompletedPart
	pages := s3.NewListPartsPaginator(b.Client, &s3.ListPartsInput{Bucket: &b.Uploads, Key: &key, UploadId: &i.UploadID})
	var err error
	for err == nil && pages.HasMorePages() {
		var page *s3.ListPartsOutput
		if page, err = pages.NextPage(ctx); err == nil {
			for _, p := range page.Parts {
				parts = append(parts, types.CompletedPart{ETag: p.ETag, PartNumber: p.PartNumber, ChecksumSHA256: p.ChecksumSHA256})
			}
		}
	}
	if err == nil {
		_, err = b.Client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &b.Uploads, Key: &key, UploadId: &i.UploadID, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		})
	}
	if noSuchUpload(err) {
		there, err := b.HasOriginal(ctx, i)
		if err == nil && !there {
			return gallery.ErrNotFound
		}
		return err
	}
	if err != nil {
		return fmt.Errorf("join the parts of %s: %w", key, err)
	}
	return nil
}

// SignPart signs the PUT of one part of an image: its length and SHA-256 are signed.
func (s Signer) SignPart(ctx context.Context, i gallery.Image, p gallery.Part, now time.Time) (gallery.PartTarget, error) {
	sum, err := hex.DecodeString(p.SHA256)
	if err == nil && i.UploadID == "" {
		err = errors.New("it is not sent in parts")
	}
	if err != nil {
		return gallery.PartTarget{}, fmt.Errorf("sign part %d of %s: %w", p.Number, i.ID, err)
	}
	req, err := s.client.PresignUploadPart(ctx, &s3.UploadPartInput{
		Bucket: &s.uploads, Key: aws.String(OriginalKey(i.Owner, i.ID)), UploadId: &i.UploadID,
		PartNumber: aws.Int32(int32(p.Number)), ContentLength: &p.Bytes,
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum)),
	}, s3.WithPresignExpires(gallery.UploadLife))
	if err != nil {
		return gallery.PartTarget{}, fmt.Errorf("sign part %d of %s: %w", p.Number, i.ID, err)
	}
	return gallery.PartTarget{
		Number: p.Number, URL: req.URL, Method: req.Method, Headers: sendable(req.SignedHeader),
		ExpiresAt: gallery.Time(now.Add(gallery.UploadLife)),
	}, nil
}
