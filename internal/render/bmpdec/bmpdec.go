// Package bmpdec decodes BMP files row by row into planes.
//
// It reads what golang.org/x/image/bmp reads and refuses what that refuses: 1, 2, 4 and 8 bits a pixel with a palette, 24
// and 32 bits, bottom-up and top-down, without compression. The rows of a file lie in it as planar takes them, so that no
// pixel is copied.
package bmpdec

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// What can be wrong with a file. Errors wrap one of these, apart from the context's own and planar.ErrTransparent.
var (
	// ErrCorrupt is a file that is cut off or contradicts itself.
	ErrCorrupt = errors.New("corrupt BMP")
	// ErrOther is a file of a variant that is not read here.
	ErrOther = errors.New("BMP of another variant")
)

// File is a picture in a file of which the headers have been read.
type File struct {
	width, height int
	data          []byte // from the first row that is stored
	bits          int    // a pixel
	topDown       bool
	alpha         bool // the fourth byte of a pixel is its opacity
	palette       []planar.Colour
}

// The lengths of headers.
const (
	fileHeader = 14
	infoHeader = 40
	infoV4     = 108
	infoV5     = 124
)

// Open reads the headers of a file and its palette.
func Open(data []byte) (*File, error) {
	if len(data) < fileHeader+infoHeader || string(data[:2]) != "BM" {
		return nil, fmt.Errorf("%w: no header", ErrCorrupt)
	}
	first, info := binary.LittleEndian.Uint32(data[10:]), binary.LittleEndian.Uint32(data[14:])
	if info != infoHeader && info != infoV4 && info != infoV5 {
		return nil, fmt.Errorf("%w: a header of %d bytes", ErrOther, info)
	}
	if len(data) < fileHeader+int(info) {
		return nil, fmt.Errorf("%w: the header ends too early", ErrCorrupt)
	}
	f := &File{bits: int(binary.LittleEndian.Uint16(data[28:])), alpha: info > infoHeader}
	if err := f.size(data); err != nil {
		return nil, err
	}
	if planes := binary.LittleEndian.Uint16(data[26:]); planes != 1 || compressed(data, info) {
		return nil, fmt.Errorf("%w: compressed, or of %d planes", ErrOther, planes)
	}
	colours, err := f.colours(data)
	if err != nil {
		return nil, err
	}
	table := data[fileHeader+info:]
	if int64(first) != int64(fileHeader+info)+4*int64(colours) {
		return nil, fmt.Errorf("%w: rows from %d on", ErrOther, first)
	}
	if len(table) < 4*colours {
		return nil, fmt.Errorf("%w: the palette ends too early", ErrCorrupt)
	}
	for i := range colours {
		f.palette = append(f.palette, planar.Colour{R: table[4*i+2], G: table[4*i+1], B: table[4*i]})
	}
	f.data = table[4*colours:]
	return f, nil
}

// size reads width and height, which is negative when the first row stored is the topmost.
func (f *File) size(data []byte) error {
	width, height := int32(binary.LittleEndian.Uint32(data[18:])), int32(binary.LittleEndian.Uint32(data[22:]))
	if height < 0 {
		height, f.topDown = -height, true
	}
	if width <= 0 || height <= 0 || int64(width)*int64(height) > math.MaxInt64/32 {
		return fmt.Errorf("%w: %d × %d pixels", ErrOther, width, height)
	}
	f.width, f.height = int(width), int(height)
	return nil
}

// compressed tells whether the pixels are not as they would be without anything said. Masks that say just that are fine.
func compressed(data []byte, info uint32) bool {
	const none, masks = 0, 3
	switch binary.LittleEndian.Uint32(data[30:]) {
	case none:
		return false
	case masks:
		const usual = "\x00\x00\xff\x00\x00\xff\x00\x00\xff\x00\x00\x00\x00\x00\x00\xff"
		return info == infoHeader || string(data[54:70]) != usual
	}
	return true
}

// colours is how many the palette has.
func (f *File) colours(data []byte) (int, error) {
	switch f.bits {
	case 24, 32:
		return 0, nil
	case 1, 2, 4, 8:
		used, most := binary.LittleEndian.Uint32(data[46:]), uint32(1)<<f.bits
		if used > most {
			return 0, fmt.Errorf("%w: a palette of %d colours", ErrOther, used)
		}
		if used == 0 {
			used = most
		}
		return int(used), nil
	}
	return 0, fmt.Errorf("%w: %d bits a pixel", ErrOther, f.bits)
}

// Size is the width and height of the picture.
func (f *File) Size() (width, height int) { return f.width, f.height }

// Opaque tells that Decode will not be planar.ErrTransparent.
func (f *File) Opaque() bool { return f.bits != 32 || !f.alpha }

// Memory is the bytes that Decode allocates at most.
func (f *File) Memory() int64 {
	if f.palette != nil {
		return planar.IndexedMemory(f.width, f.height, f.palette) + int64(f.width) + 8
	}
	return planar.BuilderMemory(f.width, f.height, f.order())
}

func (f *File) order() planar.Order {
	switch {
	case f.bits == 24:
		return planar.BGR
	case f.alpha:
		return planar.BGRA
	}
	return planar.BGRX
}

// rowBytes is what a row takes in the file, where it is filled up to whole words.
func (f *File) rowBytes() int64 { return (int64(f.width)*int64(f.bits) + 31) / 32 * 4 }

// Decode makes the planes of the picture. It is planar.ErrTransparent when a pixel is not opaque.
func (f *File) Decode(ctx context.Context) (planar.Picture, error) {
	if int64(len(f.data))/f.rowBytes() < int64(f.height) {
		return planar.Picture{}, fmt.Errorf("%w: rows are missing", ErrCorrupt)
	}
	if f.palette == nil {
		b := planar.NewBuilder(f.width, f.height, f.order())
		return b.Picture(), f.rows(ctx, b.Add)
	}
	b := planar.NewIndexed(f.width, f.height, f.palette)
	if f.bits == 8 {
		return b.Picture(), f.rows(ctx, b.Add)
	}
	indexes := make([]byte, f.width+8)
	return b.Picture(), f.rows(ctx, func(row []byte) error {
		spread(indexes, row, f.width, f.bits)
		return b.Add(indexes)
	})
}

// rows gives the rows of the picture from the top down.
func (f *File) rows(ctx context.Context, add func(row []byte) error) error {
	n := int(f.rowBytes())
	for y := range f.height {
		if y%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		at := f.height - 1 - y
		if f.topDown {
			at = y
		}
		if err := add(f.data[at*n:][:n]); errors.Is(err, planar.ErrIndex) {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// spread makes a byte of each index, of which there are several in a byte, the first one high.
func spread(indexes, packed []byte, width, bits int) {
	each, mask := 8/bits, byte(1)<<bits-1
	for x := range width {
		indexes[x] = packed[x/each] >> (8 - bits - x%each*bits) & mask
	}
}
