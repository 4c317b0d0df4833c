package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/darkroom/darkroom/gallery"
)

const quality = 80 // of JPEG

// The content types of renditions.
const (
	typeJPEG = "image/jpeg"
	typePNG  = "image/png"
)

// encode makes the files of pictures, which are those of the specs. All have one type: PNG where the first, which is the
// largest, is transparent anywhere.
func encode(ctx context.Context, pictures []drawing, specs []gallery.Spec, source string) ([]Rendition, error) {
	contentType := pictures[0].contentType()
	renditions := make([]Rendition, 0, len(pictures))
	for i, p := range pictures {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, err := dataOf(p, contentType, pictures[:i], renditions)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", specs[i].Name, err)
		}
		r := gallery.Rendition{
			Name: specs[i].Name, Width: p.size().X, Height: p.size().Y,
			Bytes: int64(len(data)), ContentType: contentType, Digest: digest(source, specs[:i+1], contentType),
		}
		renditions = append(renditions, Rendition{Rendition: r, Data: data})
	}
	return renditions, nil
}

// dataOf encodes a picture, unless it is one of those before it.
func dataOf(p drawing, contentType string, before []drawing, done []Rendition) ([]byte, error) {
	if i := slices.Index(before, p); i >= 0 {
		return done[i].Data, nil
	}
	return p.file(contentType)
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
