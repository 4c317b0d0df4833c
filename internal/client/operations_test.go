package client

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

const fullImage = `{
  "id":"0199-1","version":3,"status":"READY","stage":null,"failure":null,"failureMessage":null,"filename":"a b+ü.jpg",
  "contentType":"image/jpeg","bytes":4200000,"sha256":"ab","format":"jpeg","width":4032,"height":3024,"placeholder":"1QcS",
  "capture":{"takenAt":"2024-05-01T12:33:00.000Z","make":"Apple","model":"iPhone 12","lens":null,"exposure":0.008,
    "aperture":1.6,"iso":32,"focalLength":4.2,"location":{"latitude":47.5,"longitude":-8.25,"altitude":null}},
  "renditions":[{"name":"large","url":"https://x/large","width":1024,"height":768,"bytes":90000,"contentType":"image/jpeg",
    "expiresAt":"2026-11-23T15:00:00.000Z"}],
  "original":{"url":"https://x/original","expiresAt":"2026-11-23T15:00:00.000Z"},
  "createdAt":"2026-11-23T14:01:41.000Z","updatedAt":"2026-11-23T14:01:42.500Z","deletedAt":null,"purgeAt":null}`

// answering is a client whose API answers every call with the data given, and the variables of the last call.
func answering(t *testing.T, data string) (*Client, *map[string]any) {
	t.Helper()
	d := deploy(t)
	variables := map[string]any{}
	d.api = func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Variables map[string]any }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		variables = body.Variables
		writeJSON(w, 200, `{"data":`+data+`}`)
	}
	return d.client(nil), &variables
}

func TestAnImageIsReadWithAllItsFacts(t *testing.T) {
	c, variables := answering(t, `{"image":`+fullImage+`}`)
	got, err := c.Image(t.Context(), "0199-1")
	if err != nil {
		t.Fatal(err)
	}
	expires := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	want := Image{
		Image: gallery.Image{
			ID: "0199-1", Version: 3, Status: gallery.Ready, Filename: "a b+ü.jpg", ContentType: "image/jpeg",
			Bytes: 4200000, SHA256: "ab",
			CreatedAt: time.Date(2026, 11, 23, 14, 1, 41, 0, time.UTC),
			UpdatedAt: time.Date(2026, 11, 23, 14, 1, 42, 5e8, time.UTC),
			Facts: gallery.Facts{
				Format: "jpeg", Width: 4032, Height: 3024, Placeholder: "1QcS",
				Capture: gallery.Capture{
					TakenAt: time.Date(2024, 5, 1, 12, 33, 0, 0, time.UTC), Make: "Apple", Model: "iPhone 12",
					Exposure: 0.008, Aperture: 1.6, ISO: 32, FocalLength: 4.2,
					Location: &gallery.Location{Latitude: 47.5, Longitude: -8.25},
				},
			},
		},
		Renditions: []Rendition{{
			Rendition: gallery.Rendition{Name: "large", Width: 1024, Height: 768, Bytes: 90000, ContentType: "image/jpeg"},
			Link:      gallery.Link{URL: "https://x/large", ExpiresAt: expires},
		}},
		Original: gallery.Link{URL: "https://x/original", ExpiresAt: expires},
		JSON:     []byte(fullImage),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("image is\n%+v, want\n%+v", got, want)
	}
	if got, want := *variables, (map[string]any{"id": "0199-1"}); !reflect.DeepEqual(got, want) {
		t.Errorf("asked with %v, want %v", got, want)
	}
}

func TestAnImageThatIsNullIsNotFound(t *testing.T) {
	c, _ := answering(t, `{"image":null}`)
	if _, err := c.Image(t.Context(), "x"); !errors.Is(err, gallery.ErrNotFound) {
		t.Errorf("answered %v, want %v", err, gallery.ErrNotFound)
	}
}

func TestImagesAnswersAPage(t *testing.T) {
	c, variables := answering(t,
		`{"images":{"edges":[{"node":`+fullImage+`}],"pageInfo":{"hasNextPage":true,"endCursor":"c1"}}}`)
	page, err := c.Images(t.Context(), gallery.Listing{First: 5, Order: gallery.TakenAt, Status: gallery.Ready})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Images) != 1 || page.Images[0].ID != "0199-1" || page.End != "c1" || !page.More {
		t.Errorf("page is %+v", page)
	}
	want := map[string]any{"first": 5.0, "order": "TAKEN", "status": "READY"}
	if got := *variables; !reflect.DeepEqual(got, want) {
		t.Errorf("asked with %v, want %v", got, want)
	}
}

