package jpegenc

import (
	"math/rand/v2"
	"testing"
)

// TestEveryTransformHasTheSameResults holds what this processor does to the portable transform, to the last bit.
func TestEveryTransformHasTheSameResults(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	kinds := map[string]func() uint64{
		"noise":       r.Uint64,
		"black/white": func() uint64 { return 255 * (r.Uint64() & 0x0101010101010101) },
		"smooth":      func() uint64 { return 0x8081828384858687 + r.Uint64()&0x0707070707070707 },
		"flat":        func() uint64 { return 0x0101010101010101 * uint64(r.IntN(256)) },
		"black":       func() uint64 { return 0 },
		"white":       func() uint64 { return ^uint64(0) },
	}
	for _, quality := range []int{1, 20, 50, 80, 95, 100} {
		tables := quantisation(quality)
		for name, row := range kinds {
			for range 2000 {
				var samples [8]uint64
				for i := range samples {
					samples[i] = row()
				}
				table := &tables[r.IntN(2)]
				got, want := [64]int16{7}, [64]int16{9} // what was in a block does not matter
				gotSet, wantSet := table.transform(&got, &samples), table.portable(&want, &samples)
				if got != want || gotSet != wantSet {
					t.Fatalf("quality %d, %s: % x became\n%v, want\n%v", quality, name, samples, got, want)
				}
			}
		}
	}
}
