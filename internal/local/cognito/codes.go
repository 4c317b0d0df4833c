package cognito

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"errors"
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
	return purpose{"Confirm your sign-up", "confirmation code", 24 * time.Hour, user.mailbox,
		func(u *user) *code { return &u.SignUpCode }}
}

func toReset() purpose {
	return purpose{"Choose a new password", "password reset code", time.Hour, user.mailbox,
		func(u *user) *code { return &u.ResetCode }}
}

func toProve() purpose {
	return purpose{"Confirm your address", "address code", 24 * time.Hour, user.unproven,
		func(u *user) *code { return &u.EmailCode }}
}

func (u user) mailbox() string { return u.Email }

// unproven is the address to be proven: the new one, if the user has asked for one.
func (u user) unproven() string { return cmp.Or(u.NewEmail, u.Email) }

// newLetter is a letter with a new code in it, and nobody's yet.
func (p *Pool) newLetter(what purpose) (letter, error) {
	n, err := rand.Int(p.o.Random, big.NewInt(1_000_000))
	if err != nil {
		return letter{}, fmt.Errorf("make code: %w", err)
	}
	return letter{Sent: p.o.Now().UTC(), Subject: what.subject, Code: fmt.Sprintf("%06d", n)}, nil
}

// address makes a letter's code the user's, in the place of an earlier one, and the letter theirs.
func (what purpose) address(l *letter, u *user) {
	*what.place(u) = code{Text: l.Code, Expires: l.Sent.Add(what.lasts)}
	l.To = what.to(*u)
}

// send makes a code for a user and puts it where mail would go: into the inbox and into the log. How is done to the record
// at the same time; nil for nothing else.
func (p *Pool) send(sub string, what purpose, how func(*bbolt.Tx, *user) error) error {
	l, err := p.newLetter(what)
	if err != nil {
		return err
	}
	_, err = p.change(sub, func(tx *bbolt.Tx, u *user) error {
		if how != nil {
			if err := how(tx, u); err != nil {
				return err
			}
		}
		what.address(&l, u)
		return post(tx, l, true)
	})
	if err == nil {
		p.o.Log.Warn(what.logged, "email", l.To, "code", l.Code)
	}
	return err
}

// sendIf sends a code to whom a stranger names, if one is due to them. Else it writes the same, to the stand-in or to the
// user who needs none, and takes it back before anybody can see it: how long it takes must not tell who has an account.
func (p *Pool) sendIf(name string, who account, what purpose, due func(user) bool) error {
	l, err := p.newLetter(what)
	if err != nil {
		return err
	}
	sent := false
	err = p.db.Update(func(tx *bbolt.Tx) error {
		users, u := tx.Bucket([]byte(bucketUsers)), who.user
		found, err := getJSON(users, who.Sub, &u)
		if err != nil {
			return err
		}
		before := bytes.Clone(users.Get([]byte(who.Sub)))
		sent = found && due(u)
		what.address(&l, &u)
		if err := errors.Join(putJSON(users, who.Sub, u), post(tx, l, sent)); err != nil || sent {
			return err
		}
		if found {
			return users.Put([]byte(who.Sub), before)
		}
		return users.Delete([]byte(who.Sub))
	})
	switch {
	case err != nil:
		return fmt.Errorf("send a code to %.*q: %w", maxEmail, name, err)
	case sent:
		p.o.Log.Warn(what.logged, "email", l.To, "code", l.Code)
	default: // as loud as the other, for the same reason
		p.o.Log.Warn("no "+what.logged+" is due", "name", fmt.Sprintf("%.*s", maxEmail, name))
	}
	return nil
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
