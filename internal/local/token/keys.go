package token

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

const (
	fetchTimeout = 5 * time.Second
	// fetchEvery is the shortest time between two fetches: tokens with invented key ids cannot make more.
	fetchEvery = 5 * time.Second
	// keysLast is how long fetched keys are trusted. After it they are fetched anew, and tokens are refused for as long
	// as that fails, so that a key withdrawn by the pool is not trusted for ever.
	keysLast = time.Hour
	maxKeys  = 64 << 10 // bytes of a key set
)

// keySet is the pool's published keys, kept as they were last fetched.
type keySet struct {
	ctx   context.Context // ends every fetch; a fetch serves all callers, so no single one's context may stop it
	url   string
	http  *http.Client
	now   func() time.Time
	kept  atomic.Pointer[fetched]
	turn  chan struct{} // holds one value while a fetch runs; guards tried
	tried time.Time     // start of the last fetch, zero before the first
}

type fetched struct {
	keys keyfunc.Keyfunc
	at   time.Time
}

func newKeySet(ctx context.Context, o Options) *keySet {
	return &keySet{ctx: ctx, url: o.JWKSURL, http: o.HTTP, now: o.Now, turn: make(chan struct{}, 1)}
}

// find returns the public key a token names, fetching the set once more when it is unknown. A token that names no key
// is refused: keyfunc would try them all.
func (k *keySet) find(ctx context.Context, t *jwt.Token) (any, error) {
	if kid, _ := t.Header["kid"].(string); kid == "" {
		return nil, errors.New("token names no key")
	}
	key, err := k.lookUp(ctx, t)
	if err == nil {
		return key, nil
	}
	if err := k.refresh(ctx); err != nil {
		return nil, err
	}
	return k.lookUp(ctx, t)
}

// fresh are the keys as they were fetched last, nil when that is too long ago.
func (k *keySet) fresh() *fetched {
	set := k.kept.Load()
	if set == nil || k.now().Sub(set.at) > keysLast {
		return nil
	}
	return set
}

func (k *keySet) lookUp(ctx context.Context, t *jwt.Token) (any, error) {
	set := k.fresh()
	if set == nil {
		return nil, errors.New("no fresh keys")
	}
	return set.keys.KeyfuncCtx(ctx)(t)
}

// refresh fetches the keys unless that was done a moment ago. Callers who meet wait for the one fetch.
func (k *keySet) refresh(ctx context.Context) error {
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	now := k.now()
	if !k.tried.IsZero() && now.Sub(k.tried) < fetchEvery {
		return nil
	}
	k.tried = now
	keys, err := k.fetch()
	if err != nil {
		return fmt.Errorf("fetch key set %s: %w", k.url, err)
	}
	k.kept.Store(&fetched{keys: keys, at: now})
	return nil
}

func (k *keySet) fetch() (keyfunc.Keyfunc, error) {
	ctx, cancel := context.WithTimeout(k.ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := k.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("answer %s", resp.Status)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxKeys+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxKeys {
		return nil, fmt.Errorf("more than %d bytes", maxKeys)
	}
	return keyfunc.NewJWKSetJSON(text)
}
