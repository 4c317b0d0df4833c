// Package auth is the Lambda that Cognito asks about its users: who may join, and who may sign in.
package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cognito"
)

// What a user reads of a refusal: Cognito puts "PreSignUp failed with error " before it, and a full stop after it.
var (
	errUninvited = errors.New("this address may not join")
	errSuspended = errors.New("this account is suspended")
	errLater     = errors.New("sign-in is out of order, try again in a moment")
)

// Accounts keeps the users' records.
type Accounts interface {
	// Account reads one; a user without a record has an empty one.
	Account(ctx context.Context, owner gallery.Owner) (gallery.Account, error)
	// Warm makes one that is missing.
	Warm(ctx context.Context, owner gallery.Owner) error
}

// Handler answers Cognito's triggers. Cognito calls again what it hears nothing of within 5 s, up to three times: the
// checks change nothing, and an account is made once.
type Handler struct {
	Members  gallery.Membership
	Accounts Accounts
	Log      *slog.Logger
}

// Handle answers one trigger. An error is a refusal, and its text reaches the user.
func (h Handler) Handle(ctx context.Context, t cognito.Trigger) (cognito.Trigger, error) {
	switch t.Kind() {
	case cognito.PreSignUp:
		return h.mayJoin(ctx, t)
	case cognito.PreAuthentication:
		return t, h.maySignIn(ctx, t)
	case cognito.PostConfirmation:
		h.welcome(ctx, t)
		return t, nil
	}
	return t, fmt.Errorf("no answer to the trigger %q", t.Source)
}

// mayJoin refuses who is not among the members. Who is still proves that the address is theirs: nobody is confirmed here.
func (h Handler) mayJoin(ctx context.Context, t cognito.Trigger) (cognito.Trigger, error) {
	if !t.ByOperator() && !h.Members.Admits(t.Request.UserAttributes["email"]) {
		h.Log.InfoContext(ctx, "refused", "trigger", t.Source, "user", t.UserName, "reason", "not a member")
		return t, errUninvited
	}
	t.Response = cognito.Unconfirmed()
	return t, nil
}

// maySignIn refuses who is suspended, and everybody while that cannot be found out. Of a name that is nobody's there is
// nothing to find out; Cognito refuses it as it does a wrong password.
func (h Handler) maySignIn(ctx context.Context, t cognito.Trigger) error {
	if t.Request.UserNotFound {
		return nil
	}
	owner, err := t.Owner()
	if err != nil {
		h.Log.ErrorContext(ctx, "refused", "trigger", t.Source, "user", t.UserName, "error", err)
		return errLater
	}
	account, err := h.Accounts.Account(ctx, owner)
	switch {
	case err != nil:
		h.Log.ErrorContext(ctx, "refused", "trigger", t.Source, "user", t.UserName, "error", err)
		return errLater
	case !account.SuspendedAt.IsZero():
		h.Log.InfoContext(ctx, "refused", "trigger", t.Source, "user", t.UserName, "reason", "suspended")
		return errSuspended
	}
	return nil
}

// welcome makes the account of a user who was confirmed, and sees to it again after a forgotten password. Its failure is
// no refusal: the user is confirmed already, and the first upload makes an account that is missing.
func (h Handler) welcome(ctx context.Context, t cognito.Trigger) {
	owner, err := t.Owner()
	if err == nil {
		err = h.Accounts.Warm(ctx, owner)
	}
	if err != nil {
		h.Log.WarnContext(ctx, "account not made yet", "trigger", t.Source, "user", t.UserName, "error", err)
	}
}
