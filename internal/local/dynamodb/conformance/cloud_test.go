package conformance_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/darkroom/darkroom/internal/local/dynamodb"
)

// cloud is an endpoint under test, and clients of it.
type cloud struct {
	name     string
	url      string // of DynamoDB
	streamed string // URL of DynamoDB Streams
	signer   signer
	db       *sdk.Client
	streams  *dynamodbstreams.Client
	faults   faults        // that it is known to have
	met      sync.Map      // the cases of faults that the suite has come across
	patience time.Duration // how long a read may lag behind the writes before it
}

// openEngine starts the local engine.
func openEngine(t *testing.T) *cloud {
	t.Helper()
	engine, err := dynamodb.Open(filepath.Join(t.TempDir(), "tables.db"), dynamodb.Options{
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(engine)
	t.Cleanup(func() {
		server.Close()
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return connect("darkroom", server.URL, server.URL, localSigner())
}

// openOther connects to the endpoint of the flags, or starts the oracle. Where there is neither, it skips the test.
func openOther(t *testing.T) *cloud {
	t.Helper()
	if *endpointFlag == "" {
		return openOracle(t)
	}
	streamed := *streamsFlag
	if streamed == "" {
		streamed = *endpointFlag
	}
	c := connect(*endpointFlag, *endpointFlag, streamed, signer{
		region: *regionFlag, credentials: credentials.NewStaticCredentialsProvider(*accessFlag, *secretFlag, *sessionFlag),
	})
	c.patience = time.Minute
	return c
}

func localSigner() signer {
	return signer{region: dynamodb.Region, credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
}

// connect makes clients of an endpoint, which do not try again.
func connect(name, url, streamed string, s signer) *cloud {
	config := aws.Config{
		Region: s.region, Credentials: s.credentials, RetryMaxAttempts: 1, HTTPClient: &http.Client{Transport: ownBody{}},
	}
	return &cloud{
		name: name, url: url, streamed: streamed, signer: s,
		db:      sdk.NewFromConfig(config, func(o *sdk.Options) { o.BaseEndpoint = &url }),
		streams: dynamodbstreams.NewFromConfig(config, func(o *dynamodbstreams.Options) { o.BaseEndpoint = &streamed }),
	}
}

// ownBody gives each request a body of its own. smithy-go closes its body as soon as there is an answer; should
// net/http not have finished with it by then, it takes the request for failed, and drops the connection and with
// it the rest of the answer.
type ownBody struct{}

func (ownBody) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(r)
}

// eventually compares what a read gives with what it should, again and again for as long as it may lag behind.
func (c *cloud) eventually(t *testing.T, want string, read func() string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), c.patience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		got := read()
		if got == want {
			return
		}
		select {
		case <-ctx.Done():
			t.Errorf("got  %s\nwant %s", got, want)
			return
		case <-tick.C:
		}
	}
}

// until polls until a condition holds, at most for long.
func until(t *testing.T, long time.Duration, holds func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), max(long, time.Minute))
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !holds(ctx) {
		select {
		case <-ctx.Done():
			t.Fatal("waited in vain")
		case <-tick.C:
		}
	}
}
