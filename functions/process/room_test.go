package process_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/functions/process"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
	gateway "github.com/darkroom/darkroom/internal/local/s3"
	"github.com/darkroom/darkroom/internal/render"
	"github.com/darkroom/darkroom/internal/s3"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// room is the function on real engines.
type room struct {
	t       *testing.T
	handler process.Handler
	images  dynamodb.Images
	client  *sdks3.Client
	now     *time.Time
	log     *bytes.Buffer
}

func open(t *testing.T) room {
	t.Helper()
	cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret-secret", "")}
	at := func(url string) aws.Config { c := cfg; c.BaseEndpoint = &url; return c }
	db, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(db)
	store, err := gateway.Start(t.Context(), gateway.Options{
		Dir: t.TempDir(), AccessKey: "key", SecretKey: "secret-secret", Buckets: []gateway.Bucket{{Name: "uploads"}, {Name: "renditions"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(); _ = db.Close(); _ = store.Close(context.Background()) })
	tables := dynamodb.Tables{Images: "images", Feed: "feed", Users: "users"}
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(at(server.URL)), tables); err != nil {
		t.Fatal(err)
	}
	images := dynamodb.Images{DB: dynamodb.Open(at(server.URL)), Tables: tables}
	client := s3.Open(at(store.Endpoint()), true)
	bucket := s3.Bucket{Client: client, Uploads: "uploads", Renditions: "renditions"}
	now, log := noon, &bytes.Buffer{}
	return room{t: t, images: images, client: client, now: &now, log: log, handler: process.Handler{
		Images: images, Originals: bucket, Renditions: bucket,
		Developer: render.Developer{Limits: render.DefaultLimits(), Specs: gallery.Specs()},
		Now:       func() time.Time { return now },
		Log:       slog.New(slog.NewTextHandler(log, nil)),
	}}
}

// photo is a JPEG of no size to speak of.
func photo(t *testing.T, shade byte) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 300, 200))
	for n := range img.Pix {
		img.Pix[n] = shade + byte(n%100)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// announced makes the record of some bytes; stored also puts an object in their place.
func (r room) announced(data []byte) gallery.Image {
	r.t.Helper()
	sum := sha256.Sum256(data)
	i := gallery.New("ann", gallery.ID(uuid.Must(uuid.NewV7()).String()), gallery.Upload{
		Filename: "a b+ü.jpg", ContentType: "image/jpeg", Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:]),
	}, noon)
	if err := r.images.Create(r.t.Context(), i, gallery.DefaultQuota()); err != nil {
		r.t.Fatal(err)
	}
	return i
}

func (r room) stored(i gallery.Image, data []byte) gallery.Image {
	r.t.Helper()
	_, err := r.client.PutObject(r.t.Context(), &sdks3.PutObjectInput{
		Bucket: aws.String("uploads"), Key: aws.String(s3.OriginalKey(i.Owner, i.ID)), Body: bytes.NewReader(data),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return i
}

// deliver invokes a handler as Lambda does, and answers how many messages it did not take.
func (r room) deliver(h process.Handler, bodies ...string) int {
	r.t.Helper()
	var e events.SQSEvent
	for n, b := range bodies {
		e.Records = append(e.Records, events.SQSMessage{MessageId: fmt.Sprint(n), Body: b})
	}
	payload, err := json.Marshal(e)
	if err != nil {
		r.t.Fatal(err)
	}
	answer, err := awslambda.NewHandler(h.Handle).Invoke(context.Background(), payload)
	if err != nil {
		r.t.Fatal(err)
	}
	var res events.SQSEventResponse
	if err := json.Unmarshal(answer, &res); err != nil {
		r.t.Fatal(err)
	}
	return len(res.BatchItemFailures)
}

func event(t *testing.T, i gallery.Image) string {
	t.Helper()
	body, err := s3.Requeue{Bucket: "uploads"}.Body(i.Owner, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func (r room) get(i gallery.Image) gallery.Image {
	r.t.Helper()
	got, err := r.images.Get(r.t.Context(), i.Owner, i.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

// objects lists the keys of a bucket.
func (r room) objects(bucket string) []string {
	r.t.Helper()
	out, err := r.client.ListObjectsV2(r.t.Context(), &sdks3.ListObjectsV2Input{Bucket: &bucket})
	if err != nil {
		r.t.Fatal(err)
	}
	var keys []string
	for _, o := range out.Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}
