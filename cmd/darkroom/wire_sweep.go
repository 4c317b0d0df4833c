package main

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cognito"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/local"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
)

// sweepEvery is how often the sweeper runs. On AWS it is once a minute.
const sweepEvery = 5 * time.Second

func wireSweep(c *local.Cloud, log *slog.Logger) error {
	db := dynamodb.Open(c.AWS(c.Endpoints.DynamoDB))
	agenda := dynamodb.Agenda{DB: db, Tables: tables()}
	h := sweep.Handler{
		Images:    dynamodb.Images{DB: db, Tables: tables()},
		Agenda:    agenda,
		Rounds:    agenda,
		Objects:   bucket(c),
		Queue:     queue(c),
		Jobs:      dynamodb.Jobs{DB: db, Tables: tables()},
		Deletions: dynamodb.Deletions{DB: db, Tables: tables()},
		Members:   members(c),
		Now:       now,
		Log:       log,
	}
	f, err := c.Function("sweep", h.Handle, gallery.SweepEvery, 1)
	if err != nil {
		return err
	}
	return c.OnSchedule("darkroom-sweep", sweepEvery, f)
}

func members(c *local.Cloud) cognito.Directory {
	return cognito.Directory{
		Endpoint: c.Endpoints.Cognito, Region: local.Region, PoolID: poolID, Credentials: c.AWS("").Credentials,
		HTTP: &http.Client{Timeout: 5 * time.Second}, Now: now,
	}
}

func queue(c *local.Cloud) sqs.Queue { return queueOf(c, arrivals) }

func queueOf(c *local.Cloud, name string) sqs.Queue {
	return sqs.Queue{
		Client: sqs.Open(c.AWS(c.Endpoints.SQS)), URL: c.QueueURL(name), Body: s3.Requeue{Bucket: uploads}.Body,
	}
}

func bucket(c *local.Cloud) s3.Bucket {
	return s3.Bucket{Client: s3.Open(c.AWS(c.Endpoints.S3), true), Uploads: uploads, Renditions: renditions}
}
