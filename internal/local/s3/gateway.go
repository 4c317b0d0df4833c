// Package s3 is Amazon S3 on one machine, with its event notifications.
//
// The object store is versitygw, embedded; what this package adds is a durable
// outbox behind its backend, so that every acknowledged write of an object is
// announced at least once, as S3 announces it, whatever dies in between.
//
// Two properties of the embedded gateway bind its user. It keeps state in
// package variables, so that a process can run one Gateway at a time (a second
// one may follow the Close of the first). And it names files relative to the
// working directory: from Start to Close the process works in Options.Dir, and
// everything else in it has to use absolute paths.
package s3

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
)

// Bucket is a bucket that exists from the start.
type Bucket struct {
	Name string
	// Notify announces objects written to the bucket through Options.Deliver.
	Notify bool
	// CORSOrigins are the web origins whose pages may read and write objects
	// by signed URL, for instance "http://127.0.0.1:5173", or "*". None: no
	// page may.
	CORSOrigins []string
}

// Options say what a gateway stores, where, and whom it tells.
type Options struct {
	// Dir holds the objects and the outbox; it is created if it is missing.
	Dir string
	// Addr is the numeric address to listen on, like "127.0.0.1:9000". An
	// empty Addr, or port 0, chooses a free port of loopback, or of the host.
	Addr string
	// AccessKey and SecretKey are the only credentials that are accepted.
	AccessKey, SecretKey string
	// Region is what signatures and events name. Empty: us-east-1.
	Region  string
	Buckets []Bucket
	// Deliver hands over one event notification, as JSON in S3's shape. It is
	// called from several goroutines, again and again until it answers nil, and
	// once more after a crash: at least once, in no order. It is required if a
	// bucket notifies.
	Deliver func(ctx context.Context, bucket string, event []byte) error
	// Now is the clock of the events. Nil: time.Now.
	Now func() time.Time
	// Log hears of deliveries that fail, and of repairs. Nil: nobody does.
	Log *slog.Logger
	// Repairing is told how far the repair of a bucket has come, from its
	// beginning to its end: it reads every file. Nil: nobody is.
	Repairing func(Repair)
}

// Gateway is a running S3 endpoint.
type Gateway struct {
	server  *server
	outbox  *outbox
	pump    *pump
	store   backend.Backend
	origDir string
}

// Start opens the store, repairs it if it was copied without its attributes,
// turns what a crash left half-announced into events, and serves. It returns
// when the port answers and the buckets exist. ctx bounds the start only; Close
// ends the gateway.
func Start(ctx context.Context, o Options) (*Gateway, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	g := &Gateway{}
	if err := g.start(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("start s3: %w", err), g.Close(ctx))
	}
	return g, nil
}

func (g *Gateway) start(ctx context.Context, o Options) (err error) {
	if g.origDir, err = os.Getwd(); err != nil {
		return fmt.Errorf("name the working directory: %w", err)
	}
	var attributes meta.MetadataStorer
	if g.store, attributes, err = openStore(o.Dir); err != nil {
		return err
	}
	if g.outbox, err = openOutbox(filepath.Join(o.Dir, "outbox.db"), eventShape{region: o.Region, now: o.Now}); err != nil {
		return err
	}
	if err := repair(ctx, o, g.store, attributes); err != nil {
		return err
	}
	if err := settle(ctx, g.outbox, g.store); err != nil {
		return err
	}
	announced := &notifier{Backend: g.store, outbox: g.outbox, buckets: notifying(o.Buckets)}
	if g.server, err = serve(ctx, o, announced); err != nil {
		return err
	}
	if err := createBuckets(ctx, o, g.Endpoint()); err != nil {
		return err
	}
	g.pump = startPump(g.outbox, o.Deliver, o.Log)
	return nil
}

// Endpoint is the base URL of the gateway, numeric, for instance
// "http://127.0.0.1:9000". The SDK addresses it as URL/bucket/key only when
// told to use path style, or when it sees that the host is numeric.
func (g *Gateway) Endpoint() string {
	return (&url.URL{Scheme: "http", Host: g.server.addr}).String()
}

// Close ends the gateway: no new requests, then no new deliveries, then the
// files are closed. Requests under way have until ctx ends, and at most ten
// seconds. Events not yet delivered are kept for the next Start.
func (g *Gateway) Close(ctx context.Context) error {
	var errs []error
	if g.server != nil {
		errs = append(errs, g.server.close(ctx))
	}
	if g.pump != nil {
		g.pump.close()
	}
	if g.outbox != nil {
		errs = append(errs, g.outbox.close())
	}
	if g.store != nil {
		g.store.Shutdown()
		errs = append(errs, os.Chdir(g.origDir))
	}
	return errors.Join(errs...)
}

func (o Options) withDefaults() (Options, error) {
	if o.AccessKey == "" || o.SecretKey == "" {
		return o, errors.New("start s3: an access key and a secret key are required")
	}
	if len(notifying(o.Buckets)) > 0 && o.Deliver == nil {
		return o, errors.New("start s3: a bucket notifies, but there is nothing to deliver to")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return o, fmt.Errorf("start s3 in %s: %w", o.Dir, err)
	}
	o.Dir = dir
	if o.Region == "" {
		o.Region = defaultRegion
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Repairing == nil {
		o.Repairing = func(Repair) {}
	}
	return o, nil
}

func notifying(buckets []Bucket) map[string]bool {
	names := map[string]bool{}
	for _, b := range buckets {
		if b.Notify {
			names[b.Name] = true
		}
	}
	return names
}
