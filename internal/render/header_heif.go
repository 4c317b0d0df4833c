package render

import (
	"fmt"

	"github.com/darkroom/darkroom/internal/render/heif"
	"github.com/darkroom/darkroom/internal/render/meta"
)

// readHEIFHeader reads HEIC and AVIF, which are built alike. Which way up the picture is, its boxes say; EXIF does, too, but
// is not to be heard.
func readHEIFHeader(b []byte) (header, error) {
	f, err := heif.Read(b)
	if err != nil {
		return header{}, err
	}
	h := header{
		width: f.Width, height: f.Height, orientation: f.Orientation, codec: f.Codec, preview: f.Preview,
		blocks: meta.Blocks{EXIF: f.EXIF, XMP: f.XMP, ICC: f.ICC, Code: f.Code},
	}
	if len(h.blocks.ICC) > maxProfile {
		h.blocks.ICC = nil
	}
	switch f.Codec {
	case heif.HEVC, heif.AV1:
	default:
		return header{}, fmt.Errorf("%w codec %q", errUnsupported, f.Codec)
	}
	// What libheif and libavif were seen to take for a pixel, with their copies of it: 23 bytes of HEVC, twice that of more than
	// 8 bits, and 40 of AV1.
	perPixel := int64(26)
	if f.Codec == heif.AV1 {
		perPixel = 48
	}
	if f.Depth > 8 {
		perPixel = 56
	}
	h.cost = h.pixels() * perPixel
	return h, nil
}
