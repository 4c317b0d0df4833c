package jpegenc

// The transform is that of Arai, Agui and Nakajima ("A fast DCT-SQ scheme for images", 1988): five multiplications for
// eight samples, since factors of its results are left to the quantisation. It runs on two 32-bit lanes of one word at
// once: adding, subtracting and multiplying by a constant work on both at a time, and what lanes borrow from each other
// is paid back once both are within range. Whole numbers give the same bytes on every machine, which floating point,
// fused on some, would not; 13 bits of fraction make them as good.
const (
	fraction = 13
	one      = 1 << fraction
	cos4     = 5793  // cos(4π/16)
	cos6     = 3135  // cos(6π/16)
	diff26   = 4433  // cos(2π/16) - cos(6π/16)
	sum26    = 10703 // cos(2π/16) + cos(6π/16)

	bothLanes = 1<<32 | 1
	lowLane   = 1<<32 - 1

	// Between the two directions values keep three bits of fraction, and get a bias that makes them positive, so that
	// lanes can be cut apart. A bias that is the same in all samples ends up in the first result alone.
	kept = 3
	bias = 1 << 14
)

// lanes are eight values in each of two lanes.
type lanes [8]uint64

// frequencies transforms eight samples; all results but 0 and 4 come with the fraction. They are scaled by √8 and by the
// factors of the scheme.
func frequencies(x0, x1, x2, x3, x4, x5, x6, x7 uint64) (y0, y1, y2, y3, y4, y5, y6, y7 uint64) {
	t0, t7 := x0+x7, x0-x7
	t1, t6 := x1+x6, x1-x6
	t2, t5 := x2+x5, x2-x5
	t3, t4 := x3+x4, x3-x4

	t10, t13 := t0+t3, t0-t3
	t11, t12 := t1+t2, t1-t2
	y0, y4 = t10+t11, t10-t11
	z1 := (t12 + t13) * cos4
	t13 *= one
	y2, y6 = t13+z1, t13-z1

	t10, t11, t12 = t4+t5, t5+t6, t6+t7
	z5 := (t10 - t12) * cos6
	z2, z4 := t10*diff26+z5, t12*sum26+z5
	z3 := t11 * cos4
	t7 *= one
	z11, z13 := t7+z3, t7-z3
	return y0, z11 + z4, y2, z13 - z2, y4, z13 + z2, y6, z11 - z4
}

// columns transforms columns k and k+4 of a block and leaves them with kept bits of fraction and the bias.
func columns(c *lanes, r *[8]uint64, k uint) {
	const (
		sample  = bothLanes * 0xFF
		surplus = fraction - kept
		round   = bothLanes * (bias<<surplus + 1<<(surplus-1))
		field   = bothLanes * (1<<(32-surplus) - 1)
	)
	k = 8 * k & 31
	y0, y1, y2, y3, y4, y5, y6, y7 := frequencies(
		r[0]>>k&sample, r[1]>>k&sample, r[2]>>k&sample, r[3]>>k&sample,
		r[4]>>k&sample, r[5]>>k&sample, r[6]>>k&sample, r[7]>>k&sample)
	c[0] = y0<<kept + bothLanes*bias
	c[1] = (y1 + round) >> surplus & field
	c[2] = (y2 + round) >> surplus & field
	c[3] = (y3 + round) >> surplus & field
	c[4] = y4<<kept + bothLanes*bias
	c[5] = (y5 + round) >> surplus & field
	c[6] = (y6 + round) >> surplus & field
	c[7] = (y7 + round) >> surplus & field
}

// rows transforms rows v and v+4 of a block whose columns were.
func rows(y *lanes, c *[4]lanes, v int) {
	v &= 3
	a0, a1, a2, a3 := c[0][v], c[1][v], c[2][v], c[3][v]
	b0, b1, b2, b3 := c[0][v+4], c[1][v+4], c[2][v+4], c[3][v+4]
	y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7] = frequencies(
		a0&lowLane|b0<<32, a1&lowLane|b1<<32, a2&lowLane|b2<<32, a3&lowLane|b3<<32,
		a0>>32|b0&^lowLane, a1>>32|b1&^lowLane, a2>>32|b2&^lowLane, a3>>32|b3&^lowLane)
}

// portable turns a block of samples into quantised coefficients in zigzag order, and tells which are not zero.
func (t *table) portable(block *[64]int16, samples *[8]uint64) (nonzero uint64) {
	// The bias comes out eightfold; and the mean of the block is about zero once 128 is taken from each sample.
	const eightfold = bothLanes * 8 * bias
	offsets := [4]uint64{eightfold + 64*128<<kept, eightfold, eightfold, eightfold}
	var c [4]lanes
	var y lanes
	for k := range c {
		columns(&c[k], samples, uint(k))
	}
	*block = [64]int16{}
	for v := range offsets {
		rows(&y, &c, v)
		y[0] -= offsets[v]
		nonzero |= quantise(block, &y, &t.rows[v])
	}
	return nonzero
}
