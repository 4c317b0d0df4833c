package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/darkroom/darkroom/internal/client"
)

var update = flag.Bool("update", false, "write docs/authorization.md anew")

// viewer is one of those who ask.
type viewer struct {
	name, token, id string
}

// cast is a gallery and those who look at it over one endpoint.
type cast struct {
	*program
	endpoint, document  string
	signedOut, bad      viewer
	other, admin, owner viewer
	things              map[string]string // $name → what it stands for
	secrets             []string          // what only the owner may be told
}

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

// newCast signs three users up and gives the owner one of everything.
func newCast(t *testing.T, endpoint string) *cast {
	t.Helper()
	c := &cast{
		program: sharedCloud(t), endpoint: endpoint, things: map[string]string{},
		document: string(file(t, "../../functions/field/documents.graphql")),
	}
	c.signedOut.name, c.bad.name = "signed out", "signed in by a bad token"
	var config string
	c.other, _ = c.signed("another user", "")
	c.admin, _ = c.signed("an admin", "admin")
	c.owner, config = c.signed("the owner", "")
	c.bad.token = c.owner.token[:len(c.owner.token)-8] + strings.Repeat("A", 8)

	name := "secret-" + uuid.NewString()[:8] + ".jpg"
	picture := small(t, name)
	uploaded(t, config, filepath.Join(pictures(t, map[string][]byte{name: picture}), name))
	c.things["$sha256"], c.things["$owner"] = sumOf(picture), c.owner.id
	c.things["$image"] = c.id("Query.images", nil, `"id":"([^"]*)"`)
	c.things["$parts"] = c.id("Mutation.createUpload", values{
		"filename": name, "contentType": "image/tiff", "bytes": 101 << 20, "sha256": sumOf([]byte(name)),
	}, `"id":"([^"]*)"`)
	c.things["$job"] = c.id("Mutation.reprocessImages", values{"dryRun": false, "filter": values{"status": "FAILED"}}, `"id":"([^"]*)"`)
	c.things["$share"] = c.id("Mutation.shareImage", values{"id": "$image"}, `"id":"([0-9a-f]{64})"`)
	c.secrets = []string{name, c.things["$image"], c.things["$parts"], c.things["$job"], c.things["$share"], c.owner.id}
	return c
}

// id is what the owner's answer has in the place of a pattern's group.
func (c *cast) id(field string, args values, pattern string) string {
	c.t.Helper()
	_, text := c.ask(c.owner, field, c.filled(args, c.things))
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		c.t.Fatalf("%s: no %s in %s", field, pattern, text)
	}
	return m[1]
}

// signed is a new user, in a group or in none, and their configuration file.
func (c *cast) signed(name, group string) (viewer, string) {
	c.t.Helper()
	path := c.user()
	config := readFile(c.t, path)
	if group != "" {
		c.join(config, group)
	}
	v := viewer{name: name, token: c.accessToken(config)}
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(v.token, ".")[1])
	var claims struct{ Sub string }
	if err == nil {
		err = json.Unmarshal(text, &claims)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	v.id = claims.Sub
	return v, path
}

// join puts a user into a group, as an operator of the pool does.
func (c *cast) join(config client.Config, group string) {
	c.t.Helper()
	operator := map[string]string{}
	for _, line := range strings.Split(string(file(c.t, filepath.Join(c.dir, operatorFile))), "\n") {
		name, value, _ := strings.Cut(line, "=")
		operator[name] = value
	}
	body, err := json.Marshal(map[string]string{"UserPoolId": poolID, "Username": config.User, "GroupName": group})
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, config.Cognito.Endpoint, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.AdminAddUserToGroup")
	key := aws.Credentials{AccessKeyID: operator["AWS_ACCESS_KEY_ID"], SecretAccessKey: operator["AWS_SECRET_ACCESS_KEY"]}
	if err := v4.NewSigner().SignHTTP(c.t.Context(), key, req, sumOf(body), "cognito-idp", operator["AWS_REGION"], time.Now()); err != nil {
		c.t.Fatal(err)
	}
	if status, text := send(c.t, req); status != http.StatusOK {
		c.t.Fatal(text)
	}
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
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
