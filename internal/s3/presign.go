package s3

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/darkroom/darkroom/gallery"
)

// Signer signs requests that clients make to S3 themselves. Signing is arithmetic: no call leaves the process.
type Signer struct {
	Client     *s3.PresignClient
	Uploads    string // bucket of originals
	Renditions string // bucket of renditions
}

// SignUpload signs the one PUT of an image's bytes. Length, type, SHA-256 and `If-None-Match: *` are signed, so S3 refuses
// other bytes, a longer body, another type and a second use.
func (s Signer) SignUpload(ctx context.Context, i gallery.Image, now time.Time) (gallery.Target, error) {
	sum, err := hex.DecodeString(i.SHA256)
	if err != nil {
		return gallery.Target{}, fmt.Errorf("sign upload of %s: %w", i.ID, err)
	}
	req, err := s.Client.PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket:         &s.Uploads,
		Key:            aws.String(OriginalKey(i.Owner, i.ID)),
		ContentType:    &i.ContentType,
		ContentLength:  &i.Bytes,
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum)),
		IfNoneMatch:    aws.String("*"),
	}, s3.WithPresignExpires(gallery.UploadLife))
	if err != nil {
		return gallery.Target{}, fmt.Errorf("sign upload of %s: %w", i.ID, err)
	}
	return gallery.Target{
		URL: req.URL, Method: req.Method, Headers: sendable(req.SignedHeader), ExpiresAt: gallery.Time(now.Add(gallery.UploadLife)),
	}, nil
}

// sendable lists the signed headers that a client sets itself; Host and Content-Length follow from URL and body, and a
// browser may not set them.
func sendable(signed http.Header) []gallery.Header {
	var headers []gallery.Header
	for name, values := range signed {
		if n := strings.ToLower(name); n != "host" && n != "content-length" {
			headers = append(headers, gallery.Header{Name: n, Value: strings.Join(values, ",")})
		}
	}
	sort.Slice(headers, func(a, b int) bool { return headers[a].Name < headers[b].Name })
	return headers
}

// SignRendition signs a GET of a rendition.
func (s Signer) SignRendition(ctx context.Context, i gallery.Image, r gallery.Rendition, now time.Time) (gallery.Link, error) {
	return s.get(ctx, now, &s3.GetObjectInput{
		Bucket: &s.Renditions,
		Key:    aws.String(RenditionKey(i.Owner, i.ID, r)),
	})
}

// SignOriginal signs a GET of an original. The browser is told to save it under its own name: what strangers upload is
// never shown as a page.
func (s Signer) SignOriginal(ctx context.Context, i gallery.Image, now time.Time) (gallery.Link, error) {
	return s.get(ctx, now, &s3.GetObjectInput{
		Bucket:                     &s.Uploads,
		Key:                        aws.String(OriginalKey(i.Owner, i.ID)),
		ResponseContentDisposition: aws.String("attachment; filename*=UTF-8''" + url.PathEscape(i.Filename)),
	})
}

func (s Signer) get(ctx context.Context, now time.Time, in *s3.GetObjectInput) (gallery.Link, error) {
	req, err := s.Client.PresignGetObject(ctx, in, s3.WithPresignExpires(gallery.URLLife))
	if err != nil {
		return gallery.Link{}, fmt.Errorf("sign %s: %w", *in.Key, err)
	}
	return gallery.Link{URL: req.URL, ExpiresAt: gallery.Time(now.Add(gallery.URLLife))}, nil
}
