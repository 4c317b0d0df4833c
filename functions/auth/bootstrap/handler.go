package main

import (
	"context"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/darkroom/darkroom/functions/auth"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// handler wires the function: the environment is read and every client built once.
func handler(ctx context.Context, getenv func(string) string, log *slog.Logger) (auth.Handler, error) {
	c, err := env.ReadAuth(getenv)
	if err != nil {
		return auth.Handler{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return auth.Handler{}, err
	}
	return auth.Handler{
		Members:  c.SignUp,
		Accounts: dynamodb.Users{DB: dynamodb.Open(cfg), Tables: dynamodb.Tables{Users: c.UsersTable}},
		Log:      log,
	}, nil
}
