package main

import (
	"log/slog"
	"time"

	"github.com/darkroom/darkroom/functions/auth"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/local"
)

// wireAuth lets functions/auth decide who joins and who signs in.
func wireAuth(c *local.Cloud, members gallery.Membership, log *slog.Logger) error {
	h := auth.Handler{
		Members:  members,
		Accounts: dynamodb.Users{DB: dynamodb.Open(c.AWS(c.Endpoints.DynamoDB)), Tables: tables()},
		Log:      log,
	}
	f, err := c.Function("auth", h.Handle, 5*time.Second, 64)
	if err != nil {
		return err
	}
	c.FromUserPool(f)
	return nil
}
