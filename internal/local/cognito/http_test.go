package cognito_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/local/cognito"
)

const jsonType = "application/x-amz-json-1.1"

func TestRequestsThatAreNoOperation(t *testing.T) {
	w := newWorld(t)
	const target = "AWSCognitoIdentityProviderService."
	const auth = target + "InitiateAuth"
	endless := `{"ClientId":"` + strings.Repeat("a", 64<<10) + `"}`
	for name, c := range map[string]struct {
		target, contentType, body, want string
	}{
		"an operation not offered": {target + "AdminCreateUser", jsonType, "{}", "UnknownOperationException"},
		"no operation":             {"", jsonType, "{}", "UnknownOperationException"},
		"an operation in capitals": {target + "INITIATEAUTH", jsonType, "{}", "UnknownOperationException"},
		"a form":                   {auth, "application/x-www-form-urlencoded", "a=b", "SerializationException"},
		"no content type":          {auth, "", "{}", "SerializationException"},
		"no body":                  {auth, jsonType, "", "SerializationException"},
		"a list":                   {auth, jsonType, "[]", "SerializationException"},
		"a number for a text":      {auth, jsonType, `{"ClientId":1}`, "SerializationException"},
		"two objects":              {auth, jsonType, `{}{}`, "SerializationException"},
		"null":                     {auth, jsonType, `null`, "ResourceNotFoundException"},
		"nested without end":       {auth, jsonType, strings.Repeat("[", 60_000), "SerializationException"},
		"more than 64 KB":          {auth, jsonType, endless, "SerializationException"},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Amz-Target", c.target)
			req.Header.Set("Content-Type", c.contentType)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if got := resp.Header.Get("X-Amzn-Errortype"); got != c.want || resp.StatusCode != http.StatusBadRequest {
				t.Errorf("got %d %s, want 400 %s", resp.StatusCode, got, c.want)
			}
		})
	}
}

func TestBrowsersMayCall(t *testing.T) {
	w := newWorld(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, w.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "http://localhost:5173")
	req.Header.Set("Access-Control-Request-Method", "POST")
	req.Header.Set("Access-Control-Request-Headers", "cache-control,content-type,x-amz-target,x-amz-user-agent")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent || resp.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("preflight: %d %v", resp.StatusCode, resp.Header)
	}
	allowed := resp.Header.Get("Access-Control-Allow-Headers")
	for _, name := range []string{"x-amz-target", "x-amz-user-agent", "cache-control", "content-type"} {
		if !strings.Contains(allowed, name) {
			t.Errorf("allowed headers %q lack %s", allowed, name)
		}
	}
}

func TestPublicDocuments(t *testing.T) {
	w := newWorld(t)
	get := func(path string) (int, object) {
		t.Helper()
		resp, err := http.Get(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		out := object{}
		if resp.StatusCode == http.StatusOK {
			if err := json.Unmarshal(text, &out); err != nil {
				t.Fatal(err)
			}
		}
		return resp.StatusCode, out
	}
	status, doc := get("/" + poolID + "/.well-known/openid-configuration")
	if status != http.StatusOK || doc.at("issuer") != w.url+"/"+poolID {
		t.Errorf("discovery: %d %v", status, doc)
	}
	status, set := get(strings.TrimPrefix(doc.at("jwks_uri"), w.url))
	keys, _ := set["keys"].([]any)
	if status != http.StatusOK || len(keys) != 1 {
		t.Fatalf("key set: %d %v", status, set)
	}
	key, _ := keys[0].(map[string]any)
	for name := range key {
		if !strings.Contains(" alg e kid kty n use ", " "+name+" ") {
			t.Errorf("key set gives %q away", name)
		}
	}
	for _, path := range []string{"/", "/local_Other/.well-known/jwks.json", "/.well-known/jwks.json"} {
		if status, _ := get(path); status != http.StatusNotFound {
			t.Errorf("GET %s: %d, want 404", path, status)
		}
	}
}

func TestClosedPoolAnswersWithAnError(t *testing.T) {
	w := newWorld(t)
	if err := w.pool.Close(); err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(
		`{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"web","AuthParameters":{"USERNAME":"a","PASSWORD":"b"}}`))
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth")
	req.Header.Set("Content-Type", jsonType)
	rec := httptest.NewRecorder()
	w.pool.ServeHTTP(rec, req)
	if got, want := rec.Code, http.StatusInternalServerError; got != want {
		t.Errorf("status %d, want %d", got, want)
	}
	if strings.Contains(rec.Body.String(), "database") {
		t.Errorf("the answer tells too much: %s", rec.Body)
	}
	if !strings.Contains(w.log.String(), "database not open") {
		t.Errorf("the log does not tell: %s", w.log.String())
	}
}

func FuzzOperations(f *testing.F) {
	p, err := cognito.Open(filepath.Join(f.TempDir(), "users.db"), cognito.Options{
		PoolID: poolID, ClientID: clientID, Issuer: "http://127.0.0.1/" + poolID})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { p.Close() })
	f.Add("InitiateAuth", `{"AuthFlow":"USER_SRP_AUTH","ClientId":"web","AuthParameters":{"USERNAME":"a","SRP_A":"ff"}}`)
	f.Add("InitiateAuth", `{"AuthFlow":"REFRESH_TOKEN_AUTH","ClientId":"web","AuthParameters":{"REFRESH_TOKEN":"AAAA"}}`)
	f.Add("RespondToAuthChallenge", `{"ChallengeName":"PASSWORD_VERIFIER","ClientId":"web","ChallengeResponses":{}}`)
	f.Add("SignUp", `{"ClientId":"web","Username":"a@b.c","Password":"12345678"}`)
	f.Add("ConfirmSignUp", `{"ClientId":"web","Username":"a@b.c","ConfirmationCode":"000000"}`)
	f.Add("GetUser", `{"AccessToken":"a.b.c"}`)
	f.Add("RevokeToken", `{"ClientId":"web","Token":"a.b.c"}`)
	f.Add("ForgotPassword", `{"ClientId":"web","Username":"a@b.c"}`)
	f.Add("ConfirmForgotPassword", `{"ClientId":"web","Username":"a@b.c","ConfirmationCode":"1","Password":"12345678"}`)
	f.Add("UpdateUserAttributes", `{"AccessToken":"a.b.c","UserAttributes":[{"Name":"email","Value":"a@b.c"}]}`)
	f.Add("AdminAddUserToGroup", `{"UserPoolId":"local_Dev0001","Username":"a@b.c","GroupName":"admin"}`)
	f.Fuzz(func(t *testing.T, operation, body string) {
		req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		req.Header["X-Amz-Target"] = []string{"AWSCognitoIdentityProviderService." + operation}
		req.Header.Set("Content-Type", jsonType)
		rec := httptest.NewRecorder()
		p.ServeHTTP(rec, req)
		if rec.Code != http.StatusOK && rec.Code != http.StatusBadRequest {
			t.Errorf("%s %q: status %d: %s", operation, body, rec.Code, rec.Body)
		}
		if !json.Valid(rec.Body.Bytes()) {
			t.Errorf("%s %q: not JSON: %s", operation, body, rec.Body)
		}
	})
}
