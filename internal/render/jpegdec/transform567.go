package jpegdec

// The transforms to 5×5, 6×6 and 7×7 samples. Their one dimension is factored as in libjpeg's jidctint.c, whose constants
// are sums of c(u) = √2·cos(uπ/2n), here times 2¹³.

func transform5(b *block, last uint, dst []byte, stride int) {
	if last == 0 {
		paintFlat(dst, stride, 5, flat(b[0]))
		b[0] = 0
		return
	}
	var rows [20]int64
	for p := range 3 {
		rows[p], rows[4+p], rows[8+p], rows[12+p], rows[16+p] =
			idct5(b[p]<<fraction+bias, b[4+p], b[8+p], b[12+p], b[16+p])
	}
	clear(b[:20])
	for y := 0; y < 20; y += 8 {
		upper, lower := rows[y:y+4:y+4], rows[min(y+4, 16):][:4] // the last row is beside itself
		x0, x1 := turn(upper[0], lower[0])
		x2, x3 := turn(upper[1], lower[1])
		x4, _ := turn(upper[2], lower[2])
		y0, y1, y2, y3, y4 := idct5(x0<<fraction+level, x1, x2, x3, x4)
		first, second := samples(y0, y1, y2, y3), samples(y4, 0, 0, 0)
		if y == 16 {
			paintRow(dst[4*stride:], first, second)
			return
		}
		paintRows(dst[y/4*stride:], stride, first, second)
	}
}

// idct5 is one dimension, times 2¹³. dc is X[0] times that already.
func idct5(dc, x1, x2, x3, x4 int64) (y0, y1, y2, y3, y4 int64) {
	sum, difference := (x2+x4)*6476, (x2-x4)*2896 // (c2+c4)/2, (c2-c4)/2
	even0, even1, even2 := dc+difference+sum, dc+difference-sum, dc-difference*4
	odd := (x1 + x3) * 6810 // c3
	odd0 := odd + x1*4209   // c1-c3
	odd1 := odd - x3*17828  // c1+c3
	return even0 + odd0, even1 + odd1, even2, even1 - odd1, even0 - odd0
}

func transform6(b *block, last uint, dst []byte, stride int) {
	if last == 0 {
		paintFlat(dst, stride, 6, flat(b[0]))
		b[0] = 0
		return
	}
	var rows [24]int64
	for p := range 3 {
		rows[p], rows[4+p], rows[8+p], rows[12+p], rows[16+p], rows[20+p] =
			idct6(b[p]<<fraction+bias, b[4+p], b[8+p], b[12+p], b[16+p], b[20+p])
	}
	clear(b[:24])
	for y := 0; y < 24; y += 8 {
		upper, lower := rows[y:y+4:y+4], rows[y+4:y+8:y+8]
		x0, x1 := turn(upper[0], lower[0])
		x2, x3 := turn(upper[1], lower[1])
		x4, x5 := turn(upper[2], lower[2])
		y0, y1, y2, y3, y4, y5 := idct6(x0<<fraction+level, x1, x2, x3, x4, x5)
		paintRows(dst[y/4*stride:], stride, samples(y0, y1, y2, y3), samples(y4, y5, 0, 0))
	}
}

// idct6 is one dimension, times 2¹³. dc is X[0] times that already.
func idct6(dc, x1, x2, x3, x4, x5 int64) (y0, y1, y2, y3, y4, y5 int64) {
	half, side := x4*5793, x2*10033 // c4, c2
	even0, even1, even2 := dc+half+side, dc-half*2, dc+half-side
	odd := (x1 + x5) * 2998 // c5
	odd0 := odd + (x1+x3)<<fraction
	odd1 := (x1 - x3 - x5) << fraction
	odd2 := odd + (x5-x3)<<fraction
	return even0 + odd0, even1 + odd1, even2 + odd2, even2 - odd2, even1 - odd1, even0 - odd0
}

func transform7(b *block, last uint, dst []byte, stride int) {
	if last == 0 {
		paintFlat(dst, stride, 7, flat(b[0]))
		b[0] = 0
		return
	}
	var rows [28]int64
	for p := range 4 {
		rows[p], rows[4+p], rows[8+p], rows[12+p], rows[16+p], rows[20+p], rows[24+p] =
			idct7(b[p]<<fraction+bias, b[4+p], b[8+p], b[12+p], b[16+p], b[20+p], b[24+p])
	}
	clear(b[:28])
	for y := 0; y < 28; y += 8 {
		upper, lower := rows[y:y+4:y+4], rows[min(y+4, 24):][:4]
		x0, x1 := turn(upper[0], lower[0])
		x2, x3 := turn(upper[1], lower[1])
		x4, x5 := turn(upper[2], lower[2])
		x6, _ := turn(upper[3], lower[3])
		y0, y1, y2, y3, y4, y5, y6 := idct7(x0<<fraction+level, x1, x2, x3, x4, x5, x6)
		first, second := samples(y0, y1, y2, y3), samples(y4, y5, y6, 0)
		if y == 24 {
			paintRow(dst[6*stride:], first, second)
			return
		}
		paintRows(dst[y/4*stride:], stride, first, second)
	}
}

// idct7 is one dimension, times 2¹³. dc is X[0] times that already.
func idct7(dc, x1, x2, x3, x4, x5, x6 int64) (y0, y1, y2, y3, y4, y5, y6 int64) {
	even0 := (x4 - x6) * 7223                               // c4
	even2 := (x2 - x4) * 2578                               // c6
	even1 := even0 + even2 + dc - x4*15083                  // c2+c4-c6
	outer := (x2+x6)*10438 + dc                             // c2
	even3 := dc + (x4-x2-x6)*11585                          // c0
	even0, even2 = even0+outer-x6*637, even2+outer-x2*20239 // c2-c4-c6, c2+c4+c6

	odd1, odd2 := (x1+x3)*7663, (x1-x3)*1395 // (c3+c1-c5)/2, (c3+c5-c1)/2
	odd0 := odd1 - odd2
	odd1 += odd2
	inner := (x3 + x5) * -11295 // -c1
	odd1 += inner
	far := (x1 + x5) * 5027 // c5
	odd0 += far
	odd2 = inner + far + x5*15326 // c3+c1-c5
	return even0 + odd0, even1 + odd1, even2 + odd2, even3, even2 - odd2, even1 - odd1, even0 - odd0
}
