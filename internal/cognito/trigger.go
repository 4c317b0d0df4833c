package cognito

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/darkroom/darkroom/gallery"
)

// Kind is the occasion on which Cognito asks a function.
type Kind string

// The occasions that we are asked on. A trigger's source is one of them and, after an underscore, how it came about:
// PostConfirmation_ConfirmForgotPassword.
const (
	PreSignUp         Kind = "PreSignUp"
	PreAuthentication Kind = "PreAuthentication"
	PostConfirmation  Kind = "PostConfirmation"
)

// byOperator is the source of a PreSignUp for a user whom an operator makes.
const byOperator = "PreSignUp_AdminCreateUser"

// Trigger is what Cognito sends to a function, and wants back.
type Trigger struct {
	Version       string          `json:"version"`
	Source        string          `json:"triggerSource"`
	Region        string          `json:"region"`
	UserPoolID    string          `json:"userPoolId"`
	UserName      string          `json:"userName"`
	CallerContext json.RawMessage `json:"callerContext,omitempty"`
	Request       Request         `json:"request"`
	Response      json.RawMessage `json:"response"` // as it came, if nothing is to be changed
}

// Request is what a trigger says of the user and of the call.
type Request struct {
	UserAttributes map[string]string `json:"userAttributes"`
	ValidationData map[string]string `json:"validationData,omitempty"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
	UserNotFound   bool              `json:"userNotFound,omitempty"` // where unknown users are answered as known ones are
}

// Kind is the occasion; empty when the source names none.
func (t Trigger) Kind() Kind {
	kind, _, ok := strings.Cut(t.Source, "_")
	if !ok {
		return ""
	}
	return Kind(kind)
}

// ByOperator tells whether the user did not come by themselves, but is made by somebody who may.
func (t Trigger) ByOperator() bool { return t.Source == byOperator }

// Owner is the user, once there is one. It is refused as a token of the same sub would be.
func (t Trigger) Owner() (gallery.Owner, error) {
	sub := t.Request.UserAttributes["sub"]
	if !plain(sub) {
		return "", errors.New("the trigger names no user")
	}
	return gallery.Owner(sub), nil
}

// Unconfirmed is the answer to a PreSignUp that lets a user in who must prove their address first, always.
func Unconfirmed() json.RawMessage {
	return json.RawMessage(`{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}`)
}
