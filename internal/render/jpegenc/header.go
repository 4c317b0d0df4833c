package jpegenc

import "github.com/darkroom/darkroom/internal/render/planar"

// Markers, each after a byte of 0xFF.
const (
	startOfFrame      = 0xC0 // baseline
	huffmanTables     = 0xC4
	startOfImage      = 0xD8
	endOfImage        = 0xD9
	startOfScan       = 0xDA
	quantisationTable = 0xDB
	application0      = 0xE0
)

// appendHeader appends all that comes before the coefficients.
func appendHeader(dst []byte, p planar.Picture, tables *[2]table) []byte {
	components := 3
	if p.Grey() {
		components = 1
	}
	dst = append(dst, 0xFF, startOfImage)
	dst = appendSegment(dst, application0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
	for i := range min(components, 2) {
		dst = appendSegment(dst, quantisationTable, append([]byte{byte(i)}, tables[i].steps[:]...))
	}
	dst = appendSegment(dst, startOfFrame, frame(p, components))
	dst = appendSegment(dst, huffmanTables, huffman(components))
	return appendSegment(dst, startOfScan, scan(components))
}

func appendSegment(dst []byte, marker byte, data []byte) []byte {
	n := len(data) + 2
	dst = append(dst, 0xFF, marker, byte(n>>8), byte(n))
	return append(dst, data...)
}

// frame describes the picture: 8 bits, size, and of each component its number, sub-sampling and quantisation table.
func frame(p planar.Picture, components int) []byte {
	w, h := p.Y.Width, p.Y.Height
	data := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(components)}
	if components == 1 {
		return append(data, 1, 0x11, 0)
	}
	return append(data, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1)
}

func huffman(components int) []byte {
	data := lumaDC.append(nil, 0x00)
	data = lumaAC.append(data, 0x10)
	if components == 1 {
		return data
	}
	data = chromaDC.append(data, 0x01)
	return chromaAC.append(data, 0x11)
}

func (s *specification) append(dst []byte, class byte) []byte {
	dst = append(dst, class)
	dst = append(dst, s.counts[:]...)
	return append(dst, s.symbols...)
}

// scan says that all components follow, each with its Huffman tables, with all their coefficients.
func scan(components int) []byte {
	if components == 1 {
		return []byte{1, 1, 0x00, 0, 63, 0}
	}
	return []byte{3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0}
}
