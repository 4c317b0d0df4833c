package cognito

import (
	"math/big"

	"github.com/darkroom/darkroom/internal/srp6a"
)

// srp is the server's half of SRP-6a as Cognito speaks it. It computes; what is secret, random or stored stays with
// its callers.
type srp struct {
	pool string // part of every password hash and signature
	srp6a.Group
}

func newSRP(pool string) srp { return srp{pool: pool, Group: srp6a.NewGroup()} }

// verifier is g^x: what the server keeps instead of a password.
func (s srp) verifier(userID, password string, salt *big.Int) *big.Int {
	return new(big.Int).Exp(s.G, srp6a.X(s.pool, userID, password, salt), s.N)
}

// acceptable says whether a client's A may be answered: 0 < A < N. For a multiple of N the session key would be known
// to anyone.
func (s srp) acceptable(a *big.Int) bool { return a.Sign() > 0 && a.Cmp(s.N) < 0 }

// public is B = k·v + g^b, the server's answer to A.
func (s srp) public(verifier, b *big.Int) *big.Int {
	kv := new(big.Int).Mul(s.K, verifier)
	return kv.Mod(kv.Add(kv, new(big.Int).Exp(s.G, b, s.N)), s.N)
}

// sessionKey is the key both sides share when the client knew the password, and 16 useless bytes otherwise.
func (s srp) sessionKey(clientA, serverB, verifier, b *big.Int) ([]byte, error) {
	u := srp6a.Hash(srp6a.Bytes(clientA), srp6a.Bytes(serverB))
	base := new(big.Int).Exp(verifier, u, s.N)
	base.Mod(base.Mul(base, clientA), s.N)
	secret := new(big.Int).Exp(base, b, s.N)
	return srp6a.Key(secret, u)
}

// signature is what a client sends to prove that it has the session key.
func (s srp) signature(key []byte, userID string, secretBlock []byte, timestamp string) []byte {
	return srp6a.Signature(key, s.pool, userID, secretBlock, timestamp)
}
