package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"time"

	"github.com/darkroom/darkroom/functions/share"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/local"
	"github.com/darkroom/darkroom/internal/local/gateway"
	"github.com/darkroom/darkroom/internal/s3"
)

// sharePath is where share links lead.
const sharePath = "/s/"

// shareRoutes are answered without a token but that in the link.
func shareRoutes(ctx context.Context, c *local.Cloud, log *slog.Logger) ([]gateway.Route, error) {
	signer, err := s3.NewRenditionSigner(ctx, s3.Open(c.AWS(c.Endpoints.S3), true), renditions)
	if err != nil {
		return nil, err
	}
	db := dynamodb.Open(c.AWS(c.Endpoints.DynamoDB))
	h := share.Handler{
		Shares:   dynamodb.Shares{DB: db, Tables: tables()},
		Images:   dynamodb.Images{DB: db, Tables: tables()},
		Accounts: dynamodb.Users{DB: db, Tables: tables()},
		Signer:   signer,
		Now:      now,
		Log:      log,
	}
	f, err := c.Function("share", h.Handle, 10*time.Second, 16)
	if err != nil {
		return nil, err
	}
	const path = sharePath + "{token}"
	return []gateway.Route{{Method: http.MethodGet, Path: path, Function: f}, {Method: http.MethodHead, Path: path, Function: f}}, nil
}

// newToken is what makes a share link one that nobody guesses.
func newToken() string {
	var chance [gallery.TokenBytes]byte
	_, _ = rand.Read(chance[:]) // never fails: it ends the program
	return base64.RawURLEncoding.EncodeToString(chance[:])
}
