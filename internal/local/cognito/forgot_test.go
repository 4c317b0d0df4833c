package cognito_test

import (
	"testing"
	"time"
)

func (w *world) forgot(name string) (object, string) {
	w.t.Helper()
	return w.call("ForgotPassword", object{"ClientId": clientID, "Username": name})
}

func (w *world) reset(name, code, password string) string {
	w.t.Helper()
	_, kind := w.call("ConfirmForgotPassword", object{
		"ClientId": clientID, "Username": name, "ConfirmationCode": code, "Password": password})
	return kind
}

func TestAForgottenPasswordIsReplacedOnce(t *testing.T) {
	w := newWorld(t)
	const chosen = "another battery"
	out, kind := w.forgot(email)
	if kind != "" || out.at("CodeDeliveryDetails.Destination") != "a***@e***" {
		t.Fatalf("%s %v", kind, out)
	}
	code := w.code()
	w.reopen()
	if got := w.reset(email, wrong(code), chosen); got != "CodeMismatchException" {
		t.Errorf("wrong code: %q", got)
	}
	if got := w.reset(email, code, "short"); got != "InvalidPasswordException" {
		t.Errorf("short password: %q", got)
	}
	if got := w.reset(email, code, chosen); got != "" {
		t.Fatalf("right code: %s", got)
	}
	if got := w.reset(email, code, password); got != "CodeMismatchException" {
		t.Errorf("the code again: %q", got)
	}
	if _, got := w.srpSignIn(email, password); got != "NotAuthorizedException" {
		t.Errorf("the old password: %q", got)
	}
	if _, got := w.srpSignIn(email, chosen); got != "" {
		t.Errorf("the new password: %s", got)
	}
}

func TestAResetCodeIsBoundedInTimeAndTries(t *testing.T) {
	w := newWorld(t)
	w.forgot(email)
	code := w.code()
	w.advance(time.Hour + time.Second)
	if got := w.reset(email, code, "another battery"); got != "ExpiredCodeException" {
		t.Errorf("after an hour: %q", got)
	}
	w.forgot(email)
	for range 9 {
		w.reset(email, wrong(w.code()), "another battery")
	}
	if got := w.reset(email, w.code(), "another battery"); got != "LimitExceededException" {
		t.Errorf("after ten wrong codes: %q", got)
	}
}

// TestCodesAreAskedForAlike holds that asking for a code tells nobody whether there is such a user, nor in what state.
func TestCodesAreAskedForAlike(t *testing.T) {
	w := newWorld(t)
	w.signUp("grace@example.com", "open sesame")
	for _, operation := range []string{"ForgotPassword", "ResendConfirmationCode"} {
		for name, user := range map[string]string{"confirmed": email, "unconfirmed": "grace@example.com", "unknown": "eve@example.com"} {
			out, kind := w.call(operation, object{"ClientId": clientID, "Username": user})
			want := user[:1] + "***@e***"
			if kind != "" || out.at("CodeDeliveryDetails.Destination") != want || out.at("CodeDeliveryDetails.DeliveryMedium") != "EMAIL" {
				t.Errorf("%s for a user who is %s: %s %v", operation, name, kind, out)
			}
		}
		for _, name := range []string{"nobody", "0b51a8a9-93d5-4f0e-9b6c-3f6c0f0e2a11"} {
			first, _ := w.call(operation, object{"ClientId": clientID, "Username": name})
			second, _ := w.call(operation, object{"ClientId": clientID, "Username": name})
			to := first.at("CodeDeliveryDetails.Destination")
			if to != second.at("CodeDeliveryDetails.Destination") || len(to) != len("a***@e***") {
				t.Errorf("%s for %s: sent to %q and %v", operation, name, to, second)
			}
		}
	}
	if got := w.reset("eve@example.com", w.code(), "another battery"); got != "CodeMismatchException" {
		t.Errorf("an unknown user's reset: %q", got)
	}
	for name, user := range map[string]string{"known": email, "unknown": "mallory@example.com"} {
		kinds := map[string]int{}
		for range 11 {
			_, kind := w.forgot(user)
			kinds[kind]++
		}
		if kinds["LimitExceededException"] == 0 || kinds[""]+kinds["LimitExceededException"] != 11 {
			t.Errorf("eleven codes for a user who is %s: %v", name, kinds)
		}
	}
}

func TestANewSignUpCodeReplacesTheFirst(t *testing.T) {
	w := newWorld(t)
	w.signUp("grace@example.com", "open sesame")
	first := w.code()
	if _, kind := w.call("ResendConfirmationCode", object{"ClientId": clientID, "Username": "grace@example.com"}); kind != "" {
		t.Fatal(kind)
	}
	if second := w.code(); second != first { // one time in a million they are the same
		if got := w.confirm("grace@example.com", first); got != "CodeMismatchException" {
			t.Errorf("the first code: %q", got)
		}
	}
	if got := w.confirm("grace@example.com", w.code()); got != "" {
		t.Errorf("the second code: %s", got)
	}
	for _, operation := range []string{"ForgotPassword", "ResendConfirmationCode"} {
		if _, kind := w.call(operation, object{"ClientId": clientID}); kind != "InvalidParameterException" {
			t.Errorf("%s for nobody: %q", operation, kind)
		}
		if _, kind := w.call(operation, object{"ClientId": "other", "Username": email}); kind != "ResourceNotFoundException" {
			t.Errorf("%s by another client: %q", operation, kind)
		}
	}
}
