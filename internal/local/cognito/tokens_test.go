package cognito_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/darkroom/darkroom/internal/local/token"
)

func claimsOf(t *testing.T, raw string) map[string]any {
	t.Helper()
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", raw)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestTokensCarryCognitosClaims(t *testing.T) {
	w := newWorld(t)
	sub, err := w.pool.Seed(email, password)
	if err != nil {
		t.Fatal(err)
	}
	accessToken, idToken, _ := w.tokens()
	access, id := claimsOf(t, accessToken), claimsOf(t, idToken)
	now := float64(w.now().Unix())
	shared := map[string]any{
		"sub": sub, "iss": w.url + "/" + poolID, "iat": now, "auth_time": now, "exp": now + 3600,
	}
	check := func(name string, got, want map[string]any) {
		t.Helper()
		for claim, value := range want {
			if got[claim] != value {
				t.Errorf("%s token: %s = %v, want %v", name, claim, got[claim], value)
			}
		}
		for _, claim := range []string{"jti", "origin_jti"} {
			if s, _ := got[claim].(string); len(s) != 36 {
				t.Errorf("%s token: %s = %v", name, claim, got[claim])
			}
		}
	}
	check("access", access, shared)
	check("access", access, map[string]any{
		"token_use": "access", "client_id": clientID, "username": sub, "scope": "aws.cognito.signin.user.admin", "aud": nil})
	check("ID", id, shared)
	check("ID", id, map[string]any{
		"token_use": "id", "aud": clientID, "cognito:username": sub, "email": email, "email_verified": true, "client_id": nil})
	if access["origin_jti"] != id["origin_jti"] || access["jti"] == id["jti"] {
		t.Errorf("origin_jti %v and %v should be one, jti %v and %v two",
			access["origin_jti"], id["origin_jti"], access["jti"], id["jti"])
	}
	if _, err := w.verifier().Verify(t.Context(), accessToken); err != nil {
		t.Errorf("access token does not verify: %v", err)
	}
	if _, err := w.verifier().Verify(t.Context(), idToken); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("ID token as access token: err = %v, want ErrInvalid", err)
	}
	w.advance(time.Hour)
	if _, err := w.verifier().Verify(t.Context(), accessToken); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("an hour later: err = %v, want ErrInvalid", err)
	}
}

func TestRefreshMintsNewTokensOfTheSameSession(t *testing.T) {
	w := newWorld(t)
	access, _, refresh := w.tokens()
	w.advance(2 * time.Hour)
	for name, in := range map[string]struct {
		operation string
		in        object
	}{
		"GetTokensFromRefreshToken": {"GetTokensFromRefreshToken", object{"ClientId": clientID, "RefreshToken": refresh}},
		"REFRESH_TOKEN_AUTH": {"InitiateAuth", object{"AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": clientID,
			"AuthParameters": object{"REFRESH_TOKEN": refresh}}},
	} {
		t.Run(name, func(t *testing.T) {
			out, kind := w.call(in.operation, in.in)
			if kind != "" {
				t.Fatal(kind)
			}
			if got := out.at("AuthenticationResult.RefreshToken"); got != "" {
				t.Errorf("a new refresh token %q", got)
			}
			renewed := out.at("AuthenticationResult.AccessToken")
			claims, err := w.verifier().Verify(t.Context(), renewed)
			if err != nil {
				t.Fatal(err)
			}
			before := claimsOf(t, access)
			for _, claim := range []string{"sub", "origin_jti", "auth_time"} {
				if claims[claim] != before[claim] {
					t.Errorf("%s = %v, want %v", claim, claims[claim], before[claim])
				}
			}
			if got, want := claims["exp"], float64(w.now().Add(time.Hour).Unix()); got != want {
				t.Errorf("exp = %v, want %v", got, want)
			}
		})
	}
}

func TestRefreshTokenRefused(t *testing.T) {
	w := newWorld(t)
	_, _, refresh := w.tokens()
	_, _, revoked := w.tokens()
	if _, kind := w.call("RevokeToken", object{"ClientId": clientID, "Token": revoked}); kind != "" {
		t.Fatal(kind)
	}
	flipped := []byte(refresh)
	flipped[len(flipped)-5] ^= 1
	for name, raw := range map[string]string{
		"empty": "", "garbage": "garbage", "not base64": "!!!", "another secret": string(flipped),
		"truncated": refresh[:60], "with more behind": refresh + "AAAA", "revoked": revoked,
		"somebody elses session": strings.Repeat("A", len(refresh)),
	} {
		t.Run(name, func(t *testing.T) {
			_, got := w.call("GetTokensFromRefreshToken", object{"ClientId": clientID, "RefreshToken": raw})
			if want := "NotAuthorizedException"; got != want {
				t.Errorf("error %q, want %q", got, want)
			}
		})
	}
	for _, operation := range []string{"GetTokensFromRefreshToken", "RevokeToken"} {
		in := object{"ClientId": "other", "RefreshToken": refresh, "Token": refresh}
		if _, got := w.call(operation, in); got != "ResourceNotFoundException" {
			t.Errorf("%s by another client: %q, want ResourceNotFoundException", operation, got)
		}
	}
	renew := object{"ClientId": clientID, "RefreshToken": refresh}
	w.advance(30*24*time.Hour - time.Second)
	if _, kind := w.call("GetTokensFromRefreshToken", renew); kind != "" {
		t.Errorf("just before 30 days: %s", kind)
	}
	w.advance(time.Second)
	if _, got := w.call("GetTokensFromRefreshToken", renew); got != "NotAuthorizedException" {
		t.Errorf("after 30 days: %q, want NotAuthorizedException", got)
	}
}

