package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/local/runtimeapi"
	"github.com/darkroom/darkroom/internal/s3"
)

// owner is whose images are asked for.
const owner gallery.Owner = "8b1c2d3e-0000-4000-8000-000000000001"

// page asks for 20 images with five links each: of an image what a gallery shows.
const page = `{ images(first: 20) { edges { node { id version status filename contentType bytes createdAt updatedAt
	renditions { name url width height bytes contentType expiresAt } } cursor } pageInfo { hasNextPage endCursor } } }`

// tasks are one for each function, with a peer where there is one.
func (b *bench) tasks(ctx context.Context) ([]task, error) {
	if err := b.fill(ctx); err != nil {
		return nil, err
	}
	token, err := b.share(ctx)
	if err != nil {
		return nil, err
	}
	few := max(1, b.o.warm/10)
	tasks := []task{
		{name: "graphql: images(first: 20)", warm: b.o.warm, event: same(request("POST", "/graphql", page)), check: links(20 * len(gallery.Specs()))},
		{name: "process: a photo", warm: few, event: b.arrival(b.photo, "image/jpeg"), check: taken},
		{name: "field: images(first: 20)", warm: b.o.warm, event: same(fieldEvent()), check: links(20 * (len(gallery.Specs()) + 1))},
		{name: "heif: an AVIF", warm: few, event: b.arrival(b.avif, "image/avif"), check: taken},
		{name: "publish: a change", warm: b.o.warm, event: b.change(), check: taken},
		{name: "share: a page", warm: b.o.warm, event: same(shareEvent(token)), check: has(`"statusCode":200`)},
		{name: "sweep: nothing due", warm: b.o.warm, event: same(map[string]string{"source": "aws.events"}), check: has("null")},
		{name: "auth: a sign-in", warm: b.o.warm, event: same(signIn()), check: has("triggerSource")},
	}
	covered := map[string]bool{}
	for n, t := range tasks {
		function, _, _ := strings.Cut(t.name, ":")
		covered[function] = true
		tasks[n].contestants = append(tasks[n].contestants, contestant{report.Darkroom, b.site.Program(function)})
		if script := b.scripts[map[string]string{"graphql": "apollo", "process": "sharp"}[function]]; script != "" {
			tasks[n].contestants = append(tasks[n].contestants, contestant{peer, b.onNode(function, script)})
		}
	}
	for function := range b.site.Functions {
		if !covered[function] {
			return nil, fmt.Errorf("function %s has no task", function)
		}
	}
	return tasks, nil
}

// onNode is a function's program in its place: the same variables, and the same gate to the same engines.
func (b *bench) onNode(function, script string) runtimeapi.Options {
	o := b.site.Program(function)
	o.Command, o.Dir = []string{b.node, script}, filepath.Dir(script)
	o.Env = append(o.Env, "NODE_ENV=production", "NODE_NO_WARNINGS=1", "WAY=cascade", "AWS_ENDPOINT_URL_S3="+variable(o.Env, "AWS_ENDPOINT_URL"))
	return o
}

