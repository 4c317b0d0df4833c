package cognito_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/darkroom/darkroom/internal/cognito"
)

func TestAUserIsRemovedByOneSignedCall(t *testing.T) {
	status, answer := http.StatusOK, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		signed := strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/20261126/eu-central-1/cognito-idp/aws4_request") &&
			strings.Contains(r.Header.Get("Authorization"), "x-amz-target")
		if !signed || r.Header.Get("X-Amz-Target") != "AWSCognitoIdentityProviderService.AdminDeleteUser" ||
			r.Header.Get("Content-Type") != "application/x-amz-json-1.1" || string(body) != `{"UserPoolId":"eu-central-1_pool","Username":"ann"}` {
			t.Errorf("got %v %s", r.Header, body)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	d := cognito.Directory{
		Endpoint: server.URL, Region: "eu-central-1", PoolID: "eu-central-1_pool", HTTP: server.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		Now:         func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) },
	}
	for name, c := range map[string]struct {
		status int
		answer string
		fine   bool
	}{
		"removed":         {200, "", true},
		"not there":       {400, `{"__type":"UserNotFoundException","message":"User does not exist."}`, true},
		"not allowed":     {400, `{"__type":"AccessDeniedException"}`, false},
		"no pool":         {400, `{"__type":"ResourceNotFoundException"}`, false},
		"what is no JSON": {502, "UserNotFoundException", false},
	} {
		status, answer = c.status, c.answer
		if err := d.Remove(t.Context(), "ann"); (err == nil) != c.fine {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAUserIsFoundByName(t *testing.T) {
	answer, status := "", http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	d := cognito.Directory{
		Endpoint: server.URL, Region: "eu-central-1", PoolID: "eu-central-1_pool", HTTP: server.Client(), Now: time.Now,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
	for name, c := range map[string]struct {
		status             int
		answer, want, says string
	}{
		"there":             {200, `{"Username":"x","UserAttributes":[{"Name":"email","Value":"a@b.c"},{"Name":"sub","Value":"ann"}]}`, "ann", ""},
		"not there":         {400, `{"__type":"UserNotFoundException","message":"User does not exist."}`, "", "User does not exist."},
		"without an id":     {200, `{"UserAttributes":[]}`, "", "names no id"},
		"with a strange id": {200, `{"UserAttributes":[{"Name":"sub","Value":"../ann"}]}`, "", "names no id"},
		"no JSON":           {200, "<html>", "", "invalid character"},
	} {
		status, answer = c.status, c.answer
		got, err := d.Owner(t.Context(), "ann@example.com")
		if string(got) != c.want || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
		if has, err := d.Has(t.Context(), "ann"); err != nil || has != (c.status == http.StatusOK) {
			t.Errorf("%s: has %t, %v", name, has, err)
		}
	}
	status, answer = http.StatusBadRequest, `{"__type":"TooManyRequestsException"}`
	if has, err := d.Has(t.Context(), "ann"); err == nil || has {
		t.Errorf("a pool that does not say: has %t, %v", has, err)
	}
}
