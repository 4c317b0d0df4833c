package jpegdec

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Markers, by T.81 table B.1.
const (
	markerSOF0  = 0xc0 // baseline
	markerSOF1  = 0xc1 // extended sequential
	markerSOF2  = 0xc2 // progressive
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerSOF15 = 0xcf
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP14 = 0xee
	markerTEM   = 0x01
)

// corrupt is ErrCorrupt with its detail.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
}

// segments goes through a file marker by marker.
type segments struct {
	data []byte
	at   int
}

// start reads the marker every file begins with.
func (s *segments) start() error {
	if !bytes.HasPrefix(s.data, []byte{0xff, markerSOI}) {
		return corrupt("no start of image")
	}
	s.at = 2
	return nil
}

// next finds the next marker and returns its segment without the length; EOI has none. As libjpeg does, it goes over
// whatever else stands before the marker: fill bytes, restart markers, what is left of a scan.
func (s *segments) next() (marker byte, body []byte, err error) {
	for {
		i := bytes.IndexByte(s.data[s.at:], 0xff)
		if i < 0 || s.at+i+1 >= len(s.data) {
			s.at = len(s.data)
			return 0, nil, corrupt("cut off before the end of the image")
		}
		s.at += i + 1
		switch marker = s.data[s.at]; {
		case marker == 0, marker == 0xff, marker == markerTEM, markerRST0 <= marker && marker <= markerRST7:
			continue
		case marker == markerEOI:
			s.at++
			return marker, nil, nil
		}
		s.at++
		body, err = s.body(marker)
		return marker, body, err
	}
}

func (s *segments) body(marker byte) ([]byte, error) {
	rest := s.data[s.at:]
	if len(rest) < 2 {
		return nil, corrupt("cut off in segment %#x", marker)
	}
	n := int(binary.BigEndian.Uint16(rest))
	if n < 2 {
		return nil, corrupt("segment %#x is %d bytes long", marker, n)
	}
	if n > len(rest) {
		return nil, corrupt("cut off in segment %#x", marker)
	}
	s.at += n
	return rest[2:n], nil
}
