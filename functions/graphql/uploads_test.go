package graphql_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	awslambda "github.com/aws/aws-lambda-go/lambda"

	"github.com/darkroom/darkroom/gallery"
)

// announced is an answer to an announced upload.
type announced struct {
	Type  string `json:"__typename"`
	Image struct {
		ID       gallery.ID
		Status   gallery.Status
		Filename string
	}
	URL           string
	Code, Message string
	Field         string
}

const answers = `{ __typename
  ... on AlreadyHave { image { id status filename } }
  ... on UploadTarget { url image { id status filename } }
  ... on UploadParts { image { id status filename } }
  ... on UploadFailure { code field message } }`

// batch announces pictures, told as GraphQL input.
func (a api) batch(sub string, uploads ...string) ([]announced, string) {
	a.t.Helper()
	return a.batchAs(sub, strings.Join(uploads, ", "))
}

func (a api) batchAs(sub, uploads string) ([]announced, string) {
	a.t.Helper()
	got := a.query(sub, "mutation { createUploads(uploads: ["+uploads+"]) "+answers+" }")
	if len(got.Errors) > 0 {
		return nil, got.code()
	}
	var all []announced
	if err := json.Unmarshal(got.Data["createUploads"], &all); err != nil {
		a.t.Fatal(err)
	}
	return all, ""
}

// picture is an upload as GraphQL input; n makes its bytes different from others'.
func picture(n int) string {
	return fmt.Sprintf(`{filename: "%d.jpg", contentType: "image/jpeg", bytes: 1000, sha256: "%064x"}`, n, n)
}

// becomes stores an image of ann's as it is after some changes.
func (a api) becomes(id gallery.ID, changes ...func(gallery.Image) (gallery.Image, error)) gallery.Image {
	a.t.Helper()
	return a.becomesOf("ann", id, changes...)
}

func (a api) becomesOf(owner gallery.Owner, id gallery.ID, changes ...func(gallery.Image) (gallery.Image, error)) gallery.Image {
	a.t.Helper()
	i, err := a.images.Get(a.t.Context(), owner, id)
	for _, change := range changes {
		if err == nil {
			i, err = change(i)
		}
		if err == nil {
			err = a.images.Save(a.t.Context(), i)
		}
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return i
}

func claim(i gallery.Image) (gallery.Image, error) { return i.Claim(noon) }

func trash(i gallery.Image) (gallery.Image, error) { return i.Trash(noon), nil }

func purge(i gallery.Image) (gallery.Image, error) { return i.Purge(noon), nil }

func fail(c gallery.FailureCode) func(gallery.Image) (gallery.Image, error) {
	return func(i gallery.Image) (gallery.Image, error) { return i.Fail(c, noon) }
}

func ready(i gallery.Image) (gallery.Image, error) {
	return i.Finish(gallery.Facts{Format: "jpeg", Width: 1, Height: 1}, nil, noon)
}

func (a api) requeued() int {
	d, err := a.queues.Depth("process")
	if err != nil {
		a.t.Fatal(err)
	}
	return d.Visible
}

func TestCreateUploadAnswersEveryStateThatTheBytesMayBeIn(t *testing.T) {
	type changes = []func(gallery.Image) (gallery.Image, error)
	for name, c := range map[string]struct {
		before   changes
		answer   string
		status   gallery.Status
		requeued int
		anew     bool
	}{
		"awaited":                      {nil, "UploadTarget", gallery.Pending, 0, false},
		"at work":                      {changes{claim}, "AlreadyHave", gallery.Processing, 0, false},
		"ready":                        {changes{claim, ready}, "AlreadyHave", gallery.Ready, 0, false},
		"not a picture":                {changes{claim, fail(gallery.Corrupt)}, "AlreadyHave", gallery.Failed, 0, false},
		"not finished in time":         {changes{claim, fail(gallery.TimedOut)}, "AlreadyHave", gallery.Processing, 1, false},
		"never arrived":                {changes{fail(gallery.NeverArrived)}, "UploadTarget", gallery.Pending, 0, false},
		"other bytes than announced":   {changes{claim, fail(gallery.Mismatch)}, "UploadTarget", gallery.Pending, 0, false},
		"ready, in the trash":          {changes{claim, ready, trash}, "AlreadyHave", gallery.Ready, 0, false},
		"awaited, in the trash":        {changes{trash}, "UploadTarget", gallery.Pending, 1, false},
		"at work, in the trash":        {changes{claim, trash}, "AlreadyHave", gallery.Processing, 1, false},
		"never arrived, in the trash":  {changes{fail(gallery.NeverArrived), trash}, "UploadTarget", gallery.Pending, 1, false},
		"being purged":                 {changes{claim, ready, purge}, "UploadTarget", gallery.Pending, 0, true},
		"being purged from the trash":  {changes{claim, ready, trash, purge}, "UploadTarget", gallery.Pending, 0, true},
		"in the trash, out of it late": {changes{claim, fail(gallery.TimedOut), trash}, "AlreadyHave", gallery.Processing, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, false)
			first, _ := a.batch("ann", picture(1))
			id := first[0].Image.ID
			a.becomes(id, c.before...)
			for range 2 { // asking twice is free
				got, code := a.batch("ann", picture(1))
				if code != "" || got[0].Type != c.answer || got[0].Image.Status != c.status || (got[0].Image.ID != id) != c.anew {
					t.Fatalf("got %+v %s", got, code)
				}
			}
			i, err := a.images.Get(t.Context(), "ann", id)
			if err != nil || i.Deleted() != c.anew {
				t.Errorf("the image: %+v, %v", i, err)
			}
			want := `{"images":1,"bytes":1000,"inFlight":0}`
			if c.answer == "UploadTarget" {
				want = `{"images":1,"bytes":1000,"inFlight":1}`
			}
			if c.anew {
				want = `{"images":2,"bytes":2000,"inFlight":1}` // until the purge is over
			}
			if got := a.usage("ann"); got != want || a.requeued() != c.requeued {
				t.Errorf("usage %s, want %s; requeued %d, want %d", got, want, a.requeued(), c.requeued)
			}
		})
	}
}

