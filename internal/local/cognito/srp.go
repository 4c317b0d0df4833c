package cognito

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"math/big"
)

// groupModulus is N: the 3072-bit group of RFC 5054, whose generator Cognito takes as 2.
const groupModulus = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74" +
	"020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437" +
	"4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
	"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05" +
	"98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB" +
	"9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
	"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718" +
	"3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33" +
	"A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
	"ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864" +
	"D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2" +
	"08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"

// srp is the server's half of SRP-6a as Cognito speaks it. It computes; what is secret, random or stored stays with
// its callers.
type srp struct {
	pool    string // part of every password hash and signature
	n, g, k *big.Int
}

func newSRP(pool string) srp {
	n, _ := new(big.Int).SetString(groupModulus, 16)
	g := big.NewInt(2)
	return srp{pool: pool, n: n, g: g, k: hashed(padded(n), padded(g))}
}

// verifier is g^x: what the server keeps instead of a password.
func (s srp) verifier(userID, password string, salt *big.Int) *big.Int {
	inner := sha256.Sum256([]byte(s.pool + userID + ":" + password))
	return new(big.Int).Exp(s.g, hashed(padded(salt), inner[:]), s.n)
}

// acceptable says whether a client's A may be answered: 0 < A < N. For a multiple of N the session key would be known
// to anyone.
func (s srp) acceptable(a *big.Int) bool { return a.Sign() > 0 && a.Cmp(s.n) < 0 }

// public is B = k·v + g^b, the server's answer to A.
func (s srp) public(verifier, b *big.Int) *big.Int {
	kv := new(big.Int).Mul(s.k, verifier)
	return kv.Mod(kv.Add(kv, new(big.Int).Exp(s.g, b, s.n)), s.n)
}

// sessionKey is the key both sides share when the client knew the password, and 16 useless bytes otherwise.
func (s srp) sessionKey(clientA, serverB, verifier, b *big.Int) ([]byte, error) {
	u := hashed(padded(clientA), padded(serverB))
	base := new(big.Int).Exp(verifier, u, s.n)
	base.Mod(base.Mul(base, clientA), s.n)
	secret := new(big.Int).Exp(base, b, s.n)
	return hkdf.Key(sha256.New, padded(secret), padded(u), "Caldera Derived Key", 16)
}

// signature is what a client sends to prove that it has the session key.
func (s srp) signature(key []byte, userID string, secretBlock []byte, timestamp string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(s.pool + userID))
	mac.Write(secretBlock)
	mac.Write([]byte(timestamp))
	return mac.Sum(nil)
}

// padded is a number as the protocol hashes it: big-endian, with a zero byte in front where the top bit is set, as
// Java writes positive numbers. Zero is one zero byte.
func padded(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

func hashed(parts ...[]byte) *big.Int {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return new(big.Int).SetBytes(h.Sum(nil))
}
