package cognito_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

func (w *world) signUp(username, password string, attributes ...object) (object, string) {
	w.t.Helper()
	return w.call("SignUp", object{"ClientId": clientID, "Username": username, "Password": password,
		"UserAttributes": attributes})
}

func (w *world) confirm(username, code string) string {
	w.t.Helper()
	_, kind := w.call("ConfirmSignUp", object{"ClientId": clientID, "Username": username, "ConfirmationCode": code})
	return kind
}

// code returns the last confirmation code logged.
func (w *world) code() string {
	w.t.Helper()
	all := regexp.MustCompile(`code=(\d{6})`).FindAllStringSubmatch(w.log.String(), -1)
	if len(all) == 0 {
		w.t.Fatal("no code in the log")
	}
	return all[len(all)-1][1]
}

func emailAttribute(address string) object { return object{"Name": "email", "Value": address} }

func TestSignUpIsConfirmedByTheLoggedCode(t *testing.T) {
	for name, c := range map[string]struct {
		username   string
		attributes []object
	}{
		"e-mail as username":               {"Grace@example.com", nil},
		"e-mail as username and attribute": {"grace@example.com", []object{emailAttribute("grace@example.com")}},
		"username with an e-mail":          {"Grace", []object{emailAttribute("grace@example.com")}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			out, kind := w.signUp(c.username, "open sesame", c.attributes...)
			if kind != "" || len(out.at("UserSub")) != 36 || out["UserConfirmed"] != false {
				t.Fatalf("sign-up: %s %v", kind, out)
			}
			if got, want := out.at("CodeDeliveryDetails.Destination"), "g***@e***"; got != want {
				t.Errorf("destination = %q, want %q", got, want)
			}
			if _, got := w.srpSignIn(c.username, "open sesame"); got != "UserNotConfirmedException" {
				t.Errorf("sign-in before: %q, want UserNotConfirmedException", got)
			}
			if _, got := w.srpSignIn(c.username, "wrong"); got != "NotAuthorizedException" {
				t.Errorf("wrong password before: %q, want NotAuthorizedException", got)
			}
			code := w.code()
			if got := w.confirm(c.username, wrong(code)); got != "CodeMismatchException" {
				t.Errorf("wrong code: %q, want CodeMismatchException", got)
			}
			w.reopen()
			if got := w.confirm(c.username, code); got != "" {
				t.Fatalf("confirming: %s", got)
			}
			if got := w.confirm(c.username, code); got != "NotAuthorizedException" {
				t.Errorf("confirming again: %q, want NotAuthorizedException", got)
			}
			for _, name := range []string{c.username, "grace@example.com"} {
				if _, got := w.srpSignIn(name, "open sesame"); got != "" {
					t.Errorf("sign-in as %s after: %s", name, got)
				}
			}
		})
	}
}

func wrong(code string) string {
	return strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, code)
}

func TestConfirmationIsBoundedInTimeAndTries(t *testing.T) {
	w := newWorld(t)
	w.signUp("grace@example.com", "open sesame")
	code := w.code()
	if got := w.confirm("nobody@example.com", code); got != "CodeMismatchException" {
		t.Errorf("unknown user: %q, want CodeMismatchException", got)
	}
	if got := w.confirm("grace@example.com", ""); got != "CodeMismatchException" {
		t.Errorf("no code: %q, want CodeMismatchException", got)
	}
	for range 9 {
		w.confirm("grace@example.com", wrong(code))
	}
	if got := w.confirm("grace@example.com", code); got != "LimitExceededException" {
		t.Errorf("the eleventh try: %q, want LimitExceededException", got)
	}
	w.advance(24*time.Hour + time.Second)
	if got := w.confirm("grace@example.com", code); got != "ExpiredCodeException" {
		t.Errorf("a day later: %q, want ExpiredCodeException", got)
	}
}

func TestSignUpRefuses(t *testing.T) {
	w := newWorld(t)
	w.signUp("grace", "open sesame", emailAttribute("grace@example.com"))
	const badParameter, uuidName = "InvalidParameterException", "0b51a8a9-93d5-4f0e-9b6c-3f6c0f0e2a11"
	addressed := func(address string) []object { return []object{emailAttribute(address)} }
	for name, c := range map[string]struct {
		username, password string
		attributes         []object
		want               string
	}{
		"an e-mail that exists":             {email, "open sesame", nil, "UsernameExistsException"},
		"it in capitals":                    {strings.ToUpper(email), "open sesame", nil, "UsernameExistsException"},
		"an attribute's e-mail that exists": {"grace@example.com", "open sesame", nil, "UsernameExistsException"},
		"a name that exists":                {"GRACE", "open sesame", addressed("g@example.com"), "UsernameExistsException"},
		"a new name with an old e-mail":     {"eve", "open sesame", addressed(email), "UsernameExistsException"},
		"two different e-mails":             {"a@example.com", "open sesame", addressed(email), badParameter},
		"a name without e-mail":             {"eve", "open sesame", nil, badParameter},
		"a name with a broken e-mail":       {"eve", "open sesame", addressed("eve@"), badParameter},
		"a broken e-mail":                   {"eve@@example.com", "open sesame", nil, badParameter},
		"no name":                           {"", "open sesame", addressed("e@example.com"), badParameter},
		"a name with a line break":          {"e\nve", "open sesame", addressed("e@example.com"), badParameter},
		"a name of 129 letters":             {strings.Repeat("e", 129), "open sesame", addressed("e@example.com"), badParameter},
		"a name that is a UUID":             {uuidName, "open sesame", addressed("e@example.com"), badParameter},
		"a short password":                  {"e@example.com", "seven77", nil, "InvalidPasswordException"},
		"a password of 257 letters":         {"e@example.com", strings.Repeat("e", 257), nil, "InvalidPasswordException"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := w.signUp(c.username, c.password, c.attributes...); got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
		})
	}
}

func TestCodesDiffer(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	for i := range 5 {
		w.signUp(fmt.Sprintf("user%d@example.com", i), "open sesame")
		seen[w.code()] = true
	}
	if len(seen) < 4 {
		t.Errorf("codes %v repeat", seen)
	}
}
