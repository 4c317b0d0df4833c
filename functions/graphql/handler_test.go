package graphql_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	localsqs "github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/s3"
)

func TestWithoutVerifiedClaimsNobodyIsLetIn(t *testing.T) {
	a := open(t, false)
	for name, c := range map[string]map[string]string{
		"no authorizer":     nil,
		"no sub":            {"token_use": "access"},
		"an ID token":       {"sub": "ann", "token_use": "id"},
		"a sub with a path": {"sub": "../ben", "token_use": "access"},
	} {
		forged := map[string]string{"x-golambdaproxy-apigw-context": `{"authorizer":{"jwt":{"claims":{"sub":"ann","token_use":"access"}}}}`}
		if res := a.send(c, `{"query":"{ me { id } }"}`, forged); res.StatusCode != 401 || res.Body != `{"message":"Unauthorized"}` {
			t.Errorf("%s: got %d %s", name, res.StatusCode, res.Body)
		}
	}
}

func TestTheSameBytesAreAskedForUntilTheyArrive(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	if again := a.uploaded("ann"); again != id {
		t.Errorf("the same bytes became another image")
	}
	if other := a.uploaded("ben"); other == id {
		t.Errorf("another owner's bytes became the same image")
	}
	got := a.query("ann", upload)
	for _, signed := range []string{`"x-amz-checksum-sha256"`, `"if-none-match"`, `"content-type"`, "2026-11-23T13:00:00Z"} {
		if !strings.Contains(string(got.Data["createUpload"]), signed) {
			t.Errorf("the target lacks %s: %s", signed, got.Data["createUpload"])
		}
	}
}

func TestAnotherOwnersImageIsNotFoundByAnyField(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	for _, q := range []string{
		`{ image(id: "%s") { id } }`, `mutation { deleteImage(id: "%s") { id } }`, `mutation { restoreImage(id: "%s") { id } }`,
		`mutation { purgeImage(id: "%s") { id } }`, `mutation { completeUpload(id: "%s") { id } }`,
		`mutation { retryImage(id: "%s") { id } }`, `{ uploadProgress(id: "%s") { complete } }`, `{ reprocess(id: "%s") { state } }`,
		`mutation { cancelReprocess(id: "%s") { state } }`,
		`mutation { uploadParts(id: "%s", parts: [{number: 1, bytes: 1, sha256: "00"}]) { url } }`,
	} {
		if got := a.query("ben", fmt.Sprintf(q, id)).code(); got != "NOT_FOUND" {
			t.Errorf("%s: got %s", q, got)
		}
	}
	if got := a.query("ben", `{ images { edges { node { id } } } }`); string(got.Data["images"]) != `{"edges":[]}` {
		t.Errorf("images: got %s", got.Data["images"])
	}
}

func TestATrashedImageComesBackAndItsWorkIsTakenUp(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	for range 2 { // deleting twice is fine
		got := a.query("ann", fmt.Sprintf(`mutation { deleteImage(id: "%s") { version deletedAt purgeAt } }`, id))
		if want := `{"version":3,"deletedAt":"2026-11-23T12:00:00Z","purgeAt":"2026-12-23T12:00:00Z"}`; len(got.Errors) > 0 || a.version(id) < 2 {
			t.Errorf("delete: got %s %+v, want %s", got.Data["deleteImage"], got.Errors, want)
		}
	}
	if got := a.query("ann", `{ images { edges { node { id } } } }`); string(got.Data["images"]) != `{"edges":[]}` {
		t.Errorf("the trash is listed: %s", got.Data["images"])
	}
	const trash = `{ trash { edges { node { id } } pageInfo { hasNextPage } } }`
	for who, edges := range map[string]string{"ann": fmt.Sprintf(`{"node":{"id":%q}}`, id), "ben": ""} {
		if got, want := string(a.query(who, trash).Data["trash"]), `{"edges":[`+edges+`],"pageInfo":{"hasNextPage":false}}`; got != want {
			t.Errorf("%s's trash: got %s, want %s", who, got, want)
		}
	}
	got := a.query("ann", fmt.Sprintf(`mutation { restoreImage(id: "%s") { status deletedAt } }`, id))
	if string(got.Data["restoreImage"]) != `{"status":"PENDING","deletedAt":null}` {
		t.Errorf("restore: got %s %+v", got.Data["restoreImage"], got.Errors)
	}
	if got := string(a.query("ann", trash).Data["trash"]); !strings.HasPrefix(got, `{"edges":[]`) {
		t.Errorf("restored, it is in the trash: %s", got)
	}
	messages, err := a.queues.Receive(t.Context(), "process", localsqs.ReceiveOptions{Max: 1, Wait: time.Second})
	if err != nil || len(messages) != 1 {
		t.Fatalf("got %d messages, %v, want the image's", len(messages), err)
	}
	arrivals, err := s3.DecodeEvent(messages[0].Body)
	if err != nil || len(arrivals) != 1 || arrivals[0] != (s3.Arrival{Owner: "ann", ID: id}) {
		t.Errorf("got %+v, %v", arrivals, err)
	}
}

