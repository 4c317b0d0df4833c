package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/darkroom/darkroom/gallery"
)

const quality = 80 // of JPEG

// The content types of renditions.
const (
	typeJPEG = "image/jpeg"
	typePNG  = "image/png"
	typeWebP = "image/webp"
)

// encoder makes the files of one original's renditions.
type encoder struct {
	webp   WebP
	specs  []gallery.Spec
	source string // the original's hash
}

// encode makes the files of pictures, which are those of the specs. But for those that are to be WebP all have one type: PNG
// where the first, which is the largest, is transparent anywhere.
func (e encoder) encode(ctx context.Context, pictures []drawing) ([]Rendition, error) {
	plain := pictures[0].contentType()
	renditions := make([]Rendition, 0, len(pictures))
	for i, p := range pictures {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		contentType := plain
		if e.specs[i].WebP {
			contentType = typeWebP
		}
		data, err := e.dataOf(p, contentType, pictures[:i], renditions)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", e.specs[i].Name, err)
		}
		r := gallery.Rendition{
			Name: e.specs[i].Name, Width: p.size().X, Height: p.size().Y,
			Bytes: int64(len(data)), ContentType: contentType, Digest: digest(e.source, e.specs[:i+1], contentType),
		}
		renditions = append(renditions, Rendition{Rendition: r, Data: data})
	}
	return renditions, nil
}

// dataOf encodes a picture, unless it is one of those before it.
func (e encoder) dataOf(p drawing, contentType string, before []drawing, done []Rendition) ([]byte, error) {
	if i := slices.Index(before, p); i >= 0 && done[i].ContentType == contentType {
		return done[i].Data, nil
	}
	if contentType != typeWebP {
		return p.file(contentType)
	}
	if e.webp == nil {
		return nil, errors.New("there is no encoder of WebP")
	}
	return e.webp.Encode(p.small(p.size()), quality)
}

// digest names the bytes of a rendition by all that they follow from. That includes the specs before its own, from one of
// which it was made.
func digest(source string, specs []gallery.Spec, contentType string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s %d\n", source, pipeline, contentType, quality)
	for _, s := range specs {
		fmt.Fprintf(h, "%d %t\n", s.Edge, s.Crop)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
