// Package render develops a picture: from the bytes of an original to its renditions and facts.
package render

import (
	"context"
	"image"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/colour"
	"github.com/darkroom/darkroom/internal/render/meta"
)

// pipeline names the way renditions are made. It changes whenever the bytes of any rendition may change, and every
// digest with it.
const pipeline = "6"

// Developer develops pictures. Its zero value works; it may be used concurrently.
type Developer struct {
	Limits Limits         // what is zero in it is as in DefaultLimits
	Specs  []gallery.Spec // what to make of every picture, the largest first; empty for gallery.Specs
	HEIF   HEIF           // decodes HEIC and AVIF; nil where there is none
	WebP   WebP           // encodes WebP; nil where there is none, and no Spec asks for it
}

// WebP encodes lossy pictures in WebP.
type WebP interface {
	Encode(m image.Image, quality int) ([]byte, error)
}

// HEIF decodes pictures in HEIC and AVIF.
type HEIF interface {
	// Decode gives the pixels of a file in a codec of the package heif. HEVC comes upright, AV1 as it is stored.
	Decode(original []byte, codec string) (image.Image, error)
}

// Picture is a developed picture.
type Picture struct {
	Facts      gallery.Facts
	Renditions []Rendition // one a Spec, in their order
}

// Rendition is a picture made from the original. Renditions of the same size share their Data, which is not to be
// written to.
type Rendition struct {
	gallery.Rendition
	Data []byte
}

// Develop makes the renditions of an original and finds out its facts. It reads JPEG, PNG, GIF, WebP, BMP and TIFF, and
// where there is a decoder HEIC and AVIF, known by their content; of camera raw files the preview in them. The renditions
// carry pixels and nothing else, and the same original always gives the same ones. sourceSHA256 is the original's, lower-case hex; it goes into the digests only.
//
// An original that cannot be developed gives a *Failure: developing it again will not help. When the context ends, the
// error is the context's.
func (d Developer) Develop(ctx context.Context, original []byte, sourceSHA256 string) (_ Picture, err error) {
	defer recovered(&err)
	specs, limits := d.specs(), d.Limits.orDefault()
	head, err := readHeader(original)
	if err != nil {
		return Picture{}, err
	}
	shown, source, err := stands(original, head, d.HEIF)
	if err != nil {
		return Picture{}, err
	}
	steps := plan(shown.upright(), specs)
	way := choose(source, shown, steps)
	if shown.codec != "" {
		way = d.heifWay(source, shown, steps)
	}
	if err := limits.admit(shown, int64(len(original))+way.cost); err != nil {
		return Picture{}, err
	}
	drawings, err := way.draw(ctx)
	if err != nil {
		return Picture{}, err
	}
	renditions, err := encoder{d.WebP, specs, sourceSHA256}.encode(ctx, drawings)
	if err != nil {
		return Picture{}, err
	}
	small := thumbnail(drawings, steps)
	facts := facts(head)
	facts.Placeholder, facts.Looks = placeholder(small), look(drawings, steps, small)
	return Picture{Facts: facts, Renditions: renditions}, nil
}

func (d Developer) specs() []gallery.Spec {
	if len(d.Specs) == 0 {
		return gallery.Specs()
	}
	return d.Specs
}

// facts are those that the file itself tells.
func facts(head header) gallery.Facts {
	size := head.upright()
	return gallery.Facts{
		Format: string(head.format), Width: size.X, Height: size.Y, Frames: max(1, head.frames),
		Profile: profile(head.blocks), Capture: head.blocks.Capture(), Description: head.blocks.Description(),
	}
}

// profile is the name of the picture's colours; empty when they have none.
func profile(b meta.Blocks) string {
	if b.ICC == nil {
		return b.Code.Name()
	}
	return colour.Name(b.ICC)
}
