package lzw_test

import (
	"math/rand/v2"
	"testing"

	"github.com/darkroom/darkroom/internal/render/lzw"
)

// photograph is bytes as the differences of a photograph's pixels are.
func photograph(n int) []byte {
	random := rand.New(rand.NewPCG(3, 4))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(int8(random.NormFloat64() * 3))
	}
	return b
}

func BenchmarkReader(b *testing.B) { benchmark(b, false) }
func BenchmarkPeer(b *testing.B)   { benchmark(b, true) }

func benchmark(b *testing.B, others bool) {
	for name, v := range variants {
		b.Run(name, func(b *testing.B) {
			content := photograph(3 << 20)
			packed := pack(v, 8, content, false)
			b.SetBytes(int64(len(content)))
			var r lzw.Reader
			for b.Loop() {
				if others {
					if _, err := peer(v, 8, packed); err != nil {
						b.Fatal(err)
					}
					continue
				}
				r.Reset(v, 8, packed, nil)
				for range len(content) / 3072 {
					if _, err := r.Next(3072); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
