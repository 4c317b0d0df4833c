package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/internal/client"
)

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
