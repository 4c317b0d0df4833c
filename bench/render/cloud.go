package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	localdb "github.com/darkroom/darkroom/internal/local/dynamodb"
	locals3 "github.com/darkroom/darkroom/internal/local/s3"
	"github.com/darkroom/darkroom/internal/s3"
)

const (
	region    = "us-east-1"
	secret    = "darkroom-bench"
	uploads   = "uploads"
	finished  = "renditions"
	tableName = "images"
)

// cloud is S3 and DynamoDB as the functions see them, in this process.
type cloud struct {
	bucket *sdks3.Client
	images dynamodb.Images
	env    []string // of a function
	close  func(context.Context) error
}

func startCloud(ctx context.Context, dir string) (_ *cloud, err error) {
	var closers []func(context.Context) error
	stop := func(ctx context.Context) (err error) {
		for i := len(closers) - 1; i >= 0; i-- {
			err = errors.Join(err, closers[i](ctx))
		}
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, stop(ctx))
		}
	}()
	engine, err := localdb.Open(filepath.Join(dir, "dynamodb.db"), localdb.Options{})
	if err != nil {
		return nil, err
	}
	closers = append(closers, func(context.Context) error { return engine.Close() })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB: %w", err)
	}
	server := &http.Server{Handler: engine, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // until it is closed
	closers = append(closers, func(context.Context) error { return server.Close() })
	gateway, err := locals3.Start(ctx, locals3.Options{
		Dir: filepath.Join(dir, "s3"), AccessKey: secret, SecretKey: secret,
		Buckets: []locals3.Bucket{{Name: uploads}, {Name: finished}},
	})
	if err != nil {
		return nil, err
	}
	closers = append(closers, gateway.Close)
	c := connect("http://"+listener.Addr().String(), gateway.Endpoint())
	c.close = stop
	tables := dynamodb.Tables{Images: tableName, Feed: "feed", Users: "users"}
	client := sdkdb.NewFromConfig(configOf("http://" + listener.Addr().String()))
	return c, dynamodb.Create(ctx, client, tables)
}

// connect makes this process's clients of a cloud, and what a function needs to know of it.
func connect(db, bucket string) *cloud {
	return &cloud{
		bucket: s3.Open(configOf(bucket), true),
		images: dynamodb.Images{
			DB: dynamodb.Open(configOf(db)), Tables: dynamodb.Tables{Images: tableName, Feed: "feed", Users: "users"},
		},
		env: []string{
			"AWS_REGION=" + region, "AWS_ACCESS_KEY_ID=" + secret, "AWS_SECRET_ACCESS_KEY=" + secret,
			"AWS_ENDPOINT_URL_S3=" + bucket, "AWS_ENDPOINT_URL_DYNAMODB=" + db, "S3_PATH_STYLE=true",
			"UPLOAD_BUCKET=" + uploads, "RENDITION_BUCKET=" + finished, "IMAGES_TABLE=" + tableName, "USERS_TABLE=users",
		},
	}
}

func configOf(endpoint string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider(secret, secret, ""),
	}
}

// upload puts a photo where an owner of its own has put it, and answers the body of the message about it.
func (c *cloud) upload(ctx context.Context, photo []byte) (gallery.Owner, string, error) {
	owner, id := gallery.Owner(uuid.NewString()), gallery.ID(uuid.Must(uuid.NewV7()).String())
	sum := sha256.Sum256(photo)
	image := gallery.New(owner, id, gallery.Upload{
		Filename: "photo.jpg", ContentType: "image/jpeg", Bytes: int64(len(photo)), SHA256: hex.EncodeToString(sum[:]),
	}, time.Now())
	if err := c.images.Create(ctx, image, gallery.DefaultQuota()); err != nil {
		return "", "", err
	}
	key := s3.OriginalKey(owner, id)
	_, err := c.bucket.PutObject(ctx, &sdks3.PutObjectInput{Bucket: aws.String(uploads), Key: &key, Body: bytes.NewReader(photo)})
	if err != nil {
		return "", "", fmt.Errorf("upload a photo: %w", err)
	}
	body, err := s3.Requeue{Bucket: uploads}.Body(owner, id)
	return owner, body, err
}

// stored is how many renditions an owner has.
func (c *cloud) stored(ctx context.Context, owner gallery.Owner) (int, error) {
	out, err := c.bucket.ListObjectsV2(ctx, &sdks3.ListObjectsV2Input{
		Bucket: aws.String(finished), Prefix: aws.String("renditions/" + string(owner) + "/"),
	})
	if err != nil {
		return 0, fmt.Errorf("list renditions: %w", err)
	}
	return len(out.Contents), nil
}
