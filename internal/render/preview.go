package render

import (
	"github.com/darkroom/darkroom/internal/render/ifd"
)

// leastPreview is the long edge below which a preview is a thumbnail, and no stand-in for the picture.
const leastPreview = 1000

// previewed gives the preview that a file carries of a picture that cannot be decoded here, in place of it; otherwise why not.
func previewed(h header) (header, []byte, error) {
	unread := fault("decode", h.format, errUnsupported)
	if h.preview == nil {
		return header{}, nil, unread
	}
	p, err := readHeader(h.preview)
	if err != nil || p.format != formatJPEG || max(p.width, p.height) < leastPreview {
		return header{}, nil, unread
	}
	if p.orientation == 0 {
		p.orientation = h.orientation // a preview is mostly stored as the picture is
	}
	return p, h.preview, nil
}

// The tags by which camera raw files keep pictures.
const (
	tagWidthOf     = 0x0100
	tagHeightOf    = 0x0101
	tagStrips      = 0x0111
	tagStripBytes  = 0x0117
	tagSubIFDs     = 0x014a
	tagJPEGAt      = 0x0201
	tagJPEGBytes   = 0x0202
	maxDirectories = 20
)

// readRawHeader reads a camera raw file: the size of its picture, which is in a form of the maker's own, and the largest JPEG
// of it, which the camera shows on its display.
func readRawHeader(b []byte) (header, error) {
	h := header{format: formatRaw, blocks: tiffBlocks(b, nil)}
	f, first := ifd.Open(b)
	for _, d := range directories(f) {
		width, _ := f.Number(d, tagWidthOf)
		height, _ := f.Number(d, tagHeightOf)
		if size := int64(width) * int64(height); size > h.pixels() && width < 1<<20 && height < 1<<20 {
			h.width, h.height = int(width), int(height)
		}
		if jpeg := previewOf(f, d); len(jpeg) > len(h.preview) {
			if p, err := readJPEGHeader(jpeg); err == nil {
				h.preview = jpeg
				if p.pixels() > h.pixels() {
					h.width, h.height = p.width, p.height
				}
			}
		}
	}
	h.blocks.XMP = first.Bytes(tagXMP)
	if h.width < 1 || h.height < 1 || h.preview == nil {
		return header{}, fault("read header of", formatRaw, errUnsupported)
	}
	return h, nil
}

// directories are the first ones of a file, those that follow it, and those below them.
func directories(f ifd.File) []ifd.Directory {
	var all []ifd.Directory
	seen := map[uint32]bool{}
	for offset := f.First(); offset != 0 && !seen[offset] && len(all) < maxDirectories; offset = f.Next(offset) {
		seen[offset] = true
		d := f.Directory(offset)
		all = append(all, d)
		for _, below := range f.Numbers(d, tagSubIFDs, maxDirectories) {
			if !seen[below] && len(all) < maxDirectories {
				seen[below] = true
				all = append(all, f.Directory(below))
			}
		}
	}
	return all
}

// previewOf is the JPEG of a directory, in either of the two ways to keep it; nil when there is none.
func previewOf(f ifd.File, d ifd.Directory) []byte {
	for _, tags := range [][2]uint16{{tagJPEGAt, tagJPEGBytes}, {tagStrips, tagStripBytes}} {
		at, n := f.Numbers(d, tags[0], 2), f.Numbers(d, tags[1], 2)
		if len(at) == 1 && len(n) == 1 {
			if data := f.Slice(at[0], n[0]); sniff(data) == formatJPEG {
				return data
			}
		}
	}
	return nil
}

// stands gives what a picture is drawn from: itself, or its preview. A preview has no profile of its own, mostly.
func stands(original []byte, h header, decoder HEIF) (header, []byte, error) {
	decoded := h.format != formatRaw && (h.codec == "" || decoder != nil)
	if decoded {
		return h, original, nil
	}
	p, preview, err := previewed(h)
	if err != nil {
		return header{}, nil, err
	}
	return p, preview, nil
}
