package cognito

import (
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"math/big"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
)

const (
	maxUsers    = 10_000 // of one pool: sign-up is open to strangers
	maxUsername = 128    // runes
	maxEmail    = 254    // bytes
	maxPassword = 256    // bytes
	saltSize    = 16     // bytes
)

// user is a record of the file.
type user struct {
	Sub       string    `json:"sub"`
	Username  string    `json:"username"` // the sub of users who signed up with an e-mail address as username
	Email     string    `json:"email"`
	Verified  bool      `json:"emailVerified"`
	Confirmed bool      `json:"confirmed"`
	Salt      []byte    `json:"salt"`
	Verifier  []byte    `json:"verifier"` // SRP's; the password itself is not kept
	Created   time.Time `json:"created"`

	Attributes map[string]string `json:"attributes,omitempty"` // those that are the user's own to choose
	Groups     []string          `json:"groups,omitempty"`

	SignUpCode code   `json:"signUpCode,omitzero"`
	ResetCode  code   `json:"resetCode,omitzero"`
	EmailCode  code   `json:"emailCode,omitzero"`
	NewEmail   string `json:"newEmail,omitempty"` // takes the place of Email once EmailCode was given
}

// account is whoever a name stands for: a user, or a stand-in for one who does not exist. Stand-ins look the same from
// outside, always the same for the same name, and no password opens them.
type account struct {
	user
	exists bool
}

func (u user) salt() *big.Int     { return new(big.Int).SetBytes(u.Salt) }
func (u user) verifier() *big.Int { return new(big.Int).SetBytes(u.Verifier) }

// names are what the user can sign in with.
func (u user) names() []string { return []string{u.Username, u.Email} }

// canonical is the form in which e-mail addresses and usernames are kept and compared: case means nothing.
func canonical(name string) string { return strings.ToLower(name) }

// account finds whoever signs in as name.
func (p *Pool) account(name string) (account, error) {
	u, found, err := p.userNamed(name)
	if err != nil || found {
		return account{user: u, exists: found}, err
	}
	return p.standIn(canonical(name))
}

// userNamed finds a user by e-mail address or username.
func (p *Pool) userNamed(name string) (u user, found bool, err error) {
	err = p.db.View(func(tx *bbolt.Tx) error {
		sub := tx.Bucket([]byte(bucketNames)).Get([]byte(canonical(name)))
		if sub == nil {
			return nil
		}
		found, err = getJSON(tx.Bucket([]byte(bucketUsers)), string(sub), &u)
		return err
	})
	if err != nil {
		return user{}, false, fmt.Errorf("find user %q: %w", name, err)
	}
	return u, found, nil
}

func (p *Pool) userBySub(sub string) (u user, found bool, err error) {
	err = p.db.View(func(tx *bbolt.Tx) error {
		found, err = getJSON(tx.Bucket([]byte(bucketUsers)), sub, &u)
		return err
	})
	if err != nil {
		return user{}, false, fmt.Errorf("find user %s: %w", sub, err)
	}
	return u, found, nil
}

// standIn makes up the user that name could have been. Its verifier is a number of which nobody knows a password.
func (p *Pool) standIn(name string) (account, error) {
	text, err := hkdf.Key(sha256.New, p.secret, []byte(name), "stand-in", 16+saltSize+384+2)
	if err != nil {
		return account{}, fmt.Errorf("make stand-in: %w", err)
	}
	id := uuid.UUID(text[:16])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version and variant of a random one
	sub := id.String()
	if _, err := uuid.Parse(name); err == nil {
		sub = name // a user's sub is also their username
	}
	email := name
	if !strings.Contains(name, "@") {
		email = string([]byte{'a' + text[16+saltSize+384]%26, '@', 'a' + text[16+saltSize+385]%26})
	}
	verifier := new(big.Int).SetBytes(text[16+saltSize : 16+saltSize+384])
	return account{user: user{
		Sub: sub, Username: sub, Email: email,
		Salt: text[16 : 16+saltSize], Verifier: verifier.Mod(verifier, p.srp.N).Bytes(),
	}}, nil
}

// newUser makes the record of a user who signs up as username, an e-mail address or a name, with that password.
func (p *Pool) newUser(username, email, password string) (user, error) {
	id, err := uuid.NewRandomFromReader(p.o.Random)
	if err != nil {
		return user{}, fmt.Errorf("make user id: %w", err)
	}
	u := user{Sub: id.String(), Username: canonical(username), Email: canonical(email), Created: p.o.Now().UTC()}
	if u.Username == u.Email {
		u.Username = u.Sub
	}
	u.Salt, u.Verifier, err = p.secretOf(u.Sub, password)
	return u, err
}

// secretOf is what is kept of a password.
func (p *Pool) secretOf(sub, password string) (salt, verifier []byte, err error) {
	if salt, err = p.random(saltSize); err != nil {
		return nil, nil, err
	}
	return salt, p.srp.verifier(sub, password, new(big.Int).SetBytes(salt)).Bytes(), nil
}

// isPassword tells whether that is the user's password. It takes some milliseconds of CPU: bound the attempts.
func (p *Pool) isPassword(u user, password string) bool {
	got := p.srp.verifier(u.Sub, password, u.salt())
	return subtle.ConstantTimeCompare(got.Bytes(), u.Verifier) == 1
}

// checkPassword refuses what may not become a password.
func (p *Pool) checkPassword(password string) error {
	if len([]rune(password)) < p.o.MinPassword {
		return refuse("InvalidPasswordException", "Password did not conform with policy: Password not long enough")
	}
	if len(password) > maxPassword {
		return refuse("InvalidPasswordException", "Password did not conform with policy: Password must not have more than %d bytes", maxPassword)
	}
	return nil
}

// checkEmail accepts one plain address.
func checkEmail(email string) error {
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > maxEmail {
		return errParameter("Invalid email address format.")
	}
	return nil
}

// checkUsername accepts what Cognito does, but for UUIDs: those are given to users by the pool.
func checkUsername(name string) error {
	ok := name != "" && len([]rune(name)) <= maxUsername
	for _, r := range name {
		ok = ok && unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != unicode.ReplacementChar
	}
	if _, err := uuid.Parse(name); !ok || err == nil {
		return errParameter("Username must be 1 to %d visible characters, and no UUID.", maxUsername)
	}
	return nil
}
