package cognito_test

import (
	"strings"
	"testing"
)

// attributesOf are what GetUser says of the user of a token.
func (w *world) attributesOf(access string) map[string]string {
	w.t.Helper()
	out, kind := w.call("GetUser", object{"AccessToken": access})
	if kind != "" {
		w.t.Fatalf("GetUser: %s", kind)
	}
	got := map[string]string{}
	list, _ := out["UserAttributes"].([]any)
	for _, a := range list {
		m, _ := a.(map[string]any)
		got[object(m).at("Name")] = object(m).at("Value")
	}
	return got
}

func named(name, value string) object { return object{"Name": name, "Value": value} }

func (w *world) update(access string, attributes ...object) (object, string) {
	w.t.Helper()
	return w.call("UpdateUserAttributes", object{"AccessToken": access, "UserAttributes": attributes})
}

func TestUsersSayWhoTheyAre(t *testing.T) {
	w := newWorld(t)
	access, _, _ := w.tokens()
	if _, kind := w.update(access, named("name", "Ada"), named("locale", "en-GB")); kind != "" {
		t.Fatal(kind)
	}
	w.reopen()
	if got := w.attributesOf(access); got["name"] != "Ada" || got["locale"] != "en-GB" || got["email"] != email {
		t.Errorf("got %v", got)
	}
	_, id, _ := w.tokens()
	if got := claimsOf(t, id)["name"]; got != "Ada" {
		t.Errorf("the ID token says %v", got)
	}
	if _, kind := w.call("DeleteUserAttributes", object{"AccessToken": access, "UserAttributeNames": []string{"name"}}); kind != "" {
		t.Fatal(kind)
	}
	if _, there := w.attributesOf(access)["name"]; there {
		t.Error("the name is still there")
	}
	for name, c := range map[string]struct {
		attribute object
		want      string
	}{
		"the sub":             {named("sub", "x"), "NotAuthorizedException"},
		"that it is verified": {named("email_verified", "true"), "NotAuthorizedException"},
		"a group":             {named("cognito:groups", "admin"), "InvalidParameterException"},
		"one made up":         {named("custom:role", "admin"), "InvalidParameterException"},
		"a book":              {named("name", strings.Repeat("a", 2049)), "InvalidParameterException"},
		"no address":          {named("email", "nowhere"), "InvalidParameterException"},
	} {
		if _, got := w.update(access, c.attribute); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if _, kind := w.call("DeleteUserAttributes", object{"AccessToken": access, "UserAttributeNames": []string{"email"}}); kind != "NotAuthorizedException" {
		t.Errorf("deleting the address: %q", kind)
	}
}

func TestANewAddressCountsOnceItIsProven(t *testing.T) {
	w := newWorld(t)
	const next = "ada@lovelace.example"
	access, _, _ := w.tokens()
	out, kind := w.update(access, named("email", "Ada@Lovelace.example"), named("name", "Ada"))
	list, _ := out["CodeDeliveryDetailsList"].([]any)
	if kind != "" || len(list) != 1 {
		t.Fatalf("%s %v", kind, out)
	}
	if got := w.attributesOf(access); got["email"] != email || got["email_verified"] != "true" || got["name"] != "Ada" {
		t.Errorf("before the proof: %v", got)
	}
	if !strings.Contains(w.log.String(), "email="+next) {
		t.Errorf("the code did not go to the new address:\n%s", w.log.String())
	}
	verify := func(code string) string {
		_, kind := w.call("VerifyUserAttribute", object{"AccessToken": access, "AttributeName": "email", "Code": code})
		return kind
	}
	if got := verify(wrong(w.code())); got != "CodeMismatchException" {
		t.Errorf("wrong code: %q", got)
	}
	if _, kind := w.call("GetUserAttributeVerificationCode", object{"AccessToken": access, "AttributeName": "email"}); kind != "" {
		t.Fatal(kind)
	}
	if got := verify(w.code()); got != "" {
		t.Fatalf("right code: %s", got)
	}
	if got := verify(w.code()); got != "CodeMismatchException" {
		t.Errorf("the code again: %q", got)
	}
	if _, got := w.srpSignIn(next, password); got != "" {
		t.Errorf("by the new address: %s", got)
	}
	if _, got := w.srpSignIn(email, password); got != "NotAuthorizedException" {
		t.Errorf("by the old address: %q", got)
	}
	if _, kind := w.call("VerifyUserAttribute", object{"AccessToken": access, "AttributeName": "name", "Code": "1"}); kind != "InvalidParameterException" {
		t.Errorf("proving a name: %q", kind)
	}
}

func TestNobodyTakesAnAddressThatIsTaken(t *testing.T) {
	w := newWorld(t)
	if _, err := w.pool.Seed("grace@example.com", password); err != nil {
		t.Fatal(err)
	}
	access, _, _ := w.tokens()
	if _, kind := w.update(access, named("email", "GRACE@example.com")); kind != "AliasExistsException" {
		t.Errorf("asking for it: %q", kind)
	}
	if _, kind := w.update(access, named("email", "new@example.com")); kind != "" {
		t.Fatal(kind)
	}
	code := w.code()
	if _, err := w.pool.Seed("new@example.com", password); err != nil { // somebody was quicker
		t.Fatal(err)
	}
	if _, kind := w.call("VerifyUserAttribute", object{"AccessToken": access, "AttributeName": "email", "Code": code}); kind != "AliasExistsException" {
		t.Errorf("proving it: %q", kind)
	}
	if got := w.attributesOf(access)["email"]; got != email {
		t.Errorf("the address is %s", got)
	}
}

func TestAPasswordIsChangedByWhoKnowsIt(t *testing.T) {
	w := newWorld(t)
	access, _, refresh := w.tokens()
	change := func(old, next string) (object, string) {
		return w.call("ChangePassword", object{"AccessToken": access, "PreviousPassword": old, "ProposedPassword": next})
	}
	const next = "another battery"
	if _, got := change(password, "short"); got != "InvalidPasswordException" {
		t.Errorf("a short one: %q", got)
	}
	if out, _ := change("a guess", next); out.at("message") != "Incorrect username or password." {
		t.Errorf("a guess: %v", out)
	}
	if _, got := change(password, next); got != "" {
		t.Fatal(got)
	}
	if _, got := w.srpSignIn(email, next); got != "" {
		t.Errorf("the new one: %s", got)
	}
	if _, got := w.call("GetTokensFromRefreshToken", object{"ClientId": clientID, "RefreshToken": refresh}); got != "" {
		t.Errorf("sessions go on: %s", got)
	}
	for range 10 {
		change("a guess", password)
	}
	if _, got := change(next, password); got != "LimitExceededException" {
		t.Errorf("after ten guesses: %q", got)
	}
}

func TestADeletedUserIsGone(t *testing.T) {
	w := newWorld(t)
	access, _, refresh := w.tokens()
	if _, kind := w.call("DeleteUser", object{"AccessToken": access}); kind != "" {
		t.Fatal(kind)
	}
	w.reopen()
	for operation, in := range map[string]object{
		"DeleteUser": {"AccessToken": access}, "GetUser": {"AccessToken": access},
		"GetTokensFromRefreshToken": {"ClientId": clientID, "RefreshToken": refresh},
	} {
		if _, got := w.call(operation, in); got != "NotAuthorizedException" {
			t.Errorf("%s: %q", operation, got)
		}
	}
	if _, got := w.srpSignIn(email, password); got != "NotAuthorizedException" {
		t.Errorf("sign-in: %q", got)
	}
	if _, got := w.signUp(email, "open sesame"); got != "" {
		t.Errorf("the address is free again: %s", got)
	}
}
