package planar

import "golang.org/x/sys/cpu"

// lumaBlocks and chromaBlocks make samples of blocks of 32 pixels, at least one, in AVX2's registers. They read up to four
// bytes beyond the last one.
//
//go:noescape
func lumaBlocks(out, row *byte, blocks, step int, spread *[2][16]byte)

//go:noescape
func chromaBlocks(cb, cr, above, below *byte, blocks, step int, spread *[2][16]byte)

const blockPixels = 32

// blocks is how many of them can be made of a row.
func (o Order) blocks(row []byte) int {
	if !cpu.X86.HasAVX2 {
		return 0
	}
	return max(0, len(row)-4) / (blockPixels * o.Bytes())
}

// lumaFast makes the first samples of a row, as many as it gives.
func (o Order) lumaFast(out, row []byte) int {
	n := o.blocks(row)
	if n > 0 {
		lumaBlocks(&out[0], &row[0], n, 4*o.Bytes(), &spreads[o])
	}
	return n * blockPixels
}

// chromaFast makes the first samples of a row, as many as it gives.
func (o Order) chromaFast(cb, cr, above, below []byte) int {
	n := o.blocks(below)
	if n > 0 {
		chromaBlocks(&cb[0], &cr[0], &above[0], &below[0], n, 4*o.Bytes(), &spreads[o])
	}
	return n * blockPixels / 2
}

// spreads say how the bytes of four pixels become 16-bit numbers: red and green of each, then blue and zero.
var spreads = func() (all [BGRX + 1][2][16]byte) {
	const zero = 0x80
	for o := RGB; o <= BGRX; o++ {
		red, blue := o.ends()
		for x := range 4 {
			at := x * o.Bytes()
			copy(all[o][0][4*x:], []byte{byte(at + red), zero, byte(at + 1), zero})
			copy(all[o][1][4*x:], []byte{byte(at + blue), zero, zero, zero})
		}
	}
	return all
}()
