package cognito

import (
	"context"
	"errors"

	"go.etcd.io/bbolt"
)

// The operations ForgotPassword and ConfirmForgotPassword, in the names of the Cognito API reference.

// forgotPassword sends a code to whom it can reach, and answers all others the same.
func (p *Pool) forgotPassword(_ context.Context, in usernameInput) (deliveryAnswer, error) {
	return p.askForCode(in, toReset(), func(u user) bool { return u.Confirmed && u.Verified })
}

type confirmForgotPasswordInput struct {
	ClientID         string            `json:"ClientId"`
	Username         string            `json:"Username"`
	ConfirmationCode string            `json:"ConfirmationCode"`
	Password         string            `json:"Password"`
	ClientMetadata   map[string]string `json:"ClientMetadata"`
}

// confirmForgotPassword lets who has the code choose a password, once. Sessions go on, as on AWS.
func (p *Pool) confirmForgotPassword(ctx context.Context, in confirmForgotPasswordInput) (struct{}, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return struct{}{}, err
	}
	if err := p.checkPassword(in.Password); err != nil {
		return struct{}{}, err
	}
	who, err := p.account(in.Username)
	if err != nil {
		return struct{}{}, err
	}
	attempt := "reset " + who.Sub
	if !p.attempts.take(attempt) {
		return struct{}{}, errLimit()
	}
	err = p.setPassword(who.Sub, in.Password, func(u *user) error {
		err := u.ResetCode.check(in.ConfirmationCode, p.o.Now())
		u.ResetCode = code{}
		return err
	})
	if errors.Is(err, errGone) { // or never was
		err = code{}.check(in.ConfirmationCode, p.o.Now())
	}
	if err != nil {
		return struct{}{}, err
	}
	p.attempts.giveBack(attempt)
	return struct{}{}, p.tellConfirmed(ctx, "PostConfirmation_ConfirmForgotPassword", who.user, in.ClientMetadata)
}

// prove takes the code for the user's new address, or for the one they have.
func (p *Pool) prove(sub, given string) error {
	attempt := "prove " + sub
	if !p.attempts.take(attempt) {
		return errLimit()
	}
	_, err := p.change(sub, func(tx *bbolt.Tx, u *user) error {
		if err := u.EmailCode.check(given, p.o.Now()); err != nil {
			return err
		}
		address := u.unproven()
		u.Verified, u.EmailCode, u.NewEmail = true, code{}, ""
		if address == u.Email {
			return nil
		}
		return rename(tx, u, address)
	})
	if err == nil {
		p.attempts.giveBack(attempt)
	}
	return err
}
