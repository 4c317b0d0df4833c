package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/darkroom/darkroom/functions/process"
	"github.com/darkroom/darkroom/gallery"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/libheif"
	"github.com/darkroom/darkroom/internal/libwebp"
	"github.com/darkroom/darkroom/internal/render"
	"github.com/darkroom/darkroom/internal/s3"
)

// spare is memory that no picture may plan with, in MB.
const spare = 200

// handler wires the function: the environment is read and every client built once.
func handler(ctx context.Context, getenv func(string) string, log *slog.Logger) (process.Handler, error) {
	c, err := env.ReadHeif(getenv)
	if err != nil {
		return process.Handler{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return process.Handler{}, err
	}
	limits := render.DefaultLimits()
	limits.Memory = (gallery.HeifMemory - spare) << 20
	if c.MaxPixels > 0 {
		limits.Pixels = c.MaxPixels
	}
	bucket := s3.Bucket{Client: s3.Open(cfg, c.PathStyle), Uploads: c.UploadBucket, Renditions: c.RenditionBucket}
	return process.Handler{
		Images:     dynamodb.Images{DB: dynamodb.Open(cfg), Tables: dynamodb.Tables{Images: c.ImagesTable, Users: c.UsersTable}},
		Originals:  bucket,
		Renditions: bucket,
		Developer:  render.Developer{Limits: limits, Specs: c.Renditions, WebP: libwebp.Encoder{}, HEIF: libheif.Decoder{}},
		Now:        time.Now,
		Log:        log,
	}, nil
}
