package cognito_test

import (
	"sync"
	"testing"
	"time"
)

func TestSignInByEveryFlowAndName(t *testing.T) {
	w := newWorld(t)
	sub, err := w.pool.Seed(email, password)
	if err != nil {
		t.Fatal(err)
	}
	flows := map[string]func(name, password string) (object, string){"SRP": w.srpSignIn, "password": w.passwordSignIn}
	for flow, signIn := range flows {
		for name, c := range map[string]struct{ name, password, want string }{
			"e-mail":                     {email, password, ""},
			"e-mail in capitals":         {"ADA@Example.COM", password, ""},
			"username":                   {sub, password, ""},
			"wrong password":             {email, password + "!", "NotAuthorizedException"},
			"password in capitals":       {email, "CORRECT HORSE BATTERY", "NotAuthorizedException"},
			"unknown e-mail":             {"eve@example.com", password, "NotAuthorizedException"},
			"unknown username":           {"eve", password, "NotAuthorizedException"},
			"e-mail with a space behind": {email + " ", password, "NotAuthorizedException"},
		} {
			t.Run(flow+" by "+name, func(t *testing.T) {
				out, got := signIn(c.name, c.password)
				if got != c.want {
					t.Fatalf("error %q, want %q", got, c.want)
				}
				if c.want != "" && out.at("message") != "Incorrect username or password." {
					t.Errorf("message = %q", out.at("message"))
				}
				if c.want == "" {
					claims, err := w.verifier().Verify(t.Context(), out.at("AuthenticationResult.AccessToken"))
					if err != nil || claims["sub"] != sub {
						t.Errorf("access token of %v, %v; want of %s", claims["sub"], err, sub)
					}
				}
			})
		}
	}
}

func TestChallengeMayBeAnsweredUnderTheNameTyped(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct{ username, want string }{
		"name typed":         {email, ""},
		"name in capitals":   {"ADA@EXAMPLE.COM", ""},
		"somebody elses":     {"eve@example.com", "NotAuthorizedException"},
		"no name whatsoever": {"", "NotAuthorizedException"},
	} {
		t.Run(name, func(t *testing.T) {
			client := newSRPClient()
			challenge := w.challenged(email, client)
			if _, got := w.respond(c.username, challenge, client.sign(challenge, password, timestamp)); got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
		})
	}
}

func TestUnknownUserLooksLikeAKnownOne(t *testing.T) {
	w := newWorld(t)
	sizes := func(o object) [4]bool {
		return [4]bool{
			len(o.at("USERNAME")) == 36, o.at("USERNAME") == o.at("USER_ID_FOR_SRP"),
			len(o.at("SALT")) > 24 && len(o.at("SALT")) <= 32, len(o.at("SRP_B")) > 760,
		}
	}
	known := w.challenged(email, newSRPClient())
	unknown := w.challenged("eve@example.com", newSRPClient())
	again := w.challenged("EVE@example.com", newSRPClient())
	w.reopen()
	later := w.challenged("eve@example.com", newSRPClient())
	if got, want := sizes(unknown), sizes(known); got != want || want != [4]bool{true, true, true, true} {
		t.Errorf("unknown user's challenge has %v, known one's %v", got, want)
	}
	for _, name := range []string{"USERNAME", "SALT"} {
		if a, b, c := unknown.at(name), again.at(name), later.at(name); a != b || b != c {
			t.Errorf("%s of an unknown user changes: %s, %s, %s", name, a, b, c)
		}
		if a, b := unknown.at(name), w.challenged("mallory@example.com", newSRPClient()).at(name); a == b {
			t.Errorf("two unknown users have the same %s, %s", name, a)
		}
	}
	if a, b := unknown.at("SRP_B"), again.at("SRP_B"); a == b {
		t.Error("B is the same twice")
	}
	const invented = "0b51a8a9-93d5-4f0e-9b6c-3f6c0f0e2a11"
	if got := w.challenged(invented, newSRPClient()).at("USERNAME"); got != invented {
		t.Errorf("a username of the usual form is answered as %s, a known one as itself", got)
	}
}

func TestChallengeIsAnsweredOnce(t *testing.T) {
	w := newWorld(t)
	c := newSRPClient()
	challenge := w.challenged(email, c)
	signature := c.sign(challenge, password, timestamp)
	if _, got := w.respond(email, challenge, signature); got != "" {
		t.Fatalf("first answer: %s", got)
	}
	if _, got := w.respond(email, challenge, signature); got != "NotAuthorizedException" {
		t.Errorf("same answer again: %q, want NotAuthorizedException", got)
	}
	challenge = w.challenged(email, c)
	if _, got := w.respond(email, challenge, "AAAA"); got != "NotAuthorizedException" {
		t.Errorf("wrong answer: %q, want NotAuthorizedException", got)
	}
	if _, got := w.respond(email, challenge, c.sign(challenge, password, timestamp)); got != "NotAuthorizedException" {
		t.Errorf("right answer after a wrong one: %q, want NotAuthorizedException", got)
	}
}