func variable(env []string, name string) string {
	for _, v := range env {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// fill makes a page of images that are READY, with all renditions.
func (b *bench) fill(ctx context.Context) error {
	images := b.images()
	for n := range 20 {
		i := gallery.New(owner, gallery.ID(uuid.Must(uuid.NewV7()).String()), gallery.Upload{
			Filename: fmt.Sprintf("photo-%d.jpg", n), ContentType: "image/jpeg", Bytes: 3_000_000, SHA256: fmt.Sprintf("%064x", n),
		}, time.Now())
		err := images.Create(ctx, i, gallery.DefaultQuota())
		if err == nil {
			i, err = i.Claim(time.Now())
		}
		if err == nil {
			err = images.Save(ctx, i)
		}
		if err == nil {
			i, err = i.Finish(gallery.Facts{Format: "jpeg", Width: 4000, Height: 3000, Placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI"}, renditions(), time.Now())
		}
		if err == nil {
			err = images.Save(ctx, i)
		}
		if err != nil {
			return fmt.Errorf("make images: %w", err)
		}
	}
	return nil
}

func renditions() []gallery.Rendition {
	var all []gallery.Rendition
	for _, s := range gallery.Specs() {
		all = append(all, gallery.Rendition{
			Name: s.Name, Width: s.Edge, Height: s.Edge / 2, Bytes: 99_999, ContentType: "image/jpeg", Digest: "0123456789abcdef0123456789abcdef",
		})
	}
	return all
}

// share makes a link to the first image, by the API, and answers its token.
func (b *bench) share(ctx context.Context) (string, error) {
	page, err := b.images().List(ctx, owner, gallery.Listing{First: 1, Order: gallery.Uploaded})
	if err != nil || len(page.Images) == 0 {
		return "", fmt.Errorf("read an image: %w", err)
	}
	event, err := json.Marshal(request("POST", "/graphql", fmt.Sprintf(`mutation { shareImage(id: %q) { url } }`, page.Images[0].ID)))
	if err != nil {
		return "", err
	}
	answer, err := b.site.Functions["graphql"].Invoke(ctx, event)
	if err != nil {
		return "", err
	}
	_, rest, ok := strings.Cut(string(answer), "/s/")
	token, _, ended := strings.Cut(rest, `\"`)
	if !ok || !ended {
		return "", fmt.Errorf("share an image: %s", answer)
	}
	return token, nil
}

// arrival uploads a picture as one of its own, and answers the event that says so.
func (b *bench) arrival(data []byte, contentType string) func(context.Context) ([]byte, error) {
	sum := sha256.Sum256(data)
	client := s3.Open(b.site.Cloud.AWS(b.site.Cloud.Endpoints.S3), true)
	bucket := b.site.Names["UploadBucket"]
	return func(ctx context.Context) ([]byte, error) {
		who, id := gallery.Owner(uuid.NewString()), gallery.ID(uuid.Must(uuid.NewV7()).String())
		i := gallery.New(who, id, gallery.Upload{
			Filename: "photo", ContentType: contentType, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:]),
		}, time.Now())
		if err := b.images().Create(ctx, i, gallery.DefaultQuota()); err != nil {
			return nil, err
		}
		key := s3.OriginalKey(who, id)
		if _, err := client.PutObject(ctx, &sdks3.PutObjectInput{Bucket: aws.String(bucket), Key: &key, Body: bytes.NewReader(data)}); err != nil {
			return nil, fmt.Errorf("upload a picture: %w", err)
		}
		body, err := s3.Requeue{Bucket: bucket}.Body(who, id)
		if err != nil {
			return nil, err
		}
		return json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: body}}})
	}
}

// change is a new version of an image, as the table's stream tells of it.
func (b *bench) change() func(context.Context) ([]byte, error) {
	version := 1
	return func(context.Context) ([]byte, error) {
		version++
		now := time.Now().UTC().Format(time.RFC3339Nano)
		return fmt.Appendf(nil, `{"Records":[{"eventName":"MODIFY","dynamodb":{"SequenceNumber":"%d","NewImage":{"owner":{"S":%q},`+
			`"id":{"S":"019353ab-9c4e-7def-8123-000000000001"},"version":{"N":"%[1]d"},"status":{"S":"READY"},`+
			`"createdAt":{"S":%[3]q},"updatedAt":{"S":%[3]q}}}}]}`, version, owner, now), nil
	}
}

func (b *bench) images() dynamodb.Images {
	return dynamodb.Images{DB: dynamodb.Open(b.site.Cloud.AWS(b.site.Cloud.Endpoints.DynamoDB)), Tables: b.site.Tables()}
}

func same(event any) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) { return json.Marshal(event) }
}

func has(text string) func([]byte) error {
	return func(answer []byte) error {
		if !strings.Contains(string(answer), text) {
			return fmt.Errorf("the answer is %.500s", answer)
		}
		return nil
	}
}

// links asks for so many signed URLs; field answers that of the original too, whoever asks.
func links(want int) func([]byte) error {
	return func(answer []byte) error {
		if n := strings.Count(string(answer), "X-Amz-Signature="); n != want {
			return fmt.Errorf("the answer has %d signed links, want %d: %.500s", n, want, answer)
		}
		return nil
	}
}

func taken(answer []byte) error {
	var r struct {
		BatchItemFailures []any `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(answer, &r); err != nil || len(r.BatchItemFailures) > 0 {
		return errors.Join(err, fmt.Errorf("the answer is %.500s", answer))
	}
	return nil
}
