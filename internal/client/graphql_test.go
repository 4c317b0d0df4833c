package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/darkroom/darkroom/gallery"
)

func TestEveryDocumentIsValidInTheSchema(t *testing.T) {
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range []string{
		imageQuery, imagesQuery, trashQuery, meQuery, changesQuery,
		createUploadMutation, deleteMutation, restoreMutation, retryMutation, eventsSubscription,
		shareMutation, sharesQuery, revokeMutation, exportQuery,
	} {
		if _, errs := gqlparser.LoadQueryWithRules(schema, document, rules.NewDefaultRules()); len(errs) > 0 {
			t.Errorf("%s\n%v", document, errs)
		}
	}
}

func TestTheThreeShapesOfARefusalMeanTheSame(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		want   gallery.Error // without a code: an error that is no refusal
	}{
		"the authorizer's": {
			401, `{"message":"Unauthorized"}`, gallery.Error{Code: gallery.CodeUnauthenticated, Message: "Sign in first."},
		},
		"GraphQL's": {
			200, `{"data":null,"errors":[{"message":"Too long.","extensions":{"code":"INVALID_INPUT","field":"filename"}}]}`,
			gallery.Error{Code: gallery.CodeInvalidInput, Field: "filename", Message: "Too long."},
		},
		"GraphQL's with partial data": {
			200, `{"data":{"image":null},"errors":[{"message":"None.","path":["image"],"extensions":{"code":"NOT_FOUND"}}]}`,
			gallery.Error{Code: gallery.CodeNotFound, Message: "None."},
		},
		"GraphQL's of our own fault": {
			200, `{"errors":[{"message":"Sorry.","extensions":{"code":"INTERNAL","requestId":"r-1"}}]}`,
			gallery.Error{Code: gallery.CodeInternal, Message: "Sorry. (request r-1)"},
		},
		"AppSync's": {
			200, `{"data":null,"errors":[{"message":"Full.","errorType":"QUOTA_EXCEEDED","errorInfo":{"field":"bytes"}}]}`,
			gallery.Error{Code: gallery.CodeQuotaExceeded, Field: "bytes", Message: "Full."},
		},
		"AppSync's of a token": {
			401, `{"errors":[{"errorType":"UnauthorizedException","message":"Token has expired."}]}`,
			gallery.Error{Code: gallery.CodeUnauthenticated, Message: "Token has expired."},
		},
		"one with details of odd types": {
			200, `{"errors":[{"message":"Odd.","extensions":[1],"errorInfo":"x","errorType":"CONFLICT"}]}`,
			gallery.Error{Code: gallery.CodeConflict, Message: "Odd."},
		},
		"a document that the schema does not know": {
			422, `{"errors":[{"message":"Cannot query field.","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`,
			gallery.Error{Code: gallery.CodeInternal, Message: "Cannot query field."},
		},
		"a gateway that is busy":  {503, `{"message":"Service Unavailable"}`, gallery.Error{}},
		"a page of a proxy":       {502, `<html>`, gallery.Error{}},
		"an answer without data":  {200, `{"data":null}`, gallery.Error{}},
		"an answer of odd types":  {200, `{"data":{"image":{"bytes":"many"}}}`, gallery.Error{}},
		"an answer without a end": {200, `{"data":"` + strings.Repeat("x", maxAnswerBytes) + `"}`, gallery.Error{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			d.api = func(w http.ResponseWriter, r *http.Request) { writeJSON(w, test.status, test.body) }
			_, err := d.client(nil).Image(t.Context(), "some-id")
			var got *gallery.Error
			if !errors.As(err, &got) {
				got = &gallery.Error{}
			}
			if err == nil || *got != test.want {
				t.Errorf("refused with %+v (%v), want %+v", *got, err, test.want)
			}
		})
	}
}

func TestARefusedTokenIsRenewedAndTheCallMadeAgain(t *testing.T) {
	d := deploy(t)
	var used []string
	d.api = func(w http.ResponseWriter, r *http.Request) {
		used = append(used, r.Header.Get("Authorization"))
		if len(used) == 1 {
			writeJSON(w, 401, `{"message":"Unauthorized"}`)
			return
		}
		writeJSON(w, 200, `{"data":{"image":{"id":"some-id"}}}`)
	}
	if _, err := d.client(nil).Image(t.Context(), "some-id"); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(used, ", "), "Bearer token-1, Bearer token-2"; got != want {
		t.Errorf("called with %s, want %s", got, want)
	}
}

