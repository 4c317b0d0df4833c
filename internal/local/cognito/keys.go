package cognito

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
)

// signer is the pool's key pair under the id that tokens and key set know it by.
type signer struct {
	id   string
	pair *rsa.PrivateKey
}

// newSigner names the key after its modulus, so the name lasts as long as the key.
func newSigner(pair *rsa.PrivateKey) signer {
	sum := sha256.Sum256(pair.N.Bytes())
	return signer{id: base64.RawURLEncoding.EncodeToString(sum[:]), pair: pair}
}

// keySet is the JSON of RFC 7517.
type keySet struct {
	Keys []publicKey `json:"keys"`
}

type publicKey struct {
	Alg string `json:"alg"`
	E   string `json:"e"`
	Kid string `json:"kid"`
	Kty string `json:"kty"`
	N   string `json:"n"`
	Use string `json:"use"`
}

func (s signer) keySet() keySet {
	return keySet{Keys: []publicKey{{
		Alg: "RS256", Kty: "RSA", Use: "sig", Kid: s.id,
		E: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(s.pair.E)).Bytes()),
		N: base64.RawURLEncoding.EncodeToString(s.pair.N.Bytes()),
	}}}
}

// discovery is the part of OpenID's discovery document that verifiers read.
type discovery struct {
	Issuer        string   `json:"issuer"`
	JWKSURI       string   `json:"jwks_uri"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	ResponseTypes []string `json:"response_types_supported"`
	SubjectTypes  []string `json:"subject_types_supported"`
}

func (p *Pool) discovery() discovery {
	return discovery{
		Issuer: p.o.Issuer, JWKSURI: p.o.Issuer + jwksPath, Algorithms: []string{"RS256"},
		ResponseTypes: []string{"code", "token"}, SubjectTypes: []string{"public"},
	}
}
