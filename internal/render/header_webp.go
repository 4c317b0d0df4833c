package render

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"

	"golang.org/x/image/webp"
)

// webpPicture is the chunks of a file, or of a frame of it, that make a picture.
type webpPicture struct {
	alpha, data []byte // an ALPH chunk, and a VP8 or VP8L one, whole; nil where there is none
	pictures    int
}

// readWebPHeader walks the file's chunks.
func readWebPHeader(b []byte) (header, error) {
	c, err := webp.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return header{}, err
	}
	h := header{width: c.Width, height: c.Height}
	var still webpPicture
	err = webpChunks(b[12:], func(kind string, data, whole []byte) error {
		switch kind {
		case "ANMF":
			if h.frames++; h.frames == 1 {
				return h.readFrame(data, &still)
			}
		case "EXIF":
			if h.blocks.EXIF == nil {
				h.blocks.EXIF, _ = bytes.CutPrefix(data, []byte("Exif\x00\x00")) // some encoders write JPEG's prefix
			}
		case "XMP ":
			h.blocks.XMP = data
		case "ICCP":
			if len(data) <= maxProfile {
				h.blocks.ICC = data
			}
		default:
			h.takeWebP(&still, kind, data, whole)
		}
		return nil
	})
	if h.frames == 0 && still.alpha == nil && bytes.HasPrefix(still.data, []byte("VP8 ")) {
		h.lossy = still.data[8:]
	}
	if err == nil && still.pictures != 1 {
		err = fmt.Errorf("there are %d pictures", still.pictures)
	}
	return h, err
}

// webpChunks walks chunks. One that reaches beyond the file is an error: the decoder would trust its length.
func webpChunks(b []byte, visit func(kind string, data, whole []byte) error) error {
	for len(b) >= 8 {
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if n > int64(len(b)-8) {
			return errShort
		}
		end := min(8+int(n+n&1), len(b))
		if err := visit(string(b[:4]), b[8:8+n], b[:end]); err != nil {
			return err
		}
		b = b[end:]
	}
	return nil
}

func (h *header) takeWebP(p *webpPicture, kind string, data, whole []byte) {
	switch kind {
	case "VP8 ", "VP8L":
		p.pictures++
		p.data = whole
		h.cost += h.webpCost(kind, int64(len(data)))
	case "ALPH":
		p.alpha = whole
		h.cost += h.webpCost("VP8L", int64(len(data))) + h.pixels()*(1+4) // the alpha, and all of it once it is one picture
	}
}

// readFrame reads the first frame of an animation, which lies somewhere on the canvas, and makes a still picture of it.
func (h *header) readFrame(b []byte, p *webpPicture) error {
	if len(b) < 16 {
		return errShort
	}
	number := func(at int) int { return int(b[at]) | int(b[at+1])<<8 | int(b[at+2])<<16 }
	corner, size := image.Pt(2*number(0), 2*number(3)), image.Pt(number(6)+1, number(9)+1)
	h.frame = image.Rectangle{Min: corner, Max: corner.Add(size)}
	if !h.frame.In(image.Rect(0, 0, h.width, h.height)) {
		return fmt.Errorf("the first frame is %v on a canvas of %d×%d", h.frame, h.width, h.height)
	}
	err := webpChunks(b[16:], func(kind string, data, whole []byte) error {
		h.takeWebP(p, kind, data, whole)
		return nil
	})
	h.still = p.file(size)
	h.cost += int64(len(h.still)) + h.pixels()*4 // and the canvas
	return err
}

// file is the picture as a file of its own.
func (p webpPicture) file(size image.Point) []byte {
	const alpha = 0x10
	extended := []byte("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00")
	if p.alpha != nil {
		extended[8] = alpha
	}
	for _, n := range []int{size.X - 1, size.Y - 1} {
		extended = append(extended, byte(n), byte(n>>8), byte(n>>16))
	}
	body := bytes.Join([][]byte{[]byte("WEBP"), extended, p.alpha, p.data}, nil)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
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
