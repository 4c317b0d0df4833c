package cognito

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"github.com/darkroom/darkroom/internal/local/lambda"
)

// triggerTries is how often a function that does not answer in time is asked.
const triggerTries = 3

// asked is what a caller sends along for the function.
type asked struct {
	validation, metadata map[string]string
}

// event is what a function gets: version 1 of the user pools' events, the one there is for these triggers.
type event struct {
	Version       string            `json:"version"`
	Region        string            `json:"region"`
	UserPoolID    string            `json:"userPoolId"`
	UserName      string            `json:"userName"`
	CallerContext map[string]string `json:"callerContext"`
	TriggerSource string            `json:"triggerSource"`
	Request       eventRequest      `json:"request"`
	Response      json.RawMessage   `json:"response"`
}

type eventRequest struct {
	UserAttributes map[string]string `json:"userAttributes"`
	ValidationData map[string]string `json:"validationData,omitempty"`
	ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
	UserNotFound   bool              `json:"userNotFound,omitempty"`
}

// allowed is what a function may say to a sign-up.
type allowed struct {
	AutoConfirmUser bool `json:"autoConfirmUser"`
	AutoVerifyEmail bool `json:"autoVerifyEmail"`
}

// ask asks the pool's function about somebody. Its refusal is the caller's, in Cognito's words.
func (p *Pool) ask(ctx context.Context, source string, who account, about asked) (allowed, error) {
	if p.o.Trigger == nil {
		return allowed{}, nil
	}
	payload, err := json.Marshal(p.event(source, who, about))
	if err != nil {
		return allowed{}, err
	}
	occasion, _, _ := strings.Cut(source, "_")
	text, err := p.invoke(ctx, occasion, payload)
	if err != nil {
		return allowed{}, err
	}
	var answer struct {
		Response *allowed `json:"response"`
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.Response == nil {
		return allowed{}, refuse("InvalidLambdaResponseException", "Unrecognizable lambda output")
	}
	return *answer.Response, nil
}

func (p *Pool) event(source string, who account, about asked) event {
	region, _, _ := strings.Cut(p.o.PoolID, "_")
	e := event{
		Version: "1", Region: region, UserPoolID: p.o.PoolID, UserName: who.Username, TriggerSource: source,
		CallerContext: map[string]string{"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": p.o.ClientID},
		Response:      json.RawMessage("{}"),
		Request: eventRequest{
			UserAttributes: map[string]string{}, ValidationData: about.validation, ClientMetadata: about.metadata,
			UserNotFound: !who.exists,
		},
	}
	if !who.exists {
		return e
	}
	e.Request.UserAttributes = named(who.attributes())
	if strings.HasPrefix(source, "PreSignUp_") { // there is no user yet, and nothing proven
		maps.DeleteFunc(e.Request.UserAttributes, func(name, _ string) bool { return name == "sub" || name == "email_verified" })
		e.Response = json.RawMessage(`{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}`)
		return e
	}
	e.Request.UserAttributes["cognito:user_status"] = who.status()
	return e
}

// status is how Cognito calls the state of a user.
func (u user) status() string {
	if u.Confirmed {
		return "CONFIRMED"
	}
	return "UNCONFIRMED"
}

// invoke calls the function, and again when it does not answer in time.
func (p *Pool) invoke(ctx context.Context, occasion string, payload []byte) ([]byte, error) {
	for range triggerTries {
		once, cancel := context.WithTimeout(ctx, p.o.TriggerTimeout)
		text, err := p.o.Trigger(once, payload)
		late := once.Err() != nil
		cancel()
		var failed *lambda.Error
		switch {
		case err == nil:
			return text, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case late || errors.As(err, &failed) && failed.Type == lambda.TimedOut:
			p.o.Log.Warn("trigger timed out", "trigger", occasion, "after", p.o.TriggerTimeout)
		case failed != nil:
			return nil, refuse("UserLambdaValidationException", "%s failed with error %.1000s.", occasion, failed.Message)
		default:
			p.o.Log.Error("trigger", "trigger", occasion, "error", err)
			return nil, refuse("UnexpectedLambdaException", "%s invocation failed due to error ServiceException.", occasion)
		}
	}
	return nil, refuse("UnexpectedLambdaException",
		"%s invocation failed due to error Socket timeout while invoking Lambda function.", occasion)
}

// tellConfirmed tells the function of a user who is confirmed already: its refusal reaches the caller, and changes
// nothing any more.
func (p *Pool) tellConfirmed(ctx context.Context, source string, u user, metadata map[string]string) error {
	_, err := p.ask(ctx, source, account{user: u, exists: true}, asked{metadata: metadata})
	return err
}
