// Package local is a small cloud: AWS's services in one process, on loopback, with everything kept under one folder.
package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/darkroom/darkroom/internal/local/appsync"
	"github.com/darkroom/darkroom/internal/local/cognito"
	"github.com/darkroom/darkroom/internal/local/dynamodb"
	"github.com/darkroom/darkroom/internal/local/eventsource"
	"github.com/darkroom/darkroom/internal/local/s3"
	"github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/local/token"
)

// Region is where the small cloud says it is.
const Region = "us-east-1"

// Options say what a cloud holds.
type Options struct {
	Dir  string     // absolute; everything is kept in it
	Host netip.Addr // what clients connect to; DynamoDB and SQS stay on 127.0.0.1 whatever it is
	Port int        // of the API; the other endpoints take the six after it. 0: any free ones

	PoolID, ClientID string   // of the user pool
	MinPassword      int      // of the user pool, in characters
	Groups           []string // of the user pool
	Buckets          []s3.Bucket
	Events           map[string]string // bucket → queue: where a notifying bucket's events go
	Queues           []sqs.Queue
	Schema           string // AppSync's
	Resolvers        fs.FS  // AppSync's
	ResolverLimit    int    // of AppSync: how many a request may run
	TLS              bool   // whether AppSync is served over TLS too, by a certificate of this data folder
	SharedResolver   string // of them, the one of all fields without their own, on the function given to FromAppSync

	Now   func() time.Time
	NewID func() string
	Log   *slog.Logger

	Repairing func(s3.Repair) // is told how a data folder is repaired that was copied without its attributes; nil: nobody is
}

// Cloud is a running small cloud. What it does with events and requests is said by Route, FromQueue and FromStream.
type Cloud struct {
	Endpoints   Endpoints
	Credentials Credentials
	Users       *cognito.Pool

	opts     Options
	queues   *sqs.Service
	tokens   *token.Verifier
	api      net.Listener
	inside   *inside
	fields   atomic.Pointer[eventsource.Invoker] // what AppSync's fields are answered by; nil until FromAppSync
	triggers atomic.Pointer[eventsource.Invoker] // what the user pool asks; nil until FromUserPool
	written  chan struct{}                       // one token when a table was written
	closers  []func(context.Context) error
}

// Start opens the engines and serves them; it returns when all answer. On an error everything is closed again.
func Start(ctx context.Context, o Options) (*Cloud, error) {
	c := &Cloud{
		opts: o, written: make(chan struct{}, 1),
		inside: &inside{engines: map[string]http.Handler{}, outside: awshttp.NewBuildableClient()},
	}
	for _, step := range []func(context.Context) error{
		c.openFolder, c.openAPI, c.openDynamoDB, c.openSQS, c.openCognito, c.openAppSync, c.openS3,
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, c.Close(ctx))
		}
	}
	return c, nil
}

// Close ends everything in the order opposite to its start: no new requests, then no new events, then the engines.
func (c *Cloud) Close(ctx context.Context) error {
	var err error
	for len(c.closers) > 0 {
		last := len(c.closers) - 1
		err = errors.Join(err, c.closers[last](ctx))
		c.closers = c.closers[:last]
	}
	return err
}

func (c *Cloud) onClose(f func(context.Context) error) { c.closers = append(c.closers, f) }

