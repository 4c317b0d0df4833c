package jpegenc

import (
	"encoding/binary"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// fetch takes the 8 × 8 samples at a place, a word for each row. Beyond the plane its last samples go on, which costs the
// fewest bits.
func fetch(rows *[8]uint64, p planar.Plane, x, y int) {
	if x+8 > p.Width || y+8 > p.Height {
		fetchEdge(rows, p, x, y)
		return
	}
	at := y*p.Stride + x
	for i := range rows {
		rows[i] = binary.LittleEndian.Uint64(p.Pix[at : at+8])
		at += p.Stride
	}
}

func fetchEdge(rows *[8]uint64, p planar.Plane, x, y int) {
	for i := range rows {
		start := min(y+i, p.Height-1) * p.Stride
		row := p.Pix[start : start+p.Width]
		var samples [8]byte
		for k := range samples {
			samples[k] = row[min(x+k, p.Width-1)]
		}
		rows[i] = binary.LittleEndian.Uint64(samples[:])
	}
}
