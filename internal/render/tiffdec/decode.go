package tiffdec

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// Size is the width and height of the picture.
func (f *File) Size() (width, height int) { return f.width, f.height }

// Opaque tells that Decode will not be planar.ErrTransparent.
func (f *File) Opaque() bool { return f.samples != 4 }

// Memory is the bytes that Decode allocates at most.
func (f *File) Memory() int64 {
	memory := f.sourceMemory(f.bytesOf(f.wide)) + 1<<10
	if f.tiled {
		memory += int64(f.width) * int64(f.samples) * int64(min(f.high, f.height))
	}
	if f.palette != nil {
		return memory + planar.IndexedMemory(f.width, f.height, f.palette)
	}
	return memory + planar.BuilderMemory(f.width, f.height, f.rows())
}

// builder is either of planar's.
type builder interface {
	Add(row []byte) error
	Picture() planar.Picture
}

func (f *File) builder() builder {
	if f.palette != nil {
		return planar.NewIndexed(f.width, f.height, f.palette)
	}
	return planar.NewBuilder(f.width, f.height, f.rows())
}

// Decode makes the planes of the picture. It is planar.ErrTransparent when a pixel is not opaque.
func (f *File) Decode(ctx context.Context) (planar.Picture, error) {
	if err := f.plausible(); err != nil {
		return planar.Picture{}, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	b, s := f.builder(), f.source(f.bytesOf(f.wide))
	decode := f.strips
	if f.tiled {
		decode = f.tiles
	}
	err := decode(ctx, s, b)
	if err != nil && ctx.Err() == nil && !errors.Is(err, planar.ErrTransparent) {
		err = fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return b.Picture(), err
}

var (
	errPlace = errors.New("a block that the file does not hold")
	errShort = errors.New("a block too short for its pixels")
)

// plausible makes sure, before anything is allocated, that no block is too short for its pixels, however well they be packed.
func (f *File) plausible() error {
	for i := range f.across * f.down {
		packed, err := f.packed(i)
		if err != nil {
			return err
		}
		needed := int64(f.bytesOf(f.wide)) * int64(f.rowsOf(i/f.across))
		if int64(len(packed)) < needed/f.packing.ratio() {
			return errShort
		}
	}
	return nil
}

// packed gives the bytes of a block. What is packed may be cut off by the end of the file, and will be missed then.
func (f *File) packed(i int) ([]byte, error) {
	tagAt, tagBytes := f.places()
	at, _ := f.tags.Nth(f.directory, tagAt, i)
	n, _ := f.tags.Nth(f.directory, tagBytes, i)
	from, to := int64(at), int64(at)+int64(n)
	if f.packing == plain && (to > int64(len(f.data)) || int64(n) > f.most()) {
		return nil, errPlace
	}
	return f.data[min(from, int64(len(f.data))):min(to, int64(len(f.data)))], nil
}

// most is how many bytes of a block are looked at: eight for each pixel, which is what the largest take.
func (f *File) most() int64 { return 8 * int64(f.wide) * int64(f.high) }

// rowsOf is how many rows a block must have, given its place from above. The rows that fill up a tile count if they are
// stored as differences, for then they are looked at, if not shown.
func (f *File) rowsOf(down int) int {
	if f.tiled && f.differences {
		return f.high
	}
	return min(f.high, f.height-down*f.high)
}

// block unpacks a block and gives its rows, as 8-bit samples.
func (f *File) block(ctx context.Context, s source, i int, row func(y int, samples []byte) error) error {
	packed, err := f.packed(i)
	if err != nil {
		return err
	}
	if err := s.open(packed); err != nil {
		return err
	}
	n, rows := f.bytesOf(f.wide), f.rowsOf(i/f.across)
	for y := range rows {
		if y%32 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		stored, err := s.Next(n)
		if err != nil {
			return err
		}
		if err := row(y, f.samplesOf(stored)); err != nil {
			return err
		}
	}
	return rest(ctx, s, f.most()-int64(n)*int64(rows))
}

// rest makes sure that a block ends as it should, as far as it is looked at.
func rest(ctx context.Context, s source, most int64) error {
	const piece = 1 << 20
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n, err := s.Rest(min(most, piece))
		most -= n
		switch {
		case errors.Is(err, io.EOF), err == nil && most <= 0:
			return nil
		case err != nil:
			return err
		}
	}
}

func (f *File) strips(ctx context.Context, s source, b builder) error {
	for i := range f.down {
		add := func(_ int, samples []byte) error { return b.Add(samples) }
		if err := f.block(ctx, s, i, add); err != nil {
			return err
		}
	}
	return nil
}

// tiles puts those side by side together before it gives their rows.
func (f *File) tiles(ctx context.Context, s source, b builder) error {
	stride := f.width * f.samples
	band := make([]byte, stride*min(f.high, f.height))
	for down := range f.down {
		visible := min(f.high, f.height-down*f.high)
		for across := range f.across {
			left := across * f.wide * f.samples
			put := func(y int, samples []byte) error {
				if y < visible {
					copy(band[y*stride+left:(y+1)*stride], samples)
				}
				return nil
			}
			if err := f.block(ctx, s, down*f.across+across, put); err != nil {
				return err
			}
		}
		for y := range visible {
			if err := b.Add(band[y*stride:][:stride]); err != nil {
				return err
			}
		}
	}
	return nil
}
