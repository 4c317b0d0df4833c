// Package gifdec decodes the first frame of a GIF file row by row into planes.
//
// It refuses whatever image/gif refuses, down to the ends of data that are not as they should be. A frame that does not fill
// the screen is not read here: what is beside it is transparent. The files of the package are:
//
//	gifdec.go    the blocks of a file up to the first frame
//	frame.go     the rows of a frame
//	blocks.go    the data of a frame, which come in pieces
package gifdec

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// What can be wrong with a file. Errors wrap one of these, apart from the context's own and planar.ErrTransparent.
var (
	// ErrCorrupt is a file that is cut off or contradicts itself.
	ErrCorrupt = errors.New("corrupt GIF")
	// ErrOther is a file of a variant that is not read here.
	ErrOther = errors.New("GIF whose first frame does not fill the screen")
)

// File is a picture in a file that has been read up to the data of its first frame.
type File struct {
	width, height int
	palette       []planar.Colour
	opaque        bool // no colour of the palette is transparent
	interlaced    bool
	literal       uint   // bits of a code that stands for itself
	data          []byte // in blocks
}

// The blocks of a file, and the flags in them.
const (
	extension  = 0x21
	descriptor = 0x2c

	text        = 0x01
	control     = 0xf9
	comment     = 0xfe
	application = 0xff

	hasTable       = 0x80
	isInterlaced   = 0x40
	hasTransparent = 0x01
)

// Open reads a file up to the data of its first frame.
func Open(data []byte) (*File, error) {
	if len(data) < 13 || string(data[:6]) != "GIF87a" && string(data[:6]) != "GIF89a" {
		return nil, fmt.Errorf("%w: no header", ErrCorrupt)
	}
	p := parser{rest: data[10:]}
	p.file.width, p.file.height = int(binary.LittleEndian.Uint16(data[6:])), int(binary.LittleEndian.Uint16(data[8:]))
	flags := p.take(3)[0] // with the background, which is for nobody's eyes, and the shape of a pixel
	p.table(flags)
	for p.err == nil {
		switch kind := p.byte(); kind {
		case extension:
			p.extension()
		case descriptor:
			p.frame()
			return &p.file, p.err
		default:
			p.fail("no frame")
		}
	}
	return nil, p.err
}

// parser takes a file apart. After a fault all that it takes is empty.
type parser struct {
	rest        []byte
	file        File
	transparent int // the index of the colour that is not to be seen, plus one
	err         error
}

func (p *parser) fail(what string) {
	if p.err == nil {
		p.err = fmt.Errorf("%w: %s", ErrCorrupt, what)
	}
}

// take gives the next n bytes; zeros when there are fewer.
func (p *parser) take(n int) []byte {
	if p.err != nil || len(p.rest) < n {
		p.fail("it ends too early")
		return make([]byte, n)
	}
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

func (p *parser) byte() byte { return p.take(1)[0] }

// table reads the palette that flags announce.
func (p *parser) table(flags byte) {
	if flags&hasTable == 0 {
		return
	}
	raw := p.take(3 << (flags&7 + 1))
	p.file.palette = make([]planar.Colour, len(raw)/3)
	for i := range p.file.palette {
		p.file.palette[i] = planar.Colour{R: raw[3*i], G: raw[3*i+1], B: raw[3*i+2]}
	}
}

// extension reads what is said before a frame, of which only the transparent colour counts.
func (p *parser) extension() {
	switch kind := p.byte(); kind {
	case control:
		p.control()
		return
	case text:
		p.take(13)
	case application:
		p.take(int(p.byte()))
	case comment:
	default:
		p.fail("an unknown extension")
	}
	for n := p.byte(); n > 0; n = p.byte() {
		p.take(int(n))
	}
}

func (p *parser) control() {
	b := p.take(6)
	if b[0] != 4 || b[5] != 0 {
		p.fail("a control block of another length")
	}
	if b[1]&hasTransparent != 0 {
		p.transparent = int(b[4]) + 1
	}
}

// frame reads what is said about the frame itself.
func (p *parser) frame() {
	b := p.take(9)
	left, top := int(binary.LittleEndian.Uint16(b)), int(binary.LittleEndian.Uint16(b[2:]))
	width, height := int(binary.LittleEndian.Uint16(b[4:])), int(binary.LittleEndian.Uint16(b[6:]))
	p.table(b[8])
	p.file.interlaced = b[8]&isInterlaced != 0
	p.file.literal = uint(p.byte())
	p.file.data = p.rest
	switch {
	case p.file.palette == nil:
		p.fail("no colours")
	case p.file.literal < 2 || p.file.literal > 8:
		p.fail("codes of an impossible length")
	case left+width > p.file.width || top+height > p.file.height || p.file.width == 0 || p.file.height == 0:
		p.fail("a frame beyond the screen")
	case width != p.file.width || height != p.file.height:
		if p.err == nil {
			p.err = ErrOther
		}
	}
	p.mark()
}

// mark notes the transparent colour. Where the palette does not have it, it is made longer by transparent ones.
func (p *parser) mark() {
	f := &p.file
	f.opaque = p.transparent == 0
	for len(f.palette) < p.transparent {
		f.palette = append(f.palette, planar.Colour{Transparent: true})
	}
	if !f.opaque {
		f.palette[p.transparent-1].Transparent = true
	}
}
