package deployed_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/local/lambda"
)

// meant are AWS's samples of the events that each function is for, and what it must answer; the rest of them it must
// survive. None of these is about an image of ours, so nothing may come of them.
var meant = map[string]map[string]string{
	"graphql": {"apigw-v2-request-jwt-authorizer": `"statusCode":401`, "apigw-v2-request-no-authorizer": `"statusCode":401`}, // an ID token's claims; none
	"field":   {"appsync-identity-cognito": `"UNAUTHENTICATED"`, "appsync-identity-iam": `"UNAUTHENTICATED"`},
	"process": {"sqs-event": `"batchItemFailures":null`},
	"heif":    {"sqs-event": `"batchItemFailures":null`},
	"publish": {"dynamodb-event": `"batchItemFailures":null`},
	"share":   {"apigw-v2-request-no-authorizer": `"statusCode":404`},
	"sweep":   {"cloudwatch-logs-event": `null`},
	"auth": {
		"cognito-event-userpools-presignup": `"autoConfirmUser":false`, "cognito-event-userpools-postconfirmation": `"triggerSource"`,
		"cognito-event-userpools-preauthentication": "", // of a user whose name is no sub: refused
	},
}

// TestAWSsSamplesDoNoHarm gives every function every sample of aws-lambda-go: those that it is for, those of others, and
// those that are none. One process must live through all of them.
func TestAWSsSamplesDoNoHarm(t *testing.T) {
	s := deploy(t, nil)
	samples := awsSamples(t)
	for _, fn := range s.File.Functions() {
		expected, known := meant[fn.Name]
		if !known {
			t.Errorf("function %s: nothing here says what it makes of AWS's samples: give it a row in meant", fn.Name)
		}
		for name, payload := range samples {
			answer, err := s.Functions[fn.Name].Invoke(t.Context(), payload)
			if failed, ok := errors.AsType[*lambda.Error](err); ok && (failed.Type == "Runtime.ExitError" || failed.Type == "Sandbox.Timedout" || strings.Contains(failed.Type, "Error") && strings.Contains(failed.Message, "runtime error")) {
				t.Errorf("%s with %s: %v", fn.Name, name, failed)
			}
			if want, is := expected[name]; is && !strings.Contains(string(answer), want) {
				t.Errorf("%s with %s: got %.300s, %v, want %s", fn.Name, name, answer, err, want)
			}
		}
		for name := range expected {
			if samples[name] == nil {
				t.Errorf("there is no sample %s", name)
			}
		}
		if ended := strings.Count(strings.Join(s.said.lines(fn.Name), "\n"), "panic"); ended > 0 {
			t.Errorf("%s panicked %d times", fn.Name, ended)
		}
	}
}

// awsSamples are the events of aws-lambda-go's own tests, by name.
func awsSamples(t *testing.T) map[string][]byte {
	t.Helper()
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-lambda-go")
	list.Dir = root
	dir, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, dir)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "events", "testdata", "*.json"))
	if err != nil || len(files) < 50 {
		t.Fatalf("got %d samples, %v", len(files), err)
	}
	samples := map[string][]byte{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if json.Valid(data) { // Lambda takes no others
			samples[strings.TrimSuffix(filepath.Base(f), ".json")] = data
		}
	}
	return samples
}

// TestAnEventThatComesAgainChangesNothing: S3's event of a picture that is READY, from a queue that lost its memory.
func TestAnEventThatComesAgainChangesNothing(t *testing.T) {
	s := deploy(t, nil)
	u := s.user("ann", false)
	id := u.upload(picture(t, "again"))
	before := u.ends(id, gallery.Ready)
	body, err := s.queue("ProcessQueue").Body(u.owner, id)
	if err != nil {
		t.Fatal(err)
	}
	event := map[string]any{"Records": []any{
		map[string]string{"messageId": "1", "body": body}, map[string]string{"messageId": "2", "body": body},
	}}
	for range 2 {
		if answer, err := s.invoke("process", event); err != nil || !strings.Contains(answer, `"batchItemFailures":null`) {
			t.Errorf("got %s, %v", answer, err)
		}
	}
	after, err := u.Image(t.Context(), id)
	if err != nil || after.Version != before.Version || fmt.Sprint(after.Renditions[0].Name) != before.Renditions[0].Name {
		t.Errorf("got version %d, %v, want %d as before", after.Version, err, before.Version)
	}
}
