package client

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/srp6a"
)

// srp is the client's half of a sign-in by SRP-6a as Cognito speaks it: the password proves itself and stays here.
type srp struct {
	srp6a.Group
	pool string   // of the user pool's id, what follows the underscore
	a    *big.Int // the secret of this sign-in
	bigA *big.Int // what the pool is told of it
}

func newSRP(poolID string) (srp, error) {
	_, name, ok := strings.Cut(poolID, "_")
	if !ok || name == "" {
		return srp{}, gallery.Invalid("cognito.userPoolId", "cognito.userPoolId is not a region, an underscore and a name")
	}
	secret := make([]byte, 32) // RFC 5054 asks for 256 bits
	if _, err := rand.Read(secret); err != nil {
		return srp{}, err
	}
	all, a := srp6a.NewGroup(), new(big.Int).SetBytes(secret)
	return srp{Group: all, pool: name, a: a, bigA: new(big.Int).Exp(all.G, a, all.N)}, nil
}

// answer is what Cognito's challenge PASSWORD_VERIFIER is answered with.
func (s srp) answer(challenge map[string]string, password string, now time.Time) (map[string]string, error) {
	bigB, okB := new(big.Int).SetString(challenge["SRP_B"], 16)
	salt, okSalt := new(big.Int).SetString(challenge["SALT"], 16)
	block, err := base64.StdEncoding.DecodeString(challenge["SECRET_BLOCK"])
	if err != nil || !okB || !okSalt || new(big.Int).Mod(bigB, s.N).Sign() == 0 {
		return nil, errors.New("cognito's challenge cannot be answered")
	}
	user := challenge["USER_ID_FOR_SRP"]
	key, err := s.key(bigB, salt, user, password)
	if err != nil {
		return nil, err
	}
	stamp := now.UTC().Format("Mon Jan 2 15:04:05 UTC 2006")
	return map[string]string{
		"USERNAME": user, "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"], "TIMESTAMP": stamp,
		"PASSWORD_CLAIM_SIGNATURE": base64.StdEncoding.EncodeToString(srp6a.Signature(key, s.pool, user, block, stamp)),
	}, nil
}

// key is the key that both sides share if the password is right: from (B - k·g^x) ^ (a + u·x).
func (s srp) key(bigB, salt *big.Int, user, password string) ([]byte, error) {
	x, u := srp6a.X(s.pool, user, password, salt), srp6a.Hash(srp6a.Bytes(s.bigA), srp6a.Bytes(bigB))
	base := new(big.Int).Exp(s.G, x, s.N)
	base.Mod(base.Sub(bigB, base.Mul(base, s.K)), s.N)
	secret := base.Exp(base, new(big.Int).Add(s.a, new(big.Int).Mul(u, x)), s.N)
	return srp6a.Key(secret, u)
}