func (a api) version(id gallery.ID) int64 {
	i, err := a.images.Get(context.Background(), "ann", id)
	if err != nil {
		a.t.Fatal(err)
	}
	return i.Version
}

func TestRefusalsCarryTheirCode(t *testing.T) {
	a := open(t, false)
	deep := strings.Repeat("edges { node { ", 7) + "id" + strings.Repeat(" } }", 7)
	bomb := "query { ...f0 } "
	for n := range 24 {
		bomb += fmt.Sprintf("fragment f%d on Query { a%d: me { id } ...f%d ...f%d } ", n, n, n+1, n+1)
	}
	bomb += "fragment f24 on Query { me { id } }"
	aliases := ""
	for n := range 1000 {
		aliases += fmt.Sprintf("a%d: me { id } ", n)
	}
	trashes := ""
	for n := range 30 {
		trashes += fmt.Sprintf("t%d: trash(first: 100) { edges { node { id filename renditions { url } } } } ", n)
	}
	for name, c := range map[string]struct{ query, code string }{
		"an id that is none":            {`{ image(id: "1") { id } }`, "INVALID_INPUT"},
		"an image that is none":         {`{ image(id: "019353ab-9c4e-7def-8123-456789abcdef") { id } }`, "NOT_FOUND"},
		"a page too large":              {`{ images(first: 101) { edges { cursor } } }`, "INVALID_INPUT"},
		"a page of nothing":             {`{ images(first: 0) { edges { cursor } } }`, "INVALID_INPUT"},
		"a cursor that is none":         {`{ images(after: "x") { edges { cursor } } }`, "INVALID_INPUT"},
		"a page of trash too large":     {`{ trash(first: 101) { edges { cursor } } }`, "INVALID_INPUT"},
		"a cursor of another list":      {`{ trash(after: "VVBMT0FERUR8MDE5MzUzYWI") { edges { cursor } } }`, "INVALID_INPUT"},
		"pages of trash by the dozen":   {"{ " + trashes + " }", "COMPLEXITY_LIMIT_EXCEEDED"},
		"a negative event":              {`{ changes(after: -1) { head } }`, "INVALID_INPUT"},
		"a wrong upload":                {strings.Replace(upload, "image/jpeg", "text/html", 1), "INVALID_INPUT"},
		"a subscription":                {`subscription { imageEvents { id } }`, "INVALID_INPUT"},
		"an unknown field":              {`{ images { ` + deep + ` } }`, "GRAPHQL_VALIDATION_FAILED"},
		"fragments that spread forever": {bomb, "COMPLEXITY_LIMIT_EXCEEDED"},
		"aliases by the thousand":       {"{ " + aliases + " }", "GRAPHQL_PARSE_FAILED"},
		"not GraphQL":                   {"{", "GRAPHQL_PARSE_FAILED"},
		"the schema":                    {`{ __schema { types { name } } }`, "INTROSPECTION_DISABLED"},
	} {
		started := time.Now()
		if got := a.query("ann", c.query).code(); got != c.code {
			t.Errorf("%s: got %s, want %s", name, got, c.code)
		}
		if took := time.Since(started); took > time.Minute {
			t.Errorf("%s: answered after %v", name, took)
		}
	}
}

