package jpegdec

import "encoding/binary"

// The transforms to 1×1, 2×2 and 3×3 samples, in plain 64-bit integers: so few operations that pairs would not pay. There
// is no rounding between the two passes.

func transform1(b *block, _ uint, dst []byte, _ int) {
	dst[0] = flat(b[0])
	b[0] = 0
}

func transform2(b *block, _ uint, dst []byte, stride int) {
	const level = 128*8 + 4
	top, bottom := b[0]+b[4]+level, b[0]-b[4]+level
	topOdd, bottomOdd := b[1]+b[5], b[1]-b[5]
	b[0], b[1], b[4], b[5] = 0, 0, 0, 0
	second := dst[stride : stride+2]
	dst[0], dst[1] = byte(clamp((top+topOdd)>>3)), byte(clamp((top-topOdd)>>3))
	second[0], second[1] = byte(clamp((bottom+bottomOdd)>>3)), byte(clamp((bottom-bottomOdd)>>3))
}

func transform3(b *block, last uint, dst []byte, stride int) {
	if last == 0 {
		v := uint32(flat(b[0])) * 0x01010101
		b[0] = 0
		for y := range 3 {
			binary.LittleEndian.PutUint32(dst[y*stride:], v)
		}
		return
	}
	a0, a1, a2 := idct3(b[0]<<13, b[4], b[8])
	b0, b1, b2 := idct3(b[1]<<13, b[5], b[9])
	c0, c1, c2 := idct3(b[2]<<13, b[6], b[10])
	clear(b[:12])
	row3(dst, a0, b0, c0)
	row3(dst[stride:], a1, b1, c1)
	row3(dst[2*stride:], a2, b2, c2)
}

// row3 transforms a row and paints it.
func row3(dst []byte, x0, x1, x2 int64) {
	const shift = 13 + 13 + 3
	y0, y1, y2 := idct3(x0<<13+128<<shift+1<<(shift-1), x1, x2)
	y0, y1, y2 = y0>>shift, y1>>shift, y2>>shift
	if uint64(y0|y1|y2) > 255 {
		y0, y1, y2 = clamp(y0), clamp(y1), clamp(y2)
	}
	binary.LittleEndian.PutUint32(dst, uint32(y0|y1<<8|y2<<16))
}

// idct3 is one dimension, times 2¹³. dc is X[0] times that already.
func idct3(dc, x1, x2 int64) (y0, y1, y2 int64) {
	const (
		c1 = 10033 // √2·cos(π/6)·2¹³
		c2 = 5793  // √2·cos(2π/6)·2¹³
	)
	even := dc + x2*c2
	odd := x1 * c1
	return even + odd, dc - x2*(2*c2), even - odd
}
