package jpegdec_test

import "testing"

func FuzzDecode(f *testing.F) {
	for i, path := range files(f) {
		f.Add(read(f, path), byte(i))
	}
	f.Add(draw(1, 20, 20, [2]int{2, 2}, [2]int{1, 1}, [2]int{1, 1}).encode(options{long: true, interval: 1}), byte(2))
	f.Fuzz(func(t *testing.T, data []byte, n byte) { decodeAnything(t, data, 1+int(n&7)) })
}
