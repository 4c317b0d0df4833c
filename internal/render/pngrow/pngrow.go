// Package pngrow filters the rows of PNG: what is stored are differences to the byte of the pixel to the left, of the row
// above, to the mean of both, or to the one of three neighbours that is nearest to left + above - corner.
package pngrow

import "encoding/binary"

const (
	none = iota
	sub
	up
	average
	paeth
)

// Unfilter makes a row of what is stored with a filter, 0 to 4, and of the row above; all have one length, of
// whole pixels of step bytes, 1 to 8. It is false when there is no such filter.
func Unfilter(filter byte, row, stored, above []byte, step int) bool {
	switch filter {
	case none:
		copy(row, stored)
	case sub:
		addLeft(row, stored, step)
	case up:
		addAbove(row, stored, above)
	case average:
		addMean(row, stored, above, step)
	case paeth:
		addNearest(row, stored, above, step)
	}
	return filter <= paeth
}

// Nearest filters a row as filter 4, which suits pictures best where there is one filter for all.
func Nearest(stored, row, above []byte, step int) (filter byte) {
	n := min(step, len(row))
	for i := range n {
		stored[i] = row[i] - above[i]
	}
	left, corner, above := row[:len(row)-n], above[:len(row)-n], above[n:len(row)]
	stored, row = stored[n:len(row)], row[n:]
	for i, a := range left {
		stored[i] = row[i] - nearest(int(a), int(above[i]), int(corner[i]))
	}
	return paeth
}

// Eight bytes are added at a time in one word: their top bits apart, so that nothing is carried from one to the next.
const (
	tops = 0x8080808080808080
	lows = 0x7f7f7f7f7f7f7f7f
)

func add(a, b uint64) uint64 { return (a&lows + b&lows) ^ (a^b)&tops }

// mean is that of each two bytes, rounded down.
func mean(a, b uint64) uint64 { return a&b + (a^b)>>1&lows }

func load(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

func store(b []byte, v uint64) { binary.LittleEndian.PutUint64(b, v) }

func addAbove(row, stored, above []byte) {
	n := len(row) &^ 7
	for i := 0; i < n; i += 8 {
		store(row[i:i+8], add(load(stored[i:i+8]), load(above[i:i+8])))
	}
	for i := n; i < len(row); i++ {
		row[i] = stored[i] + above[i]
	}
}

// addLeft takes a pixel at a time as a word of which only its own bytes count: what is stored beyond them is stored again,
// rightly, with the next pixel.
func addLeft(row, stored []byte, step int) {
	i := 0
	for left := uint64(0); i+8 <= len(row); i += step {
		left = add(load(stored[i:i+8]), left)
		store(row[i:i+8], left)
	}
	for ; i < len(row); i++ {
		row[i] = stored[i] + before(row, i, step)
	}
}

func addMean(row, stored, above []byte, step int) {
	i := 0
	for left := uint64(0); i+8 <= len(row); i += step {
		left = add(load(stored[i:i+8]), mean(left, load(above[i:i+8])))
		store(row[i:i+8], left)
	}
	for ; i < len(row); i++ {
		row[i] = stored[i] + byte((int(before(row, i, step))+int(above[i]))/2)
	}
}

// before is the byte of the pixel to the left.
func before(row []byte, i, step int) byte {
	if i < step {
		return 0
	}
	return row[i-step]
}

func addNearest(row, stored, above []byte, step int) {
	switch step {
	case 3:
		addNearest3(row, stored, above)
	case 4:
		addNearest4(row, stored, above)
	default:
		for i := range row {
			row[i] = stored[i] + nearest(int(before(row, i, step)), int(above[i]), int(before(above, i, step)))
		}
	}
}

// addNearest3 keeps the neighbours of three bytes a pixel at hand.
func addNearest3(row, stored, above []byte) {
	var a0, a1, a2, c0, c1, c2 int
	for i := 0; i+3 <= len(row); i += 3 {
		to, from, over := row[i:i+3:i+3], stored[i:i+3:i+3], above[i:i+3:i+3]
		b0, b1, b2 := int(over[0]), int(over[1]), int(over[2])
		a0 = int(from[0] + nearest(a0, b0, c0))
		a1 = int(from[1] + nearest(a1, b1, c1))
		a2 = int(from[2] + nearest(a2, b2, c2))
		to[0], to[1], to[2] = byte(a0), byte(a1), byte(a2)
		c0, c1, c2 = b0, b1, b2
	}
}

// addNearest4 is the same for four.
func addNearest4(row, stored, above []byte) {
	var a0, a1, a2, a3, c0, c1, c2, c3 int
	for i := 0; i+4 <= len(row); i += 4 {
		to, from, over := row[i:i+4:i+4], stored[i:i+4:i+4], above[i:i+4:i+4]
		b0, b1, b2, b3 := int(over[0]), int(over[1]), int(over[2]), int(over[3])
		a0 = int(from[0] + nearest(a0, b0, c0))
		a1 = int(from[1] + nearest(a1, b1, c1))
		a2 = int(from[2] + nearest(a2, b2, c2))
		a3 = int(from[3] + nearest(a3, b3, c3))
		to[0], to[1], to[2], to[3] = byte(a0), byte(a1), byte(a2), byte(a3)
		c0, c1, c2, c3 = b0, b1, b2, b3
	}
}

// nearest is Paeth's: of left, above and corner the one that is nearest to left + above - corner; the earlier of equals.
// There is no branch in it, for nobody could predict them.
func nearest(a, b, c int) byte {
	pa, pb := b-c, a-c
	pc := pa + pb
	pa, pb, pc = absolute(pa), absolute(pb), absolute(pc)
	if pb <= pc {
		c, pc = b, pb
	}
	if pa <= pc {
		c = a
	}
	return byte(c)
}

func absolute(v int) int {
	sign := v >> 63
	return v ^ sign - sign
}
