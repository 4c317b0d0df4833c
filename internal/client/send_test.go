package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// bucket answers PUTs with one status after another, the last one from then on, and keeps what came.
type bucket struct {
	mu       sync.Mutex
	statuses []int // 0 cuts the connection
	puts     int
	body     []byte
	headers  http.Header
	length   int64
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	status := b.statuses[min(b.puts, len(b.statuses)-1)]
	b.puts++
	b.body, b.headers, b.length = body, r.Header, r.ContentLength
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<Error><Code>SomeCode</Code><Message>Some message.</Message></Error>`)
}

func (b *bucket) attempts() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.puts
}

func picture(t *testing.T, content []byte) File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func ticket(d *deployment) Ticket {
	return Ticket{
		Image: Image{Image: gallery.Image{ID: "image-1"}},
		Target: &gallery.Target{URL: d.URL + "/upload", Method: "PUT", Headers: []gallery.Header{
			{Name: "Host", Value: "elsewhere"}, {Name: "Content-Length", Value: "1"},
			{Name: "Content-Type", Value: "image/jpeg"}, {Name: "X-Amz-Checksum-Sha256", Value: "abc="},
		}},
	}
}

func TestSendPutsExactlyWhatWasSigned(t *testing.T) {
	d := deploy(t)
	s3 := &bucket{statuses: []int{200}}
	d.put = s3.ServeHTTP
	content := bytes.Repeat([]byte("\xff\xd8\xff\xe0 jpeg"), 50_000)
	var last int64
	err := d.client(nil).Send(t.Context(), picture(t, content), ticket(d), func(sent int64) { last = sent })
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(s3.body, content) || s3.length != int64(len(content)) || last != s3.length {
		t.Errorf("sent %d bytes, announced %d, told of %d, want %d", len(s3.body), s3.length, last, len(content))
	}
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "X-Amz-Checksum-Sha256": "abc=", "Authorization": ""} {
		if got := s3.headers.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestSendTriesAgainWhereThatMayHelp(t *testing.T) {
	const (
		renewed = `{"data":{"createUpload":{"__typename":"UploadTarget","image":{"id":"image-1"},"url":"URL","method":"PUT","headers":[]}}}`
		have    = `{"data":{"createUpload":{"__typename":"AlreadyHave","image":{"id":"image-1"}}}}`
		full    = `{"errors":[{"message":"Full.","extensions":{"code":"QUOTA_EXCEEDED"}}]}`
	)
	gone := strings.Replace(renewed, "image-1", "image-2", 1)
	tests := map[string]struct {
		statuses []int
		again    string // the answer to createUpload
		puts     int
		fails    string
	}{
		"the first attempt succeeds":            {[]int{200}, "", 1, ""},
		"the bytes are there already":           {[]int{412}, "", 1, ""},
		"the connection breaks":                 {[]int{0, 200}, "", 2, ""},
		"an attempt got through unnoticed":      {[]int{0, 412}, "", 2, ""},
		"S3 is busy":                            {[]int{503, 429, 200}, "", 3, ""},
		"the connection always breaks":          {[]int{0}, "", 3, "tried 3 times"},
		"S3 is always busy":                     {[]int{503}, "", 3, "S3 answered 503 SomeCode Some message."},
		"the bytes are wrong":                   {[]int{400}, "", 1, "S3 answered 400 SomeCode"},
		"the signature has expired":             {[]int{403, 200}, renewed, 2, ""},
		"the signature is refused twice":        {[]int{403}, renewed, 2, "S3 answered 403"},
		"somebody else has sent the bytes":      {[]int{403}, have, 1, ""},
		"the image is gone after it expired":    {[]int{403}, gone, 1, "image-1 is gone"},
		"it cannot be announced after it did":   {[]int{403}, full, 1, "Full."},
		"it is redirected, which S3 never does": {[]int{307}, "", 1, "S3 answered 307"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			s3 := &bucket{statuses: test.statuses}
			d.put = s3.ServeHTTP
			d.api = func(w http.ResponseWriter, r *http.Request) {
				writeJSON(w, 200, strings.Replace(test.again, "URL", d.URL+"/upload", 1))
			}
			err := d.client(nil).Send(t.Context(), picture(t, []byte("\xff\xd8\xff\xe0")), ticket(d), func(int64) {})
			if (err != nil) != (test.fails != "") || err != nil && !strings.Contains(err.Error(), test.fails) {
				t.Errorf("ended with %v, want %q", err, test.fails)
			}
			if got := s3.attempts(); got != test.puts {
				t.Errorf("sent it %d times, want %d", got, test.puts)
			}
		})
	}
}

func TestAStalledUploadIsTriedAgain(t *testing.T) {
	d := deploy(t)
	c := d.client(func(p *pace) { p.stall, p.attempts = 10*time.Millisecond, 2 })
	hole := &blackHole{}
	c.http.Transport = hole
	err := c.Send(t.Context(), picture(t, []byte("\xff\xd8\xff\xe0")), ticket(d), func(int64) {})
	if err == nil || !strings.Contains(err.Error(), "stalled") || hole.attempts != 2 {
		t.Errorf("ended with %v after %d attempts, want it to stall twice", err, hole.attempts)
	}
}

// blackHole is a network that takes everything and answers nothing.
type blackHole struct{ attempts int }

func (h *blackHole) RoundTrip(r *http.Request) (*http.Response, error) {
	h.attempts++
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestSendEndsWithItsContext(t *testing.T) {
	d := deploy(t)
	ctx, cancel := context.WithCancel(t.Context())
	free := make(chan struct{})
	d.put = func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-free
	}
	defer close(free)
	err := d.client(nil).Send(ctx, picture(t, []byte("\xff\xd8\xff\xe0")), ticket(d), func(int64) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v, want %v", err, context.Canceled)
	}
}

func TestWhatIsAmissHereIsNotTriedAgain(t *testing.T) {
	tests := map[string]func(t *testing.T, f *File, to *Ticket){
		"the file is gone": func(t *testing.T, f *File, _ *Ticket) {
			if err := os.Remove(f.Path); err != nil {
				t.Error(err)
			}
		},
		"the file has changed": func(t *testing.T, f *File, _ *Ticket) { f.Bytes++ },
		"the target is a file": func(_ *testing.T, _ *File, to *Ticket) { to.Target.URL = "file:///etc/passwd" },
		"the method is odd":    func(_ *testing.T, _ *File, to *Ticket) { to.Target.Method = "DELETE" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			s3 := &bucket{statuses: []int{200}}
			d.put = s3.ServeHTTP
			f, to := picture(t, []byte("\xff\xd8\xff\xe0")), ticket(d)
			spoil(t, &f, &to)
			err := d.client(nil).Send(t.Context(), f, to, func(int64) {})
			if err == nil || strings.Contains(err.Error(), "tried") || s3.attempts() > 0 {
				t.Errorf("ended with %v after %d attempts, want an error at once", err, s3.attempts())
			}
		})
	}
}
