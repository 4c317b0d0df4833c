package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
	"github.com/darkroom/darkroom/functions/publish"
	"github.com/darkroom/darkroom/internal/appsync"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

const (
	numbering  = 2_000 // records in one measurement of the publishing function
	cpuRecord  = "CPU of the function"
	callTables = "calls of DynamoDB"
	callAPI    = "calls of AppSync"
	waited     = "time of the function"
)

// publishing measures functions/publish, in this process, against the tables and the AppSync of a running cloud: what one
// record takes of CPU and calls, by the size of the batch that it comes in. A feed table of its own keeps the cloud's
// function out of it. No peer numbers its changes, so there is nobody to stand beside.
func (b *bench) publishing(ctx context.Context, r *runner) error {
	if r.who != report.Darkroom {
		return nil
	}
	count, invoke, err := publisher(ctx, r.server)
	if err != nil {
		return err
	}
	turn := 0
	for _, owners := range []int{1, 100} {
		for _, size := range []int{1, 10, 100} {
			if owners > size {
				continue // as with one owner: each record has its own
			}
			if err := b.numbered(ctx, owners, size, &turn, count, invoke); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) numbered(ctx context.Context, owners, size int, turn *int, count *calls, invoke lambda.Handler) error {
	name := fmt.Sprintf("publish, batch of %d", size)
	if owners > 1 {
		name += fmt.Sprintf(" of %d owners", owners)
	}
	n := numbering / size
	for warm := range n + 1 {
		if warm == 1 {
			count.tables.Store(0)
			count.api.Store(0)
		}
		*turn++
		batch := records(*turn, owners, size)
		before, began := used(), time.Now()
		if _, err := invoke.Invoke(ctx, batch); err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		if warm > 0 {
			count.cpu += used() - before
			count.wall += time.Since(began)
		}
	}
	all := float64(n * size)
	b.samples.Add(name, report.Darkroom, cpuRecord, "µs/record", float64(count.cpu.Microseconds())/all)
	b.samples.Add(name, report.Darkroom, waited, "ms/batch", 1000*count.wall.Seconds()/float64(n))
	b.samples.Add(name, report.Darkroom, callTables, "calls/record", float64(count.tables.Load())/all)
	b.samples.Add(name, report.Darkroom, callAPI, "calls/record", float64(count.api.Load())/all)
	count.cpu, count.wall = 0, 0
	return nil
}

// calls counts what the function asks of others, and sums up what it takes itself.
type calls struct {
	tables, api atomic.Int64
	cpu, wall   time.Duration
	web         *http.Client
}

// counted is an HTTP client that counts.
type counted struct {
	web *http.Client
	n   *atomic.Int64
}

func (c counted) Do(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.web.Do(r)
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return c.web.Transport.RoundTrip(r)
}

// publisher is the function as its bootstrap wires it, on a cloud's endpoints.
func publisher(ctx context.Context, p *server.Process) (*calls, lambda.Handler, error) {
	config, err := server.ReadConfig(p.Dir)
	if err != nil {
		return nil, nil, fmt.Errorf("read where the cloud is: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(p.Dir, "credentials.json"))
	var keys struct{ AccessKey, SecretKey string }
	if err = errors.Join(err, json.Unmarshal(text, &keys)); err != nil {
		return nil, nil, fmt.Errorf("read the cloud's credentials: %w", err)
	}
	endpoint, err := p.Told("DynamoDB")
	if err != nil {
		return nil, nil, err
	}
	count := &calls{web: server.NewWeb(16)}
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint, HTTPClient: counted{count.web, &count.tables},
		Credentials: credentials.NewStaticCredentialsProvider(keys.AccessKey, keys.SecretKey, ""),
	}
	tables := dynamodb.Tables{Images: "bench-images", Feed: "bench-feed", Users: "bench-users"}
	if err := dynamodb.Create(ctx, sdk.NewFromConfig(cfg), tables); err != nil {
		return nil, nil, err
	}
	h := publish.Handler{
		Feed: dynamodb.Feed{DB: dynamodb.Open(cfg), Tables: tables},
		Announcer: appsync.Publisher{
			Endpoint: config.Realtime, Region: "us-east-1", Credentials: cfg.Credentials,
			HTTP: &http.Client{Transport: counted{count.web, &count.api}, Timeout: 5 * time.Second}, Now: time.Now,
		},
		Now: time.Now,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	return count, lambda.NewHandler(h.Handle), nil
}

// records is a stream's batch: a change each of so many images, which nobody has numbered before.
func records(turn, owners, size int) []byte {
	var all []string
	for n := range size {
		all = append(all, fmt.Sprintf(`{"eventID":"%d","eventName":"MODIFY","dynamodb":{"SequenceNumber":"%d","NewImage":{
			"owner":{"S":"bench-%d"},"id":{"S":"image-%d-%d"},"version":{"N":"3"},"status":{"S":"READY"},"filename":{"S":"a.jpg"},
			"createdAt":{"S":"2026-11-23T12:00:00Z"},"updatedAt":{"S":"2026-11-23T12:00:00Z"}}}}`, n, n, n%owners, turn, n))
	}
	return []byte(`{"Records":[` + strings.Join(all, ",") + `]}`)
}

// used is the CPU time of this process.
func used() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // never fails for oneself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
