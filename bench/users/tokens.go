package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/internal/local/token"
)

// home is where the peer's package.json lies.
const home = "bench/users"

// job is what a verifier is given.
type job struct {
	Issuer   string         `json:"issuer"`
	PoolID   string         `json:"poolId"`
	ClientID string         `json:"clientId"`
	Keys     map[string]any `json:"keys"` // a set, as the pool publishes it
	Tokens   []string       `json:"tokens"`
	Repeat   int            `json:"repeat"`
}

// took is what a verifier answers.
type took struct {
	Cold   float64 `json:"cold"`   // µs of CPU for a token that it has not seen
	Cached float64 `json:"cached"` // and for one that it has
	Peak   float64 `json:"peak"`   // MiB
}

// newJob makes tokens as Cognito signs them.
func newJob(n, repeat int) (job, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return job{}, fmt.Errorf("make a signing key: %w", err)
	}
	const pool = "us-east-1_Bench0001"
	j := job{
		Issuer: "https://cognito-idp.us-east-1.amazonaws.com/" + pool, PoolID: pool, ClientID: "bench", Repeat: repeat,
		Keys: map[string]any{"keys": []map[string]string{{
			"alg": "RS256", "kty": "RSA", "use": "sig", "kid": "k", "e": "AQAB",
			"n": base64.RawURLEncoding.EncodeToString(new(big.Int).Set(key.N).Bytes()),
		}}},
	}
	now := time.Now()
	for range n {
		t := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
			"sub": uuid.NewString(), "iss": j.Issuer, "client_id": j.ClientID, "token_use": "access", "username": uuid.NewString(),
			"scope": "aws.cognito.signin.user.admin", "origin_jti": uuid.NewString(), "jti": uuid.NewString(),
			"auth_time": now.Unix(), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		})
		t.Header = map[string]any{"alg": "RS256", "kid": "k"}
		raw, err := t.SignedString(key)
		if err != nil {
			return job{}, fmt.Errorf("sign a token: %w", err)
		}
		j.Tokens = append(j.Tokens, raw)
	}
	return j, nil
}

// measureTokens gives both verifiers the same tokens, in turns.
func (b *bench) measureTokens(ctx context.Context) error {
	own, err := os.Executable()
	if err != nil {
		return err
	}
	contestants := map[string][]string{report.Darkroom: {own, "-verify"}}
	who := []string{report.Darkroom}
	if node, err := exec.LookPath("node"); err == nil {
		who, contestants[verifier] = append(who, verifier), []string{node, home + "/verify.mjs"}
	} else {
		b.say("without Node there is no %s beside it", verifier)
	}
	j, err := newJob(b.tokens, b.repeat)
	if err != nil {
		return err
	}
	for round := range b.rounds {
		b.say("verify %d tokens, round %d", b.tokens, round+1)
		for i := range who {
			name := who[(i+round)%len(who)]
			t, err := j.give(ctx, contestants[name])
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			b.verified.Add("a token seen for the first time", name, "CPU", "µs", t.Cold)
			b.verified.Add("a token seen before", name, "CPU", "µs", t.Cached)
			b.verified.Add("both, and the process", name, "peak memory", "MiB", t.Peak)
		}
	}
	return nil
}

// give has a process do the job.
func (j job) give(ctx context.Context, args []string) (took, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return took{}, err
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), &said
	out, err := cmd.Output()
	if err != nil {
		return took{}, fmt.Errorf("verify: %w\n%s", err, said.Bytes())
	}
	var t took
	if err := json.Unmarshal(out, &t); err != nil {
		return took{}, fmt.Errorf("read what it took: %w in %s", err, out)
	}
	return t, nil
}

// verifyTokens is the process that verifies by the gateway's own verifier.
func verifyTokens(ctx context.Context, in io.Reader, out io.Writer) error {
	var j job
	if err := json.NewDecoder(in).Decode(&j); err != nil {
		return fmt.Errorf("read the job: %w", err)
	}
	if len(j.Tokens) == 0 || j.Repeat < 1 {
		return errors.New("the job has no tokens")
	}
	published := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(j.Keys)
	}))
	defer published.Close()
	v, err := token.NewVerifier(ctx, token.Options{Issuer: j.Issuer, JWKSURL: published.URL, ClientIDs: []string{j.ClientID}})
	if err != nil {
		return err
	}
	verify := func(raw string) error { _, err := v.Verify(ctx, raw); return err }
	_ = verify("a.b.c") // a refused one; the peer has its keys beforehand too, by the first good one
	var t took
	if t.Cold, err = cpuOf(len(j.Tokens), func(i int) error { return verify(j.Tokens[i]) }); err != nil {
		return err
	}
	last := j.Tokens[len(j.Tokens)-1]
	if t.Cached, err = cpuOf(j.Repeat, func(int) error { return verify(last) }); err != nil {
		return err
	}
	if t.Peak, err = peakOfSelf(); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(t)
}
