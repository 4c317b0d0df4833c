package cognito_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
)

// srpClient is the other half of the protocol, written from its description on hexadecimal text as browsers do it, and
// sharing no code with the pool.
type srpClient struct {
	n, a, bigA *big.Int
}

const modulus3072 = "" +
	"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
	"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
	"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
	"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
	"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
	"15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
	"ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
	"BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"

func newSRPClient() srpClient {
	n := fromHex(modulus3072)
	secret := make([]byte, 128)
	rand.Read(secret)
	a := new(big.Int).SetBytes(secret)
	return srpClient{n: n, a: a, bigA: new(big.Int).Exp(big.NewInt(2), a, n)}
}

// sign answers a PASSWORD_VERIFIER challenge.
func (c srpClient) sign(challenge object, password, timestamp string) string {
	bigB, salt := fromHex(challenge.at("SRP_B")), fromHex(challenge.at("SALT"))
	user := challenge.at("USER_ID_FOR_SRP")
	u := fromHex(hexHash(padHex(c.bigA) + padHex(bigB)))
	inner := sha256.Sum256([]byte(poolName + user + ":" + password))
	x := fromHex(hexHash(padHex(salt) + hex.EncodeToString(inner[:])))
	k := fromHex(hexHash(padHex(c.n) + padHex(big.NewInt(2))))

	// S = (B - k·g^x) ^ (a + u·x)
	kgx := new(big.Int).Mul(k, new(big.Int).Exp(big.NewInt(2), x, c.n))
	base := new(big.Int).Mod(new(big.Int).Sub(bigB, kgx), c.n)
	power := new(big.Int).Add(c.a, new(big.Int).Mul(u, x))
	s := new(big.Int).Exp(base, power, c.n)

	prk := hmacOf(unhex(padHex(u)), unhex(padHex(s)))
	key := hmacOf(prk, []byte("Caldera Derived Key\x01"))[:16]
	block, err := base64.StdEncoding.DecodeString(challenge.at("SECRET_BLOCK"))
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(hmacOf(key, []byte(poolName+user), block, []byte(timestamp)))
}

func padHex(n *big.Int) string {
	s := n.Text(16)
	if len(s)%2 == 1 {
		return "0" + s
	}
	if s[0] >= '8' {
		return "00" + s
	}
	return s
}

func hexHash(s string) string {
	sum := sha256.Sum256(unhex(s))
	return hex.EncodeToString(sum[:])
}

func hmacOf(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func fromHex(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic("not hexadecimal: " + s)
	}
	return n
}

const timestamp = "Fri May 1 12:00:00 UTC 2026"

// challenged begins an SRP sign-in and returns the challenge's parameters.
func (w *world) challenged(name string, c srpClient) object {
	w.t.Helper()
	out, kind := w.call("InitiateAuth", object{"AuthFlow": "USER_SRP_AUTH", "ClientId": clientID,
		"AuthParameters": object{"USERNAME": name, "SRP_A": c.bigA.Text(16)}})
	if kind != "" || out.at("ChallengeName") != "PASSWORD_VERIFIER" {
		w.t.Fatalf("SRP challenge for %s: %v", name, out)
	}
	parameters, _ := out["ChallengeParameters"].(map[string]any)
	return parameters
}

func (w *world) respond(username string, challenge object, signature string) (object, string) {
	w.t.Helper()
	return w.call("RespondToAuthChallenge", object{"ChallengeName": "PASSWORD_VERIFIER", "ClientId": clientID,
		"ChallengeResponses": object{
			"USERNAME": username, "PASSWORD_CLAIM_SECRET_BLOCK": challenge.at("SECRET_BLOCK"),
			"TIMESTAMP": timestamp, "PASSWORD_CLAIM_SIGNATURE": signature,
		}})
}

func (w *world) srpSignIn(name, password string) (object, string) {
	w.t.Helper()
	c := newSRPClient()
	challenge := w.challenged(name, c)
	return w.respond(challenge.at("USER_ID_FOR_SRP"), challenge, c.sign(challenge, password, timestamp))
}
