// Package tiffdec decodes TIFF files row by row into planes.
//
// Of what golang.org/x/image/tiff reads it reads what cameras' software and scanners write: 8 and 16 bits a sample, in grey,
// RGB, RGBA and of a palette, in strips and tiles, plain or packed by LZW, Deflate or PackBits, as they are or as differences.
// It expects that package to have taken the header for sound, and refuses the pixels that it refuses. A strip is never in
// memory as a whole, of tiles one row. The files of the package are:
//
//	tiffdec.go    what the tags say of a picture
//	blocks.go     where strips and tiles lie
//	decode.go     their rows, in the picture's order
//	sources.go    what is packed, unpacked
//	samples.go    rows as they are stored become rows of 8-bit samples
package tiffdec

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/darkroom/darkroom/internal/render/ifd"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// What can be wrong with a file. Errors wrap one of these, apart from the context's own and planar.ErrTransparent.
var (
	// ErrCorrupt is a file that is cut off or contradicts itself.
	ErrCorrupt = errors.New("corrupt TIFF")
	// ErrOther is a file of a variant that is not read here.
	ErrOther = errors.New("TIFF of another variant")
)

// The tags that are read here.
const (
	tagWidth       = 0x0100
	tagHeight      = 0x0101
	tagBits        = 0x0102
	tagCompression = 0x0103
	tagPhotometric = 0x0106
	tagStripAt     = 0x0111
	tagRows        = 0x0116
	tagStripBytes  = 0x0117
	tagPlanar      = 0x011c
	tagPredictor   = 0x013d
	tagColours     = 0x0140
	tagTileWidth   = 0x0142
	tagTileHeight  = 0x0143
	tagTileAt      = 0x0144
	tagTileBytes   = 0x0145
	tagExtra       = 0x0152
)

// compression is how a block is packed.
type compression uint32

const (
	plain      compression = 1
	packedLZW  compression = 5
	deflated   compression = 8
	deflateOld compression = 32946
	packBits   compression = 32773
)

// File is a picture in a file of which the tags have been read.
type File struct {
	data          []byte
	tags          ifd.File
	directory     ifd.Directory
	unread        bool // there are tags whose values are not
	bigEndian     bool
	width, height int
	packing       compression
	differences   bool // samples are stored as the difference to the pixel before
	layout
	blocks
}

// layout is what the pixels are made of.
type layout struct {
	depth      int // bits a sample, 8 or 16
	samples    int // of a pixel
	inverted   bool
	associated bool // colours have been multiplied by the opacity
	palette    []planar.Colour
}

// maxEdge keeps what is computed of width and height in 64 bits.
const maxEdge = 1 << 20

// Open reads the tags of the first picture in a file.
func Open(data []byte) (*File, error) {
	f := &File{data: data}
	f.tags, f.directory = ifd.Open(data)
	if f.directory == nil {
		return nil, fmt.Errorf("%w: no directory", ErrCorrupt)
	}
	f.bigEndian = data[0] == 'M'
	width, height := f.number(tagWidth, 0), f.number(tagHeight, 0)
	if width < 1 || height < 1 || width > maxEdge || height > maxEdge {
		return nil, fmt.Errorf("%w: %d × %d pixels", ErrOther, width, height)
	}
	f.width, f.height = int(width), int(height)
	if f.number(tagPlanar, 1) != 1 {
		return nil, fmt.Errorf("%w: colours apart from each other", ErrOther)
	}
	for _, read := range []func() error{f.readLayout, f.readPacking, f.readBlocks} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	if f.unread {
		return nil, fmt.Errorf("%w: numbers beyond its end", ErrOther)
	}
	return f, nil
}

// number gives the first of a tag's, or what stands for it where there is none.
func (f *File) number(tag uint16, otherwise uint32) uint32 {
	v, ok := f.tags.Number(f.directory, tag)
	if ok {
		return v
	}
	f.unread = f.unread || f.directory.Has(tag)
	return otherwise
}

// readLayout reads which samples a pixel has.
func (f *File) readLayout() error {
	const most = 16
	bits := f.tags.Numbers(f.directory, tagBits, most)
	if len(bits) == 0 || bits[0] != 8 && bits[0] != 16 {
		return fmt.Errorf("%w: %d bits a sample", ErrOther, bits)
	}
	for _, b := range bits {
		if b != bits[0] {
			return fmt.Errorf("%w: %d bits a sample", ErrOther, bits)
		}
	}
	f.depth, f.samples = int(bits[0]), len(bits)
	const whiteIsZero, blackIsZero, rgb, ofPalette = 0, 1, 2, 3
	const associated, unassociated = 1, 2
	kind, extra := f.number(tagPhotometric, 0), f.number(tagExtra, 0)
	f.inverted, f.associated = kind == whiteIsZero, extra == associated && f.samples == 4
	switch {
	case kind <= blackIsZero && f.samples == 1, kind == rgb && f.samples == 3:
		return nil
	case kind == rgb && f.samples == 4 && (extra == associated || extra == unassociated):
		return nil
	case kind == ofPalette && f.samples == 1 && f.depth == 8:
		return f.readPalette()
	}
	return fmt.Errorf("%w: %d samples of kind %d", ErrOther, f.samples, kind)
}

// readPalette reads up to 256 colours: all reds, of 16 bits, then all greens and all blues.
func (f *File) readPalette() error {
	const most = 256
	values := f.tags.Numbers(f.directory, tagColours, 3*most+1)
	n := len(values) / 3
	if n == 0 || n > most || len(values)%3 != 0 {
		return fmt.Errorf("%w: a palette of %d values", ErrOther, len(values))
	}
	f.palette = make([]planar.Colour, n)
	for i := range f.palette {
		f.palette[i] = planar.Colour{R: byte(values[i] >> 8), G: byte(values[n+i] >> 8), B: byte(values[2*n+i] >> 8)}
	}
	return nil
}

func (f *File) readPacking() error {
	f.packing = compression(f.number(tagCompression, 0))
	switch f.packing {
	case plain, packedLZW, deflated, deflateOld, packBits:
	case 0:
		f.packing = plain
	default:
		return fmt.Errorf("%w: compression %d", ErrOther, f.packing)
	}
	const none, horizontal = 1, 2
	predictor := f.number(tagPredictor, none)
	if predictor > horizontal {
		return fmt.Errorf("%w: predictor %d", ErrOther, predictor)
	}
	f.differences = predictor == horizontal
	return nil
}

// order is that of the bytes in a number.
func (f *File) order() binary.ByteOrder {
	if f.bigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// bytesOf is what so many pixels take as they are stored.
func (l layout) bytesOf(pixels int) int { return pixels * l.samples * l.depth / 8 }

// rows is the order of the samples that planes are made of.
func (l layout) rows() planar.Order {
	switch l.samples {
	case 3:
		return planar.RGB
	case 4:
		return planar.RGBA
	}
	return planar.Grey
}
