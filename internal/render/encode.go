package render

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
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
func encode(ctx context.Context, pictures []*image.NRGBA, specs []gallery.Spec, source string) ([]Rendition, error) {
	contentType := typeJPEG
	if !pictures[0].Opaque() {
		contentType = typePNG
	}
	renditions := make([]Rendition, 0, len(pictures))
	for i, img := range pictures {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, err := dataOf(img, contentType, pictures[:i], renditions)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", specs[i].Name, err)
		}
		r := gallery.Rendition{
			Name: specs[i].Name, Width: img.Rect.Dx(), Height: img.Rect.Dy(),
			Bytes: int64(len(data)), ContentType: contentType, Digest: digest(source, specs[:i+1], contentType),
		}
		renditions = append(renditions, Rendition{Rendition: r, Data: data})
	}
	return renditions, nil
}

// dataOf encodes a picture, unless it is one of those before it.
func dataOf(img *image.NRGBA, contentType string, before []*image.NRGBA, done []Rendition) ([]byte, error) {
	if i := slices.Index(before, img); i >= 0 {
		return done[i].Data, nil
	}
	var b bytes.Buffer
	if err := write(&b, img, contentType); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func write(w io.Writer, img *image.NRGBA, contentType string) error {
	if contentType == typePNG {
		return png.Encode(w, img)
	}
	// Without transparency the two are the same bytes, and the encoder has a fast path for this one only.
	opaque := &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	return jpeg.Encode(w, opaque, &jpeg.Options{Quality: quality})
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
