package cognito_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/local/cognito"
	"github.com/darkroom/darkroom/internal/local/lambda"
)

// heard are the triggers that a function was asked on, and how it answers.
type heard struct {
	mu     sync.Mutex
	events []object
	answer func(e object) (any, error)
}

func (h *heard) handle(_ context.Context, e object) (any, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
	if h.answer == nil {
		return e, nil
	}
	return h.answer(e)
}

func (h *heard) last(t *testing.T) object {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.events) == 0 {
		t.Fatal("the function was not asked")
	}
	return h.events[len(h.events)-1]
}

// newTriggered opens a pool whose triggers a function answers.
func newTriggered(t *testing.T) (*world, *heard) {
	t.Helper()
	h := &heard{}
	f, err := lambda.New(lambda.Options{Name: "auth", Handler: h.handle, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close(context.Background()) })
	return newWorld(t, func(o *cognito.Options) { o.Trigger = f.Invoke }), h
}

func TestAFunctionIsAskedAsCognitoAsks(t *testing.T) {
	w, h := newTriggered(t)
	metadata := object{"from": "a test"}
	want := func(source string, attributes map[string]string, more map[string]any) object {
		t.Helper()
		e := h.last(t)
		region, _ := e["region"].(string)
		if e.at("triggerSource") != source || e.at("userPoolId") != poolID || region != "local" || e.at("version") != "1" ||
			e.at("callerContext.clientId") != clientID {
			t.Errorf("got %v, want %s", e, source)
		}
		request, _ := e["request"].(map[string]any)
		got, _ := request["userAttributes"].(map[string]any)
		for name, value := range attributes {
			if got[name] != value {
				t.Errorf("%s: attribute %s is %v, want %s", source, name, got[name], value)
			}
		}
		for name, value := range more {
			a, _ := json.Marshal(request[name])
			b, _ := json.Marshal(value)
			if string(a) != string(b) {
				t.Errorf("%s: %s is %s, want %s", source, name, a, b)
			}
		}
		return e
	}
	_, kind := w.call("SignUp", object{"ClientId": clientID, "Username": "grace@example.com", "Password": "open sesame",
		"UserAttributes": []object{named("name", "Grace")}, "ValidationData": []object{named("invitation", "none")}, "ClientMetadata": metadata})
	if kind != "" {
		t.Fatal(kind)
	}
	e := want("PreSignUp_SignUp", map[string]string{"email": "grace@example.com", "name": "Grace"},
		map[string]any{"validationData": object{"invitation": "none"}, "clientMetadata": metadata})
	if e.at("request.userAttributes.sub") != "" || len(e.at("userName")) != 36 {
		t.Errorf("before a user exists: %v", e)
	}
	if _, kind := w.call("ConfirmSignUp", object{"ClientId": clientID, "Username": "grace@example.com",
		"ConfirmationCode": w.code(), "ClientMetadata": metadata}); kind != "" {
		t.Fatal(kind)
	}
	confirmed := map[string]string{"email": "grace@example.com", "email_verified": "true", "cognito:user_status": "CONFIRMED"}
	e = want("PostConfirmation_ConfirmSignUp", confirmed, map[string]any{"clientMetadata": metadata})
	if e.at("request.userAttributes.sub") != e.at("userName") {
		t.Errorf("the sub is not the username: %v", e)
	}
	for flow, signIn := range map[string]func(name, password string) (object, string){"SRP": w.srpSignIn, "password": w.passwordSignIn} {
		before := len(h.events)
		signIn("grace@example.com", "open sesame")
		want("PreAuthentication_Authentication", confirmed, map[string]any{"userNotFound": nil})
		signIn("eve@example.com", "open sesame")
		want("PreAuthentication_Authentication", nil, map[string]any{"userNotFound": true, "userAttributes": object{}})
		if n := len(h.events) - before; n != 2 {
			t.Errorf("%s: asked %d times, want 2", flow, n)
		}
	}
	w.forgot("grace@example.com")
	if got := w.reset("grace@example.com", w.code(), "another battery"); got != "" {
		t.Fatal(got)
	}
	want("PostConfirmation_ConfirmForgotPassword", confirmed, nil)
}

