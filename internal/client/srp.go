package client

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"time"
)

// srpModulus is N: the 3072-bit group of RFC 5054, whose generator Cognito takes as 2.
const srpModulus = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74" +
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

// srp is the client's half of a sign-in by SRP-6a as Cognito speaks it: the password proves itself and stays here.
type srp struct {
	pool    string   // of the user pool's id, what follows the underscore
	n, g, k *big.Int // the group
	a       *big.Int // the secret of this sign-in
	bigA    *big.Int // what the pool is told of it
}

func newSRP(poolID string) (srp, error) {
	_, name, ok := strings.Cut(poolID, "_")
	if !ok || name == "" {
		return srp{}, errors.New("cognito.userPoolId is not a region, an underscore and a name")
	}
	secret := make([]byte, 32) // RFC 5054 asks for 256 bits
	if _, err := rand.Read(secret); err != nil {
		return srp{}, err
	}
	n, _ := new(big.Int).SetString(srpModulus, 16)
	g, a := big.NewInt(2), new(big.Int).SetBytes(secret)
	return srp{
		pool: name, n: n, g: g, k: srpHash(srpBytes(n), srpBytes(g)), a: a, bigA: new(big.Int).Exp(g, a, n),
	}, nil
}

// answer is what Cognito's challenge PASSWORD_VERIFIER is answered with.
func (s srp) answer(challenge map[string]string, password string, now time.Time) (map[string]string, error) {
	bigB, okB := new(big.Int).SetString(challenge["SRP_B"], 16)
	salt, okSalt := new(big.Int).SetString(challenge["SALT"], 16)
	block, err := base64.StdEncoding.DecodeString(challenge["SECRET_BLOCK"])
	if err != nil || !okB || !okSalt || new(big.Int).Mod(bigB, s.n).Sign() == 0 {
		return nil, errors.New("cognito's challenge cannot be answered")
	}
	user := challenge["USER_ID_FOR_SRP"]
	key, err := s.key(bigB, salt, user, password)
	if err != nil {
		return nil, err
	}
	stamp := now.UTC().Format("Mon Jan 2 15:04:05 UTC 2006")
	mac := hmac.New(sha256.New, key)
	for _, part := range [][]byte{[]byte(s.pool + user), block, []byte(stamp)} {
		mac.Write(part)
	}
	return map[string]string{
		"USERNAME": user, "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"], "TIMESTAMP": stamp,
		"PASSWORD_CLAIM_SIGNATURE": base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	}, nil
}

// key is the key that both sides share if the password is right: from (B - k·g^x) ^ (a + u·x).
func (s srp) key(bigB, salt *big.Int, user, password string) ([]byte, error) {
	inner := sha256.Sum256([]byte(s.pool + user + ":" + password))
	x, u := srpHash(srpBytes(salt), inner[:]), srpHash(srpBytes(s.bigA), srpBytes(bigB))
	base := new(big.Int).Exp(s.g, x, s.n)
	base.Mod(base.Sub(bigB, base.Mul(base, s.k)), s.n)
	secret := base.Exp(base, new(big.Int).Add(s.a, new(big.Int).Mul(u, x)), s.n)
	return hkdf.Key(sha256.New, srpBytes(secret), srpBytes(u), "Caldera Derived Key", 16)
}

// srpBytes is a number as the protocol hashes it: with a zero byte in front where the top bit is set.
func srpBytes(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

func srpHash(parts ...[]byte) *big.Int {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return new(big.Int).SetBytes(h.Sum(nil))
}
