package cognito

import "fmt"

// refusal is an answer that the protocol has a name for; clients see both fields. Its kinds are Cognito's exceptions.
type refusal struct {
	kind    string
	message string
}

func (r *refusal) Error() string { return r.kind + ": " + r.message }

func refuse(kind, format string, args ...any) error {
	return &refusal{kind: kind, message: fmt.Sprintf(format, args...)}
}

const (
	// notAuthorized is the kind of every failed sign-in and every useless token.
	notAuthorized  = "NotAuthorizedException"
	usernameExists = "UsernameExistsException"
	limitExceeded  = "LimitExceededException"
)

// errIncorrect answers a wrong password and an unknown user alike.
func errIncorrect() error { return refuse(notAuthorized, "Incorrect username or password.") }

func errTooManyAttempts() error { return refuse(notAuthorized, "Password attempts exceeded") }

// errLimit answers too many codes asked for, or tried.
func errLimit() error {
	return refuse(limitExceeded, "Attempt limit exceeded, please try after some time.")
}

func errEmailTaken() error {
	return refuse("AliasExistsException", "An account with the given email already exists.")
}

func errNotConfirmed() error { return refuse("UserNotConfirmedException", "User is not confirmed.") }

func errParameter(format string, args ...any) error {
	return refuse("InvalidParameterException", format, args...)
}
