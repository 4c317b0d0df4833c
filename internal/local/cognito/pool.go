// Package cognito is a Cognito user pool in one file, spoken to over HTTP as Amplify Auth speaks to AWS.
package cognito

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"time"

	"go.etcd.io/bbolt"
)

// Options describe the pool. PoolID, ClientID and Issuer are required.
type Options struct {
	// PoolID is a region, an underscore and a name: local_Dev0001. Passwords are stored bound to the name, so a file
	// opens with the id it was made with only.
	PoolID   string
	ClientID string // the one app client; it has no secret
	Issuer   string // the "iss" of tokens: where the pool is reached, a slash and PoolID; no slash at the end

	MinPassword int      // runes of a password that users choose; Cognito's 8 when zero
	Groups      []string // that users can be put in

	// Trigger asks a function on the occasions PreSignUp, PreAuthentication and PostConfirmation: an event in, an event
	// out. Nil in a pool without triggers.
	Trigger        func(ctx context.Context, event []byte) ([]byte, error)
	TriggerTimeout time.Duration // Cognito's 5 s when zero

	// The key whose holder may call the operations of administrators, signed for Region. Without one nobody may.
	AccessKey, SecretKey, Region string

	Now    func() time.Time // time.Now when nil
	Random io.Reader        // crypto/rand when nil; must be safe for concurrent use
	Log    *slog.Logger     // gets the codes that would go out by e-mail, and internal errors; silent when nil
}

// Pool is an open user pool. It is safe for concurrent use, and starts no goroutine.
type Pool struct {
	o          Options
	db         *bbolt.DB
	keys       signer
	srp        srp
	secret     []byte // derives the stand-ins for users who do not exist
	challenges *challenges
	attempts   *attempts
	inbox      inbox
	places     chan struct{} // holds one value for each operation under way
}

// maxConcurrent is how many operations may be under way at once; more are refused, as Cognito does past its quotas.
const maxConcurrent = 64

// Open opens the pool kept in the file at path, making file, signing key and secrets when there are none. One process
// may have the file open; another one waits a second and gets an error.
func Open(path string, o Options) (*Pool, error) {
	name, err := poolName(o.PoolID)
	if err != nil {
		return nil, err
	}
	if o.ClientID == "" || o.Issuer == "" {
		return nil, errors.New("user pool needs a client id and an issuer")
	}
	o = withDefaults(o)
	db, err := bbolt.Open(path, os.FileMode(0o600), &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return nil, fmt.Errorf("open user pool %s: %w", path, err)
	}
	p := &Pool{o: o, db: db, srp: newSRP(name), challenges: newChallenges(o.Now), attempts: newAttempts(o.Now),
		inbox: newInbox(), places: make(chan struct{}, maxConcurrent)}
	if err := p.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("load user pool %s: %w", path, err), db.Close())
	}
	return p, nil
}

// Close closes the file. Calls that still run end first; later ones are answered with an internal error.
func (p *Pool) Close() error {
	if err := p.db.Close(); err != nil {
		return fmt.Errorf("close user pool: %w", err)
	}
	return nil
}

func withDefaults(o Options) Options {
	o.MinPassword = cmp.Or(o.MinPassword, 8)
	o.TriggerTimeout = cmp.Or(o.TriggerTimeout, 5*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// poolName is the part of a pool id that goes into every password hash. Clients take what stands between the first
// underscore and the next, so a second one is refused.
func poolName(id string) (string, error) {
	match := regexp.MustCompile(`^[a-z0-9-]+_([A-Za-z0-9]+)$`).FindStringSubmatch(id)
	if match == nil {
		return "", fmt.Errorf("user pool id %q is not a region, an underscore and a name", id)
	}
	return match[1], nil
}

// random returns n random bytes.
func (p *Pool) random(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(p.o.Random, b); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return b, nil
}
