package conformance_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Prefixes of X-Amz-Target.
const (
	tableService  = "DynamoDB_20120810."
	streamService = "DynamoDBStreams_20120810."
)

// signer signs requests that no SDK would send.
type signer struct {
	region      string
	credentials aws.CredentialsProvider
}

func (s signer) sign(r *http.Request, body []byte) error {
	given, err := s.credentials.Retrieve(r.Context())
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	return v4.NewSigner().SignHTTP(r.Context(), given, r, hex.EncodeToString(sum[:]), "dynamodb", s.region, time.Now())
}

// answer is what an endpoint says to a request: a body, or an error's type and message beside it.
type answer struct {
	kind, message string
	body          map[string]any
}

func (a answer) String() string {
	if a.kind != "" {
		return a.kind + ": " + a.message
	}
	raw, _ := json.Marshal(a.body) // it was JSON
	return string(raw)
}

// post sends a body as it is, and fails only where there is no answer.
func (c *cloud) post(ctx context.Context, target string, body []byte) (answer, error) {
	url := c.url
	if strings.HasPrefix(target, streamService) {
		url = c.streamed
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("X-Amz-Target", target)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	if err := c.signer.sign(r, body); err != nil {
		return answer{}, fmt.Errorf("sign: %w", err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	return parseAnswer(response.StatusCode, raw)
}

func parseAnswer(status int, raw []byte) (answer, error) {
	a := answer{body: map[string]any{}}
	if err := json.Unmarshal(raw, &a.body); err != nil {
		return a, fmt.Errorf("%d with %q: %w", status, raw, err)
	}
	if status == http.StatusOK {
		return a, nil
	}
	kind, _ := a.body["__type"].(string)
	a.kind = kind[strings.LastIndexByte(kind, '#')+1:]
	if a.kind == "" {
		return a, fmt.Errorf("%d without a type: %s", status, raw)
	}
	for _, key := range []string{"message", "Message"} {
		if said, ok := a.body[key].(string); ok {
			a.message = said
		}
	}
	return a, nil
}
