package vp8dec

import "testing"

// FuzzDecode compares with the standard library's decoder. That one wants a byte more at the end of a partition than it needs.
func FuzzDecode(f *testing.F) {
	for _, data := range frames(f) {
		f.Add(data[:min(len(data), 4000)])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, err := Open(data); err != nil || h.Width*h.Height > 1<<16 || overflowing(h) {
			return
		}
		got, err := decode(t.Context(), data)
		switch want, wantErr := standard(data); {
		case err == nil && wantErr == nil:
			same(t, got, want)
		case err != nil && wantErr == nil:
			t.Fatalf("%v, which the standard library accepts", err)
		}
	})
}

// overflowing tells whether a frame adds up a level of more than seven bits and a sign. The standard library's decoder takes
// such for another; libwebp limits it, as we do.
func overflowing(f *Frame) bool {
	b := newBits(f.data[:f.first])
	b.number(2)
	_, strengths := (&decoder{}).segmentation(&b)
	b.flag()
	level := b.number(6)
	b.number(3)
	var deltas [8]int
	if changed := b.flag(); changed && b.flag() {
		for i := range deltas {
			deltas[i] = b.signed(6)
		}
	}
	for segment := range 4 {
		is := strengths.of(segment, level)
		for _, is := range []int{is, is + deltas[0], is + deltas[0] + deltas[4]} {
			if is > 127 || is < -128 {
				return true
			}
		}
	}
	return false
}
