package render

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"golang.org/x/image/webp"
)

// readWebPHeader walks the file's chunks. One that reaches beyond the file is an error: the decoder would trust its
// length.
func readWebPHeader(b []byte) (header, error) {
	c, err := webp.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return header{}, err
	}
	h := header{width: c.Width, height: c.Height}
	var pictures int
	for at := 12; len(b)-at >= 8; {
		n, kind := int64(binary.LittleEndian.Uint32(b[at+4:])), string(b[at:at+4])
		if n > int64(len(b)-at-8) {
			return header{}, errShort
		}
		data := b[at+8 : at+8+int(n)]
		at += 8 + int(n) + int(n&1)
		switch kind {
		case "VP8X":
			const animation = 1 << 1
			if n > 0 && data[0]&animation != 0 {
				return header{}, fmt.Errorf("%w animation", errUnsupported)
			}
		case "VP8 ", "VP8L":
			pictures++
			h.cost += h.webpCost(kind, n)
		case "ALPH":
			h.cost += h.webpCost("VP8L", n) + h.pixels()*(1+4) // the alpha, and all of it once it is one picture
		case "EXIF":
			if h.blocks.EXIF == nil {
				h.blocks.EXIF, _ = bytes.CutPrefix(data, []byte("Exif\x00\x00")) // some encoders write JPEG's prefix
			}
		case "XMP ":
			h.blocks.XMP = data
		case "ICCP":
			if n <= maxProfile {
				h.blocks.ICC = data
			}
		}
	}
	if pictures != 1 {
		return header{}, fmt.Errorf("there are %d pictures", pictures)
	}
	return h, nil
}

// webpCost predicts what the decoder allocates for a chunk of n bytes that holds the picture or its alpha.
func (h header) webpCost(kind string, n int64) int64 {
	if kind == "VP8 " {
		const block = 16*16*3/2 + 16 // the samples of a macroblock, and its part in the filter
		return ceil(h.width, 16)*ceil(h.height, 16)*block + n
	}
	// A lossless picture has its pixels, half of them again where they were packed, and three pictures of a pixel for each
	// tile, which has 16 at least. A tile may have Huffman trees of its own, up to the decoder's limit; the smallest takes
	// a thousand times its bytes.
	const trees, most, growth = 53 << 10, 2600, 1200
	tiles := ceil(h.width, 4) * ceil(h.height, 4)
	return h.pixels()*(4+2) + tiles*4*3 + min(min(tiles, most)*trees, n*growth)
}
