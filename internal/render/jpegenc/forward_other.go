//go:build !amd64

package jpegenc

// transform is portable; there is nothing faster yet for this processor. (Go's assembler knows too little of NEON: it cannot
// multiply whole numbers.)
func (t *table) transform(block *[64]int16, samples *[8]uint64) (nonzero uint64) {
	return t.portable(block, samples)
}
