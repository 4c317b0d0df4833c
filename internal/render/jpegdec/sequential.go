package jpegdec

import "context"

// block is the dequantised coefficients of a block that is being decoded, laid out as its transform reads them.
type block [32]int64

// rule is what a component's blocks are decoded by.
type rule struct {
	dc      *lookup
	ac      *lookup
	acVals  *values // progressive scans
	acPairs *pairs  // sequential scans, and
	acSkip  *skips
	layout  *layout
}

// decodeBlock decodes a block of a sequential scan: Huffman decoding, dequantisation and the way out of zigzag order in
// one. pred is the component's last DC coefficient. It returns the new one and the last place in zigzag order at which
// there may be a coefficient, or false if the data is damaged.
//
// The block's coefficients beyond the last one its transform uses are passed over, several at a time.
func (b *stream) decodeBlock(r *rule, blk *block, pred int32) (dc int32, last uint, ok bool) {
	diff, ok := b.difference(r)
	pred += diff
	blk[0] = int64(pred) * r.layout.scale[0]
	if !ok {
		return 0, 0, false
	}
	pos, acc, n := b.pos, b.acc, b.n
	lay := r.layout
	var k uint // the place of the coefficient decoded last
	for k < lay.last {
		if n < 16 {
			pos, acc, n = load(b.buf[:], pos, acc, n)
		}
		e := r.acPairs[acc>>(64-lookBits)]
		if e == 0 {
			pos, acc, n = load(b.buf[:], pos, acc, n)
			if e = alone(r.ac.whole(acc)); e == 0 {
				return 0, 0, false
			}
		}
		first := k + uint(e>>16)&255
		k += uint(e>>24) & 255
		if first >= 63 { // the block ends with it
			b.pos, b.acc, b.n = pos, acc<<(e>>8&63), n-uint(e>>8&63)
			if first == 63 {
				last = 63
				blk[lay.place[63]&31] += int64(int16(e>>32)) * lay.scale[63]
			}
			return pred, last, first == 63 || first >= endOfBlock
		}
		acc <<= e & 63
		n -= uint(e & 63)
		last = first
		blk[lay.place[first&63]&31] += int64(int16(e>>32)) * lay.scale[first&63]
		if k > 63 {
			b.pos, b.acc, b.n = pos, acc, n
			return pred, last, k >= endOfBlock
		}
		blk[lay.place[k&63]&31] += int64(e) >> 48 * lay.scale[k&63]
	}
	b.pos, b.acc, b.n = pos, acc, n
	return pred, last, k == 63 || b.passOver(r, k)
}

// passOver goes on to the end of a block from place k, or returns false.
func (b *stream) passOver(r *rule, k uint) bool {
	pos, acc, n := b.pos, b.acc, b.n
	for k < 63 {
		if n < 32 {
			pos, acc, n = load(b.buf[:], pos, acc, n)
		}
		if e := r.acSkip[acc>>(64-skipBits)]; e != 0 && k+uint(e>>8)&127 < 63 {
			k += uint(e>>8) & 127
			acc <<= e & 63
			n -= uint(e & 63)
			if e >= skipEnds {
				break
			}
			continue
		}
		e := r.ac.whole(acc)
		acc <<= e & 63
		n -= uint(e & 63)
		k += uint(e>>8) & 255
		if e == 0 || k > 63 && k < endOfBlock {
			return false
		}
	}
	b.pos, b.acc, b.n = pos, acc, n
	return true
}

// difference reads the difference of a DC coefficient to the one before. In photographs of high quality those are too large
// for a table of values, and too often.
func (b *stream) difference(r *rule) (diff int32, ok bool) {
	if b.n < 32 {
		b.pos, b.acc, b.n = load(b.buf[:], b.pos, b.acc, b.n)
	}
	length, symbol := r.dc.find(b.acc)
	size := uint(symbol & 15)
	acc := b.acc << (length & 63)
	b.acc = acc << size
	b.n -= length + size
	return extend(acc, size), length != 0
}

// sequential decodes a sequential scan: each block straight into its plane.
func (d *decoder) sequential(ctx context.Context, s *scan) error {
	units, wide, high := s.units(d.header)
	var preds [4]int32
	var at [maxUnits]int
	var blk block
	b := &d.bits
	row := func(x, y, count int) error {
		for i := range units {
			u := &units[i]
			at[i] = u.channel.at(u.x+x*u.step, u.y+y*s.down(u), d.n)
		}
		for range count {
			if b.pos > b.limit {
				if err := b.fill(); err != nil {
					return err
				}
			}
			for i := range units {
				u := &units[i]
				pred, last, ok := b.decodeBlock(u.rule, &blk, preds[u.component&3])
				if !ok {
					return corrupt("bad code in row %d", y)
				}
				preds[u.component&3] = pred
				u.channel.paint(&blk, last, u.channel.pix[at[i]:], u.channel.stride)
				at[i] += u.step * d.n
			}
		}
		return nil
	}
	return d.pass(ctx, wide, high, func() { preds = [4]int32{} }, row)
}
