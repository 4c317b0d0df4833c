//go:build !amd64

package vp8dec

// There is nothing faster yet for this processor.

func (f *filter) rowsEven(pix []byte, stride, n int) uint32 {
	return f.rowsEvenOneByOne(pix, stride, n)
}

func (f *filter) columnsEven(pix []byte, stride int) uint32 {
	return f.columnsEvenOneByOne(pix, stride)
}
