package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

var update = flag.Bool("update", false, "write docs/authorization.md anew")

// TestAuthorization asks every root field of the schema, over both endpoints, as everybody.
func TestAuthorization(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	for name, endpoint := range map[string]string{"HTTP": cloud.endpoints().GraphQL, "AppSync": cloud.endpoints().Realtime} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCast(t, endpoint)
			for _, r := range rights {
				c.try(r)
			}
		})
	}
}

func TestEveryRootFieldHasItsRow(t *testing.T) {
	known := map[string]bool{}
	for _, r := range append(rights, subscriptions...) {
		known[r.field] = true
	}
	for _, field := range rootFields(t) {
		if !known[field] {
			t.Errorf("%s has no row: say who may", field)
		}
		delete(known, field)
	}
	for field := range known {
		t.Errorf("there is no field %s", field)
	}
}

func rootFields(t *testing.T) (all []string) {
	t.Helper()
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				all = append(all, root.Name+"."+f.Name)
			}
		}
	}
	return all
}

// try asks in all ways; the owner last.
func (c *cast) try(r right) {
	c.t.Helper()
	for _, v := range []viewer{c.signedOut, c.bad} {
		if status, text := c.ask(v, r.field, c.filled(r.args, c.things)); status != http.StatusUnauthorized || c.tells(text) != "" {
			c.t.Errorf("%s %s by who is %s: got %d %s", r.field, r.how, v.name, status, text)
		}
	}
	nothing := map[string]string{}
	for name := range c.things {
		nothing[name] = uuid.Must(uuid.NewV7()).String()
	}
	nothing["$share"] = strings.Repeat("0", 64)
	nothing["$sha256"] = c.things["$sha256"]
	for _, as := range []struct {
		viewer
		want outcome
	}{{c.other, r.other}, {c.admin, r.admin}, {c.owner, r.owner}} {
		_, text := c.ask(as.viewer, r.field, c.filled(r.args, c.things))
		if got := c.outcome(text, as.want); got != as.want {
			c.t.Errorf("%s %s by %s: %s, want %s: %s", r.field, r.how, as.name, got, as.want, text)
		}
		if as.want != notFound {
			continue
		}
		if _, never := c.ask(as.viewer, r.field, c.filled(r.args, nothing)); never != text {
			c.t.Errorf("%s %s by %s tells it from what never was:\n%s\n%s", r.field, r.how, as.name, text, never)
		}
	}
}

// outcome reads an answer. Between those that are allowed it decides by what is wanted, and whether the answer bears it out.
func (c *cast) outcome(text string, want outcome) outcome {
	var got struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message, ErrorType string
			Extensions         struct{ Code string }
		}
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		return outcome("no JSON: " + err.Error())
	}
	if len(got.Errors) > 0 {
		return outcome(got.Errors[0].Extensions.Code + got.Errors[0].ErrorType)
	}
	for _, data := range got.Data {
		if string(data) == "null" {
			return "null without an error"
		}
	}
	secret := c.tells(text)
	switch {
	case want == done:
		return done
	case secret != "":
		return shown
	}
	return own
}

// tells is something in a text that only the owner may be told.
func (c *cast) tells(text string) string {
	for _, s := range c.secrets {
		if strings.Contains(text, s) {
			return s
		}
	}
	return ""
}

// ask sends the canonical operation of a root field.
func (c *cast) ask(v viewer, field string, args any) (int, string) {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{
		"query": c.document, "operationName": strings.Replace(field, ".", "_", 1), "variables": args,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if v.token != "" {
		req.Header.Set("Authorization", v.token)
	}
	status, text := send(c.t, req)
	if at := strings.Index(text, "{"); at >= 0 {
		text = text[at:] // behind the status
	}
	return status, text
}

// filled puts things in the place of their names.
func (c *cast) filled(args values, things map[string]string) any {
	text, err := json.Marshal(args)
	if err != nil {
		c.t.Fatal(err)
	}
	filled := regexp.MustCompile(`\$[a-z0-9]+`).ReplaceAllStringFunc(string(text), func(name string) string {
		if thing, ok := things[name]; ok {
			return thing
		}
		c.t.Fatalf("there is no %s", name)
		return ""
	})
	return json.RawMessage(filled)
}

// markdown is the whole table, for people.
func markdown() string {
	var out strings.Builder
	out.WriteString(`# Who may what

Written by ` + "`go test ./cmd/darkroom -run Authorization -update`" + ` from the table that this test holds the running cloud to, over HTTP and
over AppSync. A root field of the schema without a row fails it.

*sees it*: the answer has what is the owner's. *own only*: allowed, and there is nothing of the owner's in it. *may*: allowed.
NOT_FOUND is, byte for byte, the answer to asking for what never was. Signed out, or by a bad token, every row is 401.

| | asked for the owner's | another user | an admin | the owner |
|---|---|---|---|---|
`)
	for _, r := range append(append([]right{}, rights...), subscriptions...) {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", r.field, r.how, r.other, r.admin, r.owner)
	}
	out.WriteString(`
At these addresses it does not matter who asks, signed out or with whatever token: a link is all that it takes, or is not enough.

| | | |
|---|---|---|
`)
	for _, a := range addresses {
		fmt.Fprintf(&out, "| %s | %s | %d |\n", a.what, a.method, a.status)
	}
	return out.String()
}

func TestAuthorizationIsDocumentedAsItIs(t *testing.T) {
	const path = "../../docs/authorization.md"
	if *update {
		if err := os.WriteFile(path, []byte(markdown()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != markdown() {
		t.Errorf("%s is not what the table says (%v): run this test with -update", path, err)
	}
}
