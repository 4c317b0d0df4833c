package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/darkroom/darkroom/functions/auth"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cognito"
	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
)

// ann is the user of the events in testdata.
const ann = gallery.Owner("8b1c2d3e-9f00-4a51-b6c7-0123456789ab")

// stage is the function in front of a real table engine.
type stage struct {
	handler auth.Handler
	users   dynamodb.Users
	tables  *httptest.Server
	log     *bytes.Buffer
}

func open(t *testing.T, members string) *stage {
	t.Helper()
	db, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{tables: httptest.NewServer(db), log: &bytes.Buffer{}}
	t.Cleanup(func() { s.tables.Close(); _ = db.Close() })
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: &s.tables.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
	names := dynamodb.Tables{Images: "images", Feed: "feed", Users: "users"}
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(cfg), names); err != nil {
		t.Fatal(err)
	}
	s.users = dynamodb.Users{DB: dynamodb.Open(cfg), Tables: names}
	rule, err := gallery.ParseMembership(members)
	if err != nil {
		t.Fatal(err)
	}
	s.handler = auth.Handler{Members: rule, Accounts: s.users, Log: slog.New(slog.NewTextHandler(s.log, nil))}
	return s
}

// ask sends an event of testdata twice, as Cognito may, and answers the second answer, which must be that of the first.
func (s *stage) ask(t *testing.T, event string) (string, error) {
	t.Helper()
	payload, err := os.ReadFile(filepath.Join("testdata", event+".json"))
	if err != nil {
		t.Fatal(err)
	}
	h := awslambda.NewHandler(s.handler.Handle)
	first, firstErr := h.Invoke(t.Context(), payload)
	firstText := string(first) // the handler uses its buffer again
	second, err := h.Invoke(t.Context(), payload)
	if firstText != string(second) || (firstErr == nil) != (err == nil) {
		t.Errorf("%s: the second answer is another:\n%s, %v\n%s, %v", event, firstText, firstErr, second, err)
	}
	return string(second), err
}

func TestEveryEventComesBackWhole(t *testing.T) {
	s := open(t, "open")
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d events, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		answer, err := s.ask(t, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sent, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var got, want map[string]any
		if err := errors.Join(json.Unmarshal([]byte(answer), &got), json.Unmarshal(sent, &want)); err != nil {
			t.Fatal(err)
		}
		for member, v := range want {
			wanted, _ := json.Marshal(v)
			back, _ := json.Marshal(got[member])
			if member == "request" { // of which Cognito reads nothing again: what is null or empty may be left out
				wanted, back = attributes(v), attributes(got[member])
			}
			if string(back) != string(wanted) {
				t.Errorf("%s: %s came back as %s, want %s", name, member, back, wanted)
			}
		}
	}
}

func attributes(request any) []byte {
	all, _ := request.(map[string]any)
	text, _ := json.Marshal(all["userAttributes"])
	return text
}

func TestOnlyMembersJoin(t *testing.T) {
	for _, c := range []struct {
		members, event string
		refused        bool
	}{
		{"open", "PreSignUp_SignUp", false},
		{"@example.com", "PreSignUp_SignUp", false},
		{"ann@example.com", "PreSignUp_SignUp", false},
		{"@example.org", "PreSignUp_SignUp", true},
		{"bob@example.com", "PreSignUp_SignUp", true},
		{"@example.org", "PreSignUp_ExternalProvider", true},
		{"@example.com", "PreSignUp_ExternalProvider", false},
		{"@example.org", "PreSignUp_AdminCreateUser", false}, // whom an operator makes is a member by that
	} {
		answer, err := open(t, c.members).ask(t, c.event)
		if refused := err != nil; refused != c.refused {
			t.Errorf("%s by %q: got %v", c.event, c.members, err)
		}
		if c.refused && err != nil && err.Error() != "this address may not join" {
			t.Errorf("%s: the user reads %q", c.event, err)
		}
		if !c.refused && !strings.Contains(answer, `"response":{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}`) {
			t.Errorf("%s: answered %s", c.event, answer)
		}
	}
}

