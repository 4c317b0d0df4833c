package deployed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	sdksqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
	"github.com/darkroom/darkroom/internal/deployed"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
)

// root is the repository, as an absolute path: the object store changes the folder that the process is in.
var root = func() string {
	path, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return path
}()

// work is the folder of what is built, which TestMain makes and removes.
var work string

// binaries builds the functions for this machine, and unpacks their zips, once for all tests that need them.
var binaries = sync.OnceValues(func() (string, error) {
	if err := deployed.Build(context.Background(), root, work, runtime.GOARCH); err != nil {
		return "", err
	}
	return work, deployed.Unpack(work)
})

func TestMain(m *testing.M) {
	var err error
	if work, err = os.MkdirTemp("", "darkroom-zips-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(work)
	os.Exit(code)
}

// site is a deployment under test.
type site struct {
	*deployed.Deployment
	t       *testing.T
	said    *journal
	meeting *meeting // of calls that are to be under way at once; nil where none are
}

// deploy starts everything. Functions are frozen between their invocations, as on AWS. There can be one deployment at a time:
// the object store is one a process.
func deploy(t *testing.T, change func(*deployed.Options)) *site {
	t.Helper()
	built, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, said: &journal{of: map[string]*bytes.Buffer{}}}
	o := deployed.Options{
		File: filepath.Join(root, "serverless.yml"), Binaries: built, Dir: t.TempDir(), Freeze: true, Retry: 200 * time.Millisecond,
		Log: slog.New(slog.DiscardHandler), Output: s.said.writer,
	}
	if change != nil {
		change(&o)
	}
	if s.Deployment, err = deployed.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the functions said:\n%s", s.said.all())
		}
	})
	return s
}

// journal is what each function has printed.
type journal struct {
	mu sync.Mutex
	of map[string]*bytes.Buffer
}

// page is the journal's part of one function.
type page struct {
	*journal
	function string
}

func (j *journal) writer(function string) io.Writer { return page{j, function} }

func (p page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[p.function] == nil {
		p.of[p.function] = &bytes.Buffer{}
	}
	return p.of[p.function].Write(b)
}

// lines are what a function has printed so far.
func (j *journal) lines(function string) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.of[function] == nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(j.of[function].String(), "\n"), "\n")
}

func (j *journal) all() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var b strings.Builder
	for function, said := range j.of {
		fmt.Fprintf(&b, "--- %s\n%.4000s\n", function, said)
	}
	return b.String()
}

// record is a line of a function's log.
type record map[string]any

// records are the lines of a function that are JSON.
func (j *journal) records(function string) []record {
	var all []record
	for _, line := range j.lines(function) {
		var r record
		if json.Unmarshal([]byte(line), &r) == nil {
			all = append(all, r)
		}
	}
	return all
}

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

func (s *site) eventually(what string, f func() error) {
	s.t.Helper()
	s.within(time.Minute, what, f)
}

func (s *site) within(limit time.Duration, what string, f func() error) {
	s.t.Helper()
	var err error
	if !s.comes(limit, func() bool { err = f(); return err == nil }) {
		s.t.Fatalf("waited %v for %s: %v", limit, what, err)
	}
}

// comes waits for something to be so, and tells whether it came to be.
func (s *site) comes(limit time.Duration, f func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(limit); !f(); {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
	return true
}

// The operator's hands: past the gates, straight to the engines.

func (s *site) images() dynamodb.Images {
	return dynamodb.Images{DB: dynamodb.Open(s.Cloud.AWS(s.Cloud.Endpoints.DynamoDB)), Tables: s.Tables()}
}

func (s *site) bucket() s3.Bucket {
	return s3.Bucket{
		Client:  s3.Open(s.Cloud.AWS(s.Cloud.Endpoints.S3), true),
		Uploads: s.Names["UploadBucket"], Renditions: s.Names["RenditionBucket"],
	}
}

func (s *site) queue(name string) sqs.Queue {
	return sqs.Queue{
		Client: sqs.Open(s.Cloud.AWS(s.Cloud.Endpoints.SQS)), URL: s.Names[name],
		Body: s3.Requeue{Bucket: s.Names["UploadBucket"]}.Body,
	}
}

// tell puts any text into a queue.
func (s *site) tell(queue, body string) {
	s.t.Helper()
	q := s.queue(queue)
	if _, err := q.Client.SendMessage(s.t.Context(), &sdksqs.SendMessageInput{QueueUrl: &q.URL, MessageBody: &body}); err != nil {
		s.t.Fatal(err)
	}
}

// change stores an image as somebody who is in a hurry would leave it.
func (s *site) change(owner gallery.Owner, id gallery.ID, do func(*gallery.Image)) {
	s.t.Helper()
	s.eventually("a change of "+string(id), func() error {
		i, err := s.images().Record(s.t.Context(), owner, id)
		if err != nil {
			return err
		}
		i.Version++
		i.Change = gallery.Usage{}
		do(&i)
		return s.images().Save(s.t.Context(), i)
	})
}

// invoke calls a function as its event source would.
func (s *site) invoke(function string, event any) (string, error) {
	s.t.Helper()
	payload, err := json.Marshal(event)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.Functions[function].Invoke(s.t.Context(), payload)
	return string(answer), err
}

// sweep runs the sweeper once.
func (s *site) sweep() {
	s.t.Helper()
	if _, err := s.invoke("sweep", map[string]string{"source": "aws.events", "detail-type": "Scheduled Event"}); err != nil {
		s.t.Fatal(err)
	}
}
