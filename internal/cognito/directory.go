package cognito

import (
	"bytes"
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

	"github.com/darkroom/darkroom/gallery"
)

// Directory removes users from a pool, as an IAM identity. It is one call, signed here: Cognito's own client would double
// the size of the sweeper.
type Directory struct {
	Endpoint    string // https://cognito-idp.….amazonaws.com/
	Region      string
	PoolID      string
	Credentials aws.CredentialsProvider
	HTTP        *http.Client // with a timeout
	Now         func() time.Time
}

// Remove ends a user's sign-in: their refresh tokens end with it, an access token when it expires. A user's sub is a name
// of theirs, however they sign in. Removing who is not there is fine.
func (d Directory) Remove(ctx context.Context, owner gallery.Owner) error {
	body, err := json.Marshal(map[string]string{"UserPoolId": d.PoolID, "Username": string(owner)})
	if err != nil {
		return fmt.Errorf("remove user %s: %w", owner, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Endpoint, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("remove user %s: %w", owner, err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.AdminDeleteUser")
	creds, err := d.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("remove user %s: %w", owner, err)
	}
	sum := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), "cognito-idp", d.Region, d.Now())
	if err != nil {
		return fmt.Errorf("remove user %s: %w", owner, err)
	}
	if err := d.send(req); err != nil {
		return fmt.Errorf("remove user %s: %w", owner, err)
	}
	return nil
}

func (d Directory) send(req *http.Request) error {
	res, err := d.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return err
	}
	var refusal struct {
		Type string `json:"__type"`
	}
	if res.StatusCode == http.StatusOK {
		return nil
	}
	if json.Unmarshal(answer, &refusal) == nil && refusal.Type == "UserNotFoundException" {
		return nil
	}
	return fmt.Errorf("the user pool answered %d: %.300s", res.StatusCode, answer)
}
