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
	client                *s3.PresignClient
	uploads               string // bucket of originals
	originals, renditions links
}

// NewSigner makes a signer for the bucket of originals and that of renditions.
func NewSigner(ctx context.Context, client *s3.Client, uploads, renditions string) (Signer, error) {
	s := Signer{client: s3.NewPresignClient(client), uploads: uploads}
	var err error
	if s.originals, err = newLinks(ctx, client, uploads); err != nil {
		return Signer{}, err
	}
	s.renditions, err = newLinks(ctx, client, renditions)
	return s, err
}

// SignUpload signs the one PUT of an image's bytes. Length, type, SHA-256 and `If-None-Match: *` are signed, so S3 refuses
// other bytes, a longer body, another type and a second use.
func (s Signer) SignUpload(ctx context.Context, i gallery.Image, now time.Time) (gallery.Target, error) {
	sum, err := hex.DecodeString(i.SHA256)
	if err != nil {
		return gallery.Target{}, fmt.Errorf("sign upload of %s: %w", i.ID, err)
	}
	req, err := s.client.PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket:         &s.uploads,
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

// SignRenditions signs a GET of each of an image's renditions. The links are remembered: nobody may write to them.
func (s Signer) SignRenditions(ctx context.Context, i gallery.Image, now time.Time) ([]gallery.Link, error) {
	return s.renditions.signAll(ctx, i, now)
}

// RenditionSigner signs GETs of renditions, and of nothing else.
type RenditionSigner struct{ renditions links }

// NewRenditionSigner makes a signer for the bucket of renditions.
func NewRenditionSigner(ctx context.Context, client *s3.Client, renditions string) (RenditionSigner, error) {
	l, err := newLinks(ctx, client, renditions)
	return RenditionSigner{l}, err
}

// SignRenditionUntil signs a GET of a rendition that works no longer than until a moment.
func (s RenditionSigner) SignRenditionUntil(ctx context.Context, i gallery.Image, r gallery.Rendition, now, until time.Time) (gallery.Link, error) {
	return s.renditions.signUntil(ctx, RenditionKey(i.Owner, i.ID, r), now, until)
}

// SignOriginal signs a GET of an original. The browser is told to save it under its own name: what strangers upload is
// never shown as a page.
func (s Signer) SignOriginal(ctx context.Context, i gallery.Image, now time.Time) (gallery.Link, error) {
	save := "attachment; filename*=UTF-8''" + url.PathEscape(i.Filename)
	return s.originals.signAs(ctx, OriginalKey(i.Owner, i.ID), save, now)
}
