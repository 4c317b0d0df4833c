package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

const (
	maxTokenBytes = 256 << 10   // of an answer of Cognito
	renewBefore   = time.Minute // an access token expires
	cognitoTarget = "AWSCognitoIdentityProviderService."
)

// session holds a user's tokens and renews them before they expire.
type session struct {
	cognito Cognito
	http    *http.Client
	now     func() time.Time
	timeout time.Duration

	turn    chan struct{} // full while somebody uses what is below: a lock that a context can give up
	access  string
	refresh string
	renewAt time.Time
}

func newSession(cognito Cognito, web *http.Client, now func() time.Time, timeout time.Duration) *session {
	return &session{cognito: cognito, http: web, now: now, timeout: timeout, turn: make(chan struct{}, 1)}
}

// authResult is the part of Cognito's answers that all operations share.
type authResult struct {
	AuthenticationResult struct {
		AccessToken  string
		RefreshToken string
		ExpiresIn    int64 // seconds
	}
	ChallengeName       string
	ChallengeParameters map[string]string
}

// passwordChallenge asks to prove that one knows the password.
const passwordChallenge = "PASSWORD_VERIFIER"

func (s *session) signIn(ctx context.Context, user, password string) error {
	return s.exclusively(ctx, func() error {
		answer, err := s.prove(ctx, user, password)
		if err != nil {
			return err
		}
		if answer.ChallengeName != "" {
			return &gallery.Error{
				Code:    gallery.CodeUnauthenticated,
				Message: "This account must first complete a sign-in in the browser: " + answer.ChallengeName + ".",
			}
		}
		return s.keep(answer)
	})
}

// prove signs in without sending the password.
func (s *session) prove(ctx context.Context, user, password string) (answer authResult, err error) {
	half, err := newSRP(s.cognito.UserPoolID)
	if err != nil {
		return answer, err
	}
	err = s.call(ctx, "InitiateAuth", map[string]any{
		"AuthFlow":       "USER_SRP_AUTH",
		"ClientId":       s.cognito.ClientID,
		"AuthParameters": map[string]string{"USERNAME": user, "SRP_A": half.bigA.Text(16)},
	}, &answer)
	if err != nil || answer.ChallengeName != passwordChallenge {
		return answer, err
	}
	proof, err := half.answer(answer.ChallengeParameters, password, s.now())
	if err != nil {
		return answer, err
	}
	var proven authResult
	err = s.call(ctx, "RespondToAuthChallenge", map[string]any{
		"ChallengeName": passwordChallenge, "ClientId": s.cognito.ClientID, "ChallengeResponses": proof,
	}, &proven)
	return proven, err
}

// token answers an access token that is good for a while yet. One that was refused before its time is named, so that of
// several callers who were refused one renews it, and the others get the new one.
func (s *session) token(ctx context.Context, refused string) (string, error) {
	var token string
	err := s.exclusively(ctx, func() error {
		if s.access == refused || !s.now().Before(s.renewAt) {
			if err := s.renew(ctx); err != nil {
				return fmt.Errorf("renew the access token: %w", err)
			}
		}
		token = s.access
		return nil
	})
	return token, err
}

func (s *session) renew(ctx context.Context) error {
	if s.refresh == "" {
		return gallery.ErrUnauthenticated
	}
	var answer authResult
	err := s.call(ctx, "GetTokensFromRefreshToken", map[string]string{
		"ClientId": s.cognito.ClientID, "RefreshToken": s.refresh,
	}, &answer)
	if err != nil {
		return err
	}
	return s.keep(answer)
}

// keep takes new tokens over. A refresh token is sent anew only where the pool rotates them.
func (s *session) keep(answer authResult) error {
	got := answer.AuthenticationResult
	if got.AccessToken == "" || got.ExpiresIn <= 0 {
		return errors.New("cognito answered without an access token")
	}
	life := time.Duration(min(got.ExpiresIn, 24*60*60)) * time.Second
	s.access = got.AccessToken
	s.renewAt = s.now().Add(life - min(renewBefore, life/4))
	if got.RefreshToken != "" {
		s.refresh = got.RefreshToken
	}
	return nil
}

func (s *session) exclusively(ctx context.Context, do func() error) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
		return do()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *session) call(ctx context.Context, operation string, input, output any) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	body, err := json.Marshal(input)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.cognito.url(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", cognitoTarget+operation)
	res, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := readBounded(res.Body, maxTokenBytes)
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", operation, err)
	}
	if res.StatusCode != http.StatusOK {
		return cognitoError(res, answer)
	}
	return json.Unmarshal(answer, output)
}

// cognitoError reads a refusal; without a type it is a plain error, since it was hardly Cognito that wrote it.
func cognitoError(res *http.Response, body []byte) error {
	var p problem
	if json.Unmarshal(body, &p) != nil || p.Type == "" {
		return fmt.Errorf("%s answered %s", res.Request.URL.Host, res.Status)
	}
	return p.err()
}

// readBounded reads all of a body, refusing one that is longer than the limit.
func readBounded(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("the answer is longer than %d bytes", limit)
	}
	return b, nil
}
