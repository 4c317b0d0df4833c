package gifdec

import (
	"context"
	"errors"
	"fmt"

	"github.com/darkroom/darkroom/internal/render/lzw"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// Size is the width and height of the picture.
func (f *File) Size() (width, height int) { return f.width, f.height }

// Opaque tells that Decode will not be planar.ErrTransparent.
func (f *File) Opaque() bool { return f.opaque }

// Memory is the bytes that Decode allocates at most.
func (f *File) Memory() int64 {
	memory := planar.IndexedMemory(f.width, f.height, f.palette) + lzw.Memory(f.width)
	if f.interlaced {
		memory += int64(f.width) * int64(f.height)
	}
	return memory
}

// Decode makes the planes of the frame. It is planar.ErrTransparent when a pixel is.
func (f *File) Decode(ctx context.Context) (planar.Picture, error) {
	from := &blocks{rest: f.data}
	var r lzw.Reader
	r.Reset(lzw.GIF, f.literal, nil, from)
	b := planar.NewIndexed(f.width, f.height, f.palette)
	decode := f.inOrder
	if f.interlaced {
		decode = f.inPasses
	}
	err := decode(ctx, &r, b)
	if err == nil {
		err = f.ended(&r, from)
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, planar.ErrTransparent) {
		err = fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return b.Picture(), err
}

const rowsBetweenLooks = 32 // at the context

func (f *File) inOrder(ctx context.Context, r *lzw.Reader, b *planar.Indexed) error {
	for y := range f.height {
		if y%rowsBetweenLooks == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row, err := r.Next(f.width)
		if err != nil {
			return err
		}
		if err := b.Add(row); err != nil {
			return err
		}
	}
	return nil
}

// passes are the rows of an interlaced frame in the order in which they come.
var passes = [...]struct{ first, step int }{{0, 8}, {4, 8}, {2, 4}, {1, 2}}

// inPasses holds the indexes of all rows, since two that lie together come far apart.
func (f *File) inPasses(ctx context.Context, r *lzw.Reader, b *planar.Indexed) error {
	indexes := make([]byte, f.width*f.height)
	done := 0
	for _, pass := range passes {
		for y := pass.first; y < f.height; y += pass.step {
			if done%rowsBetweenLooks == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			done++
			row, err := r.Next(f.width)
			if err != nil {
				return err
			}
			copy(indexes[y*f.width:], row)
		}
	}
	for y := range f.height {
		if err := b.Add(indexes[y*f.width:][:f.width]); err != nil {
			return err
		}
	}
	return ctx.Err()
}
