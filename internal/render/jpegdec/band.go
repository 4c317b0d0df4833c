package jpegdec

import (
	"context"
	"math/bits"
)

// band is a progressive scan of a band of AC coefficients, of one component.
type band struct {
	*stream
	code        *lookup
	values      *values
	coefs       *coefficients
	first, last uint
	low         uint
	run         uint // blocks, the next one included, that have nothing new in the band: the end-of-band run
}

// bandScan reads such a scan; read takes a block, and returns false if the data is damaged.
func (d *decoder) bandScan(ctx context.Context, s *scan, read func(*band, []int16, *uint64) bool) error {
	_, wide, high := s.units(d.header)
	b := &band{
		stream: &d.bits, code: s.rules[0].ac, values: s.rules[0].acVals, coefs: s.channels[0].coefs,
		first: uint(s.first), last: uint(s.last), low: uint(s.low),
	}
	row := func(x, y, count int) error {
		for end := x + count; x < end; x++ {
			if b.run > 0 && s.high == 0 {
				skip := min(int(b.run), end-x)
				b.run -= uint(skip)
				x += skip - 1
				continue
			}
			if b.pos > b.limit {
				if err := b.fill(); err != nil {
					return err
				}
			}
			values, known := b.coefs.block(x, y)
			if !read(b, values, known) {
				return corrupt("bad code in row %d", y)
			}
		}
		return nil
	}
	return d.pass(ctx, wide, high, func() { b.run = 0 }, row)
}

// begin reads the coefficients of a block in the band for the first time: T.81, G.1.2.2.
func (b *band) begin(values []int16, known *uint64) bool {
	pos, acc, n := b.pos, b.acc, b.n
	seen := *known
	for k := b.first - 1; k < b.last; {
		if n < 32 {
			pos, acc, n = load(b.buf[:], pos, acc, n)
		}
		e := b.values[acc>>(64-lookBits)]
		if e != 0 {
			acc <<= e & 63
			n -= uint(e & 63)
		} else {
			length, symbol := b.code.find(acc)
			run, size := uint(symbol>>4), uint(symbol&15)
			if length == 0 {
				return false
			}
			acc <<= length & 63
			n -= length
			if size == 0 && run < 15 {
				b.run = 1<<run - 1 + uint(acc>>1>>(63-run))
				acc <<= run
				n -= run
				break
			}
			e = uint32(extend(acc, size))<<16 | uint32(run+1)<<8
			acc <<= size
			n -= size
		}
		k += uint(e>>8) & 255
		if k > b.last {
			if k < endOfBlock {
				return false
			}
			break
		}
		value := int32(e) >> 16
		if value == 0 {
			continue
		}
		seen |= 1 << (k & 63)
		values[b.coefs.slot[k&63]] = int16(value << b.low)
	}
	*known = seen
	b.pos, b.acc, b.n = pos, acc, n
	return true
}

// refine reads a further bit of a block's coefficients in the band: one bit for each that is not 0, and by code those that
// become so: T.81, G.1.2.3. The corrections, which stand between the codes, are only gathered on the way and made at the
// end, all at once: then the loop has nothing to wait for but the next code.
func (b *band) refine(values []int16, known *uint64) bool {
	pos, acc, n := b.pos, b.acc, b.n
	before, seen := *known, *known
	var corrections uint64
	k := b.first
	for k <= b.last && b.run == 0 {
		if n < 32 {
			pos, acc, n = load(b.buf[:], pos, acc, n)
		}
		length, symbol := b.code.find(acc)
		run, size := uint(symbol>>4), symbol&15
		if length == 0 || size > 1 {
			return false
		}
		acc <<= length & 63
		n -= length
		if size == 0 && run < 15 {
			b.run = 1<<run + uint(acc>>1>>(63-run))
			acc <<= run & 63
			n -= run
			break
		}
		next := k + zeroAfter(before>>(k&63), run)
		if next > b.last {
			return false
		}
		if size == 1 {
			seen |= 1 << (next & 63)
			values[b.coefs.slot[next&63]] = (int16(acc>>63)<<1 - 1) << (b.low & 15)
			acc <<= 1
			n--
		}
		count := next - k - run // of those passed over, what is not one of the run's zeros
		if n < count {
			pos, acc, n = load(b.buf[:], pos, acc, n)
		}
		corrections = corrections<<(count&63) | acc>>1>>((63-count)&63)
		acc <<= count & 63
		n -= count
		k = next + 1
	}
	*known = seen
	b.pos, b.acc, b.n = pos, acc, n
	set := before & b.places(b.first)
	if set == 0 {
		b.run -= min(b.run, 1)
		return true
	}
	if rest := uint(bits.OnesCount64(before & b.places(k))); rest > 0 {
		corrections = corrections<<rest | b.many(rest)
	}
	b.run -= min(b.run, 1)
	b.correct(values, set, corrections<<(64-bits.OnesCount64(set)))
	return true
}

// many takes up to 63 bits.
func (b *band) many(n uint) uint64 {
	if n <= 32 {
		return uint64(b.take(n))
	}
	return uint64(b.take(32))<<(n-32) | uint64(b.take(n-32))
}

// places is the band from k on.
func (b *band) places(k uint) uint64 { return (2<<b.last - 1) &^ (1<<k - 1) }

// correct moves coefficients away from 0: of those at the places in the set, those whose bit in corrections is 1. Those have
// a bit for each place in the set, the first on top. Every other bit being 1, there is no branch on them.
func (b *band) correct(values []int16, set, corrections uint64) {
	step := int16(1) << (b.low & 15)
	for set &= b.coefs.reach; set != 0; set &= set - 1 {
		value := &values[b.coefs.slot[bits.TrailingZeros64(set)&63]]
		sign := *value >> 15
		*value += (step ^ sign - sign) & int16(int64(corrections)>>63)
		corrections <<= 1
	}
}
