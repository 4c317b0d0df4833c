package vp8dec

import "encoding/binary"

// predict makes the samples of a macroblock: RFC 6386, 12.
func (d *decoder) predict(x, y int) {
	m := &d.block
	at := d.y.at(16*x, 16*y)
	if m.inBlocks {
		d.predictBlocks(x, y, at)
	} else {
		d.y.square(at, 16, m.luma[0], x > 0, y > 0)
		for i := range 16 {
			d.correct(d.y, at+i>>2*4*d.y.stride+i&3*4, i)
		}
	}
	at = d.cb.at(8*x, 8*y)
	for of, s := range [2]surface{d.cb, d.cr} {
		s.square(at, 8, m.chroma, x > 0, y > 0)
		for i := range 4 {
			d.correct(s, at+i>>1*4*s.stride+i&1*4, 16+4*of+i)
		}
	}
}

// correct adds the residue of a block to what was predicted.
func (d *decoder) correct(s surface, at, block int) {
	switch n := d.block.reach[block]; {
	case n > 1:
		addBlock(s.pix[at:], s.stride, &d.coeffs[block])
	case n == 1:
		addMean(s.pix[at:], s.stride, d.coeffs[block][0])
	}
}

// square predicts a whole square of luma or chroma. There may be none to the left of it, or above.
func (s surface) square(at, size int, mode uint8, isLeft, isAbove bool) {
	above := s.pix[at-s.stride:][:size]
	switch mode {
	case mean:
		s.fill(at, size, s.mean(at, size, isLeft, isAbove))
	case vertical:
		for y := range size {
			copy(s.pix[at+y*s.stride:], above)
		}
	case horizontal:
		for y := range size {
			row := s.pix[at+y*s.stride-1:][:size+1]
			for x := range size {
				row[x+1] = row[0]
			}
		}
	case gradient:
		corner := int32(s.pix[at-s.stride-1])
		for y := range size {
			row := s.pix[at+y*s.stride-1:][:size+1]
			slope := int32(row[0]) - corner
			for x, a := range above {
				row[x+1] = limited(int32(a) + slope)
			}
		}
	}
}

func (s surface) fill(at, size int, v byte) {
	for y := range size {
		row := s.pix[at+y*s.stride:][:size]
		for x := range row {
			row[x] = v
		}
	}
}

// mean is that of the samples above and to the left, of those that there are.
func (s surface) mean(at, size int, isLeft, isAbove bool) byte {
	sum, count := 0, 0
	if isAbove {
		for _, v := range s.pix[at-s.stride:][:size] {
			sum += int(v)
		}
		count += size
	}
	if isLeft {
		for y := range size {
			sum += int(s.pix[at+y*s.stride-1])
		}
		count += size
	}
	if count == 0 {
		return 128
	}
	return byte((sum + count/2) / count)
}

// limited is a sample.
func limited(v int32) byte {
	if uint32(v) > 255 {
		return byte(^v >> 31)
	}
	return byte(v)
}

// predictBlocks makes the samples of luma block by block, each from those that are done. Those above and to the right of the
// last column are taken from above the macroblock, whatever the row.
func (d *decoder) predictBlocks(x, y, at int) {
	s := d.y
	beyond := binary.LittleEndian.Uint32(s.pix[at-s.stride+16:])
	if x == d.wide-1 && y > 0 {
		beyond = 0x01010101 * uint32(s.pix[at-s.stride+15])
	}
	for i := range 16 {
		at := at + i>>2*4*s.stride + i&3*4
		right := beyond
		if i&3 < 3 {
			right = binary.LittleEndian.Uint32(s.pix[at-s.stride+4:])
		}
		s.block(at, d.block.luma[i], right)
		d.correct(s, at, i)
	}
}

// rim is the samples around a block: from the lowest on the left, which is there twice, up to the corner, then to the
// right, the last one twice.
type rim [24]byte

const corner, firstAbove = 5, 6 // in a rim

func (s surface) rim(at int, right uint32) (r rim) {
	above := s.pix[at-s.stride-1:][:5]
	r[corner] = above[0]
	copy(r[firstAbove:], above[1:])
	binary.LittleEndian.PutUint32(r[firstAbove+4:], right)
	r[firstAbove+8] = byte(right >> 24)
	for y := range 4 {
		r[corner-1-y] = s.pix[at+y*s.stride-1]
	}
	r[0] = r[1]
	return r
}

// block predicts 4 × 4 samples.
func (s surface) block(at int, mode uint8, right uint32) {
	r := s.rim(at, right)
	switch mode {
	case mean:
		sum := 4
		for i := range 4 {
			sum += int(r[1+i]) + int(r[firstAbove+i])
		}
		s.fill(at, 4, byte(sum/8))
	case gradient:
		s.square(at, 4, gradient, true, true)
	default:
		means := r.means()
		for y, row := range patterns[mode] {
			to := s.pix[at+y*s.stride:][:4]
			to[0], to[1], to[2], to[3] = means[row[0]], means[row[1]], means[row[2]], means[row[3]]
		}
	}
}

// means are those of each three samples of a rim that follow each other, by the place of the second, with twice its weight;
// and from two on of each two, by the place of the first. Eight are made at a time.
func (r *rim) means() (m [64]byte) {
	for i := 0; i < 16; i += 8 {
		a, b, c := load(r[i:]), load(r[i+1:]), load(r[i+2:])
		binary.LittleEndian.PutUint64(m[i+1:], roundedUp(b, roundedDown(a, c)))
		binary.LittleEndian.PutUint64(m[two+i:], roundedUp(a, b))
	}
	return m
}

func load(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// The means of each two bytes.
func roundedUp(a, b uint64) uint64   { return a | b - (a^b)>>1&0x7f7f7f7f7f7f7f7f }
func roundedDown(a, b uint64) uint64 { return a&b + (a^b)>>1&0x7f7f7f7f7f7f7f7f }

// two is where the means of two begin.
const two = 32

// patterns say which mean each sample is: RFC 6386, 12.3.
var patterns = [10][4][4]uint8{
	vertical:       {{6, 7, 8, 9}, {6, 7, 8, 9}, {6, 7, 8, 9}, {6, 7, 8, 9}},
	horizontal:     {{4, 4, 4, 4}, {3, 3, 3, 3}, {2, 2, 2, 2}, {1, 1, 1, 1}},
	rightDown:      {{5, 6, 7, 8}, {4, 5, 6, 7}, {3, 4, 5, 6}, {2, 3, 4, 5}},
	leftDown:       {{7, 8, 9, 10}, {8, 9, 10, 11}, {9, 10, 11, 12}, {10, 11, 12, 13}},
	verticalRight:  {{two + 5, two + 6, two + 7, two + 8}, {5, 6, 7, 8}, {4, two + 5, two + 6, two + 7}, {3, 5, 6, 7}},
	verticalLeft:   {{two + 6, two + 7, two + 8, two + 9}, {7, 8, 9, 10}, {two + 7, two + 8, two + 9, 11}, {8, 9, 10, 12}},
	horizontalDown: {{two + 4, 5, 6, 7}, {two + 3, 4, two + 4, 5}, {two + 2, 3, two + 3, 4}, {two + 1, 2, two + 2, 3}},
	horizontalUp:   {{two + 3, 3, two + 2, 2}, {two + 2, 2, two + 1, 1}, {two + 1, 1, two, two}, {two, two, two, two}},
}
