package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cognito"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// suspension is what `darkroom suspend` was asked for.
type suspension struct {
	env  string
	lift bool
}

func newSuspendCommand(at console) *cobra.Command {
	var s suspension
	cmd := &cobra.Command{
		Use:   "suspend USER",
		Short: "As operator: keep a user from signing in, or let them in again",
		Long: `As operator: keep a user from signing in, or let them in again.

USER is an e-mail address or an id. The user is signed out everywhere: no token is renewed, and those that are out end within
the hour. What they own stays. It needs USERS_TABLE and USER_POOL_ID, as ` + "`darkroom sweep`" + ` finds its variables.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd.Context(), at, args[0]) },
	}
	cmd.Flags().StringVar(&s.env, "env", filepath.Join(defaultDir, operatorFile), "file of variables; where there is none, those of the process count alone")
	cmd.Flags().BoolVar(&s.lift, "lift", false, "let the user in again")
	return cmd
}

// run marks the account first and ends the sessions after it: the other way round, a new one could begin in between.
func (s suspension) run(ctx context.Context, at console, name string) error {
	if err := loadEnv(s.env); err != nil {
		return err
	}
	table, id := os.Getenv("USERS_TABLE"), os.Getenv("USER_POOL_ID")
	if table == "" || id == "" {
		return errors.New("USERS_TABLE and USER_POOL_ID are not both set")
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	aws := "https://cognito-idp." + cfg.Region + ".amazonaws.com/"
	pool := cognito.Directory{
		Endpoint: cmp.Or(os.Getenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"), aws), Region: cfg.Region, PoolID: id,
		Credentials: cfg.Credentials, HTTP: &http.Client{Timeout: 20 * time.Second}, Now: now,
	}
	owner, err := pool.Owner(ctx, name)
	if err != nil {
		return err
	}
	users := dynamodb.Users{DB: dynamodb.Open(cfg), Tables: dynamodb.Tables{Users: table}}
	if err := users.Warm(ctx, owner); err != nil {
		return err
	}
	if err := users.Suspend(ctx, owner, s.since(at.now())); err != nil {
		return err
	}
	if s.lift {
		fmt.Fprintf(at.out, "%s may sign in again\n", printable(name))
		return nil
	}
	if err := pool.SignOut(ctx, owner); err != nil {
		return err
	}
	fmt.Fprintf(at.out, "%s is suspended, and signed out\n", printable(name))
	return nil
}

// since is what the account is marked with: no time at all lifts the suspension.
func (s suspension) since(now time.Time) time.Time {
	if s.lift {
		return time.Time{}
	}
	return gallery.Time(now)
}
