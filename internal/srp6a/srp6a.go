// Package srp6a is what both sides of a sign-in by SRP-6a, as Cognito speaks it, compute alike.
package srp6a

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"math/big"
)

// modulus is N: the 3072-bit group of RFC 5054, whose generator Cognito takes as 2.
const modulus = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74" +
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

// Digits is how many hexadecimal digits a number of the group has at most.
const Digits = len(modulus)

// Group is what every pool has in common. It is not to be changed.
type Group struct{ N, G, K *big.Int }

// NewGroup makes the group.
func NewGroup() Group {
	n, _ := new(big.Int).SetString(modulus, 16)
	g := big.NewInt(2)
	return Group{N: n, G: g, K: Hash(Bytes(n), Bytes(g))}
}

// X is the secret that a password stands for. The pool is its name: what follows the underscore of its id.
func X(pool, user, password string, salt *big.Int) *big.Int {
	inner := sha256.Sum256([]byte(pool + user + ":" + password))
	return Hash(Bytes(salt), inner[:])
}

// Key is the session's, of 16 bytes, from the shared secret and the hash of both public numbers.
func Key(secret, u *big.Int) ([]byte, error) {
	return hkdf.Key(sha256.New, Bytes(secret), Bytes(u), "Caldera Derived Key", 16)
}

// Signature is what a client sends to prove that it has the session key.
func Signature(key []byte, pool, user string, secretBlock []byte, timestamp string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(pool + user))
	mac.Write(secretBlock)
	mac.Write([]byte(timestamp))
	return mac.Sum(nil)
}

// Bytes is a number as the protocol hashes it: big-endian, with a zero byte in front where the top bit is set, as
// Java writes positive numbers. Zero is one zero byte.
func Bytes(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

// Hash is the SHA-256 of some parts, as a number.
func Hash(parts ...[]byte) *big.Int {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return new(big.Int).SetBytes(h.Sum(nil))
}
