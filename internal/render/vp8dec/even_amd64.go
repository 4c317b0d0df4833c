package vp8dec

import "golang.org/x/sys/cpu"

// evenRows tells of sixteen places along an edge that runs across, in the middle of eight rows, which are even, a bit each;
// evenColumns of eight along an edge that runs down, in the middle of the first eight samples of their rows. They need AVX2.
//
//go:noescape
func evenRows(pix *byte, stride int, within, across uint8) uint32

//go:noescape
func evenColumns(pix *byte, stride int, within, across uint8) uint32

// rowsEven is rowsEvenOneByOne, faster where the processor can.
func (f *filter) rowsEven(pix []byte, stride, n int) uint32 {
	if !cpu.X86.HasAVX2 {
		return f.rowsEvenOneByOne(pix, stride, n)
	}
	_ = pix[7*stride+15]
	return evenRows(&pix[0], stride, f.within, f.across) & (1<<n - 1)
}

// columnsEven is columnsEvenOneByOne, faster where the processor can.
func (f *filter) columnsEven(pix []byte, stride int) uint32 {
	if !cpu.X86.HasAVX2 {
		return f.columnsEvenOneByOne(pix, stride)
	}
	_ = pix[7*stride+7]
	return evenColumns(&pix[0], stride, f.within, f.across)
}
