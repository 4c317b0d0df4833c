package cloudfront_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/darkroom/darkroom/internal/cloudfront"
)

func encode(t *testing.T, kind string, der []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs8(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return encode(t, "PRIVATE KEY", der, err)
}

func TestAKeyIsRSAOfTheLengthThatCloudFrontTakes(t *testing.T) {
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key(t).PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, problem string }{
		"as openssl 3 writes it": {pkcs8(t, key(t)), ""},
		"as openssl 1 wrote it":  {encode(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key(t)), nil), ""},
		"nothing":                {"", "not PEM"},
		"something else":         {"a secret", "not PEM"},
		"an elliptic curve":      {pkcs8(t, curve), "want an RSA private key"},
		"too short":              {pkcs8(t, short), "1024 bits"},
		"the public one":         {encode(t, "PUBLIC KEY", public, nil), "want an RSA private key"},
		"broken":                 {encode(t, "RSA PRIVATE KEY", []byte("x"), nil), "want an RSA private key"},
	} {
		got, err := cloudfront.ParseKey([]byte(c.text))
		if c.problem == "" && (err != nil || !got.Equal(key(t))) {
			t.Errorf("%s: got error %v, or another key", name, err)
		}
		if c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("%s: got %v, want %s", name, err, c.problem)
		}
	}
}

// parameters answers as Systems Manager does, of the one parameter it has.
func parameters(t *testing.T, name, value string) aws.Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Name           string
			WithDecryption bool
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if asked.Name != name {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"ParameterNotFound"}`)
			return
		}
		if !asked.WithDecryption {
			value = "still encrypted"
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]any{"Name": name, "Type": "SecureString", "Value": value}})
	}))
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "eu-central-1", BaseEndpoint: &server.URL,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
}

func TestTheKeyIsReadFromItsParameter(t *testing.T) {
	got, err := cloudfront.ReadKey(t.Context(), parameters(t, "/darkroom/dev/key", pkcs8(t, key(t))), "/darkroom/dev/key")
	if err != nil || !got.Equal(key(t)) {
		t.Errorf("got error %v, or another key", err)
	}
}

func TestAParameterThatHoldsNoKeyIsNamedAndNotShown(t *testing.T) {
	cfg := parameters(t, "/darkroom/dev/key", "hunter2")
	for _, name := range []string{"/darkroom/dev/key", "/darkroom/dev/other"} {
		_, err := cloudfront.ReadKey(t.Context(), cfg, name)
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