func TestAFaultOfTheAPIIsTriedAgainWhereThatDoesNoHarm(t *testing.T) {
	const (
		broken  = `{"data":null,"errors":[{"message":"Sorry.","extensions":{"code":"INTERNAL","requestId":"r-1"}}]}`
		appsync = `{"data":null,"errors":[{"message":"Sorry.","errorType":"INTERNAL","errorInfo":{"requestId":"r-1"}}]}`
		crashed = `{"data":null,"errors":[{"message":"Sorry (request r-1)","errorType":"Lambda:Unhandled"}]}`
		unknown = `{"errors":[{"message":"Cannot query field.","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`
		none    = `{"data":{"image":null},"errors":[{"message":"None.","extensions":{"code":"NOT_FOUND"}}]}`
		fine    = `{"data":{"image":{"id":"x"},"createUpload":{"__typename":"AlreadyHave","image":{"id":"x"}},"shareImage":{"id":"x"}}}`
	)
	image := func(ctx context.Context, c *Client) error { _, err := c.Image(ctx, "x"); return err }
	announce := func(ctx context.Context, c *Client) error {
		_, err := c.CreateUpload(ctx, gallery.Upload{Filename: "a.jpg", ContentType: "image/jpeg", Bytes: 1, SHA256: strings.Repeat("0", 64)})
		return err
	}
	share := func(ctx context.Context, c *Client) error { _, err := c.ShareImage(ctx, "x", 0, nil); return err }
	for name, c := range map[string]struct {
		answers []string // the last from then on
		do      func(context.Context, *Client) error
		asked   int
		fails   string
	}{
		"once":                    {[]string{broken, fine}, image, 2, ""},
		"twice, by AppSync":       {[]string{appsync, crashed, fine}, image, 3, ""},
		"always":                  {[]string{broken}, image, 3, "tried 3 times: Sorry. (request r-1)"},
		"an upload, once":         {[]string{broken, fine}, announce, 2, ""},
		"before a refusal":        {[]string{broken, none}, image, 2, "None."},
		"a share":                 {[]string{broken, fine}, share, 1, "Sorry."},
		"a document of no schema": {[]string{unknown, fine}, image, 1, "Cannot query field."},
	} {
		t.Run(name, func(t *testing.T) {
			d, asked := deploy(t), 0
			d.api = func(w http.ResponseWriter, r *http.Request) {
				writeJSON(w, 200, c.answers[min(asked, len(c.answers)-1)])
				asked++
			}
			client, told := d.client(nil), []bool{}
			client.trouble = func(err error) { told = append(told, err != nil) }
			err := c.do(t.Context(), client)
			if asked != c.asked || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("asked %d times, ended with %v, want %d times and %q", asked, err, c.asked, c.fails)
			}
			if c.asked > 1 && (len(told) < 2 || !told[0] || name != "always" && told[len(told)-1]) {
				t.Errorf("told of trouble: %v", told)
			}
		})
	}
}

func TestACallThatIsMadeAgainEndsWithItsContext(t *testing.T) {
	d := deploy(t)
	d.api = func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, 200, `{"errors":[{"message":"Sorry.","extensions":{"code":"INTERNAL"}}]}`)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c := d.client(func(p *pace) { p.retry, p.retryMax = time.Hour, time.Hour })
	c.trouble = func(error) { cancel() }
	if _, err := c.Image(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(200, []byte(`{"data":{"createUpload":{"__typename":"UploadTarget","image":{"id":"x"},"headers":[{"name":"a"}]}}}`))
	f.Add(401, []byte(`{"errors":[{"errorType":"Unauthorized","errorInfo":{"field":1}}]}`))
	f.Add(200, []byte(`{"data":{"changes":{"events":[{"seq":1,"at":"2026-11-23T14:01:41.000Z"}]}}}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		var data struct {
			Image        Image
			CreateUpload struct {
				Image Image
				gallery.Target
			}
			Changes gallery.Changes
		}
		res := &http.Response{StatusCode: status, Request: &http.Request{}}
		if err := decode(res, body, &data); err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
	})
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte(`{"id":"events","type":"data","payload":{"data":{"imageEvents":{"seq":1}}}}`))
	f.Add([]byte(`{"type":"connection_error","payload":{"errors":[{"errorType":"x"}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var got frame
		if json.Unmarshal(b, &got) != nil {
			return
		}
		_ = eventOf(got)
		if refused(got) == nil {
			t.Error("an error frame that is no error")
		}
	})
}
