package render

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// The markers of JPEG that mean something here.
const (
	markerSOF0  = 0xc0
	markerSOF2  = 0xc2 // progressive
	markerSOF15 = 0xcf
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerRST0  = 0xd0
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP2  = 0xe2
	markerAPP13 = 0xed
	markerAPP14 = 0xee
)

// maxScans bounds the passes over a picture. A progressive photograph has about ten; a file of a few kilobytes can ask
// for thousands, each as expensive as the whole picture.
const maxScans = 100

// jpegFrame is what decides how much memory a JPEG takes.
type jpegFrame struct {
	width, height int
	progressive   bool
	components    []jpegComponent
	jfif, rgb     bool // an APP0 of JFIF; an APP14 of Adobe that says RGB or CMYK
}

type jpegComponent struct{ id, h, v byte }

// readJPEGHeader reads the file's segments to its end, so that a file without an end is found out early.
func readJPEGHeader(b []byte) (header, error) {
	var (
		h      header
		frame  jpegFrame
		blocks jpegBlocks
		scans  int
	)
	for r := (segmentReader{b: b, at: 2}); ; {
		marker, data, err := r.next()
		switch {
		case err != nil:
			return header{}, err
		case marker == markerEOI && scans > 0:
			h.width, h.height, h.cost = frame.width, frame.height, frame.cost()
			h.blocks = blocks.whole()
			return h, nil
		case marker == markerEOI, marker == markerSOS && frame.components == nil:
			return header{}, fmt.Errorf("marker %#x comes before the frame", marker)
		case marker == markerSOS && scans == maxScans:
			return header{}, fmt.Errorf("there are more than %d scans", maxScans)
		case marker == markerSOS:
			scans++
		case marker == markerAPP1, marker == markerAPP2, marker == markerAPP13:
			blocks.take(marker, data)
		default:
			if err := frame.read(marker, data); err != nil {
				return header{}, err
			}
		}
	}
}

func (f *jpegFrame) read(marker byte, data []byte) error {
	switch {
	case marker == markerAPP0:
		f.jfif = f.jfif || bytes.HasPrefix(data, []byte("JFIF\x00"))
	case marker == markerAPP14:
		f.rgb = f.rgb || len(data) >= 12 && string(data[:5]) == "Adobe" && data[11] == 0
	case marker == markerDHT, marker == markerJPG, marker == markerDAC:
	case markerSOF0 <= marker && marker <= markerSOF2:
		return f.readSOF(marker, data)
	case markerSOF2 < marker && marker <= markerSOF15:
		return fmt.Errorf("%w JPEG process %#x", errUnsupported, marker)
	}
	return nil
}

func (f *jpegFrame) readSOF(marker byte, data []byte) error {
	if f.components != nil {
		return errors.New("there are two frames")
	}
	if len(data) < 9 || len(data) != 6+3*int(data[5]) {
		return fmt.Errorf("the frame header has %d bytes", len(data))
	}
	f.progressive = marker == markerSOF2
	f.height, f.width = int(binary.BigEndian.Uint16(data[1:])), int(binary.BigEndian.Uint16(data[3:]))
	for c := data[6:]; len(c) > 0; c = c[3:] {
		h, v := c[1]>>4, c[1]&15
		if h < 1 || h > 4 || v < 1 || v > 4 {
			return fmt.Errorf("a component is sampled %d×%d", h, v)
		}
		f.components = append(f.components, jpegComponent{c[0], h, v})
	}
	return nil
}

// cost predicts what the standard library allocates: a plane a component; if progressive, their coefficients, too, four
// bytes each; and four bytes a pixel where it turns them into RGB or CMYK.
func (f *jpegFrame) cost() int64 {
	first := f.components[0]
	if len(f.components) == 1 {
		first.h, first.v = 1, 1
	}
	units := ceil(f.width, 8*int(first.h)) * ceil(f.height, 8*int(first.v))
	var blocks int64
	for i, c := range f.components {
		if i == 0 {
			c = first
		}
		blocks += units * int64(c.h) * int64(c.v)
	}
	cost := blocks * 64
	if f.progressive {
		cost += blocks * 64 * 4
	}
	if f.converted() {
		cost += int64(f.width) * int64(f.height) * 4
	}
	return cost
}

func (f *jpegFrame) converted() bool {
	switch len(f.components) {
	case 3:
		named := f.components[0].id == 'R' && f.components[1].id == 'G' && f.components[2].id == 'B'
		return !f.jfif && (f.rgb || named)
	case 4:
		return true
	}
	return false
}

func ceil(n, by int) int64 { return int64(n+by-1) / int64(by) }

// segmentReader goes from marker to marker. Like the decoder it skips what is not a segment: fill bytes, restart markers
// and the data of scans, in which no marker can occur.
type segmentReader struct {
	b  []byte
	at int
}

// next returns a segment and its data; SOI and EOI have none.
func (r *segmentReader) next() (marker byte, data []byte, err error) {
	for {
		i := bytes.IndexByte(r.b[r.at:], 0xff)
		if i < 0 || r.at+i+1 >= len(r.b) {
			return 0, nil, errShort
		}
		r.at += i + 1
		marker = r.b[r.at]
		if marker == 0 || marker == 0xff || markerRST0 <= marker && marker < markerRST0+8 {
			continue
		}
		r.at++
		if marker == markerEOI {
			return marker, nil, nil
		}
		data, err = r.data()
		return marker, data, err
	}
}

func (r *segmentReader) data() ([]byte, error) {
	if len(r.b)-r.at < 2 {
		return nil, errShort
	}
	n := int(binary.BigEndian.Uint16(r.b[r.at:]))
	if n < 2 {
		return nil, fmt.Errorf("a segment is %d bytes long", n)
	}
	if len(r.b)-r.at < n {
		return nil, errShort
	}
	data := r.b[r.at+2 : r.at+n]
	r.at += n
	return data, nil
}
