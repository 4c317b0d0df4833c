package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/internal/cognito"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/local"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
)

// operatorFile says where the tables, buckets and queues are, and by which key they are reached.
const operatorFile = "operator.env"

// sweeping is what `darkroom sweep` was asked for.
type sweeping struct {
	env        string
	full, mend bool
}

func newSweepCommand(at console) *cobra.Command {
	var s sweeping
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "As operator: make one run of the sweeper, or compare buckets and tables completely",
		Long: `As operator: make one run of the sweeper, or compare buckets and tables completely.

It works on the tables, buckets and queue themselves, with the environment variables of functions/sweep and those of the
AWS SDK. A local cloud writes both into .darkroom/operator.env; of a deployment, the stack's output Operator has the former.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.run(cmd.Context(), at) },
	}
	cmd.Flags().StringVar(&s.env, "env", filepath.Join(defaultDir, operatorFile), "file of variables; where there is none, those of the process count alone")
	cmd.Flags().BoolVar(&s.full, "full", false, "compare everything, and report what does not add up")
	cmd.Flags().BoolVar(&s.mend, "mend", false, "with --full: put it right")
	return cmd
}

func (s sweeping) run(ctx context.Context, at console) error {
	if err := loadEnv(s.env); err != nil {
		return err
	}
	c, err := env.ReadSweep(os.Getenv)
	if err != nil {
		return err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	db, names := dynamodb.Open(cfg), dynamodb.Tables{Images: c.ImagesTable, Feed: c.FeedTable, Users: c.UsersTable, Shares: c.SharesTable}
	agenda, store := dynamodb.Agenda{DB: db, Tables: names}, s3.Bucket{
		Client: s3.Open(cfg, c.PathStyle), Uploads: c.UploadBucket, Renditions: c.RenditionBucket,
	}
	h := sweep.Handler{
		Images: dynamodb.Images{DB: db, Tables: names}, Agenda: agenda, Rounds: agenda, Objects: store,
		Queue: sqs.Queue{Client: sqs.Open(cfg), URL: c.QueueURL, Body: s3.Requeue{Bucket: c.UploadBucket}.Body},
		Jobs:  dynamodb.Jobs{DB: db, Tables: names}, Deletions: dynamodb.Deletions{DB: db, Tables: names}, Members: cognito.Directory{
			Endpoint: c.UserPool.URL, Region: c.UserPool.Region, PoolID: c.UserPool.ID, Credentials: cfg.Credentials,
			HTTP: &http.Client{Timeout: 5 * time.Second}, Now: now,
		},
		Now: now, Log: slog.New(slog.NewTextHandler(at.err, nil)),
	}
	if !s.full {
		return h.Handle(ctx, sweep.Event{})
	}
	return s.compare(ctx, at, sweep.Comparison{Handler: h, Store: store, Records: dynamodb.All{DB: db, Tables: names}, Mend: s.mend})
}

// compare prints what does not add up, a line each; unless all of it was put right, that is a failure.
func (s sweeping) compare(ctx context.Context, at console, c sweep.Comparison) error {
	left := 0
	c.Report = func(f sweep.Finding) {
		mended := f.Mended
		if mended == "" {
			left++
			mended = "left as it is"
		}
		fmt.Fprintf(at.out, "%s  %s  (%s)\n", printable(f.What), printable(f.Wrong), mended)
	}
	began := at.now()
	images, objects, err := c.Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(at.out, "%d images and %d objects compared in %s\n", images, objects, at.now().Sub(began).Round(time.Millisecond))
	if left > 0 {
		return fmt.Errorf("%d findings", left)
	}
	return nil
}

// loadEnv takes variables from lines of NAME=value; those that are set already count more.
func loadEnv(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		if !ok || strings.HasPrefix(name, "#") || os.Getenv(name) != "" {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return lines.Err()
}

// writeOperator notes what sweep needs to know of a local cloud. The file holds its key.
func writeOperator(c *local.Cloud, dir string) error {
	t := tables()
	text := strings.Join([]string{
		"IMAGES_TABLE=" + t.Images, "FEED_TABLE=" + t.Feed, "USERS_TABLE=" + t.Users, "SHARES_TABLE=" + t.Shares,
		"UPLOAD_BUCKET=" + uploads, "RENDITION_BUCKET=" + renditions, "PROCESS_QUEUE_URL=" + c.QueueURL(arrivals), "S3_PATH_STYLE=true",
		"AWS_REGION=" + local.Region, "AWS_ACCESS_KEY_ID=" + c.Credentials.AccessKey, "AWS_SECRET_ACCESS_KEY=" + c.Credentials.SecretKey,
		"AWS_ENDPOINT_URL_S3=" + c.Endpoints.S3, "AWS_ENDPOINT_URL_DYNAMODB=" + c.Endpoints.DynamoDB, "AWS_ENDPOINT_URL_SQS=" + c.Endpoints.SQS,
		"USER_POOL_ID=" + poolID, "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" + c.Endpoints.Cognito,
	}, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(dir, operatorFile), []byte(text), 0o600); err != nil {
		return fmt.Errorf("write the operator's variables: %w", err)
	}
	return nil
}
