// Package appsync announces changes to subscribers through AppSync. It is the only owner of the publishing mutation.
package appsync

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/darkroom/darkroom/gallery"
)

// mutation is written by `make generate`. It selects every field: subscribers get only what the publisher selected.
//
//go:embed publish.graphql
var mutation string

// Publisher sends events to an AppSync API as an IAM identity.
type Publisher struct {
	Endpoint    string // https://….appsync-api.….amazonaws.com/graphql
	Region      string
	Credentials aws.CredentialsProvider
	HTTP        *http.Client // with a timeout
	Now         func() time.Time
}

// Announce tells the owner's subscribers of an event. A second announcement is harmless: clients drop a seq they have.
func (p Publisher) Announce(ctx context.Context, e gallery.Event) error {
	body, err := json.Marshal(map[string]any{"query": mutation, "variables": map[string]any{"event": input(e)}})
	if err != nil {
		return fmt.Errorf("announce event %d: %w", e.Seq, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Endpoint, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("announce event %d: %w", e.Seq, err)
	}
	req.Header.Set("Content-Type", "application/json")
	if err := p.sign(ctx, req, body); err != nil {
		return fmt.Errorf("sign event %d: %w", e.Seq, err)
	}
	// A connection that AppSync has ended while the function was frozen is found out about by writing to it. This name, which
	// is never sent without a value, tells the transport that it may then send the request once more.
	req.Header["Idempotency-Key"] = nil
	if err := p.send(req); err != nil {
		return fmt.Errorf("announce event %d: %w", e.Seq, err)
	}
	return nil
}

func (p Publisher) sign(ctx context.Context, req *http.Request, body []byte) error {
	creds, err := p.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	return v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), "appsync", p.Region, p.Now())
}

func (p Publisher) send(req *http.Request) error {
	res, err := p.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err
	}
	var out struct {
		Errors []struct {
			Message   string `json:"message"`
			ErrorType string `json:"errorType"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(answer, &out); err != nil || res.StatusCode != http.StatusOK || len(out.Errors) > 0 {
		return fmt.Errorf("AppSync answered %d: %.300s", res.StatusCode, answer)
	}
	return nil
}

// event is gallery.Event as ImageEventInput: unknown is null, never zero.
type event struct {
	Owner       gallery.Owner        `json:"owner"`
	ID          gallery.ID           `json:"id"`
	Seq         int64                `json:"seq"`
	Version     int64                `json:"version"`
	Status      gallery.Status       `json:"status"`
	Stage       *gallery.Stage       `json:"stage"`
	Failure     *gallery.FailureCode `json:"failure"`
	Width       *int                 `json:"width"`
	Height      *int                 `json:"height"`
	Placeholder *string              `json:"placeholder"`
	DeletedAt   *time.Time           `json:"deletedAt"`
	At          time.Time            `json:"at"`
}

func input(e gallery.Event) event {
	return event{
		Owner: e.Owner, ID: e.ID, Seq: e.Seq, Version: e.Version, Status: e.Status, Stage: some(e.Stage),
		Failure: some(e.Failure), Width: some(e.Width), Height: some(e.Height), Placeholder: some(e.Placeholder),
		DeletedAt: some(e.DeletedAt), At: e.At,
	}
}

func some[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
