package graphql_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	gateway "github.com/darkroom/darkroom/internal/local/s3"
)

// inParts is an upload of a little more than one request takes: all its parts are alike but the last.
type inParts struct {
	api
	id    gallery.ID
	name  string
	bytes int64
	part  []byte // all but the last
}

func openParts(t *testing.T) inParts {
	t.Helper()
	store, err := gateway.Start(t.Context(), gateway.Options{
		Dir: t.TempDir(), AccessKey: "key", SecretKey: "secret-secret", Buckets: []gateway.Bucket{{Name: "uploads"}, {Name: "renditions"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.Background()) })
	u := inParts{api: openAt(t, false, store.Endpoint()), bytes: gallery.MaxUploadBytes + 5, part: bytes.Repeat([]byte("0123456789abcdef"), gallery.PartBytes/16)}
	*u.later = time.Since(noon) // signatures are checked against the clock on the wall
	u.id = u.announce("ann")
	return u
}

// whole is the hash of all parts.
func (u inParts) whole() string {
	sum := sha256.New()
	for n := 1; n <= 7; n++ {
		sum.Write(u.data(n))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (u inParts) data(n int) []byte {
	if n == 7 {
		return u.part[:u.bytes-6*gallery.PartBytes]
	}
	return u.part
}

func (u inParts) announce(sub string) gallery.ID {
	u.t.Helper()
	got := u.query(sub, fmt.Sprintf(`mutation { createUpload(filename: %q, contentType: "image/tiff", bytes: %d, sha256: "%s") {
		... on UploadParts { image { id status } partBytes parts } } }`, cmp.Or(u.name, "scan.tif"), u.bytes, u.whole()))
	var a struct {
		Image            struct{ ID gallery.ID }
		PartBytes, Parts int
	}
	if err := json.Unmarshal(got.Data["createUpload"], &a); err != nil || a.Parts != 7 || a.PartBytes != gallery.PartBytes {
		u.t.Fatalf("%+v: %v", got, err)
	}
	return a.Image.ID
}

// sign asks for the request of a part, and answers the refusal's code instead.
func (u inParts) sign(sub string, n int, data []byte) (gallery.PartTarget, string) {
	u.t.Helper()
	sum := sha256.Sum256(data)
	got := u.query(sub, fmt.Sprintf(`mutation { uploadParts(id: "%s", parts: [{number: %d, bytes: %d, sha256: "%x"}]) { number url method headers { name value } } }`,
		u.id, n, len(data), sum))
	if len(got.Errors) > 0 {
		return gallery.PartTarget{}, got.code() + " " + got.Errors[0].Extensions.Field
	}
	var targets []gallery.PartTarget
	if err := json.Unmarshal(got.Data["uploadParts"], &targets); err != nil || len(targets) != 1 || targets[0].Number != n {
		u.t.Fatalf("%+v: %v", got, err)
	}
	return targets[0], ""
}

// put answers the status; 0 when S3 closed the connection before it had read all.
func (u inParts) put(t gallery.PartTarget, data []byte) int {
	u.t.Helper()
	req, err := http.NewRequestWithContext(u.t.Context(), t.Method, t.URL, bytes.NewReader(data))
	if err != nil {
		u.t.Fatal(err)
	}
	for _, h := range t.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

func (u inParts) send(n int) {
	u.t.Helper()
	target, code := u.sign("ann", n, u.data(n))
	if status := u.put(target, u.data(n)); code != "" || status != http.StatusOK {
		u.t.Fatalf("part %d: %s, %d", n, code, status)
	}
}

func (u inParts) complete(sub string) string {
	got := u.query(sub, fmt.Sprintf(`mutation { completeUpload(id: "%s") { status } }`, u.id))
	if len(got.Errors) > 0 {
		return got.code() + ": " + got.Errors[0].Message
	}
	return string(got.Data["completeUpload"])
}

func (u inParts) progress() string {
	u.t.Helper()
	got := u.query("ann", fmt.Sprintf(`{ uploadProgress(id: "%s") { bytes complete parts { number } } }`, u.id))
	return string(got.Data["uploadProgress"])
}

func TestAFileInPartsIsWholeWhenAllOfThemAreThere(t *testing.T) {
	u := openParts(t)
	if again := u.announce("ann"); again != u.id {
		t.Error("announced again it is another image")
	}
	if got, want := u.progress(), `{"bytes":0,"complete":false,"parts":[]}`; got != want {
		t.Errorf("at the start: got %s, want %s", got, want)
	}
	for _, n := range []int{7, 3, 1, 3, 5} { // in any order, and one twice
		u.send(n)
	}
	if got, want := u.progress(), `{"bytes":54525957,"complete":false,"parts":[{"number":1},{"number":3},{"number":5},{"number":7}]}`; got != want {
		t.Errorf("half-way: got %s, want %s", got, want)
	}
	if got := u.complete("ann"); got != "INVALID_INPUT: parts are missing: 2 4 6" {
		t.Errorf("too early: %s", got)
	}
	for _, n := range []int{2, 4, 6} {
		u.send(n)
	}
	for range 2 {
		if got := u.complete("ann"); got != `{"status":"PENDING"}` {
			t.Errorf("complete: %s", got)
		}
		if got, want := u.progress(), `{"bytes":104857605,"complete":true,"parts":[]}`; got != want {
			t.Errorf("at the end: got %s, want %s", got, want)
		}
	}
	u.isStored()
}

// isStored reads the object and compares its hash.
func (u inParts) isStored() {
	u.t.Helper()
	i, err := u.images.Get(u.t.Context(), "ann", u.id)
	if err != nil {
		u.t.Fatal(err)
	}
	body, err := u.bucket.Original(u.t.Context(), i)
	if err != nil {
		u.t.Fatal(err)
	}
	defer body.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, body); err != nil || hex.EncodeToString(sum.Sum(nil)) != u.whole() {
		u.t.Errorf("the object is another: %v", err)
	}
}

func TestAPartThatIsNoneIsRefused(t *testing.T) {
	u := openParts(t)
	for name, c := range map[string]struct {
		sub, want string
		number    int
		data      []byte
	}{
		"number 0":             {"ann", "INVALID_INPUT number", 0, u.part},
		"one too many":         {"ann", "INVALID_INPUT number", 8, u.part},
		"a short one":          {"ann", "INVALID_INPUT bytes", 1, u.part[1:]},
		"a long last one":      {"ann", "INVALID_INPUT bytes", 7, u.part},
		"one of another owner": {"ben", "NOT_FOUND ", 1, u.part},
	} {
		if _, got := u.sign(c.sub, c.number, c.data); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	target, _ := u.sign("ann", 1, u.part)
	other := bytes.Clone(u.part)
	other[0]++
	if status := u.put(target, other); status == http.StatusOK {
		t.Errorf("other bytes than signed: %d", status)
	}
	if status := u.put(target, u.part[1:]); status == http.StatusOK {
		t.Errorf("fewer bytes than signed: %d", status)
	}
	if got := u.complete("ben"); !strings.HasPrefix(got, "NOT_FOUND") {
		t.Errorf("another's upload: %s", got)
	}
	id := u.uploaded("ann") // one that is not in parts
	u.id = id
	if got := u.complete("ann"); !strings.HasPrefix(got, "CONFLICT") {
		t.Errorf("an upload that is not in parts: %s", got)
	}
}

func TestPartsThatWereAbandonedAreAnnouncedAgain(t *testing.T) {
	u := openParts(t)
	u.send(1)
	i, err := u.images.Get(t.Context(), "ann", u.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.bucket.AbandonParts(t.Context(), i); err != nil { // as the sweeper does
		t.Fatal(err)
	}
	u.becomes(u.id, fail(gallery.NeverArrived))
	if got := u.complete("ann"); !strings.HasPrefix(got, "CONFLICT") {
		t.Errorf("complete: %s", got)
	}
	if id := u.announce("ann"); id != u.id {
		t.Errorf("announced again it is another image")
	}
	if got, want := u.progress(), `{"bytes":0,"complete":false,"parts":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	u.send(1)
}

func TestAnnouncedAgainPartsGoOnWhereTheyAreOrBeginAnew(t *testing.T) {
	u := openParts(t)
	u.send(1)
	u.name = "another name.tif"
	if id := u.announce("ann"); id != u.id {
		t.Errorf("by another name it is another image")
	}
	if got, want := u.progress(), `{"bytes":16777216,"complete":false,"parts":[{"number":1}]}`; got != want {
		t.Errorf("by another name: got %s, want %s", got, want)
	}
	i, err := u.images.Get(t.Context(), "ann", u.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.bucket.AbandonParts(t.Context(), i); err != nil { // as a sweeper does who then loses the image
		t.Fatal(err)
	}
	if got, want := u.progress(), `{"bytes":0,"complete":false,"parts":[]}`; got != want {
		t.Errorf("abandoned: got %s, want %s", got, want)
	}
	if id := u.announce("ann"); id != u.id {
		t.Errorf("announced again it is another image")
	}
	u.send(1)
}
