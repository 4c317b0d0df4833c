package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// userPool is a user pool as its operator reaches it. Two operations are not worth the SDK's client, the largest it has.
type userPool struct {
	cfg      aws.Config
	id       string
	endpoint string // of a local pool; empty on AWS
}

// call signs and sends an operation on one user.
func (p userPool) call(ctx context.Context, operation, user string, out any) error {
	body, err := json.Marshal(map[string]string{"UserPoolId": p.id, "Username": user})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	to := cmp.Or(p.endpoint, "https://cognito-idp."+p.cfg.Region+".amazonaws.com/")
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	keys, err := p.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("find AWS credentials: %w", err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), "cognito-idp", p.cfg.Region, time.Now()); err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", operation, user, refusalIn(res, text))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

// refusalIn is what Cognito says in an answer that is none.
func refusalIn(res *http.Response, text []byte) string {
	var told struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(text, &told) != nil || told.Message == "" {
		return res.Status
	}
	return told.Message
}
