package share_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/darkroom/darkroom/functions/share"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
	"github.com/darkroom/darkroom/internal/s3"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const ann gallery.Owner = "ann"

const token = "abcdefghijklmnopqrstuvwxyz-_0123"

// booth is the function on real tables; signing needs no object store.
type booth struct {
	t       *testing.T
	handler share.Handler
	images  dynamodb.Images
	users   dynamodb.Users
	shares  dynamodb.Shares
	now     *time.Time
	log     *bytes.Buffer
}

func open(t *testing.T) booth {
	t.Helper()
	db, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(db)
	t.Cleanup(func() { server.Close(); _ = db.Close() })
	at := func(url string) aws.Config {
		return aws.Config{Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}
	}
	tables := dynamodb.Tables{Images: "images", Feed: "feed", Users: "users", Shares: "shares"}
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(at(server.URL)), tables); err != nil {
		t.Fatal(err)
	}
	signer, err := s3.NewRenditionSigner(t.Context(), s3.Open(at("http://127.0.0.1:9"), true), "renditions")
	if err != nil {
		t.Fatal(err)
	}
	client, now := dynamodb.Open(at(server.URL)), noon
	b := booth{
		t: t, now: &now, log: &bytes.Buffer{}, images: dynamodb.Images{DB: client, Tables: tables},
		users: dynamodb.Users{DB: client, Tables: tables}, shares: dynamodb.Shares{DB: client, Tables: tables},
	}
	b.handler = share.Handler{
		Shares: b.shares, Images: b.images, Accounts: b.users, Signer: signer,
		Now: func() time.Time { return *b.now }, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	}
	return b
}

// secrets are what must never reach a stranger: the image has them all.
var secrets = []string{"holiday.jpg", "cafe", "PENTAX", "beach", "by ann", "53.5", "image/x-original", "1234567"}

// image makes a READY image that knows a lot.
func (b booth) image() gallery.Image {
	b.t.Helper()
	i := gallery.New(ann, "01900000-0000-7000-8000-000000000001", gallery.Upload{
		Filename: "holiday.jpg", ContentType: "image/x-original", Bytes: 1234567, SHA256: strings.Repeat("cafe", 16),
	}, noon)
	if err := b.images.Create(b.t.Context(), i, gallery.DefaultQuota()); err != nil {
		b.t.Fatal(err)
	}
	facts := gallery.Facts{
		Format: "jpeg", Width: 4000, Height: 3000, Placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
		Capture:     gallery.Capture{Make: "PENTAX", Location: &gallery.Location{Latitude: 53.5, Longitude: 10}},
		Description: gallery.Description{Title: "beach", Copyright: "by ann"},
		Looks:       gallery.Looks{Colours: []string{"#aabbcc"}, Hash: "00"},
	}
	claimed, err := i.Claim(noon)
	if err == nil {
		err = b.images.Save(b.t.Context(), claimed)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	ready, err := claimed.Finish(facts, []gallery.Rendition{
		{Name: "large", Width: 1024, Height: 768, Bytes: 9, ContentType: "image/jpeg", Digest: "d1"},
		{Name: "small", Width: 256, Height: 192, Bytes: 5, ContentType: "image/jpeg", Digest: "d2"},
		{Name: "square", Width: 200, Height: 200, Bytes: 4, ContentType: "image/png", Digest: "d3"},
	}, noon)
	if err == nil {
		err = b.images.Save(b.t.Context(), ready)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return ready
}

// share makes a link to an image, by the token.
func (b booth) share(i gallery.Image, life time.Duration, names ...string) gallery.Share {
	b.t.Helper()
	id, err := gallery.Named(token)
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := i.Share(id, life, names, *b.now)
	if err == nil {
		err = b.shares.Add(b.t.Context(), s)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// ask invokes the function as API Gateway would.
func (b booth) ask(method, token, accept string) events.APIGatewayV2HTTPResponse {
	b.t.Helper()
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: "/s/" + token, PathParameters: map[string]string{"token": token}, Headers: map[string]string{"accept": accept},
	}
	e.RequestContext.HTTP.Method, e.RequestContext.RequestID = method, "request-1"
	payload, err := json.Marshal(e)
	if err != nil {
		b.t.Fatal(err)
	}
	answer, err := lambda.NewHandler(b.handler.Handle).Invoke(context.Background(), payload)
	if err != nil {
		b.t.Fatal(err)
	}
	var res events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(answer, &res); err != nil {
		b.t.Fatal(err)
	}
	return res
}