func TestChallengeExpires(t *testing.T) {
	w := newWorld(t)
	for age, want := range map[time.Duration]string{
		3*time.Minute - time.Second: "", 3 * time.Minute: "NotAuthorizedException", time.Hour: "NotAuthorizedException",
	} {
		c := newSRPClient()
		challenge := w.challenged(email, c)
		w.advance(age)
		if _, got := w.respond(email, challenge, c.sign(challenge, password, timestamp)); got != want {
			t.Errorf("answered after %v: %q, want %q", age, got, want)
		}
	}
}

func TestSRPRefusesAWithoutASecret(t *testing.T) {
	w := newWorld(t)
	n := fromHex(modulus3072)
	for name, a := range map[string]string{
		"zero":                   "0",
		"zero with zeros before": "0000",
		"N":                      n.Text(16),
		"N with zeros before":    "00" + n.Text(16),
		"N plus one":             n.Text(16)[:len(n.Text(16))-16] + "ffffffffffffffff" + "0",
		"twice N":                "1" + n.Text(16),
		"nothing":                "",
		"not hexadecimal":        "xyz",
		"negative":               "-5",
		"with a sign":            "+5",
		"with underscores":       "1_0",
		"endless":                string(make([]byte, 10_000)),
	} {
		t.Run(name, func(t *testing.T) {
			_, got := w.call("InitiateAuth", object{"AuthFlow": "USER_SRP_AUTH", "ClientId": clientID,
				"AuthParameters": object{"USERNAME": email, "SRP_A": a}})
			if want := "InvalidParameterException"; got != want {
				t.Errorf("error %q, want %q", got, want)
			}
		})
	}
}

func TestGuessesAreBounded(t *testing.T) {
	w := newWorld(t)
	for name, user := range map[string]string{"known user": email, "unknown user": "eve@example.com"} {
		t.Run(name, func(t *testing.T) {
			for i := range 10 {
				if out, _ := w.passwordSignIn(user, "guess"); out.at("message") != "Incorrect username or password." {
					t.Fatalf("guess %d: %s", i+1, out.at("message"))
				}
			}
			for flow, signIn := range map[string]func(name, password string) (object, string){
				"password": w.passwordSignIn, "SRP": w.srpSignIn,
			} {
				if out, _ := signIn(user, password); out.at("message") != "Password attempts exceeded" {
					t.Errorf("one more by %s: %s", flow, out.at("message"))
				}
			}
		})
	}
	w.advance(30 * time.Second)
	if _, kind := w.passwordSignIn(email, password); kind != "" {
		t.Errorf("the right password half a minute later: %s", kind)
	}
	for range 12 {
		if _, kind := w.passwordSignIn(email, password); kind != "" {
			t.Fatalf("the right password again and again: %s", kind)
		}
	}
}

func TestSignInsInParallel(t *testing.T) {
	w := newWorld(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, kind := w.srpSignIn(email, password); kind != "" {
				t.Error(kind)
			}
		})
	}
	wg.Wait()
}

func TestSignInRefusesWhatItDoesNotKnow(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		operation string
		in        object
		want      string
	}{
		"another client": {"InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "other",
			"AuthParameters": object{"USERNAME": email, "PASSWORD": password}}, "ResourceNotFoundException"},
		"another flow": {"InitiateAuth", object{"AuthFlow": "CUSTOM_AUTH", "ClientId": clientID}, "InvalidParameterException"},
		"no flow":      {"InitiateAuth", object{"ClientId": clientID}, "InvalidParameterException"},
		"no parameters": {"InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": clientID},
			"InvalidParameterException"},
		"another challenge": {"RespondToAuthChallenge", object{"ChallengeName": "SMS_MFA", "ClientId": clientID},
			"InvalidParameterException"},
		"no challenge at all": {"RespondToAuthChallenge", object{"ChallengeName": "PASSWORD_VERIFIER", "ClientId": clientID},
			"NotAuthorizedException"},
		"challenge of another client": {"RespondToAuthChallenge", object{"ChallengeName": "PASSWORD_VERIFIER"},
			"ResourceNotFoundException"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := w.call(c.operation, c.in); got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
		})
	}
}
