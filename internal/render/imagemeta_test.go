package render

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bep/imagemeta"
)

// This comparison runs everywhere, also where there is no exiftool: another reader in Go, written by others.
func TestFactsAreThoseOfImagemeta(t *testing.T) {
	compared := 0
	for file, h := range readable(t) {
		got := ours(h)
		for name, want := range imagemetaSays(h.blocks.EXIF) {
			compared++
			if !same(got[name], want) {
				t.Errorf("%s, %s: got %q, want %q", filepath.Base(file), name, got[name], want)
			}
		}
	}
	if compared < 450 {
		t.Errorf("only %d facts were there to be compared", compared)
	}
}

func imagemetaSays(block []byte) map[string]string {
	facts := map[string]string{
		"Make": "make", "Model": "model", "LensModel": "lens", "ISO": "iso", "FNumber": "aperture",
		"ExposureTime": "exposure", "FocalLength": "focal length",
	}
	found := map[string]string{}
	_, _ = imagemeta.Decode(imagemeta.Options{ // what it could read counts, whatever it says in the end
		R: bytes.NewReader(block), ImageFormat: imagemeta.TIFF, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool {
			first := tag.Tag == "Make" || tag.Tag == "Model" // the others belong into the camera's directory, below the first
			return facts[tag.Tag] != "" && strings.HasPrefix(tag.Namespace, "IFD0") && first == (tag.Namespace == "IFD0")
		},
		HandleTag: func(tag imagemeta.TagInfo) error {
			if v := theirs(tag.Value); v != "" && v != "0" {
				found[facts[tag.Tag]] = v
			}
			return nil
		},
	})
	return found
}

// theirs writes a value as ours are; of several numbers, as some cameras give them, the first.
func theirs(value any) string {
	if list, ok := value.([]any); ok && len(list) > 0 {
		value = list[0]
	}
	if v, ok := value.(interface{ Float64() float64 }); ok {
		return number(v.Float64())
	}
	return strings.TrimSpace(fmt.Sprint(value))
}
