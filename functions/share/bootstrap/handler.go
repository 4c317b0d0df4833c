package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/darkroom/darkroom/functions/share"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/s3"
)

// handler wires the function: the environment is read and every client built once.
func handler(ctx context.Context, getenv func(string) string, log *slog.Logger) (share.Handler, error) {
	c, err := env.ReadShare(getenv)
	if err != nil {
		return share.Handler{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return share.Handler{}, err
	}
	signer, err := s3.NewRenditionSigner(ctx, s3.Open(cfg, c.PathStyle), c.RenditionBucket)
	if err != nil {
		return share.Handler{}, err
	}
	db := dynamodb.Open(cfg)
	tables := dynamodb.Tables{Images: c.ImagesTable, Users: c.UsersTable, Shares: c.SharesTable}
	return share.Handler{
		Shares:   dynamodb.Shares{DB: db, Tables: tables},
		Images:   dynamodb.Images{DB: db, Tables: tables},
		Accounts: dynamodb.Users{DB: db, Tables: tables},
		Signer:   signer,
		Now:      time.Now,
		Log:      log,
	}, nil
}
