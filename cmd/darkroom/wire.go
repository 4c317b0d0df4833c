package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/uuid"

	deployed "github.com/darkroom/darkroom/appsync"
	"github.com/darkroom/darkroom/functions/field"
	"github.com/darkroom/darkroom/functions/graphql"
	"github.com/darkroom/darkroom/functions/process"
	"github.com/darkroom/darkroom/functions/publish"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/appsync"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/libheif"
	"github.com/darkroom/darkroom/internal/local"
	"github.com/darkroom/darkroom/internal/local/gateway"
	locals3 "github.com/darkroom/darkroom/internal/local/s3"
	localsqs "github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/render"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/resolvers"
)

// The names of what serverless.yml would make.
const (
	poolID     = "local_Darkroom"
	clientID   = "darkroomlocalwebclient"
	uploads    = "darkroom-uploads"
	renditions = "darkroom-renditions"
	arrivals   = "darkroom-process"
	heavy      = "darkroom-heif"
	deadEvents = "darkroom-process-dead"
)

// minPassword is serverless.yml's, in characters.
const minPassword = 12

// retry is when an event that a function did not take comes again. On AWS it is the queue's visibility timeout; nobody
// wants to wait six minutes in front of a laptop. It comes as many times as outlast the lease of a worker that was killed.
const (
	retry    = 5 * time.Second
	receives = 3 * int(gallery.Lease/retry)
)

// pollers is how many pictures are developed at once.
const pollers = 2

func tables() dynamodb.Tables {
	return dynamodb.Tables{Images: "darkroom-images", Feed: "darkroom-feed", Users: "darkroom-users", Shares: "darkroom-shares"}
}

// cloudOptions describe the resources of serverless.yml to the local cloud.
func cloudOptions(dir string, host netip.Addr, port int, log *slog.Logger) local.Options {
	schema, _ := fs.ReadFile(deployed.Files, "schema.graphql") // embedded: a missing file shows at once as an empty schema
	files, _ := fs.Sub(deployed.Files, "resolvers")
	return local.Options{
		Dir: dir, Host: host, Port: port, PoolID: poolID, ClientID: clientID,
		MinPassword: minPassword, Groups: []string{gallery.AdminGroup},
		Buckets: []locals3.Bucket{
			{Name: uploads, Notify: true, CORSOrigins: []string{"*"}},
			{Name: renditions, CORSOrigins: []string{"*"}},
		},
		Events: map[string]string{uploads: arrivals},
		Queues: []localsqs.Queue{
			{Name: deadEvents},
			{Name: arrivals, Visibility: gallery.QueueVisibility, MaxReceives: receives, DeadLetter: deadEvents},
			{Name: heavy, Visibility: gallery.QueueVisibility, MaxReceives: receives, DeadLetter: deadEvents},
		},
		Schema: string(schema), Resolvers: files, SharedResolver: deployed.Shared,
		ResolverLimit: deployed.ResolverLimit,
		Now:           now, NewID: uuid.NewString, Log: log,
	}
}

func now() time.Time { return gallery.Time(time.Now()) }

// wire puts the production handlers into a local cloud: the same ones that serverless.yml deploys.
func wire(ctx context.Context, c *local.Cloud, members gallery.Membership, log *slog.Logger) error {
	if err := dynamodb.Create(ctx, sdkdynamodb.NewFromConfig(c.AWS(c.Endpoints.DynamoDB)), tables()); err != nil {
		return err
	}
	for name, start := range map[string]func() error{
		"graphql": func() error { return wireAPI(ctx, c, log) },
		"process": func() error { return wireProcess(c, log) },
		"publish": func() error { return wirePublish(c, log) },
		"sweep":   func() error { return wireSweep(c, log) },
		"auth":    func() error { return wireAuth(c, members, log) },
	} {
		if err := start(); err != nil {
			return fmt.Errorf("start function %s: %w", name, err)
		}
	}
	return nil
}

