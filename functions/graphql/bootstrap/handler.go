package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/functions/graphql"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cognito"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
	"github.com/darkroom/darkroom/resolvers"
)

// handler wires the function: the environment is read and every client built once.
func handler(ctx context.Context, getenv func(string) string, log *slog.Logger) (*graphql.Handler, error) {
	c, err := env.ReadAPI(getenv)
	if err != nil {
		return nil, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	client := s3.Open(cfg, c.PathStyle)
	signer, err := newSigner(ctx, cfg, c)
	if err != nil {
		return nil, err
	}
	db := dynamodb.Open(cfg)
	tables := dynamodb.Tables{Images: c.ImagesTable, Feed: c.FeedTable, Users: c.UsersTable, Shares: c.SharesTable}
	images := dynamodb.Images{DB: db, Tables: tables}
	return graphql.New(graphql.Options{
		Resolvers: &resolvers.Resolver{
			Images:   images,
			Creator:  images,
			Hashes:   images,
			Users:    dynamodb.Users{DB: db, Tables: tables},
			Accounts: dynamodb.Users{DB: db, Tables: tables},
			Members: cognito.Directory{
				Endpoint: c.UserPool.URL, Region: c.UserPool.Region, PoolID: c.UserPool.ID, Credentials: cfg.Credentials,
				HTTP: &http.Client{Timeout: 5 * time.Second}, Now: time.Now,
			},
			Shares:    dynamodb.Shares{DB: db, Tables: tables},
			Deletions: dynamodb.Deletions{DB: db, Tables: tables},
			Exporter:  dynamodb.Jobs{DB: db, Tables: tables},
			Feed:      dynamodb.Feed{DB: db, Tables: tables},
			Signer:    signer,
			Queue:     sqs.Queue{Client: sqs.Open(cfg), URL: c.QueueURL, Body: s3.Requeue{Bucket: c.UploadBucket}.Body},
			Parts:     s3.Bucket{Client: client, Uploads: c.UploadBucket, Renditions: c.RenditionBucket},
			Jobs:      dynamodb.Jobs{DB: db, Tables: tables},
			Now:       time.Now,
			NewID:     func() gallery.ID { return gallery.ID(uuid.Must(uuid.NewV7()).String()) },
			NewToken:  newToken,
			ShareURL:  c.ShareURL,
		},
		Introspection: c.Introspection,
		Log:           log,
	}), nil
}

// newToken is what makes a share link one that nobody guesses.
func newToken() string {
	var chance [gallery.TokenBytes]byte
	_, _ = rand.Read(chance[:]) // never fails: it ends the program
	return base64.RawURLEncoding.EncodeToString(chance[:])
}