func TestNobodyIsConfirmedWithoutProof(t *testing.T) {
	got, err := open(t, "open").handler.Handle(t.Context(), cognito.Trigger{
		Source:   "PreSignUp_SignUp",
		Request:  cognito.Request{UserAttributes: map[string]string{"email": "ann@example.com"}},
		Response: json.RawMessage(`{"autoConfirmUser":true,"autoVerifyEmail":true}`),
	})
	if err != nil || strings.Contains(string(got.Response), "true") {
		t.Errorf("answered %s, %v", got.Response, err)
	}
}

func TestASuspendedUserMayNotSignInUntilThatIsLifted(t *testing.T) {
	s := open(t, "open")
	const event = "PreAuthentication_Authentication"
	if err := s.users.Warm(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	for _, since := range []time.Time{{}, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), {}} {
		suspended := !since.IsZero()
		if err := s.users.Suspend(t.Context(), ann, since); err != nil {
			t.Fatal(err)
		}
		_, err := s.ask(t, event)
		if suspended && (err == nil || err.Error() != "this account is suspended") || !suspended && err != nil {
			t.Errorf("suspended %t: got %v", suspended, err)
		}
	}
	if _, err := s.ask(t, "PreAuthentication_unknown_user"); err != nil {
		t.Errorf("an unknown user is told apart: %v", err)
	}
}

func TestWhileSuspensionCannotBeReadNobodySignsIn(t *testing.T) {
	s := open(t, "open")
	s.tables.Close()
	_, err := s.ask(t, "PreAuthentication_Authentication")
	var told messages.InvokeResponse_Error
	if err == nil || errors.As(err, &told) || err.Error() != "sign-in is out of order, try again in a moment" {
		t.Errorf("the user reads %v, and nothing else of what failed", err)
	}
	if !strings.Contains(s.log.String(), "connection refused") {
		t.Errorf("the log does not say why:\n%s", s.log)
	}
	for name, attributes := range map[string]map[string]string{"no sub": {}, "a sub of slash": {"sub": "a/b"}} {
		trigger := cognito.Trigger{Source: "PreAuthentication_Authentication", Request: cognito.Request{UserAttributes: attributes}}
		if _, err := s.handler.Handle(t.Context(), trigger); err == nil {
			t.Errorf("%s: let in", name)
		}
	}
}

func TestAConfirmedUserHasAnAccountOnce(t *testing.T) {
	s := open(t, "open")
	for _, event := range []string{"PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword"} {
		if _, err := s.ask(t, event); err != nil {
			t.Errorf("%s: %v", event, err)
		}
		if n := rows(t, s.users); n != 1 {
			t.Errorf("%s: %d accounts, want 1", event, n)
		}
		if err := s.users.Suspend(t.Context(), ann, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	if a, err := s.users.Account(t.Context(), ann); err != nil || a.SuspendedAt.IsZero() {
		t.Errorf("the account was made anew: %+v, %v", a, err)
	}
}

func rows(t *testing.T, users dynamodb.Users) int64 {
	t.Helper()
	n, err := users.DB.Table(users.Tables.Users).Scan().Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return int64(n)
}

func TestAConfirmedUserIsNotToldThatTheAccountMustWait(t *testing.T) {
	s := open(t, "open")
	s.tables.Close()
	if _, err := s.ask(t, "PostConfirmation_ConfirmSignUp"); err != nil {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(s.log.String(), "account not made yet") {
		t.Errorf("the log says nothing of it:\n%s", s.log)
	}
}

func TestAnUnknownTriggerIsRefused(t *testing.T) {
	s := open(t, "open")
	for _, source := range []string{"", "PreSignUp", "presignup_SignUp", "TokenGeneration_Authentication", "PreSignUpX_SignUp"} {
		if _, err := s.handler.Handle(context.Background(), cognito.Trigger{Source: source}); err == nil {
			t.Errorf("%q: no error", source)
		}
	}
}
