package cognito

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"time"

	"go.etcd.io/bbolt"
)

// code is a number that proves that its user reads an address. Its zero value is none, and fits nothing.
type code struct {
	Text    string    `json:"text"`
	Expires time.Time `json:"expires"`
}

// check refuses anything but the code itself, in time.
func (c code) check(given string, now time.Time) error {
	if c.Text == "" || subtle.ConstantTimeCompare([]byte(given), []byte(c.Text)) != 1 {
		return refuse("CodeMismatchException", "Invalid verification code provided, please try again.")
	}
	if now.After(c.Expires) {
		return refuse("ExpiredCodeException", "Invalid code provided, please request a code again.")
	}
	return nil
}

// purpose is what a code is for: what letter and log say of it, how long it lasts, where it goes and where it is kept.
type purpose struct {
	subject string
	logged  string
	lasts   time.Duration
	to      func(user) string
	place   func(*user) *code
}

func toSignUp() purpose {
	return purpose{"Confirm your sign-up", "confirmation code", 24 * time.Hour, user.address,
		func(u *user) *code { return &u.SignUpCode }}
}

func toReset() purpose {
	return purpose{"Choose a new password", "password reset code", time.Hour, user.address,
		func(u *user) *code { return &u.ResetCode }}
}

func toProve() purpose {
	return purpose{"Confirm your address", "address code", 24 * time.Hour, user.unproven,
		func(u *user) *code { return &u.EmailCode }}
}

func (u user) address() string { return u.Email }

// unproven is the address to be proven: the new one, if the user has asked for one.
func (u user) unproven() string { return cmp.Or(u.NewEmail, u.Email) }

// send makes a code for a user, in the place of an earlier one, and puts it where mail would go: into the inbox and into
// the log. How is done to the record at the same time; nil for nothing else.
func (p *Pool) send(sub string, what purpose, how func(*bbolt.Tx, *user) error) error {
	n, err := rand.Int(p.o.Random, big.NewInt(1_000_000))
	if err != nil {
		return fmt.Errorf("make code: %w", err)
	}
	now := p.o.Now().UTC()
	l := letter{Sent: now, Subject: what.subject, Code: fmt.Sprintf("%06d", n)}
	_, err = p.change(sub, func(tx *bbolt.Tx, u *user) error {
		if how != nil {
			if err := how(tx, u); err != nil {
				return err
			}
		}
		*what.place(u) = code{Text: l.Code, Expires: now.Add(what.lasts)}
		l.To = what.to(*u)
		return post(tx, l)
	})
	if err == nil {
		p.o.Log.Warn(what.logged, "email", l.To, "code", l.Code)
	}
	return err
}

// delivery is what a caller learns of a letter.
type delivery struct {
	AttributeName  string `json:"AttributeName"`
	DeliveryMedium string `json:"DeliveryMedium"`
	Destination    string `json:"Destination"`
}

func sentTo(email string) delivery {
	return delivery{AttributeName: "email", DeliveryMedium: "EMAIL", Destination: masked(email)}
}
