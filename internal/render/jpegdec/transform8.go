package jpegdec

func transform8(b *block, last uint, dst []byte, stride int) {
	if last == 0 {
		paintFlat(dst, stride, 8, flat(b[0]))
		b[0] = 0
		return
	}
	var rows [32]int64
	for p := range 4 {
		rows[p], rows[4+p], rows[8+p], rows[12+p], rows[16+p], rows[20+p], rows[24+p], rows[28+p] =
			idct8(b[p]<<fraction+bias, b[4+p], b[8+p], b[12+p], b[16+p], b[20+p], b[24+p], b[28+p])
	}
	*b = block{}
	for y := 0; y < 32; y += 8 {
		upper, lower := rows[y:y+4:y+4], rows[y+4:y+8:y+8]
		x0, x1 := turn(upper[0], lower[0])
		x2, x3 := turn(upper[1], lower[1])
		x4, x5 := turn(upper[2], lower[2])
		x6, x7 := turn(upper[3], lower[3])
		y0, y1, y2, y3, y4, y5, y6, y7 := idct8(x0<<fraction+level, x1, x2, x3, x4, x5, x6, x7)
		paintRows(dst[y/4*stride:], stride, samples(y0, y1, y2, y3), samples(y4, y5, y6, y7))
	}
}

// idct8 is one dimension, times 2¹³, after Loeffler, Ligtenberg and Moschytz with 12 multiplications, as in libjpeg's
// jidctint.c. dc is X[0] times 2¹³ already.
func idct8(dc, x1, x2, x3, x4, x5, x6, x7 int64) (y0, y1, y2, y3, y4, y5, y6, y7 int64) {
	even := (x2 + x6) * 4433
	even2, even3 := even-x6*15137, even+x2*6270
	even0, even1 := dc+x4<<fraction, dc-x4<<fraction
	e0, e3 := even0+even3, even0-even3
	e1, e2 := even1+even2, even1-even2

	z1, z2, z3, z4 := (x7+x1)*-7373, (x5+x3)*-20995, x7+x3, x5+x1
	z5 := (z3 + z4) * 9633
	z3, z4 = z5-z3*16069, z5-z4*3196
	o3 := x7*2446 + z1 + z3
	o2 := x5*16819 + z2 + z4
	o1 := x3*25172 + z2 + z3
	o0 := x1*12299 + z1 + z4
	return e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0
}