func (a api) usage(sub string) string {
	a.t.Helper()
	got := a.query(sub, `{ me { usage { images bytes inFlight } } }`)
	var me struct{ Usage json.RawMessage }
	if err := json.Unmarshal(got.Data["me"], &me); err != nil {
		a.t.Fatal(err)
	}
	return string(me.Usage)
}

func TestTwoTabsAtOnceMakeOneImage(t *testing.T) {
	a := open(t, false)
	var group sync.WaitGroup
	ids := make(chan gallery.ID, 8*3)
	for range 8 {
		group.Go(func() {
			tab := a
			tab.handler = awslambda.NewHandler(a.handle)
			got, code := tab.batch("ann", picture(1), picture(2), picture(1))
			if code != "" || len(got) != 3 || got[0].Image.ID != got[2].Image.ID || got[0].Image.ID == got[1].Image.ID {
				t.Errorf("got %+v %s", got, code)
				return
			}
			ids <- got[0].Image.ID
			ids <- got[1].Image.ID
		})
	}
	group.Wait()
	close(ids)
	different := map[gallery.ID]bool{}
	for id := range ids {
		different[id] = true
	}
	if got, want := a.usage("ann"), `{"images":2,"bytes":2000,"inFlight":2}`; len(different) != 2 || got != want {
		t.Errorf("%d images, usage %s, want 2 and %s", len(different), got, want)
	}
}

func TestEachOfABatchHasItsOwnAnswer(t *testing.T) {
	a := open(t, false)
	have, _ := a.batch("ann", picture(1))
	a.becomes(have[0].Image.ID, claim, ready)
	got, code := a.batch("ann", picture(2), strings.Replace(picture(3), "image/jpeg", "text/html", 1), picture(1), picture(4))
	if code != "" || len(got) != 4 {
		t.Fatalf("got %+v %s", got, code)
	}
	for n, want := range []string{"UploadTarget", "UploadFailure", "AlreadyHave", "UploadTarget"} {
		if got[n].Type != want {
			t.Errorf("answer %d: got %+v, want %s", n, got[n], want)
		}
	}
	if got[1].Code != "INVALID_INPUT" || got[1].Field != "contentType" || got[1].Message == "" {
		t.Errorf("the refusal: %+v", got[1])
	}
	var many []string
	for n := range gallery.MaxBatch + 1 {
		many = append(many, picture(100+n))
	}
	if _, code := a.batch("ann", many...); code != "INVALID_INPUT" {
		t.Errorf("one too many: got %s", code)
	}
	if _, code := a.batch("ann"); code != "INVALID_INPUT" {
		t.Errorf("none: got %s", code)
	}
	if got, code := a.batch("ann", many[1:]...); code != "" || len(got) != gallery.MaxBatch {
		t.Errorf("as many as may be: got %d %s", len(got), code)
	}
}

func TestAFilenameIsRefusedOrShownBackAsItIs(t *testing.T) {
	a := open(t, false)
	sum := 0
	for name, c := range map[string]struct {
		filename string
		fine     bool
	}{
		"10,000 characters":    {strings.Repeat("a", 10_000), false},
		"none":                 {"", false},
		"a path":               {"../../etc/passwd", true}, // never used as one
		"a drive":              {`C:\photos\a.jpg`, true},
		"a line break":         {"a\nb.jpg", false},
		"an escape":            {"a\x1b[2J.jpg", false},
		"a NUL":                {"a\x00.jpg", false},
		"emoji":                {"🏔️👩‍👩‍👧 am See.jpg", true},
		"right-to-left marks":  {"photo\u202egpj.exe", true},
		"quotes and semicolon": {`a"; filename="b.html`, true},
		"markup":               {"<script>alert(1)</script>.jpg", true},
	} {
		sum++
		quoted, _ := json.Marshal(c.filename)
		got, code := a.batch("ann", fmt.Sprintf(`{filename: %s, contentType: "image/jpeg", bytes: 9, sha256: "%064x"}`, quoted, sum))
		switch {
		case code != "":
			t.Errorf("%s: %s", name, code)
		case c.fine && (got[0].Type != "UploadTarget" || got[0].Image.Filename != c.filename || strings.Contains(got[0].URL, "passwd")):
			t.Errorf("%s: got %+v", name, got[0])
		case !c.fine && (got[0].Code != "INVALID_INPUT" || got[0].Field != "filename"):
			t.Errorf("%s: got %+v", name, got[0])
		}
	}
}
