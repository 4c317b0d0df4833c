package cognito_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/darkroom/darkroom/internal/local/cognito"
)

const accessKey, secretKey, region = "AKIDLOCAL", "a secret", "us-east-1"

func newAdministered(t *testing.T) *world {
	t.Helper()
	return newWorld(t, func(o *cognito.Options) {
		o.AccessKey, o.SecretKey, o.Region, o.Groups = accessKey, secretKey, region, []string{"admin"}
	})
}

// admin calls an operation as the SDK does, signed by a key for a service at a time.
func (w *world) admin(operation string, in object, key, secret, service string, at time.Time) (object, string) {
	w.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+"/", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", jsonType)
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	sum := sha256.Sum256(body)
	credentials := aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}
	if err := v4.NewSigner().SignHTTP(w.t.Context(), credentials, req, hex.EncodeToString(sum[:]), service, region, at); err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	out := object{}
	if err := json.Unmarshal(text, &out); err != nil {
		w.t.Fatalf("%s: %s", operation, text)
	}
	return out, resp.Header.Get("X-Amzn-Errortype")
}

func (w *world) asAdmin(operation string, in object) (object, string) {
	w.t.Helper()
	return w.admin(operation, in, accessKey, secretKey, "cognito-idp", w.now())
}

func TestAGroupIsInTheNextTokens(t *testing.T) {
	w := newAdministered(t)
	in := object{"UserPoolId": poolID, "Username": email, "GroupName": "admin"}
	groups := func() (access, id []any) {
		accessToken, idToken, _ := w.tokens()
		access, _ = claimsOf(t, accessToken)["cognito:groups"].([]any)
		id, _ = claimsOf(t, idToken)["cognito:groups"].([]any)
		return access, id
	}
	if access, _ := groups(); access != nil {
		t.Errorf("groups before: %v", access)
	}
	for range 2 { // twice is no error
		if _, kind := w.asAdmin("AdminAddUserToGroup", in); kind != "" {
			t.Fatal(kind)
		}
	}
	w.reopen()
	if access, id := groups(); !slices.Equal(access, []any{"admin"}) || !slices.Equal(id, []any{"admin"}) {
		t.Errorf("groups of the tokens: %v, %v", access, id)
	}
	out, _ := w.asAdmin("AdminListGroupsForUser", in)
	if list, _ := out["Groups"].([]any); len(list) != 1 {
		t.Errorf("listed: %v", out)
	}
	for range 2 {
		if _, kind := w.asAdmin("AdminRemoveUserFromGroup", in); kind != "" {
			t.Fatal(kind)
		}
	}
	if access, _ := groups(); access != nil {
		t.Errorf("groups after: %v", access)
	}
	for name, c := range map[string]struct {
		in   object
		want string
	}{
		"another pool":  {object{"UserPoolId": "local_Other", "Username": email, "GroupName": "admin"}, "ResourceNotFoundException"},
		"another group": {object{"UserPoolId": poolID, "Username": email, "GroupName": "editors"}, "ResourceNotFoundException"},
		"nobody":        {object{"UserPoolId": poolID, "Username": "eve@example.com", "GroupName": "admin"}, "UserNotFoundException"},
	} {
		if _, got := w.asAdmin("AdminAddUserToGroup", c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAnAdministratorFindsSignsOutAndDeletesAUser(t *testing.T) {
	w := newAdministered(t)
	_, _, refresh := w.tokens()
	in := object{"UserPoolId": poolID, "Username": email}
	out, kind := w.asAdmin("AdminGetUser", in)
	if kind != "" || out.at("UserStatus") != "CONFIRMED" || len(out.at("Username")) != 36 {
		t.Errorf("%s %v", kind, out)
	}
	if _, kind := w.asAdmin("AdminUserGlobalSignOut", in); kind != "" {
		t.Fatal(kind)
	}
	if _, got := w.call("GetTokensFromRefreshToken", object{"ClientId": clientID, "RefreshToken": refresh}); got != "NotAuthorizedException" {
		t.Errorf("refresh after it: %q", got)
	}
	if _, kind := w.asAdmin("AdminDeleteUser", in); kind != "" {
		t.Fatal(kind)
	}
	if _, got := w.asAdmin("AdminDeleteUser", in); got != "UserNotFoundException" {
		t.Errorf("deleting again: %q", got)
	}
	if _, got := w.srpSignIn(email, password); got != "NotAuthorizedException" {
		t.Errorf("sign-in of who was deleted: %q", got)
	}
}

func TestAnAdministratorDeletesAUser(t *testing.T) {
	w := newAdministered(t)
	_, _, refresh := w.tokens()
	out, _ := w.asAdmin("AdminGetUser", object{"UserPoolId": poolID, "Username": email})
	in := object{"UserPoolId": poolID, "Username": out.at("Username")}
	if _, kind := w.asAdmin("AdminDeleteUser", in); kind != "" {
		t.Fatal(kind)
	}
	if _, got := w.asAdmin("AdminDeleteUser", in); got != "UserNotFoundException" {
		t.Errorf("again: %q", got)
	}
	if _, got := w.call("GetTokensFromRefreshToken", object{"ClientId": clientID, "RefreshToken": refresh}); got != "NotAuthorizedException" {
		t.Errorf("refresh after it: %q", got)
	}
}

func TestAdministrationMustBeSigned(t *testing.T) {
	w := newAdministered(t)
	in := object{"UserPoolId": poolID, "Username": email, "GroupName": "admin"}
	if _, got := w.call("AdminAddUserToGroup", in); got != "MissingAuthenticationTokenException" {
		t.Errorf("not signed: %q", got)
	}
	for name, c := range map[string]struct {
		key, secret, service string
		at                   time.Time
		want                 string
	}{
		"another key":     {"AKIDOTHER", secretKey, "cognito-idp", w.now(), "UnrecognizedClientException"},
		"a wrong secret":  {accessKey, "a guess", "cognito-idp", w.now(), "InvalidSignatureException"},
		"another service": {accessKey, secretKey, "dynamodb", w.now(), "InvalidSignatureException"},
		"an old one":      {accessKey, secretKey, "cognito-idp", w.now().Add(-6 * time.Minute), "InvalidSignatureException"},
	} {
		for _, operation := range []string{"AdminAddUserToGroup", "AdminGetUser", "AdminUserGlobalSignOut", "AdminDeleteUser", "AdminListGroupsForUser", "AdminRemoveUserFromGroup", "AdminDeleteUser"} {
			if _, got := w.admin(operation, in, c.key, c.secret, c.service, c.at); got != c.want {
				t.Errorf("%s, %s: %q, want %q", operation, name, got, c.want)
			}
		}
	}
	keyless := newWorld(t)
	if _, got := keyless.admin("AdminGetUser", in, "", "", "cognito-idp", keyless.now()); got == "" {
		t.Error("a pool without a key is administered by whoever has none")
	}
}
