package vp8dec

// The factors of the inverse transform: √2·cos(π/8) and √2·sin(π/8), with 16 bits after the point.
const (
	cosine = 85627
	sine   = 35468
)

// turn is a step of the inverse transform of four values: RFC 6386, 14.3.
func turn(i0, i1, i2, i3 int32) (o0, o1, o2, o3 int32) {
	a, b := i0+i2, i0-i2
	c := i1*sine>>16 - i3*cosine>>16
	d := i1*cosine>>16 + i3*sine>>16
	return a + d, b + c, b - c, a - d
}

// addBlock adds the inverse transform of coefficients to 4 × 4 samples.
func addBlock(pix []byte, stride int, c *[16]int16) {
	var m [16]int32
	for i := range 4 {
		m[4*i], m[4*i+1], m[4*i+2], m[4*i+3] = turn(int32(c[i]), int32(c[4+i]), int32(c[8+i]), int32(c[12+i]))
	}
	for y := range 4 {
		o0, o1, o2, o3 := turn(m[y]+4, m[4+y], m[8+y], m[12+y])
		row := pix[y*stride : y*stride+4 : y*stride+4]
		row[0] = limited(int32(row[0]) + o0>>3)
		row[1] = limited(int32(row[1]) + o1>>3)
		row[2] = limited(int32(row[2]) + o2>>3)
		row[3] = limited(int32(row[3]) + o3>>3)
	}
}

// addMean is addBlock where there is nothing but the first coefficient.
func addMean(pix []byte, stride int, first int16) {
	v := (int32(first) + 4) >> 3
	for y := range 4 {
		row := pix[y*stride : y*stride+4 : y*stride+4]
		for x := range row {
			row[x] = limited(int32(row[x]) + v)
		}
	}
}

// spread gives each block of luma its first coefficient, by the inverse transform of those that stand together: 14.3.
func spread(coeffs *[25][16]int16) {
	c := &coeffs[24]
	var m [16]int32
	for i := range 4 {
		a0, a1 := int32(c[i])+int32(c[12+i]), int32(c[4+i])+int32(c[8+i])
		a2, a3 := int32(c[4+i])-int32(c[8+i]), int32(c[i])-int32(c[12+i])
		m[i], m[4+i], m[8+i], m[12+i] = a0+a1, a3+a2, a0-a1, a3-a2
	}
	for i := range 4 {
		first := m[4*i] + 3
		a0, a1 := first+m[4*i+3], m[4*i+1]+m[4*i+2]
		a2, a3 := m[4*i+1]-m[4*i+2], first-m[4*i+3]
		coeffs[4*i][0], coeffs[4*i+1][0] = int16((a0+a1)>>3), int16((a3+a2)>>3)
		coeffs[4*i+2][0], coeffs[4*i+3][0] = int16((a0-a1)>>3), int16((a3-a2)>>3)
	}
}
