package render

import (
	"bytes"
	"fmt"
	"image/color"

	"golang.org/x/image/tiff"
)

// readTIFFHeader reads the first picture of a file. Camera raw files are TIFF, too, with a thumbnail first: showing that
// would pass it off as the photograph.
func readTIFFHeader(b []byte) (header, error) {
	f, d := openTIFF(b)
	const reduced = 1 // this is a smaller version of another picture in the file
	subfile, _ := f.number(d, tagSubfile)
	if _, dng := d[tagDNGVersion]; dng || subfile&reduced != 0 {
		return header{}, fmt.Errorf("%w camera raw file", errUnsupported)
	}
	c, err := tiff.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return header{}, err
	}
	h := header{width: c.Width, height: c.Height, exif: b}
	h.cost = h.pixels()*pixelBytes(c.ColorModel) + h.tiffBlockCost(f, d, int64(len(b)))
	return h, nil
}

func pixelBytes(model color.Model) int64 {
	switch model {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.RGBAModel, color.NRGBAModel:
		return 4
	}
	return 1 + 4 // an index, and then its colour
}

// tiffBlockCost predicts what the decoder allocates for a strip or tile, one of which it holds at a time. It lets one
// grow to eight bytes a pixel, whatever the picture needs, in a buffer that doubles.
func (h header) tiffBlockCost(f tiffFile, d directory, file int64) int64 {
	wide, high := int64(h.width), int64(h.height)
	if v, ok := f.number(d, tagTileWidth); ok && v > 0 {
		tall, _ := f.number(d, tagTileHeight)
		wide, high = int64(v), int64(tall)
	} else if v, ok := f.number(d, tagRowsPerStrip); ok && v > 0 {
		high = min(high, int64(v))
	}
	const most = 1 << 40 // so that the product below cannot overflow
	block := min(wide*high, most) * 8
	const none = 1
	if v, ok := f.number(d, tagCompression); !ok || v <= none {
		block = min(block, file)
	}
	return block * 3
}
