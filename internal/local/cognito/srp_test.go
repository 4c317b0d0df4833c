package cognito

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"os"
	"testing"
)

// TestSRPAgreesWithAmplify runs sign-ins whose client half was computed by aws-amplify 6.22.1 itself.
func TestSRPAgreesWithAmplify(t *testing.T) {
	text, err := os.ReadFile("testdata/amplify_srp.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Pool, User, Password, Salt, ClientA, B, ServerB, SecretBlock, Timestamp, Signature string
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if got, want := len(vectors), 32; got != want {
		t.Fatalf("%d vectors, want %d", got, want)
	}
	number := func(t *testing.T, hex string) *big.Int {
		t.Helper()
		n, ok := new(big.Int).SetString(hex, 16)
		if !ok {
			t.Fatalf("%q is not a number", hex)
		}
		return n
	}
	for _, v := range vectors {
		t.Run(v.User+" with "+v.Password, func(t *testing.T) {
			s := newSRP(v.Pool)
			verifier, b := s.verifier(v.User, v.Password, number(t, v.Salt)), number(t, v.B)
			serverB := s.public(verifier, b)
			if got, want := serverB.Text(16), v.ServerB; got != want {
				t.Fatalf("B = %s, want %s", got, want)
			}
			key, err := s.sessionKey(number(t, v.ClientA), serverB, verifier, b)
			if err != nil {
				t.Fatal(err)
			}
			block, err := base64.StdEncoding.DecodeString(v.SecretBlock)
			if err != nil {
				t.Fatal(err)
			}
			got := base64.StdEncoding.EncodeToString(s.signature(key, v.User, block, v.Timestamp))
			if want := v.Signature; got != want {
				t.Errorf("signature = %s, want %s", got, want)
			}
		})
	}
}

func BenchmarkSRPAnswer(b *testing.B) {
	s := newSRP("Dev0001")
	verifier := s.verifier("user", "password", big.NewInt(12345))
	secret, _ := new(big.Int).SetString("123456789abcdef0fedcba9876543210123456789abcdef0fedcba9876543210", 16)
	clientA := new(big.Int).Exp(s.G, secret, s.N)
	for b.Loop() {
		if _, err := s.sessionKey(clientA, s.public(verifier, secret), verifier, secret); err != nil {
			b.Fatal(err)
		}
	}
}
