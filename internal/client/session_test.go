package client

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// TestThePasswordNeverLeaves holds that a sign-in proves the password, and sends it in no form.
func TestThePasswordNeverLeaves(t *testing.T) {
	d := deploy(t)
	var targets []string
	var sent strings.Builder
	d.login = func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		targets = append(targets, r.Header.Get("X-Amz-Target"))
		sent.Write(b)
		if r.Header.Get("Content-Type") != "application/x-amz-json-1.1" {
			t.Errorf("Content-Type is %q", r.Header.Get("Content-Type"))
		}
		if len(targets) == 1 {
			writeJSON(w, 200, `{"ChallengeName":"PASSWORD_VERIFIER","ChallengeParameters":{"USERNAME":"u","USER_ID_FOR_SRP":"u",`+
				`"SALT":"ab","SRP_B":"1234","SECRET_BLOCK":"AAAA"}}`)
			return
		}
		writeJSON(w, 200, `{"ChallengeParameters":{},"AuthenticationResult":{"AccessToken":"a","RefreshToken":"r","ExpiresIn":3600}}`)
	}
	config := d.config()
	c, err := SignIn(t.Context(), Options{Config: config, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	want := []string{cognitoTarget + "InitiateAuth", cognitoTarget + "RespondToAuthChallenge"}
	if !slices.Equal(targets, want) {
		t.Errorf("called %v, want %v", targets, want)
	}
	if text := sent.String(); !strings.Contains(text, `"USER_SRP_AUTH"`) || strings.Contains(text, config.Password) {
		t.Errorf("sent %s", text)
	}
}

func TestChallengesThatGiveThePasswordAwayAreNotAnswered(t *testing.T) {
	half, err := newSRP("local_Test")
	if err != nil {
		t.Fatal(err)
	}
	good := map[string]string{"USER_ID_FOR_SRP": "u", "SALT": "ab", "SRP_B": "1234", "SECRET_BLOCK": "AAAA"}
	if _, err := half.answer(good, "secret", time.Now()); err != nil {
		t.Fatalf("the challenge that all others are made from: %v", err)
	}
	for name, change := range map[string][2]string{
		"B of zero": {"SRP_B", "0"}, "B of N": {"SRP_B", half.N.Text(16)}, "no B": {"SRP_B", ""}, "B that is no number": {"SRP_B", "xyz"},
		"no salt": {"SALT", ""}, "a block that is no base64": {"SECRET_BLOCK", "!"},
	} {
		bad := maps.Clone(good)
		bad[change[0]] = change[1]
		if _, err := half.answer(bad, "secret", time.Now()); err == nil {
			t.Errorf("%s: answered", name)
		}
	}
	for _, id := range []string{"", "local", "local_"} {
		if _, err := newSRP(id); err == nil {
			t.Errorf("pool %q: no error", id)
		}
	}
}

func TestSignInIsRefused(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		want   error // nil: any that is no refusal
		says   string
	}{
		"for a wrong password": {
			400, `{"__type":"NotAuthorizedException","message":"Incorrect username or password."}`,
			gallery.ErrUnauthenticated, "Incorrect username",
		},
		"with a namespace before the type": {
			400, `{"__type":"com.amazonaws.cognito#UserNotFoundException","message":"Nobody."}`,
			gallery.ErrUnauthenticated, "Nobody.",
		},
		"because the flow is switched off": {
			400, `{"__type":"InvalidParameterException","message":"USER_SRP_AUTH flow not enabled for this client"}`,
			&gallery.Error{Code: gallery.CodeInvalidInput}, "not enabled",
		},
		"until a challenge is met": {
			200, `{"ChallengeName":"NEW_PASSWORD_REQUIRED","Session":"x"}`, gallery.ErrUnauthenticated, "NEW_PASSWORD_REQUIRED",
		},
		"by something else than Cognito": {502, `<html>Bad Gateway</html>`, nil, "502"},
		"by an answer without a token":   {200, `{}`, nil, "without an access token"},
		"by an endless answer":           {200, strings.Repeat(" ", maxTokenBytes+1), nil, "longer than"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			d.login = func(w http.ResponseWriter, r *http.Request) { writeJSON(w, test.status, test.body) }
			_, err := SignIn(t.Context(), Options{Config: d.config(), Now: time.Now})
			var refusal *gallery.Error
			if got := errors.As(err, &refusal); got != (test.want != nil) {
				t.Errorf("refused with %v, want %v", err, test.want)
			}
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("refused with %v, want the code of %v", err, test.want)
			}
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("refused with %v, want it to say %q", err, test.says)
			}
		})
	}
}

func TestATokenIsRenewedOnceForAllThatNeedIt(t *testing.T) {
	d := deploy(t)
	c := d.client(nil)
	var clock sync.Mutex
	now := time.Now()
	c.session.now = func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		return now
	}
	everybody := func(refused string) {
		var callers sync.WaitGroup
		for range 20 {
			callers.Go(func() {
				if _, err := c.session.token(t.Context(), refused); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
	}
	steps := []struct {
		name    string
		later   time.Duration
		refused string
		want    string
	}{
		{"while it is good", 30 * time.Minute, "", "token-1"},
		{"shortly before it expires", 29*time.Minute + 30*time.Second, "", "token-2"},
		{"when it is refused before its time", 0, "token-2", "token-3"},
		{"when one that is no longer used was refused", 0, "token-2", "token-3"},
	}
	for _, step := range steps {
		clock.Lock()
		now = now.Add(step.later)
		clock.Unlock()
		everybody(step.refused)
		if got := d.valid(); got != step.want {
			t.Errorf("%s: the last token issued is %s, want %s", step.name, got, step.want)
		}
	}
}
