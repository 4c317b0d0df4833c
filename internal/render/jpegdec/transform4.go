package jpegdec

import "encoding/binary"

func transform4(b *block, last uint, dst []byte, stride int) {
	if last == 0 {
		v := uint32(flat(b[0])) * 0x01010101
		b[0] = 0
		for y := range 4 {
			binary.LittleEndian.PutUint32(dst[y*stride:], v)
		}
		return
	}
	a0, a1, a2, a3 := idct4(b[0]<<fraction+bias, b[4], b[8], b[12])
	b0, b1, b2, b3 := idct4(b[1]<<fraction+bias, b[5], b[9], b[13])
	clear(b[:16])
	rows4(dst, stride, a0, b0, a1, b1)
	rows4(dst[2*stride:], stride, a2, b2, a3, b3)
}

// rows4 transforms two rows, each given as two pairs, and paints them.
func rows4(dst []byte, stride int, upper0, upper1, lower0, lower1 int64) {
	x0, x1 := turn(upper0, lower0)
	x2, x3 := turn(upper1, lower1)
	v := samples(idct4(x0<<fraction+level, x1, x2, x3))
	binary.LittleEndian.PutUint32(dst, uint32(v))
	binary.LittleEndian.PutUint32(dst[stride:], uint32(v>>32))
}

// idct4 is one dimension, times 2¹³. dc is X[0] times that already.
func idct4(dc, x1, x2, x3 int64) (y0, y1, y2, y3 int64) {
	const (
		c1 = 10703 // √2·cos(π/8)·2¹³
		c3 = 4433  // √2·cos(3π/8)·2¹³
	)
	even0, even1 := dc+x2<<fraction, dc-x2<<fraction
	odd0, odd1 := x1*c1+x3*c3, x1*c3-x3*c1
	return even0 + odd0, even1 + odd1, even1 - odd1, even0 - odd0
}