func TestBodiesThatAreNoRequestAreRefused(t *testing.T) {
	a := open(t, false)
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"not JSON":  {"query", 400},
		"a batch":   {`[{"query":"{ me { id } }"},{"query":"{ me { id } }"}]`, 400},
		"too large": {`{"query":"{ me { id } }","x":"` + strings.Repeat("x", 400<<10) + `"}`, 413},
		"empty":     {"", 400},
	} {
		res := a.send(claims("ann"), c.body, nil)
		if res.StatusCode != c.status {
			t.Errorf("%s: got %d %s, want %d", name, res.StatusCode, res.Body, c.status)
		}
	}
}

func TestAPersistedQueryIsAskedForByItsHash(t *testing.T) {
	a := open(t, false)
	const hash = `"extensions":{"persistedQuery":{"version":1,"sha256Hash":"d23d0e5bef1d4dd8ec4b0ee8a0ea6f1d8bd5f0bcbd4ec95a3ad4b9a9cb3b1ad6"}}`
	if res := a.send(claims("ann"), "{"+hash+"}", nil); !strings.Contains(res.Body, "PERSISTED_QUERY_NOT_FOUND") {
		t.Errorf("unknown: got %s", res.Body)
	}
	if res := a.send(claims("ann"), `{"query":"{ me { id } }",`+hash+"}", nil); !strings.Contains(res.Body, "hash does not match") {
		t.Errorf("another's hash: got %s", res.Body)
	}
}

func TestAFaultOfOursTellsItsRequestAndNothingElse(t *testing.T) {
	a := open(t, false)
	a.broken()
	got := a.query("ann", `{ me { id } }`)
	if got.code() != "INTERNAL" || got.Errors[0].Extensions.RequestID != "request-1" || strings.Contains(got.Errors[0].Message, "127.0.0.1") {
		t.Errorf("got %+v", got.Errors)
	}
	if n := strings.Count(a.log.String(), "request-1"); n != 1 || !strings.Contains(a.log.String(), "refused") {
		t.Errorf("logged %d times: %s", n, a.log)
	}
}

func TestIntrospectionIsAMatterOfConfiguration(t *testing.T) {
	a := open(t, true)
	none := answer{}.code()
	ofType := strings.Repeat("ofType { ", 9) + "name" + strings.Repeat(" }", 9) // as graphql-js asks
	for name, c := range map[string]struct{ query, code string }{
		"the query type": {`{ __schema { queryType { name } } }`, none},
		"what editors ask": {`{ __schema { types { fields { args { type { ` + ofType + ` } } } inputFields { type { name } } }
			directives { args { type { ` + ofType + ` } } } } }`, none},
		"the fields of types of fields of types": {`{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }`, "GRAPHQL_VALIDATION_FAILED"},
		"… by fragments": {`{ __schema { types { ...f } } }
			fragment f on __Type { fields { type { ...g } } } fragment g on __Type { interfaces { possibleTypes { name } } }`, "GRAPHQL_VALIDATION_FAILED"},
	} {
		if got := a.query("ann", c.query); got.code() != c.code {
			t.Errorf("%s: got %q, want %q", name, got.code(), c.code)
		}
	}
}

// TestTheLogTellsOfEachMutation: of which image, in which request, and what came of it. A hostile id is not repeated.
func TestTheLogTellsOfEachMutation(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	a.query("ann", fmt.Sprintf(`mutation { deleteImage(id: "%s") { id } }`, id))
	a.query("ben", fmt.Sprintf(`mutation { deleteImage(id: "%s") { id } }`, id))
	a.query("ann", `mutation { deleteImage(id: "../ben") { id } }`)
	a.query("ann", `{ me { id } }`)
	want := []string{
		"msg=mutation request=request-1 field=createUpload image=" + string(id) + " outcome=OK",
		"msg=mutation request=request-1 field=deleteImage image=" + string(id) + " outcome=OK",
		"msg=mutation request=request-1 field=deleteImage image=" + string(id) + " outcome=NOT_FOUND",
		`msg=mutation request=request-1 field=deleteImage image="" outcome=INVALID_INPUT`,
	}
	lines := strings.Split(strings.TrimSpace(a.log.String()), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %d lines, want %d:\n%s", len(lines), len(want), a.log)
	}
	for n, line := range lines {
		if !strings.HasSuffix(line, want[n]) {
			t.Errorf("got %s, want %s", line, want[n])
		}
	}
}
