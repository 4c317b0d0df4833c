package faults

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/darkroom/darkroom/functions/auth"
	"github.com/darkroom/darkroom/functions/process"
	"github.com/darkroom/darkroom/functions/publish"
	"github.com/darkroom/darkroom/functions/share"
	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/appsync"
	"github.com/darkroom/darkroom/internal/cognito"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/render"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
	"github.com/darkroom/darkroom/resolvers"
)

// older and newer are the pipelines before and after the deployment that happens to most worlds.
var (
	older = render.Developer{Specs: []gallery.Spec{{Name: "large", Edge: 24}, {Name: "small", Edge: 8}}}
	newer = render.Developer{Specs: []gallery.Spec{{Name: "large", Edge: 20}, {Name: "small", Edge: 8}}}
)

func (w *world) aws(endpoint string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint, HTTPClient: &http.Client{Transport: w.network},
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret-secret", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// wire makes the functions as their mains do.
func (w *world) wire(e *engines) {
	ctx := w.t.Context()
	w.openStore(ctx, e)
	signer, err := s3.NewSigner(ctx, w.bucket.Client, w.bucket.Uploads, w.bucket.Renditions)
	if err != nil {
		w.t.Fatal(err)
	}
	queue := sqs.Queue{
		Client: sqs.Open(w.aws("http://queues")), URL: "http://queues/000000000000/process", Body: s3.Requeue{Bucket: w.bucket.Uploads}.Body,
	}
	agenda, log := dynamodb.Agenda{DB: w.images.DB, Tables: w.tables}, slog.New(slog.DiscardHandler)
	if w.tell {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	w.resolver = &resolvers.Resolver{
		Images: w.images, Creator: w.images, Users: w.accounts, Feed: w.feed, Signer: signer, Queue: queue, Parts: w.bucket, Jobs: w.jobs,
		Accounts: w.accounts, Members: w.pool, Deletions: w.deletions, Shares: w.shares, NewToken: w.newToken, ShareURL: "https://darkroom.example/s/",
		Now: w.clock, NewID: func() gallery.ID { return gallery.ID(w.newID()) },
	}
	renditions, err := s3.NewRenditionSigner(ctx, w.bucket.Client, w.bucket.Renditions)
	if err != nil {
		w.t.Fatal(err)
	}
	w.booth = share.Handler{Shares: w.shares, Images: w.images, Accounts: w.accounts, Signer: renditions, Now: w.clock, Log: log}
	w.gate = auth.Handler{Accounts: w.accounts, Log: log}
	w.openDoors(log)
	w.process = process.Handler{
		Images: w.images, Originals: w.bucket, Renditions: w.bucket, Developer: older, Now: w.clock, Log: log,
	}
	w.publish = publish.Handler{
		Feed: w.feed,
		Announcer: appsync.Publisher{
			Endpoint: "http://appsync/graphql", Region: "us-east-1", Credentials: w.aws("").Credentials,
			HTTP: &http.Client{Transport: w.network}, Now: w.clock,
		},
		Now: w.clock, Log: log,
	}
	w.sweep = sweep.Handler{
		Images: w.images, Agenda: agenda, Rounds: agenda, Objects: w.bucket, Queue: queue, Jobs: w.jobs, Deletions: w.deletions, Members: w.pool,
		Hands: 1, Now: w.clock, Log: log,
	}
}

// openStore makes the world's tables and buckets.
func (w *world) openStore(ctx context.Context, e *engines) {
	w.t.Helper()
	name := fmt.Sprintf("-%d", w.seed)
	w.tables = dynamodb.Tables{Images: "images" + name, Feed: "feed" + name, Users: "users" + name, Shares: "shares" + name}
	if err := dynamodb.Create(ctx, sdkdynamodb.NewFromConfig(w.aws("http://tables")), w.tables); err != nil {
		w.t.Fatal(err)
	}
	db := dynamodb.Open(w.aws("http://tables"))
	w.images, w.accounts = dynamodb.Images{DB: db, Tables: w.tables}, dynamodb.Users{DB: db, Tables: w.tables}
	w.feed, w.jobs = dynamodb.Feed{DB: db, Tables: w.tables}, dynamodb.Jobs{DB: db, Tables: w.tables}
	w.deletions = dynamodb.Deletions{DB: db, Tables: w.tables}
	w.pool = cognito.Directory{
		Endpoint: "http://pool/", Region: "us-east-1", PoolID: poolID, Credentials: w.aws("").Credentials,
		HTTP: &http.Client{Transport: w.network}, Now: func() time.Time { return noon },
	}
	w.shares = dynamodb.Shares{DB: db, Tables: w.tables}
	w.raw = dynamodbstreams.NewFromConfig(w.aws("http://tables"))
	w.bucket = s3.Bucket{Client: s3.Open(w.aws(e.store.Endpoint()), true), Uploads: "uploads" + name, Renditions: "renditions" + name}
	for _, bucket := range []string{w.bucket.Uploads, w.bucket.Renditions} {
		if _, err := w.bucket.Client.CreateBucket(ctx, &sdks3.CreateBucketInput{Bucket: &bucket}); err != nil {
			w.t.Fatal(err)
		}
	}
}

// comparison is what `darkroom sweep --full --mend` runs. Its clock is ahead of that on the wall, which S3 goes by.
func (w *world) comparison(report func(sweep.Finding)) sweep.Comparison {
	h := w.sweep
	h.Now = func() time.Time {
		now, wall := w.clock(), time.Now().Add(2*gallery.StrayGrace)
		if wall.After(now) {
			return wall
		}
		return now
	}
	return sweep.Comparison{
		Handler: h, Store: w.bucket, Records: dynamodb.All{DB: w.images.DB, Tables: w.tables}, Mend: true, Report: report,
	}
}

// stored sends S3's events of an object: at least one, some time. Now and then one is lost on its way, if that can be found
// out when the image is due: not later, and not of an image in the trash.
func (w *world) stored(path string) {
	key, ours := strings.CutPrefix(path, w.bucket.Uploads+"/")
	if !ours {
		return
	}
	owner, id, err := s3.ParseOriginalKey(key)
	if err != nil {
		w.t.Error(err)
		return
	}
	i, err := w.images.Get(context.Background(), owner, id)
	mayBeLost := err == nil && !i.Deleted() && i.Status == gallery.Pending && w.clock().Before(i.Deadline)
	if err == nil {
		w.arrived(i)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if mayBeLost && w.ids.IntN(8) == 0 {
		return
	}
	for range 1 + w.ids.IntN(2) {
		delay := time.Duration(w.ids.IntN(5)) * time.Second
		if w.ids.IntN(6) == 0 {
			delay = time.Duration(w.ids.IntN(120)) * time.Minute
		}
		w.later = append(w.later, event{at: w.now.Add(delay), key: key})
	}
}
