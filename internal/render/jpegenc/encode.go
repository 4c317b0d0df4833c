// Package jpegenc writes planar pictures as baseline JPEG files.
package jpegenc

import (
	"errors"
	"fmt"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// ErrPicture says that a picture is none that this encoder writes: with 1 to 65535 samples each way, grey or in 4:2:0.
var ErrPicture = errors.New("picture cannot be encoded")

// Encode appends a JPEG file to dst: baseline, JFIF, with the standard Huffman tables and the quantisation tables of the
// Independent JPEG Group for a quality of 1 to 100; beyond means at those limits. The bytes are the same on every
// machine. It is ErrPicture when the picture is of no use; dst is returned as it was then.
func Encode(dst []byte, p planar.Picture, quality int) ([]byte, error) {
	if err := check(p); err != nil {
		return dst, err
	}
	tables := quantisation(quality)
	w := writer{out: appendHeader(dst, p, &tables)}
	if p.Grey() {
		w.grey(p.Y, &tables[0])
	} else {
		w.colour(p, &tables)
	}
	return append(w.finish(), 0xFF, endOfImage), nil
}

func check(p planar.Picture) error {
	if err := checkPlane(p.Y, p.Y.Width, p.Y.Height); err != nil || p.Grey() {
		return err
	}
	for _, chroma := range [...]planar.Plane{p.Cb, p.Cr} {
		if err := checkPlane(chroma, (p.Y.Width+1)/2, (p.Y.Height+1)/2); err != nil {
			return err
		}
	}
	return nil
}

// checkPlane tells whether a plane has a size, a possible one, and all its samples.
func checkPlane(p planar.Plane, w, h int) error {
	const most = 65535
	sized := p.Width == w && p.Height == h && w >= 1 && h >= 1 && w <= most && h <= most
	if !sized || p.Stride < w || len(p.Pix) < w || (len(p.Pix)-w)/p.Stride < h-1 {
		return fmt.Errorf("%d bytes as %d × %d in rows of %d, for %d × %d: %w",
			len(p.Pix), p.Width, p.Height, p.Stride, w, h, ErrPicture)
	}
	return nil
}

// grey writes all blocks of a picture with luma alone.
func (w *writer) grey(luma planar.Plane, table *table) {
	var b [64]int16
	var rows [8]uint64
	dc := 0
	for y := 0; y < luma.Height; y += 8 {
		for x := 0; x < luma.Width; x += 8 {
			w.reserve()
			fetch(&rows, luma, x, y)
			nonzero := table.transform(&b, &rows)
			dc = w.block(&b, nonzero, dc, &lumaCodes)
		}
	}
}

// colour writes a picture in units of 16 × 16: four blocks of luma, one of each chroma. All are transformed before any is
// written, since what was stored in sixteens just now is slow to load.
func (w *writer) colour(p planar.Picture, tables *[2]table) {
	var blocks [6][64]int16
	var nonzero [6]uint64
	var rows [8]uint64
	var dc [3]int
	for y := 0; y < p.Y.Height; y += 16 {
		for x := 0; x < p.Y.Width; x += 16 {
			w.reserve()
			for i := range 4 {
				fetch(&rows, p.Y, x+i%2*8, y+i/2*8)
				nonzero[i] = tables[0].transform(&blocks[i], &rows)
			}
			fetch(&rows, p.Cb, x/2, y/2)
			nonzero[4] = tables[1].transform(&blocks[4], &rows)
			fetch(&rows, p.Cr, x/2, y/2)
			nonzero[5] = tables[1].transform(&blocks[5], &rows)
			for i := range 4 {
				dc[0] = w.block(&blocks[i], nonzero[i], dc[0], &lumaCodes)
			}
			dc[1] = w.block(&blocks[4], nonzero[4], dc[1], &chromaCodes)
			dc[2] = w.block(&blocks[5], nonzero[5], dc[2], &chromaCodes)
		}
	}
}
