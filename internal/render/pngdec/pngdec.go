// Package pngdec decodes PNG files that are not interlaced into planes, a row at a time.
//
// It refuses what image/png refuses. What it leaves out is whole pixels: a picture takes a byte and a half a pixel, and what
// a few rows take. The files of the package are its stages:
//
//	chunks.go  a file is a list of chunks, each with a checksum
//	header.go  what the chunks before the picture say
//	rows.go    rows as they are stored become rows of 8-bit samples
package pngdec

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/darkroom/darkroom/internal/render/inflate"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// What can be wrong with a file. Errors wrap one of these and say the detail, apart from the context's own.
var (
	// ErrCorrupt is a file that is cut off or contradicts itself.
	ErrCorrupt = errors.New("corrupt PNG")
	// ErrOther is a PNG that another decoder has to read: it is interlaced, or has a colour that stands for transparency.
	ErrOther = errors.New("PNG of another kind")
)

// File is a picture in a file of which all has been read that comes before it.
type File struct {
	header
	chunks chunks // from the first part of the picture on
}

// Open reads a file up to its picture.
func Open(data []byte) (*File, error) {
	f := &File{chunks: chunks{data: data}}
	var err error
	f.header, err = f.chunks.header()
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Size is the width and height of the picture.
func (f *File) Size() (width, height int) { return f.width, f.height }

// Opaque tells that Decode will not be planar.ErrTransparent.
func (f *File) Opaque() bool {
	return f.colour&alpha == 0 && !slices.ContainsFunc(f.palette, func(c [4]byte) bool { return c[3] < 255 })
}

// Memory is the bytes that Decode allocates at most.
func (f *File) Memory() int64 {
	if f.colour == palette {
		return f.working() + planar.IndexedMemory(f.width, f.height, f.colours())
	}
	return f.working() + planar.BuilderMemory(f.width, f.height, f.order())
}

// LayersMemory is the bytes that Layers allocates at most.
func (f *File) LayersMemory() int64 { return f.working() + planar.LayersMemory(f.width, f.height) }

// working is what decoding takes beside the picture.
func (f *File) working() int64 {
	const inflater = 150 << 10
	return inflater + 4*int64(f.rowBytes()+f.width)
}

// Decode makes the planes of the picture. It is planar.ErrTransparent when a pixel is not opaque. It ends with ctx's error
// soon after ctx does.
func (f *File) Decode(ctx context.Context) (planar.Picture, error) {
	if f.colour == palette {
		b := planar.NewIndexed(f.width, f.height, f.colours())
		return b.Picture(), f.rows(ctx, (*rows).plain, b.Add)
	}
	b := planar.NewBuilder(f.width, f.height, f.order())
	return b.Picture(), f.rows(ctx, (*rows).plain, b.Add)
}

// Layers decodes a picture that is not Opaque with its transparency.
func (f *File) Layers(ctx context.Context) (planar.Layers, error) {
	b := planar.NewLayersBuilder(f.width, f.height)
	return b.Layers(), f.rows(ctx, (*rows).transparent, b.Add)
}

// rows adds the rows of the picture, each in a form, from the top down, and reads the file to its end.
func (f *File) rows(ctx context.Context, form func(*rows) ([]byte, error), add func(row []byte) error) error {
	parts := parts{chunks: f.chunks, ctx: ctx}
	stream := inflate.NewReader(parts.next, f.rowBytes()+1)
	r := newRows(f.header)
	for y := range f.height {
		if y%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		stored, err := stream.Next(f.rowBytes() + 1)
		if err != nil {
			return fmt.Errorf("%w: row %d: %w", ErrCorrupt, y, err)
		}
		if err := r.next(stored); err != nil {
			return fmt.Errorf("row %d: %w", y, err)
		}
		row, err := form(r)
		if err == nil {
			err = add(row)
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", y, err)
		}
	}
	switch ended, err := stream.Ended(); {
	case err != nil:
		return fmt.Errorf("%w: after the picture: %w", ErrCorrupt, err)
	case !ended:
		return fmt.Errorf("%w: more than the picture", ErrCorrupt)
	}
	return parts.rest()
}
