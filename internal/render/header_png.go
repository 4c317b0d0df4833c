package render

import (
	"encoding/binary"
	"errors"
)

// The colour types of PNG.
const (
	pngGrey    = 0
	pngPalette = 3
)

// pngShape is what decides how much memory a PNG takes.
type pngShape struct {
	depth, colour byte
	interlaced    bool
	key           bool // a tRNS chunk: some colour or index is transparent
}

// readPNGHeader walks the file's chunks; their checksums are the decoder's business.
func readPNGHeader(b []byte) (header, error) {
	const signature, frame = 8, 12 // of the file; of a chunk: length, type and checksum
	var (
		h     header
		shape pngShape
	)
	for at, first := signature, true; ; first = false {
		if len(b)-at < frame {
			return header{}, errShort
		}
		n, kind := binary.BigEndian.Uint32(b[at:]), string(b[at+4:at+8])
		if int64(n) > int64(len(b)-at-frame) {
			return header{}, errShort
		}
		data := b[at+8 : at+8+int(n)]
		at += frame + int(n)
		switch {
		case first && (kind != "IHDR" || n != 13):
			return header{}, errors.New("there is no IHDR")
		case first:
			h.width, h.height = int(int32(binary.BigEndian.Uint32(data))), int(int32(binary.BigEndian.Uint32(data[4:])))
			shape = pngShape{depth: data[8], colour: data[9], interlaced: data[12] != 0}
		case kind == "tRNS":
			shape.key = true
		case kind == "acTL" && n >= 4:
			h.frames = int(min(binary.BigEndian.Uint32(data), 1<<24))
		case kind == "eXIf", kind == "iCCP", kind == "cICP", kind == "iTXt", kind == "zTXt":
			takePNG(&h.blocks, kind, data)
		case kind == "IEND":
			h.cost = h.pixels() * shape.cost()
			return h, nil
		}
	}
}

// cost predicts what the standard library, and after it expand, allocate for a pixel.
func (s pngShape) cost() int64 {
	var bytes int64
	switch {
	case s.colour == pngPalette:
		bytes = 1
	case s.colour == pngGrey && !s.key:
		bytes = int64(s.depth+7) / 8
	case s.depth == 16:
		bytes = 8
	default:
		bytes = 4
	}
	if s.interlaced {
		bytes *= 2 // each pass is a picture of its own
	}
	if s.colour == pngPalette {
		bytes += 4
	}
	return bytes
}
