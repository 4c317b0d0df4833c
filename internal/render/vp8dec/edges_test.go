package vp8dec

import (
	"math/rand/v2"
	"testing"
)

func TestPlacesAreFoundEvenAsOneByOne(t *testing.T) {
	const stride = 40
	random := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range 20_000 {
		pix := make([]byte, 16*stride)
		spread := 1 + random.IntN(60)
		for i := range pix {
			pix[i] = byte(random.IntN(200) / 10 * 10 * (spread % 2))
			pix[i] += byte(random.IntN(spread))
		}
		f := filter{across: byte(random.IntN(200)), within: byte(random.IntN(64))}
		for _, n := range []int{8, 16} {
			got, want := f.rowsEven(pix, stride, n), f.rowsEvenOneByOne(pix, stride, n)
			if got != want {
				t.Fatalf("rows: %016b, want %016b with %+v", got, want, f)
			}
			found += int(want & 1)
		}
		if got, want := f.columnsEven(pix, stride), f.columnsEvenOneByOne(pix, stride); got != want {
			t.Fatalf("columns: %08b, want %08b with %+v", got, want, f)
		}
	}
	if found < 2000 || found > 38_000 {
		t.Errorf("%d of 40,000 places were even", found)
	}
}
