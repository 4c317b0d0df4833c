package appsync

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/darkroom/darkroom/internal/local/sigv4"
)

// authMode is a way of proving who one is. The zero value is no way at all.
type authMode string

const (
	modeUserPool authMode = "AMAZON_COGNITO_USER_POOLS"
	modeIAM      authMode = "AWS_IAM"
)

// maxCredentials bounds an encoded authorization object: a token of 8 KB and its wrapping.
const maxCredentials = 16 << 10

// identity is an authenticated caller.
type identity struct {
	mode   authMode
	groups []string       // of a user
	view   map[string]any // as resolvers see it, in ctx.identity
}

// refused is an authentication that failed: Status for HTTP, and as errorCode on a socket.
type refused struct {
	Type, Message string
	Status        int
}

func (r *refused) Error() string { return r.Type + ": " + r.Message }

// refusal makes a refused error. AppSync answers 401 to a bad token and 403 to a bad signature.
func refusal(kind, message string) error {
	status := http.StatusForbidden
	if kind == typeUnauthenticated {
		status = http.StatusUnauthorized
	}
	return &refused{Type: kind, Message: message, Status: status}
}

// signatureRefusal is AppSync's name for what is wrong with a signature.
func signatureRefusal(err error) error {
	kind := typeNoSignature
	var e *sigv4.Error
	if errors.As(err, &e) && e.Reason == sigv4.UnknownKey {
		kind = typeUnknownKey
	} else if e != nil && e.Reason == sigv4.Mismatch {
		kind = typeBadSignature
	}
	return refusal(kind, err.Error())
}

// credentials are what proves an identity: a request's headers, or the authorization object of the realtime protocol.
// Names are in lower case.
type credentials map[string][]string

// decodeCredentials reads an authorization object. What is not a string in it is no credential.
func decodeCredentials(raw []byte) (credentials, error) {
	var object map[string]any
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, fmt.Errorf("decode authorization object: %w", err)
	}
	out := credentials{}
	for name, value := range object {
		if s, ok := value.(string); ok {
			name = strings.ToLower(name)
			out[name] = append(out[name], s)
		}
	}
	return out, nil
}

// decodeBase64 reads either alphabet, padded or not: clients disagree, and a + may have become a space in a URL.
func decodeBase64(s string) ([]byte, error) {
	if len(s) > maxCredentials {
		return nil, fmt.Errorf("authorization of %d bytes: at most %d", len(s), maxCredentials)
	}
	s = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", " ", "+").Replace(s), "=")
	raw, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("decode authorization: %w", err)
	}
	return raw, nil
}

// requestCredentials are the headers of a request, with the two that net/http keeps elsewhere.
func requestCredentials(r *http.Request) credentials {
	out := credentials{"host": {r.Host}}
	for name, values := range r.Header {
		out[strings.ToLower(name)] = values
	}
	if r.ContentLength >= 0 {
		out["content-length"] = []string{fmt.Sprint(r.ContentLength)}
	}
	return out
}

// authenticate finds out who is calling. Signed is what the credentials sign, where they are a signature; its headers
// are the credentials themselves. Anything doubtful is refused: there are no anonymous callers.
func (a *API) authenticate(ctx context.Context, c credentials, signed sigv4.Request, from string) (identity, error) {
	sent := c["authorization"]
	if len(sent) != 1 || sent[0] == "" || len(sent[0]) > maxCredentials { // of two, one would go unchecked
		return identity{}, refusal(typeUnauthenticated, "Valid authorization header not provided.")
	}
	if strings.HasPrefix(sent[0], sigv4.Algorithm) {
		signed.Header = func(name string) []string { return c[name] }
		if err := a.signer.Check(signed, a.opts.Now()); err != nil {
			return identity{}, signatureRefusal(err)
		}
		return iamIdentity(a.signer.AccessKey, from), nil
	}
	claims, err := a.opts.Verify(ctx, sent[0])
	if err != nil || claims == nil {
		a.opts.Log.DebugContext(ctx, "appsync: token refused", "error", err)
		return identity{}, refusal(typeUnauthenticated, "You are not authorized to make this call.")
	}
	return userIdentity(claims, from), nil
}

// userIdentity is ctx.identity of a user pool's user.
func userIdentity(claims map[string]any, from string) identity {
	username := claims["cognito:username"]
	if username == nil {
		username = claims["username"]
	}
	groups := stringList(claims["cognito:groups"])
	view := map[string]any{
		"sub": claims["sub"], "issuer": claims["iss"], "username": username, "claims": claims,
		"sourceIp": []string{from}, "defaultAuthStrategy": "ALLOW", "groups": nil,
	}
	if groups != nil {
		view["groups"] = groups
	}
	return identity{mode: modeUserPool, groups: groups, view: view}
}

// iamIdentity is ctx.identity of the signing role. It has no sub: IAM identities are not users.
func iamIdentity(accessKey, from string) identity {
	return identity{mode: modeIAM, view: map[string]any{
		"accountId": "000000000000", "username": accessKey, "sourceIp": []string{from},
		"userArn":                     "arn:aws:iam::000000000000:user/" + accessKey,
		"cognitoIdentityAuthProvider": nil, "cognitoIdentityAuthType": nil, "cognitoIdentityId": nil,
		"cognitoIdentityPoolId": nil,
	}}
}

func stringList(v any) []string {
	switch list := v.(type) {
	case []string:
		return list
	case []any:
		var out []string
		for _, item := range list {
			if s, ok := item.(string); ok {
				out = append(out, s)
			}
		}
		return out
	default:
		return nil
	}
}

// remoteIP is the address of the caller, without its port.
func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
