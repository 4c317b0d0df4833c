// Package pngdec decodes PNG files that are not interlaced into planes, a row at a time.
//
// It refuses what image/png refuses. What it leaves out is whole pixels: a picture takes a byte and a half a pixel, and what
// a few rows take. The files of the package are its stages:
//
//	chunks.go   a file is a list of chunks, each with a checksum
//	header.go   what the chunks before the picture say
//	filters.go  rows are stored as differences to their neighbours
//	rows.go     rows as they are stored become rows of 8-bit samples
package pngdec

import (
	"context"
	"errors"
	"fmt"

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

// Memory is the most bytes that Decode allocates for a picture of width × height pixels, whatever their kind.
func Memory(width, height int) int64 {
	const tables, buffer, widest = 100 << 10, 120 << 10, 8
	return planar.BuilderMemory(width, height, planar.RGBA) + tables + buffer + 5*widest*int64(width)
}

// Decode decodes a file. It is planar.ErrTransparent when a pixel is not opaque. It ends with ctx's error soon after ctx
// does.
func Decode(ctx context.Context, data []byte) (planar.Picture, error) {
	c := &chunks{data: data}
	h, err := c.header()
	if err != nil {
		return planar.Picture{}, err
	}
	p, err := h.decode(ctx, inflate.NewReader(c.piece, h.rowBytes()+1))
	if err != nil {
		return planar.Picture{}, err
	}
	return p, c.rest()
}

// decode reads all rows.
func (h header) decode(ctx context.Context, stream *inflate.Reader) (planar.Picture, error) {
	const rowsBetweenLooks = 64
	built := planar.NewBuilder(h.width, h.height, h.order())
	r := newRows(h)
	for y := range h.height {
		if y%rowsBetweenLooks == 0 && ctx.Err() != nil {
			return planar.Picture{}, ctx.Err()
		}
		stored, err := stream.Next(h.rowBytes() + 1)
		if err != nil {
			return planar.Picture{}, fmt.Errorf("%w: row %d: %w", ErrCorrupt, y, err)
		}
		row, err := r.next(stored)
		if err != nil {
			return planar.Picture{}, err
		}
		if err := built.Add(row); err != nil {
			return planar.Picture{}, fmt.Errorf("row %d: %w", y, err)
		}
	}
	switch ended, err := stream.Ended(); {
	case err != nil:
		return planar.Picture{}, fmt.Errorf("%w: after the picture: %w", ErrCorrupt, err)
	case !ended:
		return planar.Picture{}, fmt.Errorf("%w: more than the picture", ErrCorrupt)
	}
	return built.Picture(), nil
}
