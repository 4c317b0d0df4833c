package jpegdec_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/darkroom/darkroom/internal/render/jpegdec"
)

// allocated is the bytes that one call of f allocates, freed or not.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	f()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

func TestDecodeAllocatesWhatMemoryPredicts(t *testing.T) {
	for name, o := range map[string]options{"baseline": {}, "progressive": {progressive: true}} {
		for _, sampling := range []string{"grey", "4:2:0", "4:4:4 by twos"} {
			data := draw(7, 400, 300, samplings[sampling]...).encode(o)
			h, err := jpegdec.ReadHeader(data)
			if err != nil {
				t.Fatalf("ReadHeader: %v", err)
			}
			for n := 1; n <= 8; n++ {
				got := allocated(func() { decode(t, data, n) })
				want := jpegdec.Memory(h, n)
				// The runtime rounds large allocations up to pages.
				if got > want+6*8192 {
					t.Errorf("%s, %s at %d/8: allocated %d bytes, want at most %d", name, sampling, n, got, want)
				}
			}
		}
	}
}

func TestAllocationsDoNotGrowWithThePicture(t *testing.T) {
	count := func(size int, o options) float64 {
		data := draw(7, size, size, [2]int{2, 2}, [2]int{1, 1}, [2]int{1, 1}).encode(o)
		return testing.AllocsPerRun(5, func() { decode(t, data, 3) })
	}
	for name, o := range map[string]options{"baseline": {}, "progressive": {progressive: true}} {
		small, large := count(16, o), count(600, o)
		if large > small || large > 200 {
			t.Errorf("%s: %v allocations for 600×600 pixels, %v for 16×16, want no more, and at most 200", name, large, small)
		}
	}
}

func TestAHeaderTakesNextToNothing(t *testing.T) {
	data := sized(t, read(t, "testdata/420-progressive.jpg"), 65535, 65535)
	got := allocated(func() {
		if _, err := jpegdec.ReadHeader(data); err != nil {
			t.Fatalf("ReadHeader: %v", err)
		}
	})
	if got > 4096 {
		t.Errorf("ReadHeader allocated %d bytes, want at most 4096", got)
	}
}

func TestAFileThatCannotBeSoLargeTakesNoMemory(t *testing.T) {
	data := sized(t, read(t, "testdata/420-progressive.jpg"), 16000, 16000)
	got := allocated(func() {
		if _, err := jpegdec.Decode(context.Background(), data, 8); err == nil {
			t.Fatal("Decode of a file with a false size gave no error")
		}
	})
	if got > 256<<10 {
		t.Errorf("Decode allocated %d bytes, want at most %d", got, 256<<10)
	}
}
