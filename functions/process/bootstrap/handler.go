package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/darkroom/darkroom/functions/process"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/libwebp"
	"github.com/darkroom/darkroom/internal/render"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
)

// handler wires the function: the environment is read and every client built once.
func handler(ctx context.Context, getenv func(string) string, log *slog.Logger) (process.Handler, error) {
	c, err := env.ReadProcess(getenv)
	if err != nil {
		return process.Handler{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return process.Handler{}, err
	}
	limits := render.DefaultLimits()
	if c.MaxPixels > 0 {
		limits.Pixels = c.MaxPixels
	}
	bucket := s3.Bucket{Client: s3.Open(cfg, c.PathStyle), Uploads: c.UploadBucket, Renditions: c.RenditionBucket}
	h := process.Handler{
		Images:     dynamodb.Images{DB: dynamodb.Open(cfg), Tables: dynamodb.Tables{Images: c.ImagesTable, Users: c.UsersTable}},
		Originals:  bucket,
		Renditions: bucket,
		Developer:  render.Developer{Limits: limits, Specs: c.Renditions, WebP: libwebp.Encoder{}},
		Now:        time.Now,
		Log:        log,
	}
	if c.HeifQueueURL != "" {
		h.Heavy = sqs.Queue{Client: sqs.Open(cfg), URL: c.HeifQueueURL, Body: s3.Requeue{Bucket: c.UploadBucket}.Body}
	}
	return h, nil
}