func TestARefusalReachesTheCallerInCognitosWords(t *testing.T) {
	w, h := newTriggered(t)
	h.answer = func(object) (any, error) { return nil, errors.New("not you\nagain") }
	out, kind := w.signUp("grace@example.com", "open sesame")
	if kind != "UserLambdaValidationException" || out.at("message") != "PreSignUp failed with error not you\nagain." {
		t.Errorf("sign-up: %s %v", kind, out)
	}
	for flow, try := range map[string]func() (object, string){
		"password": func() (object, string) { return w.passwordSignIn(email, password) },
		"SRP": func() (object, string) {
			return w.call("InitiateAuth", object{"AuthFlow": "USER_SRP_AUTH", "ClientId": clientID,
				"AuthParameters": object{"USERNAME": email, "SRP_A": newSRPClient().bigA.Text(16)}})
		},
	} {
		if out, kind := try(); kind != "UserLambdaValidationException" || out.at("message") != "PreAuthentication failed with error not you\nagain." {
			t.Errorf("%s sign-in: %s %v", flow, kind, out)
		}
	}
	h.answer = nil
	if _, kind := w.signUp("grace@example.com", "open sesame"); kind != "" {
		t.Errorf("the refused user was kept: %s", kind)
	}
	h.answer = func(object) (any, error) { return nil, errors.New("no account") }
	if got := w.confirm("grace@example.com", w.code()); got != "UserLambdaValidationException" {
		t.Errorf("confirming: %q", got)
	}
	h.answer = nil
	if _, got := w.srpSignIn("grace@example.com", "open sesame"); got != "" {
		t.Errorf("who is confirmed stays so: %s", got)
	}
}

func TestAFunctionMayConfirmAtOnce(t *testing.T) {
	w, h := newTriggered(t)
	h.answer = func(e object) (any, error) {
		e["response"] = object{"autoConfirmUser": true, "autoVerifyEmail": true}
		return e, nil
	}
	out, kind := w.signUp("grace@example.com", "open sesame")
	if kind != "" || out["UserConfirmed"] != true || out["CodeDeliveryDetails"] != nil {
		t.Errorf("%s %v", kind, out)
	}
	if got := h.last(t).at("triggerSource"); got != "PostConfirmation_ConfirmSignUp" {
		t.Errorf("the last trigger was %s", got)
	}
	if _, got := w.srpSignIn("grace@example.com", "open sesame"); got != "" {
		t.Error(got)
	}
}

func TestAnswersThatAreNoneRefuse(t *testing.T) {
	w, h := newTriggered(t)
	for name, answer := range map[string]any{"null": nil, "a text": "yes", "a list": []int{1}, "no response": object{"version": "1"}} {
		h.answer = func(object) (any, error) { return answer, nil }
		if _, kind := w.passwordSignIn(email, password); kind != "InvalidLambdaResponseException" {
			t.Errorf("%s: %q", name, kind)
		}
	}
	h.answer = func(object) (any, error) { panic("out of paper") }
	if out, kind := w.passwordSignIn(email, password); kind != "UserLambdaValidationException" {
		t.Errorf("a panic: %s %v", kind, out)
	}
}

func TestAFunctionThatIsLateIsAskedThreeTimes(t *testing.T) {
	asked := make(chan string, 10)
	w := newWorld(t, func(o *cognito.Options) {
		o.TriggerTimeout = 20 * time.Millisecond
		o.Trigger = func(ctx context.Context, event []byte) ([]byte, error) {
			asked <- string(event)
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	out, kind := w.passwordSignIn(email, password)
	const want = "PreAuthentication invocation failed due to error Socket timeout while invoking Lambda function."
	if kind != "UnexpectedLambdaException" || out.at("message") != want {
		t.Errorf("%s %v", kind, out)
	}
	if len(asked) != 3 {
		t.Fatalf("asked %d times, want 3", len(asked))
	}
	if a, b := <-asked, <-asked; a != b {
		t.Errorf("asked differently:\n%v\n%v", a, b)
	}
}

func TestWithoutItsFunctionNobodyGetsIn(t *testing.T) {
	w := newWorld(t, func(o *cognito.Options) {
		o.Trigger = func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no function yet") }
	})
	if _, kind := w.passwordSignIn(email, password); kind != "UnexpectedLambdaException" {
		t.Errorf("sign-in: %q", kind)
	}
	if _, kind := w.signUp("grace@example.com", "open sesame"); kind != "UnexpectedLambdaException" {
		t.Errorf("sign-up: %q", kind)
	}
}
