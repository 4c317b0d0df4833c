package cognito

import (
	"context"
	"errors"
	"strings"

	"go.etcd.io/bbolt"
)

// The operations SignUp, ConfirmSignUp and ResendConfirmationCode, in the names of the Cognito API reference.

type signUpInput struct {
	ClientID       string            `json:"ClientId"`
	Username       string            `json:"Username"`
	Password       string            `json:"Password"`
	UserAttributes []attribute       `json:"UserAttributes"`
	ValidationData []attribute       `json:"ValidationData"`
	ClientMetadata map[string]string `json:"ClientMetadata"`
}

type signUpAnswer struct {
	CodeDeliveryDetails *delivery `json:"CodeDeliveryDetails,omitempty"` // nothing is sent to who is confirmed at once
	UserConfirmed       bool      `json:"UserConfirmed"`
	UserSub             string    `json:"UserSub"`
}

// signUp makes an unconfirmed user and sends the code that confirms them. The username is an e-mail address, or any name
// with the address as an attribute. A PreSignUp trigger may refuse them, or confirm them at once.
func (p *Pool) signUp(ctx context.Context, in signUpInput) (signUpAnswer, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return signUpAnswer{}, err
	}
	email, err := in.email()
	if err != nil {
		return signUpAnswer{}, err
	}
	chosen, err := chosenAttributes(in.UserAttributes)
	if err != nil {
		return signUpAnswer{}, err
	}
	if err := p.checkPassword(in.Password); err != nil {
		return signUpAnswer{}, err
	}
	u, err := p.newUser(in.Username, email, in.Password)
	if err != nil {
		return signUpAnswer{}, err
	}
	u.Attributes = chosen
	about := asked{validation: named(in.ValidationData), metadata: in.ClientMetadata}
	allowed, err := p.ask(ctx, "PreSignUp_SignUp", account{user: u, exists: true}, about)
	if err != nil {
		return signUpAnswer{}, err
	}
	u.Confirmed, u.Verified = allowed.AutoConfirmUser, allowed.AutoVerifyEmail
	if err := p.add(u); err != nil {
		return signUpAnswer{}, err
	}
	answer := signUpAnswer{UserSub: u.Sub, UserConfirmed: u.Confirmed}
	if u.Confirmed {
		return answer, p.tellConfirmed(ctx, "PostConfirmation_ConfirmSignUp", u, in.ClientMetadata)
	}
	sent := sentTo(u.Email)
	answer.CodeDeliveryDetails = &sent
	return answer, p.send(u.Sub, toSignUp(), nil)
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
	ClientID         string            `json:"ClientId"`
	Username         string            `json:"Username"`
	ConfirmationCode string            `json:"ConfirmationCode"`
	ClientMetadata   map[string]string `json:"ClientMetadata"`
}

// confirmSignUp confirms a user who has the code. A wrong code and an unknown user are answered alike.
func (p *Pool) confirmSignUp(ctx context.Context, in confirmSignUpInput) (struct{}, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return struct{}{}, err
	}
	who, err := p.account(in.Username)
	if err != nil {
		return struct{}{}, err
	}
	attempt := "confirm " + who.Sub
	if !p.attempts.take(attempt) {
		return struct{}{}, errLimit()
	}
	confirmed, err := p.change(who.Sub, func(_ *bbolt.Tx, u *user) error {
		if u.Confirmed {
			return refuse(notAuthorized, "User cannot be confirmed. Current status is CONFIRMED")
		}
		if err := u.SignUpCode.check(in.ConfirmationCode, p.o.Now()); err != nil {
			return err
		}
		u.Confirmed, u.Verified, u.SignUpCode = true, true, code{}
		return nil
	})
	if errors.Is(err, errGone) { // or never was
		err = code{}.check(in.ConfirmationCode, p.o.Now())
	}
	if err != nil {
		return struct{}{}, err
	}
	p.attempts.giveBack(attempt)
	return struct{}{}, p.tellConfirmed(ctx, "PostConfirmation_ConfirmSignUp", confirmed, in.ClientMetadata)
}

type usernameInput struct {
	ClientID string `json:"ClientId"`
	Username string `json:"Username"`
}

type deliveryAnswer struct {
	CodeDeliveryDetails delivery `json:"CodeDeliveryDetails"`
}

// resendConfirmationCode sends a new code to a user who still needs one. All others, who do not exist or are confirmed,
// are answered the same, so that nobody can ask who has an account.
func (p *Pool) resendConfirmationCode(_ context.Context, in usernameInput) (deliveryAnswer, error) {
	return p.askForCode(in, toSignUp(), func(u user) bool { return !u.Confirmed })
}

// askForCode sends a code to whoever a name stands for, if they are due one, and answers as if they were.
func (p *Pool) askForCode(in usernameInput, what purpose, due func(user) bool) (deliveryAnswer, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return deliveryAnswer{}, err
	}
	if in.Username == "" {
		return deliveryAnswer{}, errParameter("Missing required parameter USERNAME")
	}
	who, err := p.account(in.Username)
	if err != nil {
		return deliveryAnswer{}, err
	}
	if !p.attempts.take("send " + who.Sub) {
		return deliveryAnswer{}, errLimit()
	}
	return deliveryAnswer{sentTo(who.Email)}, p.sendIf(in.Username, who, what, due)
}
