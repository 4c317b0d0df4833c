package jpegdec

// transform is an inverse DCT. It paints a block of dequantised coefficients at dst and leaves the block zero. last is the
// last place in zigzag order at which there may be a coefficient other than 0.
//
// At n/8 a block of 8×8 coefficients becomes n×n samples by the inverse n×n transform of its n×n lowest frequencies,
// with the weights of the 8×8 one: in one dimension, x[i] = X[0] + Σ √2·cos((2i+1)uπ/2n)·X[u], and an eighth of that in
// two. That is libjpeg's scaling (jidctint.c), and a good filter: the frequencies that would alias are those left out.
type transform func(b *block, last uint, dst []byte, stride int)

// transforms are by n.
var transforms = [9]transform{
	nil, transform1, transform2, transform3, transform4, transform5, transform6, transform7, transform8,
}

// zigzag is the row<<3 | column of each place in zigzag order: T.81, figure 5.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// layout is how coefficients are dequantised into a block for a transform, by their place in zigzag order.
//
// Transforms from 4×4 compute two columns at once, in the halves of an int64: half the instructions, on any machine of 64
// bits. A pair is the number low + high<<32. Sums, differences and multiples of such pairs are pairs again, as long as no
// half goes beyond 32 bits; that one borrows from the other when negative comes out right by itself. Multiplying a
// coefficient by its step or its step<<32 and adding it puts it into its half for nothing.
type layout struct {
	last  uint      // the last place a transform uses
	place [64]uint8 // index into the block, row*4 + column, or column/2 if in pairs
	scale [64]int64 // the quantisation step, or step<<32 for the high half of a pair; 0 for what is not used
}

func (l *layout) set(n int, quant *[64]uint16) {
	*l = layout{}
	for k, p := range zigzag {
		row, column := int(p>>3), int(p&7)
		if row >= n || column >= n {
			continue
		}
		l.last = uint(k)
		step := int64(quant[k])
		if n >= 4 {
			step <<= 32 * (column & 1)
			column /= 2
		}
		l.place[k] = uint8(row*4 + column)
		l.scale[k] = step
	}
}

// clamp is the nearest of 0 to 255.
func clamp(v int64) int64 {
	if uint64(v) > 255 {
		return ^(v >> 63) & 255
	}
	return v
}

// flat is the sample of a block that has no coefficient but the DC.
func flat(dc int64) byte { return byte(clamp((dc + 128*8 + 4) >> 3)) }
