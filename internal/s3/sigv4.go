package s3

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/darkroom/darkroom/gallery"
)

// links signs GETs of one bucket: AWS Signature Version 4 in the query. A page of images carries hundreds of them. The SDK
// takes 88 µs and 339 allocations for each, most of it finding the endpoint anew; this takes 3 µs, and less the second time.
// It signs the same, which is a test.
//
// All that is signed within an hour is signed as of its beginning, so that the same object has the same URL and a browser
// need not fetch it again.
type links struct {
	base        *url.URL // of the bucket: a key is put behind its path
	region      string
	credentials aws.CredentialsProvider
	seal        *atomic.Pointer[seal] // the last one made
	signed      *lru.Cache[place, *signedImage]
}

// maxSigned is of how many images the links are remembered, three kilobytes each: some pages, which people look at again.
const maxSigned = 800

// place is where an image is.
type place struct {
	owner gallery.Owner
	id    gallery.ID
}

// signedImage are the links to an image's renditions, as they were when it was last signed.
type signedImage struct {
	seal       *seal
	renditions []gallery.Rendition
	links      []gallery.Link
}

// seal is what all links of one hour and one key have in common.
type seal struct {
	accessKey, token string // of the key, its id
	from             time.Time
	life             time.Duration
	key              []byte // that signs
	query            string // of the URL
	text             string // of what is signed: all but the hash of the request
}

// newLinks asks the SDK once where the bucket is.
func newLinks(ctx context.Context, client *s3.Client, bucket string) (links, error) {
	anybody := credentials.NewStaticCredentialsProvider("x", "x", "")
	req, err := s3.NewPresignClient(client, func(o *s3.PresignOptions) {
		o.ClientOptions = append(o.ClientOptions, func(o *s3.Options) { o.Credentials = anybody })
	}).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: aws.String("k")})
	if err != nil {
		return links{}, fmt.Errorf("find bucket %s: %w", bucket, err)
	}
	base, err := url.Parse(req.URL)
	if err != nil {
		return links{}, fmt.Errorf("find bucket %s: %w", bucket, err)
	}
	base.Path, base.RawQuery = strings.TrimSuffix(base.Path, "k"), ""
	signed, err := lru.New[place, *signedImage](maxSigned)
	if err != nil {
		return links{}, fmt.Errorf("remember links to %s: %w", bucket, err)
	}
	return links{
		base: base, region: client.Options().Region, credentials: client.Options().Credentials,
		seal: new(atomic.Pointer[seal]), signed: signed,
	}, nil
}

// sign makes the URL of a GET that is valid for gallery.URLLife at least, and tells until when. The key consists of
// letters, digits and -_./ as ours do.
func (l links) sign(ctx context.Context, key string, now time.Time) (gallery.Link, error) {
	seal, err := l.sealAt(ctx, now)
	if err != nil {
		return gallery.Link{}, fmt.Errorf("sign %s: %w", key, err)
	}
	return l.make(seal, key, ""), nil
}

// signAll does it for all renditions of an image, unless the last ones made are of the same hour and the same renditions.
func (l links) signAll(ctx context.Context, i gallery.Image, now time.Time) ([]gallery.Link, error) {
	seal, err := l.sealAt(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("sign renditions of %s: %w", i.ID, err)
	}
	if known, ok := l.signed.Get(place{i.Owner, i.ID}); ok && known.seal == seal && slices.Equal(known.renditions, i.Renditions) {
		return known.links, nil
	}
	made := &signedImage{seal: seal}
	for _, r := range i.Renditions {
		made.links = append(made.links, l.make(seal, RenditionKey(i.Owner, i.ID, r), ""))
		// Strings of a page of images can be parts of a single one, which would be remembered with each of them.
		r.Name, r.ContentType, r.Digest = strings.Clone(r.Name), strings.Clone(r.ContentType), strings.Clone(r.Digest)
		made.renditions = append(made.renditions, r)
	}
	l.signed.Add(place{gallery.Owner(strings.Clone(string(i.Owner))), gallery.ID(strings.Clone(string(i.ID)))}, made)
	return made.links, nil
}

// signAs does the same for an object that S3 is to answer with a Content-Disposition.
func (l links) signAs(ctx context.Context, key, disposition string, now time.Time) (gallery.Link, error) {
	seal, err := l.sealAt(ctx, now)
	if err != nil {
		return gallery.Link{}, fmt.Errorf("sign %s: %w", key, err)
	}
	return l.make(seal, key, "&response-content-disposition="+escape(disposition)), nil
}

// signUntil does it for as long as sign would, but not beyond a moment, which is to come.
func (l links) signUntil(ctx context.Context, key string, now, until time.Time) (gallery.Link, error) {
	from := now.UTC().Truncate(gallery.URLLife)
	if !until.Before(from.Add(2 * gallery.URLLife)) {
		return l.sign(ctx, key, now)
	}
	who, err := l.credentials.Retrieve(ctx)
	if err != nil {
		return gallery.Link{}, fmt.Errorf("sign %s: %w", key, err)
	}
	return l.make(l.newSeal(who, from, until.Sub(from).Truncate(time.Second)), key, ""), nil
}

func (l links) make(seal *seal, key, more string) gallery.Link {
	path, query := l.base.Path+key, seal.query+more
	canonical := sha256.Sum256([]byte("GET\n" + path + "\n" + query + "\nhost:" + l.base.Host + "\n\nhost\nUNSIGNED-PAYLOAD"))
	signature := hex.EncodeToString(mac(seal.key, seal.text+hex.EncodeToString(canonical[:])))
	return gallery.Link{
		URL:       l.base.Scheme + "://" + l.base.Host + path + "?" + query + "&X-Amz-Signature=" + signature,
		ExpiresAt: gallery.Time(seal.from.Add(seal.life)),
	}
}

// sealAt makes the seal of an hour, unless the last one made is it.
func (l links) sealAt(ctx context.Context, now time.Time) (*seal, error) {
	who, err := l.credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	from := now.UTC().Truncate(gallery.URLLife)
	s := l.seal.Load()
	if s != nil && s.from.Equal(from) && s.accessKey == who.AccessKeyID && s.token == who.SessionToken {
		return s, nil
	}
	s = l.newSeal(who, from, 2*gallery.URLLife)
	l.seal.Store(s)
	return s, nil
}

func (l links) newSeal(who aws.Credentials, from time.Time, life time.Duration) *seal {
	stamp := from.Format("20060102T150405Z")
	scope := stamp[:8] + "/" + l.region + "/s3/aws4_request"
	query := "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + escape(who.AccessKeyID+"/"+scope) + "&X-Amz-Date=" + stamp +
		"&X-Amz-Expires=" + strconv.Itoa(int(life/time.Second))
	if who.SessionToken != "" {
		query += "&X-Amz-Security-Token=" + escape(who.SessionToken)
	}
	return &seal{
		accessKey: who.AccessKeyID, token: who.SessionToken, from: from, life: life,
		key:   signingKey(who.SecretAccessKey, stamp[:8], l.region),
		query: query + "&X-Amz-SignedHeaders=host",
		text:  "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n",
	}
}

func signingKey(secret, day, region string) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{day, region, "s3", "aws4_request"} {
		key = mac(key, part)
	}
	return key
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// escape writes a query's value as SigV4 wants it: a space is %20.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
