package pngrow_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/darkroom/darkroom/internal/render/pngrow"
)

// guess is what a filter takes a byte for, in the specification's words.
func guess(filter byte, a, b, c int) byte {
	distance := func(v int) int { return max(a+b-c-v, v-a-b+c) }
	switch filter {
	case 1:
		return byte(a)
	case 2:
		return byte(b)
	case 3:
		return byte((a + b) / 2)
	case 4:
		if distance(a) <= distance(b) && distance(a) <= distance(c) {
			return byte(a)
		}
		if distance(b) <= distance(c) {
			return byte(b)
		}
		return byte(c)
	}
	return 0
}

// filtered is the row as it is stored.
func filtered(filter byte, row, above []byte, step int) []byte {
	stored := make([]byte, len(row))
	for i := range row {
		var a, c int
		if i >= step {
			a, c = int(row[i-step]), int(above[i-step])
		}
		stored[i] = row[i] - guess(filter, a, int(above[i]), c)
	}
	return stored
}

func random(n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	row := make([]byte, n)
	for i := range row {
		row[i] = byte(r.Uint32())
		if r.IntN(3) == 0 { // neighbours that are the same
			row[i] = 7
		}
	}
	return row
}

func TestFiltersAreThoseOfTheSpecification(t *testing.T) {
	for _, step := range []int{1, 2, 3, 4, 6, 8} {
		for _, pixels := range []int{0, 1, 2, 3, 5, 7, 8, 9, 23, 24, 100, 301} {
			n := pixels * step
			above, row := random(n, 1), random(n, 2)
			for filter := range byte(5) {
				t.Run(fmt.Sprintf("filter %d, %d bytes, %d a pixel", filter, n, step), func(t *testing.T) {
					got := make([]byte, n)
					if !pngrow.Unfilter(filter, got, filtered(filter, row, above, step), above, step) || !bytes.Equal(got, row) {
						t.Errorf("got %v, want %v", got, row)
					}
				})
			}
			got := make([]byte, n)
			if f := pngrow.Nearest(got, row, above, step); f != 4 || !bytes.Equal(got, filtered(4, row, above, step)) {
				t.Errorf("%d bytes, %d a pixel: filter %d gives %v", n, step, f, got)
			}
		}
	}
}

func TestThereIsNoFifthFilter(t *testing.T) {
	for filter := 5; filter < 256; filter++ {
		if pngrow.Unfilter(byte(filter), make([]byte, 4), make([]byte, 4), make([]byte, 4), 1) {
			t.Errorf("there is filter %d", filter)
		}
	}
}
