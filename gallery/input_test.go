package gallery_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

func good() gallery.Upload {
	return gallery.Upload{
		Filename: "a b+ü.jpg", ContentType: "image/jpeg", Bytes: 1, SHA256: strings.Repeat("0a", 32),
	}
}

func TestAnUploadOutOfBoundsIsRefusedNamingTheField(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*gallery.Upload)
		field  string
	}{
		"no file name":           {func(u *gallery.Upload) { u.Filename = "" }, "filename"},
		"a long file name":       {func(u *gallery.Upload) { u.Filename = strings.Repeat("a", 256) }, "filename"},
		"a control character":    {func(u *gallery.Upload) { u.Filename = "a\x1b[2J.jpg" }, "filename"},
		"not UTF-8":              {func(u *gallery.Upload) { u.Filename = "\xff.jpg" }, "filename"},
		"text":                   {func(u *gallery.Upload) { u.ContentType = "text/html" }, "contentType"},
		"a type with parameters": {func(u *gallery.Upload) { u.ContentType = "image/jpeg; x=y" }, "contentType"},
		"no type":                {func(u *gallery.Upload) { u.ContentType = "image/" }, "contentType"},
		"no bytes":               {func(u *gallery.Upload) { u.Bytes = 0 }, "bytes"},
		"negative bytes":         {func(u *gallery.Upload) { u.Bytes = -1 }, "bytes"},
		"too many bytes":         {func(u *gallery.Upload) { u.Bytes = gallery.MaxBytes + 1 }, "bytes"},
		"a short hash":           {func(u *gallery.Upload) { u.SHA256 = u.SHA256[1:] }, "sha256"},
		"a hash of other digits": {func(u *gallery.Upload) { u.SHA256 = strings.Repeat("g", 64) }, "sha256"},
	} {
		u := good()
		c.change(&u)
		_, err := u.Checked()
		var refusal *gallery.Error
		if !errors.As(err, &refusal) || refusal.Code != gallery.CodeInvalidInput || refusal.Field != c.field {
			t.Errorf("%s: got %v, want INVALID_INPUT of %s", name, err, c.field)
		}
	}
}

func TestAnUploadIsBroughtIntoItsStoredForm(t *testing.T) {
	u := good()
	u.SHA256, u.ContentType = strings.ToUpper(u.SHA256), "Image/JPEG"
	if got, err := u.Checked(); err != nil || got != good() {
		t.Errorf("got %+v, %v, want %+v", got, err, good())
	}
}

func TestAnImageIDIsAUUIDOfVersion7(t *testing.T) {
	const id = "019353ab-9c4e-7def-8123-456789abcdef"
	if got, err := gallery.ParseID(strings.ToUpper(id)); err != nil || got != id {
		t.Errorf("got %v, %v, want %v", got, err, id)
	}
	for _, bad := range []string{
		"", "x", id + "0", id[1:], strings.Replace(id, "7def", "4def", 1), strings.Replace(id, "-", "_", 1),
		"../353ab-9c4e-7def-8123-456789abcdef", strings.Replace(id, "ab", "ü", 1),
	} {
		if _, err := gallery.ParseID(bad); !errors.Is(err, gallery.Invalid("id", "")) {
			t.Errorf("%q: got %v, want INVALID_INPUT", bad, err)
		}
	}
}

func TestRefusalsAreComparedByTheirCode(t *testing.T) {
	if !errors.Is(gallery.Invalid("x", "y"), gallery.Invalid("", "")) || errors.Is(gallery.ErrNotFound, gallery.ErrConflict) {
		t.Error("errors.Is does not compare codes")
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("019353ab-9c4e-7def-8123-456789abcdef")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := gallery.ParseID(s)
		if err == nil && !strings.EqualFold(string(id), s) {
			t.Errorf("%q became %q", s, id)
		}
	})
}
