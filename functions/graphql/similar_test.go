package graphql_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/darkroom/darkroom/gallery"
)

// looked stores an image that has been looked at.
func (a api) looked(owner gallery.Owner, n int, hash string) gallery.Image {
	a.t.Helper()
	u := gallery.Upload{Filename: "a.jpg", ContentType: "image/jpeg", Bytes: 1, SHA256: fmt.Sprintf("%064x", n)}
	i := gallery.New(owner, gallery.ID(uuid.Must(uuid.NewV7()).String()), u, noon)
	i.Facts.Format, i.Facts.Looks = "jpeg", gallery.Looks{Hash: hash, Colours: []string{"#102030"}, Quality: 0.5}
	if err := a.images.Create(a.t.Context(), i, gallery.DefaultQuota()); err != nil {
		a.t.Fatal(err)
	}
	return i
}

func TestSimilarImagesAreTheOwnersOwnTheNearestFirst(t *testing.T) {
	a := open(t, false)
	one := a.looked("ann", 1, "00000000000000ff")
	edited := a.looked("ann", 2, "00000000000001ff")
	alike := a.looked("ann", 3, "000000000001ffff")
	a.looked("ann", 4, "ffffffffffffff00")
	a.looked("ben", 5, "00000000000000ff")
	trashed := a.looked("ann", 6, "00000000000000ff")
	if err := a.images.Save(t.Context(), trashed.Trash(noon)); err != nil {
		t.Fatal(err)
	}
	got := a.query("ann", `{ similarImages(id: "`+string(one.ID)+`") { distance image { id looks { colours quality hash } } } }`)
	want := fmt.Sprintf(`[{"distance":1,"image":{"id":%q,"looks":{"colours":["#102030"],"quality":0.5,"hash":%q}}},`+
		`{"distance":9,"image":{"id":%q,"looks":{"colours":["#102030"],"quality":0.5,"hash":%q}}}]`,
		edited.ID, edited.Facts.Looks.Hash, alike.ID, alike.Facts.Looks.Hash)
	if string(got.Data["similarImages"]) != want {
		t.Errorf("got  %s %+v\nwant %s", got.Data["similarImages"], got.Errors, want)
	}
	if got := a.query("ben", `{ similarImages(id: "`+string(one.ID)+`") { distance } }`); got.code() != "NOT_FOUND" {
		t.Errorf("of somebody else's: got %s", got.code())
	}
	if got := a.query("ann", `{ similarImages(id: "`+string(one.ID)+`", first: 101) { distance } }`); got.code() != "INVALID_INPUT" {
		t.Errorf("too many: got %s", got.code())
	}
	id := a.uploaded("cid")
	got = a.query("cid", `{ similarImages(id: "`+string(id)+`") { distance } }`)
	var none []any
	if err := json.Unmarshal(got.Data["similarImages"], &none); err != nil || len(none) != 0 {
		t.Errorf("of a picture not seen yet: got %s %+v", got.Data["similarImages"], got.Errors)
	}
}
