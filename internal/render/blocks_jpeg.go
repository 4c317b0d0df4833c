package render

import (
	"bytes"

	"github.com/darkroom/darkroom/internal/render/meta"
)

// maxProfile bounds a colour profile. Those of cameras and screens have a kilobyte, the largest of printers two million.
const maxProfile = 4 << 20

// jpegBlocks gathers what lies in the application segments of a JPEG.
type jpegBlocks struct {
	found   meta.Blocks
	profile [256][]byte // a profile can be cut into up to 255 parts, numbered from 1
	parts   int
}

// take keeps what a segment holds; of a thing given twice the first.
func (j *jpegBlocks) take(marker byte, data []byte) {
	after := func(prefix string) []byte {
		if rest, ok := bytes.CutPrefix(data, []byte(prefix)); ok {
			return rest
		}
		return nil
	}
	keep := func(block *[]byte, data []byte) {
		if *block == nil && data != nil {
			*block = data
		}
	}
	switch marker {
	case markerAPP1:
		keep(&j.found.EXIF, after("Exif\x00\x00"))
		keep(&j.found.XMP, after("http://ns.adobe.com/xap/1.0/\x00"))
	case markerAPP2:
		if part := after("ICC_PROFILE\x00"); len(part) > 2 && j.profile[part[0]] == nil {
			j.profile[part[0]], j.parts = part[2:], int(part[1])
		}
	case markerAPP13:
		keep(&j.found.IPTC, meta.IPTC(after("Photoshop 3.0\x00")))
	}
}

// whole gives all that was found, the profile in one piece; a profile of which a part is missing is none.
func (j *jpegBlocks) whole() meta.Blocks {
	for _, part := range j.profile[1:][:min(j.parts, 255)] {
		if part == nil || len(j.found.ICC)+len(part) > maxProfile {
			j.found.ICC = nil
			break
		}
		if j.parts == 1 {
			j.found.ICC = part
			break
		}
		j.found.ICC = append(j.found.ICC, part...)
	}
	return j.found
}
