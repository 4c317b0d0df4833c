package s3_test

import (
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

const id = gallery.ID("019353ab-9c4e-7def-8123-456789abcdef")

func TestAnOriginalsKeyIsReadAsItWasMade(t *testing.T) {
	owner, got, err := s3.ParseOriginalKey(s3.OriginalKey("ann", id))
	if err != nil || owner != "ann" || got != id {
		t.Errorf("got %q, %q, %v", owner, got, err)
	}
}

func TestOtherKeysAreRefused(t *testing.T) {
	for _, key := range []string{
		"", "originals/", "originals/ann", "originals//" + string(id), "renditions/ann/" + string(id),
		"originals/ann/" + string(id) + "/x", "originals/a/b/" + string(id), "/originals/ann/" + string(id),
		"originals/ann/019353AB-9C4E-7DEF-8123-456789ABCDEF", "originals/ann/1",
	} {
		if owner, got, err := s3.ParseOriginalKey(key); err == nil {
			t.Errorf("%q: got %q, %q", key, owner, got)
		}
	}
}

func TestARenditionsKeySaysWhatItIs(t *testing.T) {
	for _, c := range []struct{ contentType, want string }{
		{"image/jpeg", "renditions/ann/" + string(id) + "/large-abc.jpg"},
		{"image/png", "renditions/ann/" + string(id) + "/large-abc.png"},
		{"image/webp", "renditions/ann/" + string(id) + "/large-abc.webp"},
	} {
		got := s3.RenditionKey("ann", id, gallery.Rendition{Name: "large", Digest: "abc", ContentType: c.contentType})
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.contentType, got, c.want)
		}
	}
}

func FuzzParseOriginalKey(f *testing.F) {
	f.Add(s3.OriginalKey("ann", id))
	f.Add("originals/../../etc/passwd")
	f.Fuzz(func(t *testing.T, key string) {
		owner, got, err := s3.ParseOriginalKey(key)
		if err == nil && s3.OriginalKey(owner, got) != key {
			t.Errorf("%q was read as %q", key, s3.OriginalKey(owner, got))
		}
	})
}
