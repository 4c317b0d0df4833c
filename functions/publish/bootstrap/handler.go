package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/darkroom/darkroom/functions/publish"
	"github.com/darkroom/darkroom/internal/appsync"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// handler wires the function: the environment is read and every client built once.
func handler(ctx context.Context, getenv func(string) string, log *slog.Logger) (publish.Handler, error) {
	c, err := env.ReadPublish(getenv)
	if err != nil {
		return publish.Handler{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return publish.Handler{}, err
	}
	return publish.Handler{
		Feed: dynamodb.Feed{DB: dynamodb.Open(cfg), Tables: dynamodb.Tables{Feed: c.FeedTable}},
		Announcer: appsync.Publisher{
			Endpoint: c.AppSyncURL, Region: c.Region, Credentials: cfg.Credentials,
			HTTP: &http.Client{Timeout: 5 * time.Second}, Now: time.Now,
		},
		Now: time.Now,
		Log: log,
	}, nil
}
