package s3_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/darkroom/darkroom/internal/s3"
)

func TestEventsOfS3AreRead(t *testing.T) {
	for name, want := range map[string]int{"put.json": 1, "multipart.json": 1, "two-records.json": 2} {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := s3.DecodeEvent(string(body))
		if err != nil || len(got) != want || got[0] != (s3.Arrival{Owner: "8b1c2d3e-0000-4000-8000-000000000001", ID: id}) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestS3sGreetingIsKnown(t *testing.T) {
	body, err := os.ReadFile("testdata/test-event.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s3.DecodeEvent(string(body)); !errors.Is(err, s3.ErrTestEvent) {
		t.Errorf("got %v, want %v", err, s3.ErrTestEvent)
	}
}

func TestWhatIsNoEventIsAnError(t *testing.T) {
	for _, body := range []string{
		"", "null", "[]", "{}", `{"Records":null}`, `{"Records":[{}]}`, `{"Records":[{"s3":{"object":{"key":"x"}}}]}`,
		`{"Records":[{"s3":{"object":{"key":"originals/ann/%zz"}}}]}`, `{"Records":"x"}`,
	} {
		if got, err := s3.DecodeEvent(body); err == nil {
			t.Errorf("%s: got %+v", body, got)
		}
	}
}

func TestWorkPutBackReadsLikeAnEventOfS3(t *testing.T) {
	body, err := s3.Requeue{Bucket: "uploads"}.Body("ann", id)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s3.DecodeEvent(body)
	if err != nil || len(got) != 1 || got[0] != (s3.Arrival{Owner: "ann", ID: id}) {
		t.Errorf("got %+v, %v from %s", got, err, body)
	}
}

func FuzzDecodeEvent(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.json")
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(body))
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := s3.DecodeEvent(body)
		for _, a := range got {
			if err == nil && (a.Owner == "" || a.ID == "") {
				t.Errorf("an arrival of nothing: %+v", a)
			}
		}
	})
}
