package jpegdec

import "encoding/binary"

// Two passes of a transform in pairs: the columns two by two, then the rows two by two. In between the halves change
// partners. Constants have 13 bits of fraction, the values between the passes 2, as in jidctint.c: then no half goes beyond
// 32 bits in any block that an encoder could have made of samples. In other blocks the halves spoil each other.

const (
	fraction  = 13
	between   = 2
	both      = 1<<32 | 1 // a number in both halves, when multiplied by it
	low       = 1<<32 - 1
	downShift = fraction - between
	// bias makes a half positive for turn. Its lower part rounds.
	bias     = both * (1<<30 + 1<<(downShift-1))
	unbias   = both << (30 - downShift)
	downMask = 1<<(32-downShift) - 1

	sampleShift = fraction + between + 3
	// level is 128, for samples are stored with that added, and rounds.
	level      = both * (128<<sampleShift + 1<<(sampleShift-1))
	sampleMask = both * (1<<(32-sampleShift) - 1)
	beyond     = sampleMask &^ (both * 255)
)

// turn takes a pair of neighbours in one row, and the pair below, to the pairs of those above one another, and rounds them
// down to the fraction that is kept between the passes.
func turn(upper, lower int64) (left, right int64) {
	u, l := uint64(upper), uint64(lower)
	left = int64(u>>downShift&downMask|l<<(32-downShift)&(downMask<<32)) - unbias
	right = int64(u>>(32+downShift)|l>>downShift&(downMask<<32)) - unbias
	return left, right
}

// samples rounds pairs to samples, each half of the result holding four, the first lowest.
func samples(a, b, c, d int64) uint64 {
	w, x, y, z := uint64(a)>>sampleShift&sampleMask, uint64(b)>>sampleShift&sampleMask,
		uint64(c)>>sampleShift&sampleMask, uint64(d)>>sampleShift&sampleMask
	if (w|x|y|z)&beyond != 0 {
		return clampPair(w) | clampPair(x)<<8 | clampPair(y)<<16 | clampPair(z)<<24
	}
	return w | x<<8 | y<<16 | z<<24
}

// clampPair brings both halves, of 14 bits with a sign, to 0 to 255.
func clampPair(v uint64) uint64 {
	const sign = 64 - (32 - sampleShift)
	lower, upper := int64(v<<sign)>>sign, int64(v>>32<<sign)>>sign
	return uint64(clamp(lower) | clamp(upper)<<32)
}

// paintFlat paints n rows of one sample.
func paintFlat(dst []byte, stride, n int, sample byte) {
	v := uint64(sample) * 0x0101010101010101
	for y := range n {
		binary.LittleEndian.PutUint64(dst[y*stride:], v)
	}
}

// paintRows paints two rows of up to eight samples.
func paintRows(dst []byte, stride int, first, second uint64) {
	binary.LittleEndian.PutUint64(dst, first&low|second<<32)
	binary.LittleEndian.PutUint64(dst[stride:], first>>32|second&^low)
}

// paintRow paints the first of two rows, where there is no second.
func paintRow(dst []byte, first, second uint64) {
	binary.LittleEndian.PutUint64(dst, first&low|second<<32)
}
