package local

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Endpoints are the base URLs of the services, with numeric addresses: the SDK turns names into names of buckets.
type Endpoints struct {
	API        string // http://127.0.0.1:4000
	AppSync    string // http://127.0.0.1:4001/graphql
	AppSyncTLS string // https://127.0.0.1:4006/graphql, where TLS was asked for
	S3         string // http://127.0.0.1:4002
	DynamoDB   string // http://127.0.0.1:4003, its Streams too
	Cognito    string // http://127.0.0.1:4004/
	SQS        string // http://127.0.0.1:4005
}

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// AWS is the SDK's configuration for one of the endpoints.
func (c *Cloud) AWS(endpoint string) aws.Config {
	return aws.Config{
		Region:       Region,
		BaseEndpoint: &endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider(c.Credentials.AccessKey, c.Credentials.SecretKey, ""),
		HTTPClient:   c.inside,
	}
}

// QueueURL is how SQS names a queue.
func (c *Cloud) QueueURL(name string) string { return c.Endpoints.SQS + "/000000000000/" + name }

// address is where the n-th endpoint listens.
func (c *Cloud) address(n int, host netip.Addr) string {
	port := 0
	if c.opts.Port > 0 {
		port = c.opts.Port + n
	}
	return netip.AddrPortFrom(host, uint16(port)).String()
}

func (c *Cloud) listen(n int, host netip.Addr) (net.Listener, string, error) {
	address := c.address(n, host)
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, "", fmt.Errorf("%w (choose other ports with --port)", err)
	}
	return l, "http://" + l.Addr().String(), nil
}

// serveTLS serves AppSync a second time: some phones' clients refuse plain HTTP.
func (c *Cloud) serveTLS(api http.Handler) error {
	mine, err := certificate(c.opts.Dir, c.opts.Host, c.opts.Now())
	if err != nil {
		return err
	}
	listener, _, err := c.listen(6, c.opts.Host)
	if err != nil {
		return err
	}
	c.Endpoints.AppSyncTLS = "https://" + listener.Addr().String() + "/graphql"
	c.serveOn(tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{mine}, MinVersion: tls.VersionTLS12}), api)
	return nil
}

func (c *Cloud) serve(n int, host netip.Addr, h http.Handler) (string, error) {
	l, url, err := c.listen(n, host)
	if err == nil {
		c.inside.engines[l.Addr().String()] = h
		c.serveOn(l, h)
	}
	return url, err
}

// serveOn serves until Close, which waits for requests under way. Slow clients and huge headers are cut off.
func (c *Cloud) serveOn(l net.Listener, h http.Handler) {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       20 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	c.onClose(func(ctx context.Context) error {
		err := server.Shutdown(ctx)
		if err != nil {
			err = errors.Join(fmt.Errorf("close %s: %w", l.Addr(), err), server.Close())
		}
		if served := <-done; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	})
}

// noticing leaves a token in c.written after each request that may have written to a table, so that streams are read at
// once and not at the next poll.
func (c *Cloud) noticing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if !strings.HasPrefix(op, "PutItem") && !strings.HasPrefix(op, "UpdateItem") &&
			!strings.HasPrefix(op, "DeleteItem") && !strings.Contains(op, "Write") {
			return
		}
		select {
		case c.written <- struct{}{}:
		default: // there is one already
		}
	})
}