func (c *Cloud) openFolder(context.Context) error {
	if err := os.MkdirAll(c.opts.Dir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	var err error
	c.Credentials, err = readCredentials(filepath.Join(c.opts.Dir, "credentials.json"))
	return err
}

func (c *Cloud) openAPI(context.Context) error {
	var err error
	c.api, c.Endpoints.API, err = c.listen(0, c.opts.Host)
	if err != nil {
		return err
	}
	c.onClose(func(context.Context) error { // Route closes it too, by its server
		if err := c.api.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	return nil
}

func (c *Cloud) openDynamoDB(context.Context) error {
	engine, err := dynamodb.Open(c.path("dynamodb.db"), dynamodb.Options{Now: c.opts.Now, Log: c.opts.Log})
	if err != nil {
		return inUse(err)
	}
	c.onClose(func(context.Context) error { return engine.Close() })
	c.Endpoints.DynamoDB, err = c.serve(3, loopback, c.noticing(engine))
	return err
}

func (c *Cloud) openSQS(context.Context) error {
	listener, url, err := c.listen(5, loopback)
	if err != nil {
		return err
	}
	c.queues, err = sqs.Open(c.path("sqs.db"), sqs.Options{
		Now: c.opts.Now, NewID: c.opts.NewID, Log: c.opts.Log, URL: url, Region: Region,
	})
	if err != nil {
		return errors.Join(inUse(err), listener.Close())
	}
	c.onClose(func(context.Context) error { return c.queues.Close() })
	for _, q := range c.opts.Queues {
		if err := c.queues.Declare(q); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	c.Endpoints.SQS = url
	c.inside.engines[listener.Addr().String()] = c.queues
	c.serveOn(listener, c.queues)
	return nil
}

func (c *Cloud) openCognito(ctx context.Context) error {
	listener, url, err := c.listen(4, c.opts.Host)
	if err != nil {
		return err
	}
	issuer := url + "/" + c.opts.PoolID
	c.Users, err = cognito.Open(c.path("cognito.db"), cognito.Options{
		PoolID: c.opts.PoolID, ClientID: c.opts.ClientID, Issuer: issuer,
		MinPassword: c.opts.MinPassword, Groups: c.opts.Groups, Trigger: c.trigger,
		AccessKey: c.Credentials.AccessKey, SecretKey: c.Credentials.SecretKey, Region: Region,
		Now: c.opts.Now, Log: c.opts.Log,
	})
	if err != nil {
		return errors.Join(inUse(err), listener.Close())
	}
	c.onClose(func(context.Context) error { return c.Users.Close() })
	c.Endpoints.Cognito = url + "/"
	c.serveOn(listener, c.Users)
	c.tokens, err = token.NewVerifier(context.WithoutCancel(ctx), token.Options{
		Issuer: issuer, JWKSURL: issuer + "/.well-known/jwks.json", ClientIDs: []string{c.opts.ClientID}, Now: c.opts.Now,
	})
	return err
}

func (c *Cloud) openAppSync(context.Context) error {
	api, err := appsync.New(appsync.Options{
		Schema: c.opts.Schema, Resolvers: c.opts.Resolvers, Shared: c.opts.SharedResolver, Invoke: c.invokeField,
		ResolverLimit: c.opts.ResolverLimit,
		Verify:        c.tokens.Verify,
		AccessKey:     c.Credentials.AccessKey, SecretKey: c.Credentials.SecretKey, Region: Region,
		Now: c.opts.Now, NewID: c.opts.NewID, Log: c.opts.Log,
	})
	if err != nil {
		return fmt.Errorf("open AppSync: %w", err)
	}
	url, err := c.serve(1, c.opts.Host, api)
	c.Endpoints.AppSync = url + "/graphql"
	if err == nil && c.opts.TLS {
		err = c.serveTLS(api)
	}
	c.onClose(func(context.Context) error { return api.Close() }) // sockets first, or the server would wait for them
	return err
}

func (c *Cloud) invokeField(ctx context.Context, payload []byte) ([]byte, error) {
	f := c.fields.Load()
	if f == nil {
		return nil, errors.New("no function answers AppSync's fields yet")
	}
	return (*f).Invoke(ctx, payload)
}

// trigger asks the function about a user. Until there is one nobody signs in: it might have refused them.
func (c *Cloud) trigger(ctx context.Context, event []byte) ([]byte, error) {
	f := c.triggers.Load()
	if f == nil {
		return nil, errors.New("no function answers the user pool's triggers yet")
	}
	return (*f).Invoke(ctx, event)
}

func (c *Cloud) openS3(ctx context.Context) error {
	gateway, err := s3.Start(ctx, s3.Options{
		Dir: c.path("s3"), Addr: c.address(2, c.opts.Host), Region: Region,
		AccessKey: c.Credentials.AccessKey, SecretKey: c.Credentials.SecretKey,
		Buckets: c.opts.Buckets, Deliver: c.deliver, Now: c.opts.Now, Log: c.opts.Log, Repairing: c.opts.Repairing,
	})
	if err != nil {
		return fmt.Errorf("open S3: %w", err)
	}
	c.onClose(gateway.Close)
	c.Endpoints.S3 = gateway.Endpoint()
	return nil
}

// deliver puts a bucket's event into its queue.
func (c *Cloud) deliver(_ context.Context, bucket string, event []byte) error {
	_, err := c.queues.Send(c.opts.Events[bucket], string(event), 0)
	return err
}

func (c *Cloud) path(name string) string { return filepath.Join(c.opts.Dir, name) }

// inUse explains the likely reason why a file could not be opened.
func inUse(err error) error {
	return fmt.Errorf("%w (is another darkroom running on the same data folder?)", err)
}
