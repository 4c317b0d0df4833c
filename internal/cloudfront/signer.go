// Package cloudfront signs the URLs under which clients fetch renditions from CloudFront.
package cloudfront

import (
	"context"
	"crypto/rsa"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/cloudfront/sign"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Others signs what does not come from CloudFront.
type Others interface {
	SignUpload(ctx context.Context, i gallery.Image, now time.Time) (gallery.Target, error)
	SignPart(ctx context.Context, i gallery.Image, p gallery.Part, now time.Time) (gallery.PartTarget, error)
	SignRenditions(ctx context.Context, i gallery.Image, now time.Time) ([]gallery.Link, error)
	SignOriginal(ctx context.Context, i gallery.Image, now time.Time) (gallery.Link, error)
}

// Options say where renditions are, and by which key their URLs are signed.
type Options struct {
	URL   string // of the distribution, such as https://d111111abcdef8.cloudfront.net
	KeyID string // CloudFront's name for the public key
	Key   *rsa.PrivateKey

	// Folder and Path are those of internal/s3: what all renditions of an owner begin with, and where one of them is.
	Folder func(gallery.Owner) string
	Path   func(gallery.Owner, gallery.ID, gallery.Rendition) string
}

// Signer signs GETs of renditions itself, and leaves all else to Others.
//
// One signature an owner and hour opens all renditions of the owner, so that a page of hundreds costs no arithmetic, and
// the same rendition has the same URL all that hour, whichever Lambda signed it: a browser need not fetch it again. That
// is why the key is RSA: signatures by an elliptic curve, though shorter, are never the same twice.
//
// A URL is therefore good for every rendition of its owner whose name is known. To show strangers a picture, sign with S3.
type Signer struct {
	Others
	options Options
	seals   *lru.Cache[gallery.Owner, seal]
}

// maxSeals is how many owners are remembered, a kilobyte each.
const maxSeals = 4096

// seal is what all URLs of an owner end with for an hour.
type seal struct {
	from  time.Time
	query string
}

// New makes a signer.
func New(o Options, others Others) (Signer, error) {
	at, err := url.Parse(o.URL)
	if err != nil || at.Scheme != "https" || at.Host == "" || at.Path != "" || at.RawQuery != "" {
		return Signer{}, fmt.Errorf("the distribution's URL is %q, want https and a host alone", o.URL)
	}
	seals, err := lru.New[gallery.Owner, seal](maxSeals)
	if err != nil {
		return Signer{}, fmt.Errorf("remember signatures: %w", err)
	}
	return Signer{Others: others, options: o, seals: seals}, nil
}

// SignRenditions signs a GET of each of an image's renditions, valid for gallery.URLLife at least and twice that at most.
func (s Signer) SignRenditions(_ context.Context, i gallery.Image, now time.Time) ([]gallery.Link, error) {
	seal, err := s.sealAt(i.Owner, now)
	if err != nil {
		return nil, fmt.Errorf("sign renditions of %s: %w", i.ID, err)
	}
	signed := make([]gallery.Link, len(i.Renditions))
	for n, r := range i.Renditions {
		signed[n] = gallery.Link{
			URL:       s.options.URL + "/" + s.options.Path(i.Owner, i.ID, r) + seal.query,
			ExpiresAt: gallery.Time(expiry(seal.from)),
		}
	}
	return signed, nil
}

// sealAt makes the owner's seal of an hour, unless the last one made is it.
func (s Signer) sealAt(owner gallery.Owner, now time.Time) (seal, error) {
	from := now.UTC().Truncate(gallery.URLLife)
	if known, ok := s.seals.Get(owner); ok && known.from.Equal(from) {
		return known, nil
	}
	// Both are wildcards in a policy, and would open what is another's.
	if owner == "" || strings.ContainsAny(string(owner), "*?/") {
		return seal{}, fmt.Errorf("no URL is signed for an owner called %.40q", owner)
	}
	policy := sign.NewCannedPolicy(s.options.URL+"/"+s.options.Folder(owner)+"*", expiry(from))
	signature, text, err := policy.Sign(s.options.Key)
	if err != nil {
		return seal{}, err
	}
	made := seal{from: from, query: "?Policy=" + string(text) + "&Signature=" + string(signature) + "&Key-Pair-Id=" + s.options.KeyID}
	s.seals.Add(owner, made)
	return made, nil
}

// expiry is when what was signed in the hour that begins at from is no longer valid.
func expiry(from time.Time) time.Time { return from.Add(2 * gallery.URLLife) }
