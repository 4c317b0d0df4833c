package appsync_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/appsync"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// announce sends an event to a server that answers as it is told, and returns what it received.
func announce(t *testing.T, e gallery.Event, status int, answer string) (sent map[string]any, header http.Header, err error) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	p := appsync.Publisher{
		Endpoint: server.URL + "/graphql", Region: "eu-central-1", HTTP: server.Client(), Now: func() time.Time { return noon },
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
	return sent, header, p.Announce(t.Context(), e)
}

func TestAnEventIsSentWholeAndUnknownIsNull(t *testing.T) {
	full := gallery.Event{
		Owner: "ann", ID: "a", Seq: 7, Version: 3, Status: gallery.Failed, Stage: gallery.Developing, Failure: gallery.Corrupt,
		Width: 300, Height: 200, Placeholder: "aGFzaA==", DeletedAt: noon, At: noon,
	}
	for name, c := range map[string]struct {
		event gallery.Event
		want  string
	}{
		"everything": {full, `{"at":"2026-11-23T12:00:00Z","deletedAt":"2026-11-23T12:00:00Z","failure":"CORRUPT","height":200,"id":"a",` +
			`"owner":"ann","placeholder":"aGFzaA==","seq":7,"stage":"DEVELOPING","status":"FAILED","version":3,"width":300}`},
		"what there always is": {gallery.Event{Owner: "ann", ID: "a", Seq: 1, Version: 1, Status: gallery.Pending, At: noon},
			`{"at":"2026-11-23T12:00:00Z","deletedAt":null,"failure":null,"height":null,"id":"a","owner":"ann","placeholder":null,` +
				`"seq":1,"stage":null,"status":"PENDING","version":1,"width":null}`},
	} {
		sent, header, err := announce(t, c.event, http.StatusOK, `{"data":{"publishImageEvent":{}}}`)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, _ := json.Marshal(sent["variables"].(map[string]any)["event"])
		if string(got) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
		if a := header.Get("Authorization"); !strings.Contains(a, "Credential=key/20261123/eu-central-1/appsync/aws4_request") {
			t.Errorf("%s: signed as %s", name, a)
		}
	}
}

func TestWhatIsSentIsWhatTheSchemaTakes(t *testing.T) {
	schema, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	mutation, err := os.ReadFile("../../appsync/publish.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	loaded := gqlparser.MustLoadSchema(&ast.Source{Input: string(schema)}, &ast.Source{Input: string(mutation)})
	sent, _, err := announce(t, gallery.Event{}, http.StatusOK, `{}`)
	if err != nil {
		t.Fatal(err)
	}
	event := sent["variables"].(map[string]any)["event"].(map[string]any)
	for _, f := range loaded.Types["ImageEventInput"].Fields {
		if _, ok := event[f.Name]; !ok {
			t.Errorf("%s is not sent", f.Name)
		}
		delete(event, f.Name)
	}
	if len(event) > 0 {
		t.Errorf("the schema does not know %v", event)
	}
	if _, list := gqlparser.LoadQueryWithRules(loaded, sent["query"].(string), nil); len(list) > 0 {
		t.Errorf("the document is not valid: %v", list)
	}
}

func TestAnythingButAnAnswerWithoutErrorsIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
	}{
		"refused":          {403, `{"errors":[{"errorType":"InvalidSignatureException"}]}`},
		"an error":         {200, `{"data":{"publishImageEvent":null},"errors":[{"message":"no"}]}`},
		"down":             {503, ``},
		"not JSON":         {200, `<html>`},
		"a flood of words": {500, strings.Repeat("x", 1<<20)},
	} {
		_, _, err := announce(t, gallery.Event{Seq: 7}, c.status, c.answer)
		if err == nil || len(err.Error()) > 500 || !strings.Contains(err.Error(), "event 7") {
			t.Errorf("%s: got %.600s", name, fmt.Sprint(err))
		}
	}
}

// TestAConnectionThatHasEndedIsReplaced: AppSync ends one that was idle, perhaps while the function was frozen, and the
// function only notices by what it has sent.
func TestAConnectionThatHasEndedIsReplaced(t *testing.T) {
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests == 2 {
			panic(http.ErrAbortHandler) // received, and no answer
		}
		_, _ = io.WriteString(w, `{"data":{"publishImageEvent":{}}}`)
	}))
	defer server.Close()
	p := appsync.Publisher{
		Endpoint: server.URL + "/graphql", Region: "eu-central-1", HTTP: server.Client(), Now: func() time.Time { return noon },
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
	for seq := range int64(2) {
		if err := p.Announce(t.Context(), gallery.Event{Owner: "ann", ID: "a", Seq: seq + 1, Version: 1, At: noon}); err != nil {
			t.Errorf("event %d: %v", seq+1, err)
		}
	}
	if requests != 3 {
		t.Errorf("got %d requests, want the second one twice", requests)
	}
}
