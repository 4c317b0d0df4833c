package render

import (
	"bytes"
	"context"
	"image"
	"image/gif"
	"image/png"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/heif"
	"github.com/darkroom/darkroom/internal/render/ifd"
	"github.com/darkroom/darkroom/internal/render/jpegdec"
	"github.com/darkroom/darkroom/internal/render/meta"
)

// GlimpseBytes is how much of a file Glimpse wants to see: a camera's EXIF block, and what comes before the frame.
const GlimpseBytes = 128 << 10

// maxThumbnail bounds a camera's thumbnail in pixels along a side; they have 160, some 320.
const maxThumbnail = 640

// Glimpse gives what the beginning of a file tells at once: the size of the picture, upright, and where the camera put in a
// thumbnail, a placeholder. Both are provisional: nobody has seen the picture yet, and a thumbnail can be of another one. What
// the beginning does not tell is zero.
func Glimpse(beginning []byte) gallery.Facts {
	h, ok := beginningOf(beginning)
	if !ok || h.width < 1 || h.height < 1 {
		return gallery.Facts{}
	}
	if h.orientation == 0 {
		h.orientation = h.blocks.Orientation()
	}
	size := h.upright()
	f := gallery.Facts{Width: size.X, Height: size.Y}
	if small := thumbnailOf(h); small != nil {
		f.Placeholder = placeholder(small)
	}
	return f
}

// beginningOf reads as much of a header as stands at the beginning of a file.
func beginningOf(b []byte) (header, bool) {
	switch f := sniff(b); f {
	case formatJPEG:
		return beginningOfJPEG(b)
	case formatPNG, formatGIF, formatBMP, formatWebP:
		size, ok := sizeAt(f, b)
		return header{width: size.X, height: size.Y}, ok
	case formatHEIC, formatAVIF:
		f, err := heif.Glimpse(b)
		return header{width: f.Width, height: f.Height, orientation: f.Orientation}, err == nil
	}
	return header{}, false
}

// beginningOfJPEG reads the segments before the first scan.
func beginningOfJPEG(b []byte) (header, bool) {
	var (
		frame  jpegFrame
		blocks jpegBlocks
	)
	for r := (segmentReader{b: b, at: 2}); ; {
		marker, data, err := r.next()
		if err != nil || marker == markerEOI {
			return header{}, false
		}
		if marker == markerSOS {
			return header{width: frame.width, height: frame.height, blocks: blocks.whole()}, frame.components != nil
		}
		blocks.take(marker, data)
		if frame.read(marker, data) != nil {
			return header{}, false
		}
	}
}

// sizeAt gives the size that stands at a fixed place, or that the decoder finds near the beginning.
func sizeAt(f format, b []byte) (image.Point, bool) {
	var (
		c   image.Config
		err error
	)
	switch r := bytes.NewReader(b); f {
	case formatPNG:
		c, err = png.DecodeConfig(r)
	case formatGIF:
		c, err = gif.DecodeConfig(r)
	case formatBMP:
		c, err = bmp.DecodeConfig(r)
	case formatWebP:
		c, err = webp.DecodeConfig(r)
	}
	return image.Pt(c.Width, c.Height), err == nil
}

// thumbnailOf gives the thumbnail that a camera put into the EXIF block, upright and in a hundred pixels; nil when there is
// none. Cameras fill it up with black to a shape of their own: what is shown is cut to the picture's.
func thumbnailOf(h header) (small image.Image) {
	defer func() {
		if recover() != nil { // a thumbnail is not worth a failure
			small = nil
		}
	}()
	file := thumbnailFile(h.blocks)
	frame, err := jpegdec.ReadHeader(file)
	if err != nil || max(frame.Width, frame.Height) > maxThumbnail {
		return nil
	}
	whole, err := jpegdec.Decode(context.Background(), file, 8)
	if err != nil {
		return nil
	}
	cut := shaped(image.Pt(frame.Width, frame.Height), image.Pt(h.width, h.height))
	whole = whole.Crop(cut.X, cut.Y)
	size := fit(h.upright(), 100)
	return whole.ResizeUpright(size.X, size.Y, h.orientation).RGBA()
}

// thumbnailFile is the JPEG of the second directory.
func thumbnailFile(b meta.Blocks) []byte {
	f, _ := ifd.Open(b.EXIF)
	if next := f.Next(f.First()); next != 0 {
		return previewOf(f, f.Directory(next))
	}
	return nil
}

// shaped is the largest part of a size that has the shape of another one.
func shaped(size, like image.Point) image.Point {
	if size.X*like.Y > size.Y*like.X {
		return image.Pt(max(1, size.Y*like.X/like.Y), size.Y)
	}
	return image.Pt(size.X, max(1, size.X*like.Y/like.X))
}
