package render

import (
	"bytes"
	"image/color"

	"golang.org/x/image/tiff"

	"github.com/darkroom/darkroom/internal/render/ifd"
	"github.com/darkroom/darkroom/internal/render/meta"
)

// The tags of TIFF that are read here.
const (
	tagSubfile      = 0x00fe
	tagCompression  = 0x0103
	tagRowsPerStrip = 0x0116
	tagTileWidth    = 0x0142
	tagTileHeight   = 0x0143
	tagXMP          = 0x02bc
	tagIPTC         = 0x83bb
	tagPhotoshop    = 0x8649
	tagProfile      = 0x8773
	tagDNGVersion   = 0xc612
)

// tiffBlocks gives what a TIFF file holds beside its picture. As an EXIF block it is one as a whole.
func tiffBlocks(b []byte, d ifd.Directory) meta.Blocks {
	blocks := meta.Blocks{EXIF: b, XMP: d.Bytes(tagXMP), IPTC: d.Bytes(tagIPTC), ICC: d.Bytes(tagProfile)}
	if blocks.IPTC == nil {
		blocks.IPTC = meta.IPTC(d.Bytes(tagPhotoshop))
	}
	if len(blocks.ICC) > maxProfile {
		blocks.ICC = nil
	}
	return blocks
}

// readTIFFHeader reads the first picture of a file. Camera raw files are TIFF, too, with a thumbnail first: showing that
// would pass it off as the photograph.
func readTIFFHeader(b []byte) (header, error) {
	f, d := ifd.Open(b)
	const reduced = 1 // this is a smaller version of another picture in the file
	subfile, _ := f.Number(d, tagSubfile)
	if d.Has(tagDNGVersion) || subfile&reduced != 0 {
		return readRawHeader(b)
	}
	c, err := tiff.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		if h, err := readRawHeader(b); err == nil {
			return h, nil
		}
		return header{}, err
	}
	h := header{width: c.Width, height: c.Height, blocks: tiffBlocks(b, d)}
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
func (h header) tiffBlockCost(f ifd.File, d ifd.Directory, file int64) int64 {
	wide, high := int64(h.width), int64(h.height)
	if v, ok := f.Number(d, tagTileWidth); ok && v > 0 {
		tall, _ := f.Number(d, tagTileHeight)
		wide, high = int64(v), int64(tall)
	} else if v, ok := f.Number(d, tagRowsPerStrip); ok && v > 0 {
		high = min(high, int64(v))
	}
	const most = 1 << 40 // so that the product below cannot overflow
	block := min(wide*high, most) * 8
	const none = 1
	if v, ok := f.Number(d, tagCompression); !ok || v <= none {
		block = min(block, file)
	}
	return block * 3
}
