package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/internal/cognito"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
)

// handler wires the function: the environment is read and every client built once.
func handler(ctx context.Context, getenv func(string) string, log *slog.Logger) (sweep.Handler, error) {
	c, err := env.ReadSweep(getenv)
	if err != nil {
		return sweep.Handler{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return sweep.Handler{}, err
	}
	db := dynamodb.Open(cfg)
	tables := dynamodb.Tables{Images: c.ImagesTable, Feed: c.FeedTable, Users: c.UsersTable, Shares: c.SharesTable}
	agenda := dynamodb.Agenda{DB: db, Tables: tables}
	return sweep.Handler{
		Images:    dynamodb.Images{DB: db, Tables: tables},
		Agenda:    agenda,
		Rounds:    agenda,
		Objects:   s3.Bucket{Client: s3.Open(cfg, c.PathStyle), Uploads: c.UploadBucket, Renditions: c.RenditionBucket},
		Queue:     sqs.Queue{Client: sqs.Open(cfg), URL: c.QueueURL, Body: s3.Requeue{Bucket: c.UploadBucket}.Body},
		Jobs:      dynamodb.Jobs{DB: db, Tables: tables},
		Deletions: dynamodb.Deletions{DB: db, Tables: tables},
		Members: cognito.Directory{
			Endpoint: c.UserPool.URL, Region: c.UserPool.Region, PoolID: c.UserPool.ID,
			Credentials: cfg.Credentials, HTTP: &http.Client{Timeout: 5 * time.Second}, Now: time.Now,
		},
		Now: time.Now,
		Log: log,
	}, nil
}
