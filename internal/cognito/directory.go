package cognito

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/darkroom/darkroom/gallery"
)

// Directory is a pool as an IAM identity reaches it. Its few calls are signed here: Cognito's own client would double the
// size of the sweeper.
type Directory struct {
	Endpoint    string // https://cognito-idp.….amazonaws.com/
	Region      string
	PoolID      string
	Credentials aws.CredentialsProvider
	HTTP        *http.Client // with a timeout
	Now         func() time.Time
}

// notFound is Cognito's word for a user who is not there.
const notFound = "UserNotFoundException"

// Owner finds who signs in by a name: an e-mail address, or a sub.
func (d Directory) Owner(ctx context.Context, name string) (gallery.Owner, error) {
	answer, err := d.call(ctx, "AdminGetUser", name)
	if err != nil {
		return "", fmt.Errorf("find user %s: %w", name, err)
	}
	var user struct {
		UserAttributes []struct{ Name, Value string }
	}
	if err := json.Unmarshal(answer, &user); err != nil {
		return "", fmt.Errorf("find user %s: %w", name, err)
	}
	for _, a := range user.UserAttributes {
		if a.Name == "sub" && plain(a.Value) {
			return gallery.Owner(a.Value), nil
		}
	}
	return "", fmt.Errorf("find user %s: the pool names no id", name)
}

// Has tells whether a user is there, by their id.
func (d Directory) Has(ctx context.Context, owner gallery.Owner) (bool, error) {
	_, err := d.call(ctx, "AdminGetUser", string(owner))
	if err != nil && !isNobody(err) {
		return false, fmt.Errorf("look for user %s: %w", owner, err)
	}
	return err == nil, nil
}

// SignOut ends a user's sessions: no refresh token works any more, and an access token until it expires. Signing out who is
// not there is fine.
func (d Directory) SignOut(ctx context.Context, owner gallery.Owner) error {
	if _, err := d.call(ctx, "AdminUserGlobalSignOut", string(owner)); err != nil && !isNobody(err) {
		return fmt.Errorf("sign out user %s: %w", owner, err)
	}
	return nil
}

// Remove ends a user's sign-in: their refresh tokens end with it, an access token when it expires. A user's sub is a name
// of theirs, however they sign in. Removing who is not there is fine.
func (d Directory) Remove(ctx context.Context, owner gallery.Owner) error {
	if _, err := d.call(ctx, "AdminDeleteUser", string(owner)); err != nil && !isNobody(err) {
		return fmt.Errorf("remove user %s: %w", owner, err)
	}
	return nil
}

func isNobody(err error) bool {
	var no *refusal
	return errors.As(err, &no) && no.Type == notFound
}

// refusal is what the pool says in place of an answer.
type refusal struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}

func (r *refusal) Error() string { return r.Type + ": " + r.Message }

// call signs and sends an operation on one user.
func (d Directory) call(ctx context.Context, operation, user string) ([]byte, error) {
	body, err := json.Marshal(map[string]string{"UserPoolId": d.PoolID, "Username": user})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	creds, err := d.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), "cognito-idp", d.Region, d.Now())
	if err != nil {
		return nil, err
	}
	return d.send(req)
}

func (d Directory) send(req *http.Request) ([]byte, error) {
	res, err := d.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusOK {
		return answer, nil
	}
	var no refusal
	if json.Unmarshal(answer, &no) == nil && no.Type != "" {
		return nil, &no
	}
	return nil, fmt.Errorf("the user pool answered %d: %.300s", res.StatusCode, answer)
}
