package deployed_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// user is somebody who signed in, by one of the two endpoints.
type user struct {
	*client.Client
	s        *site
	endpoint string
	token    string
	owner    gallery.Owner
}

const password = "correct horse battery"

// user makes one whose queries go to the HTTP API, or to AppSync alone.
func (s *site) user(name string, appsyncOnly bool) user {
	s.t.Helper()
	owner, err := s.Cloud.Users.Seed(name+"@example.com", password)
	if err != nil {
		s.t.Fatal(err)
	}
	c := client.Config{
		GraphQL: s.Cloud.Endpoints.API + "/graphql", Realtime: s.Cloud.Endpoints.AppSync,
		Cognito: client.Cognito{Endpoint: s.Cloud.Endpoints.Cognito, Region: "us-east-1", UserPoolID: s.Names["UserPool"], ClientID: s.Names["UserPoolClient"]},
		User:    name + "@example.com", Password: password,
	}
	if appsyncOnly {
		c.GraphQL = c.Realtime
	}
	signedIn, err := client.SignIn(s.t.Context(), client.Options{Config: c, Now: time.Now})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(signedIn.Close)
	return user{signedIn, s, c.GraphQL, s.token(c), gallery.Owner(owner)}
}

// admin signs a user in who looks after all the others.
func (s *site) admin(name string, appsyncOnly bool) user {
	s.t.Helper()
	if _, err := s.Cloud.Users.Seed(name+"@example.com", password); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Cloud.Users.AddToGroup(name+"@example.com", gallery.AdminGroup); err != nil {
		s.t.Fatal(err)
	}
	return s.user(name, appsyncOnly)
}

// token signs in once more, for what the client has no method for.
func (s *site) token(c client.Config) string {
	s.t.Helper()
	in := fmt.Sprintf(`{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":%q,"AuthParameters":{"USERNAME":%q,"PASSWORD":%q}}`, c.Cognito.ClientID, c.User, c.Password)
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, c.Cognito.Endpoint, strings.NewReader(in))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth")
	var out struct{ AuthenticationResult struct{ AccessToken string } }
	s.send(req, &out)
	return out.AuthenticationResult.AccessToken
}

func (s *site) send(req *http.Request, out any) {
	s.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s %.500s, %v", req.URL, res.Status, body, err)
	}
	if err := json.Unmarshal(body, out); err != nil {
		s.t.Fatalf("%v in %.500s", err, body)
	}
}

// ask sends a GraphQL request and answers its data, as JSON, and its errors' text.
func (u user) ask(query string) (data string, failed string) {
	u.s.t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	req, err := http.NewRequestWithContext(u.s.t.Context(), http.MethodPost, u.endpoint, bytes.NewReader(body))
	if err != nil {
		u.s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", u.token)
	var out struct {
		Data   json.RawMessage
		Errors json.RawMessage
	}
	u.s.send(req, &out)
	return string(out.Data), string(out.Errors)
}

// upload sends a file and answers its image's id.
func (u user) upload(path string) gallery.ID {
	u.s.t.Helper()
	ctx := u.s.t.Context()
	f, err := client.Inspect(ctx, path)
	if err != nil {
		u.s.t.Fatal(err)
	}
	ticket, err := u.CreateUpload(ctx, f.Upload)
	if err == nil && !ticket.Sent() {
		err = u.Send(ctx, f, ticket, func(int64) {})
	}
	if err != nil {
		u.s.t.Fatalf("upload %s: %v", path, err)
	}
	return ticket.Image.ID
}

// picture writes a small JPEG that no other is like.
func picture(t *testing.T, name string) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for x := range 300 {
		for y := range 200 {
			m.Set(x, y, color.RGBA{uint8(x), uint8(y), uint8(len(name) * 9), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	b.WriteString(name)
	path := filepath.Join(t.TempDir(), name+".jpg")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// avif is a picture that functions/heif develops, a small one.
func avif(t *testing.T) string {
	t.Helper()
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bep/imagemeta")
	list.Dir = root
	dir, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, dir)
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "testdata", "images", "bep", "sunrise.avif")
}

// urls are the links in an answer.
func urls(data string) []string {
	var all []string
	for _, part := range strings.Split(data, `"url":`)[1:] {
		var link string
		if json.NewDecoder(strings.NewReader(part)).Decode(&link) == nil {
			all = append(all, link)
		}
	}
	return all
}

// get answers what a link that needs no sign-in leads to.
func (s *site) get(link string) string {
	s.t.Helper()
	res, err := http.Get(link)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Errorf("%s: %s %.500s, %v", link, res.Status, body, err)
	}
	return string(body)
}

// ends waits until an image is what it is to become.
func (u user) ends(id gallery.ID, want gallery.Status) client.Image {
	u.s.t.Helper()
	var i client.Image
	u.s.eventually(fmt.Sprintf("%s to be %s", id, want), func() error {
		var err error
		if i, err = u.Image(u.s.t.Context(), id); err != nil {
			return err
		}
		if i.Status != want {
			return fmt.Errorf("it is %s %s", i.Status, i.Failure)
		}
		return nil
	})
	return i
}
