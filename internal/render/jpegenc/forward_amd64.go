package jpegenc

import (
	"math/bits"

	"golang.org/x/sys/cpu"
)

// forward transforms a block of samples, eight rows or columns at a time: frequency u of row v becomes results[8u+v], as
// the portable transform has it. The bits of beyond, in the same order, say which of them are further from 0 than reach.
// It needs AVX2.
//
//go:noescape
func forward(results *[64]int32, samples *[8]uint64, reach *[64]int32) (beyond uint64)

// transform is portable, faster where the processor can.
func (t *table) transform(block *[64]int16, samples *[8]uint64) (nonzero uint64) {
	if !cpu.X86.HasAVX2 {
		return t.portable(block, samples)
	}
	var results [64]int32
	beyond := forward(&results, samples, &t.wide.reach)
	*block = [64]int16{}
	for ; beyond != 0; beyond &= beyond - 1 {
		i := bits.TrailingZeros64(beyond) & 63
		value := (int64(results[i])*t.wide.factor[i] + 1<<(shift-1)) >> shift
		place := t.wide.place[i] & 63
		block[place] = int16(value)
		nonzero |= uint64(value|-value) >> 63 << place
	}
	return nonzero
}