// wireAPI answers queries and mutations on both endpoints: over HTTP, and field by field to AppSync.
func wireAPI(ctx context.Context, c *local.Cloud, log *slog.Logger) error {
	r, err := newResolver(ctx, c)
	if err != nil {
		return err
	}
	h := graphql.New(graphql.Options{Resolvers: r, Introspection: true, Log: log})
	f, err := c.Function("graphql", h.Handle, 30*time.Second, 64)
	if err != nil {
		return err
	}
	routes, err := site(clientConfig(c), c.Endpoints.S3)
	if err != nil {
		return err
	}
	shared, err := shareRoutes(ctx, c, log)
	if err != nil {
		return err
	}
	routes = append(routes, shared...)
	c.Route(append(routes, gateway.Route{Method: http.MethodPost, Path: "/graphql", Function: f, Authorized: true})...)
	if f, err = c.Function("field", field.New(r, log), 30*time.Second, 64); err != nil {
		return err
	}
	c.FromAppSync(f)
	return nil
}

func newResolver(ctx context.Context, c *local.Cloud) (*resolvers.Resolver, error) {
	signer, err := s3.NewSigner(ctx, s3.Open(c.AWS(c.Endpoints.S3), true), uploads, renditions)
	if err != nil {
		return nil, err
	}
	db := dynamodb.Open(c.AWS(c.Endpoints.DynamoDB))
	images := dynamodb.Images{DB: db, Tables: tables()}
	return &resolvers.Resolver{
		Images:    images,
		Creator:   images,
		Hashes:    images,
		Users:     dynamodb.Users{DB: db, Tables: tables()},
		Accounts:  dynamodb.Users{DB: db, Tables: tables()},
		Members:   members(c),
		Shares:    dynamodb.Shares{DB: db, Tables: tables()},
		Deletions: dynamodb.Deletions{DB: db, Tables: tables()},
		Exporter:  dynamodb.Jobs{DB: db, Tables: tables()},
		Feed:      dynamodb.Feed{DB: db, Tables: tables()},
		Signer:    signer,
		Queue:     queue(c),
		Parts:     bucket(c),
		Jobs:      dynamodb.Jobs{DB: db, Tables: tables()},
		Now:       now,
		NewID:     func() gallery.ID { return gallery.ID(uuid.Must(uuid.NewV7()).String()) },
		NewToken:  newToken,
		ShareURL:  c.Endpoints.API + sharePath,
	}, nil
}

func wireProcess(c *local.Cloud, log *slog.Logger) error {
	bucket := bucket(c)
	h := process.Handler{
		Images:     dynamodb.Images{DB: dynamodb.Open(c.AWS(c.Endpoints.DynamoDB)), Tables: tables()},
		Originals:  bucket,
		Renditions: bucket,
		Developer:  render.Developer{Limits: render.DefaultLimits(), Specs: gallery.Specs()},
		Heavy:      queueOf(c, heavy),
		Now:        now,
		Log:        log,
	}
	f, err := c.Function("process", h.Handle, gallery.ProcessTimeout, pollers)
	if err != nil {
		return err
	}
	if err := c.FromQueue(arrivals, f, pollers, retry); err != nil {
		return err
	}
	return wireHeif(c, h)
}

// wireHeif develops HEIC and AVIF, one at a time.
func wireHeif(c *local.Cloud, h process.Handler) error {
	limits := render.DefaultLimits()
	limits.Memory = gallery.HeifMemory << 20
	h.Developer = render.Developer{Limits: limits, Specs: gallery.Specs(), HEIF: libheif.Decoder{}}
	h.Heavy = nil
	f, err := c.Function("heif", h.Handle, gallery.ProcessTimeout, 1)
	if err != nil {
		return err
	}
	return c.FromQueue(heavy, f, 1, retry)
}

func wirePublish(c *local.Cloud, log *slog.Logger) error {
	cfg := c.AWS(c.Endpoints.DynamoDB)
	h := publish.Handler{
		Feed: dynamodb.Feed{DB: dynamodb.Open(cfg), Tables: tables()},
		Announcer: appsync.Publisher{
			Endpoint: c.Endpoints.AppSync, Region: local.Region, Credentials: cfg.Credentials,
			HTTP: &http.Client{Timeout: 5 * time.Second}, Now: time.Now,
		},
		Now: now,
		Log: log,
	}
	f, err := c.Function("publish", h.Handle, time.Minute, 2)
	if err != nil {
		return err
	}
	return c.FromStream(tables().Images, f)
}