func TestTheTrashIsAPageToo(t *testing.T) {
	c, variables := answering(t,
		`{"trash":{"edges":[{"node":`+fullImage+`}],"pageInfo":{"hasNextPage":true,"endCursor":"c1"}}}`)
	page, err := c.Images(t.Context(), gallery.Listing{First: 5, After: "c0", Order: gallery.TrashedAt})
	if err != nil || len(page.Images) != 1 || page.End != "c1" || !page.More {
		t.Errorf("page is %+v, %v", page, err)
	}
	if got, want := *variables, map[string]any{"first": 5.0, "after": "c0"}; !reflect.DeepEqual(got, want) {
		t.Errorf("asked with %v, want %v", got, want)
	}
}

func TestMeReadsAmountsWrittenAsFloats(t *testing.T) {
	c, _ := answering(t, `{"me":{"id":"u","usage":{"images":2,"bytes":3e+9},"quota":{"images":100,"bytes":1.099511627776e+12}}}`)
	got, err := c.Me(t.Context())
	want := gallery.Account{
		Owner: "u",
		Usage: gallery.Usage{Images: 2, Bytes: 3_000_000_000},
		Quota: gallery.Quota{Images: 100, Bytes: 1 << 40},
	}
	if err != nil || got != want {
		t.Errorf("account is %+v (%v), want %+v", got, err, want)
	}
}

func TestCreateUploadAnswersATicket(t *testing.T) {
	announced := gallery.Upload{
		Filename: "a.jpg", ContentType: "image/jpeg", Bytes: 3, SHA256: strings.Repeat("ab", 32),
	}
	target := &gallery.Target{
		URL: "https://s3/x", Method: "PUT", Headers: []gallery.Header{{Name: "If-None-Match", Value: "*"}},
		ExpiresAt: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC),
	}
	tests := map[string]struct {
		data string
		want *gallery.Target
		fail bool
	}{
		"to send the bytes": {
			`{"createUpload":{"__typename":"UploadTarget","image":` + fullImage + `,"url":"https://s3/x","method":"PUT",
			  "headers":[{"name":"If-None-Match","value":"*"}],"expiresAt":"2026-11-23T15:00:00.000Z"}}`, target, false,
		},
		"that says they are here": {`{"createUpload":{"__typename":"AlreadyHave","image":` + fullImage + `}}`, nil, false},
		"of a kind not known yet": {`{"createUpload":{"__typename":"UploadParts","image":` + fullImage + `}}`, nil, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, variables := answering(t, test.data)
			got, err := c.CreateUpload(t.Context(), announced)
			if (err != nil) != test.fail {
				t.Fatalf("answered %v, want an error: %t", err, test.fail)
			}
			if !test.fail && (got.Image.ID != "0199-1" || !reflect.DeepEqual(got.Target, test.want)) {
				t.Errorf("ticket is %+v, want a target %+v", got, test.want)
			}
			want := map[string]any{
				"filename": "a.jpg", "contentType": "image/jpeg", "bytes": 3.0, "sha256": strings.Repeat("ab", 32),
			}
			if !reflect.DeepEqual(*variables, want) {
				t.Errorf("asked with %v, want %v", *variables, want)
			}
		})
	}
}

func TestDeleteRestoreAndRetryAnswerTheImage(t *testing.T) {
	c, _ := answering(t, `{"deleteImage":`+fullImage+`,"restoreImage":`+fullImage+`,"retryImage":`+fullImage+`}`)
	deleted, err := c.DeleteImage(t.Context(), "0199-1")
	if err != nil || deleted.ID != "0199-1" {
		t.Errorf("deleted %+v (%v)", deleted, err)
	}
	restored, err := c.RestoreImage(t.Context(), "0199-1")
	if err != nil || restored.ID != "0199-1" {
		t.Errorf("restored %+v (%v)", restored, err)
	}
	retried, err := c.RetryImage(t.Context(), "0199-1")
	if err != nil || retried.ID != "0199-1" {
		t.Errorf("tried again %+v (%v)", retried, err)
	}
}