func TestGetUserNamesTheUser(t *testing.T) {
	w := newWorld(t)
	access, _, _ := w.tokens()
	out, kind := w.call("GetUser", object{"AccessToken": access})
	if kind != "" {
		t.Fatal(kind)
	}
	got := map[string]string{"Username": out.at("Username")}
	list, _ := out["UserAttributes"].([]any)
	for _, a := range list {
		m, _ := a.(map[string]any)
		got[object(m).at("Name")] = object(m).at("Value")
	}
	sub, _ := claimsOf(t, access)["sub"].(string)
	want := map[string]string{"Username": sub, "sub": sub, "email": email, "email_verified": "true"}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s = %q, want %q", name, got[name], want[name])
		}
	}
}

func TestAccessTokenRefusedByThePool(t *testing.T) {
	w := newWorld(t)
	access, id, refresh := w.tokens()
	parts := strings.Split(access, ".")
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims(claimsOf(t, access))).
		SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{
		"empty": "", "garbage": "a.b.c", "an ID token": id, "a refresh token": refresh, "alg none": none,
		"without signature": parts[0] + "." + parts[1] + ".", "after Bearer": "Bearer " + access,
	} {
		for _, operation := range []string{"GetUser", "GlobalSignOut"} {
			if _, got := w.call(operation, object{"AccessToken": raw}); got != "NotAuthorizedException" {
				t.Errorf("%s with %s: %q, want NotAuthorizedException", operation, name, got)
			}
		}
	}
	w.advance(time.Hour)
	if out, _ := w.call("GetUser", object{"AccessToken": access}); out.at("message") != "Access Token has expired" {
		t.Errorf("an hour later: %s", out.at("message"))
	}
}

func TestRevokeTokenEndsOneSession(t *testing.T) {
	w := newWorld(t)
	access, _, refresh := w.tokens()
	other, _, otherRefresh := w.tokens()
	for range 2 { // revoking twice is no error
		if _, kind := w.call("RevokeToken", object{"ClientId": clientID, "Token": refresh}); kind != "" {
			t.Fatal(kind)
		}
	}
	if out, _ := w.call("GetUser", object{"AccessToken": access}); out.at("message") != "Access Token has been revoked" {
		t.Errorf("its access token: %s", out.at("message"))
	}
	if _, kind := w.call("GetUser", object{"AccessToken": other}); kind != "" {
		t.Errorf("another session's access token: %s", kind)
	}
	renew := object{"ClientId": clientID, "RefreshToken": otherRefresh}
	if _, kind := w.call("GetTokensFromRefreshToken", renew); kind != "" {
		t.Errorf("another session's refresh token: %s", kind)
	}
}

func TestGlobalSignOutEndsAllSessionsOfTheUserAlone(t *testing.T) {
	w := newWorld(t)
	if _, err := w.pool.Seed("grace@example.com", password); err != nil {
		t.Fatal(err)
	}
	out, _ := w.passwordSignIn("grace@example.com", password)
	grace := out.at("AuthenticationResult.RefreshToken")
	access, _, first := w.tokens()
	_, _, second := w.tokens()
	if _, kind := w.call("GlobalSignOut", object{"AccessToken": access}); kind != "" {
		t.Fatal(kind)
	}
	for refresh, want := range map[string]string{
		first: "NotAuthorizedException", second: "NotAuthorizedException", grace: "",
	} {
		renew := object{"ClientId": clientID, "RefreshToken": refresh}
		if _, got := w.call("GetTokensFromRefreshToken", renew); got != want {
			t.Errorf("error %q, want %q", got, want)
		}
	}
	if _, got := w.call("GlobalSignOut", object{"AccessToken": access}); got != "NotAuthorizedException" {
		t.Errorf("signing out again: %q, want NotAuthorizedException", got)
	}
	if _, kind := w.srpSignIn(email, password); kind != "" {
		t.Errorf("signing in again: %s", kind)
	}
}
