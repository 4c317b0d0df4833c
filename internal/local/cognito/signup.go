package cognito

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"

	"go.etcd.io/bbolt"
)

// The operations SignUp and ConfirmSignUp, in the names of the Cognito API reference.

type attribute struct {
	Name  string `json:"Name"`
	Value string `json:"Value"`
}

type signUpInput struct {
	ClientID       string      `json:"ClientId"`
	Username       string      `json:"Username"`
	Password       string      `json:"Password"`
	UserAttributes []attribute `json:"UserAttributes"`
}

type signUpAnswer struct {
	CodeDeliveryDetails codeDelivery `json:"CodeDeliveryDetails"`
	UserConfirmed       bool         `json:"UserConfirmed"`
	UserSub             string       `json:"UserSub"`
}

type codeDelivery struct {
	AttributeName  string `json:"AttributeName"`
	DeliveryMedium string `json:"DeliveryMedium"`
	Destination    string `json:"Destination"`
}

// signUp makes an unconfirmed user and logs the code that confirms them. The username is an e-mail address, or any name
// with the address as an attribute; other attributes are not kept: sign-up is open to strangers.
func (p *Pool) signUp(in signUpInput) (signUpAnswer, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return signUpAnswer{}, err
	}
	email, err := in.email()
	if err != nil {
		return signUpAnswer{}, err
	}
	if len([]rune(in.Password)) < minPassword || len(in.Password) > maxPassword {
		return signUpAnswer{}, refuse("InvalidPasswordException",
			"Password did not conform with policy: Password must have %d to %d characters", minPassword, maxPassword)
	}
	u, err := p.newUser(in.Username, email, in.Password)
	if err != nil {
		return signUpAnswer{}, err
	}
	if u.Code, err = p.newCode(); err != nil {
		return signUpAnswer{}, err
	}
	u.CodeExpires = u.Created.Add(codeLasts)
	if err := p.add(u); err != nil {
		return signUpAnswer{}, err
	}
	p.o.Log.Warn("confirmation code", "email", u.Email, "code", u.Code)
	return signUpAnswer{UserSub: u.Sub, CodeDeliveryDetails: codeDelivery{
		AttributeName: "email", DeliveryMedium: "EMAIL", Destination: masked(u.Email),
	}}, nil
}

// email checks the username and returns the address that belongs to it.
func (in signUpInput) email() (string, error) {
	var email string
	for _, a := range in.UserAttributes {
		if a.Name == "email" {
			email = a.Value
		}
	}
	if strings.Contains(in.Username, "@") {
		if email != "" && canonical(email) != canonical(in.Username) {
			return "", errParameter("Username and email attribute are different addresses.")
		}
		return in.Username, checkEmail(in.Username)
	}
	if err := checkUsername(in.Username); err != nil {
		return "", err
	}
	return email, checkEmail(email)
}

func (p *Pool) newCode() (string, error) {
	n, err := rand.Int(p.o.Random, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make confirmation code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

// masked shows as much of an address as Cognito does: its first letter and that of its host.
func masked(email string) string {
	name, host, _ := strings.Cut(email, "@")
	return firstLetter(name) + "***@" + firstLetter(host) + "***"
}

func firstLetter(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

type confirmSignUpInput struct {
	ClientID         string `json:"ClientId"`
	Username         string `json:"Username"`
	ConfirmationCode string `json:"ConfirmationCode"`
}

// confirmSignUp confirms a user who has the code. A wrong code and an unknown user are answered alike.
func (p *Pool) confirmSignUp(in confirmSignUpInput) (struct{}, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return struct{}{}, err
	}
	who, err := p.account(in.Username)
	if err != nil {
		return struct{}{}, err
	}
	attempt := "confirm " + who.Sub
	if !p.attempts.take(attempt) {
		return struct{}{}, refuse("LimitExceededException", "Attempt limit exceeded, please try after some time.")
	}
	if err := p.checkCode(who, in.ConfirmationCode); err != nil {
		return struct{}{}, err
	}
	p.attempts.giveBack(attempt)
	return struct{}{}, p.confirm(who.Sub)
}

func (p *Pool) checkCode(who account, code string) error {
	switch {
	case who.exists && who.Confirmed:
		return refuse(notAuthorized, "User cannot be confirmed. Current status is CONFIRMED")
	case !who.exists || subtle.ConstantTimeCompare([]byte(code), []byte(who.Code)) != 1:
		return refuse("CodeMismatchException", "Invalid verification code provided, please try again.")
	case p.o.Now().After(who.CodeExpires):
		return refuse("ExpiredCodeException", "Invalid code provided, please request a code again.")
	}
	return nil
}

func (p *Pool) confirm(sub string) error {
	err := p.db.Update(func(tx *bbolt.Tx) error {
		var u user
		users := tx.Bucket([]byte(bucketUsers))
		if found, err := getJSON(users, sub, &u); err != nil || !found {
			return err
		}
		u.Confirmed, u.Verified, u.Code = true, true, ""
		return putJSON(users, sub, u)
	})
	if err != nil {
		return fmt.Errorf("confirm user %s: %w", sub, err)
	}
	return nil
}
