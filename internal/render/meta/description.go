package meta

import (
	"bytes"
	"slices"
	"strings"

	"github.com/darkroom/darkroom/gallery"
)

// Description gives what people wrote about the picture. Of each thing it takes XMP's word, which every editor of today
// writes; else IPTC's, of the agencies; else EXIF's.
func (b Blocks) Description() gallery.Description {
	sources := []gallery.Description{readXMP(b.XMP), readIPTC(b.IPTC), openEXIF(b.EXIF).description()}
	var d gallery.Description
	for _, s := range sources {
		d.Title = first(d.Title, tidy(s.Title, maxTitle))
		d.Caption = first(d.Caption, tidy(s.Caption, maxCaption))
		d.Copyright = first(d.Copyright, tidy(s.Copyright, maxCopyright))
		if len(d.Keywords) == 0 {
			d.Keywords = keywords(s.Keywords)
		}
		if d.Rating == 0 && s.Rating >= -1 && s.Rating <= 5 {
			d.Rating = s.Rating
		}
	}
	return d
}

// description gives what EXIF has, and Windows Explorer put beside it.
func (e exif) description() gallery.Description {
	rating, _ := e.file.Number(e.first, tagRating)
	comment := decodeUTF16(e.first.Bytes(tagXPComment))
	return gallery.Description{
		Title:     decodeUTF16(e.first.Bytes(tagXPTitle)),
		Caption:   first(tidy(decode(ended(e.first.Text(tagDescription))), maxCaption), comment),
		Copyright: copyright(e.first.Text(tagCopyright)),
		Keywords:  strings.Split(decodeUTF16(e.first.Bytes(tagXPKeywords)), ";"),
		Rating:    int(min(rating, 6)),
	}
}

// copyright gives the photographer's, or else the editor's, which a zero divides.
func copyright(b []byte) string {
	photographer, editor, _ := bytes.Cut(b, []byte{0})
	return first(tidy(decode(photographer), maxCopyright), decode(ended(editor)))
}

func ended(b []byte) []byte {
	b, _, _ = bytes.Cut(b, []byte{0})
	return b
}

// keywords gives the words without those that are empty or there already.
func keywords(all []string) []string {
	var kept []string
	for _, k := range all {
		k = tidy(k, maxKeyword)
		if k != "" && len(kept) < maxKeywords && !slices.Contains(kept, k) {
			kept = append(kept, k)
		}
	}
	return kept
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
