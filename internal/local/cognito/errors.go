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
)

// errIncorrect answers a wrong password and an unknown user alike.
func errIncorrect() error { return refuse(notAuthorized, "Incorrect username or password.") }

func errTooManyAttempts() error { return refuse(notAuthorized, "Password attempts exceeded") }

func errNotConfirmed() error { return refuse("UserNotConfirmedException", "User is not confirmed.") }

func errParameter(format string, args ...any) error {
	return refuse("InvalidParameterException", format, args...)
}
