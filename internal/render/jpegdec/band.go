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
		if slot := b.coefs.slot[k&63]; slot != dropped {
			values[slot] = int16(value << b.low)
		}
	}
	*known = seen
	b.pos, b.acc, b.n = pos, acc, n
	return true
}

// refine reads a further bit of a block's coefficients in the band: one bit for each that is not 0, and by code those that
// become so: T.81, G.1.2.3.
func (b *band) refine(values []int16, known *uint64) bool {
	pos, acc, n := b.pos, b.acc, b.n
	seen, k := *known, b.first
	for k <= b.last {
		next := uint(64) // as if there were one more place, where the block's last corrections end
		if b.run == 0 {
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
			} else {
				if next = skipZeros(*known, k, run); next > b.last {
					return false
				}
				if size == 1 {
					seen |= b.setNew(values, next, int64(acc) < 0)
					acc <<= 1
					n--
				}
			}
		}
		set := *known & b.places(k) & (1<<next - 1)
		if bits.OnesCount64(set) > 56 { // more than can be loaded at once
			pos, acc, n = load(b.buf[:], pos, acc, n)
			b.correct(values, set&low32, acc)
			count := bits.OnesCount64(set & low32)
			acc <<= count
			n -= uint(count)
			set &^= low32
		}
		count := uint(bits.OnesCount64(set))
		if n < count {
			pos, acc, n = load(b.buf[:], pos, acc, n)
		}
		if set&b.coefs.mask != 0 {
			b.correct(values, set, acc)
		}
		acc <<= count & 63
		n -= count
		k = next + 1
	}
	b.run -= min(b.run, 1)
	*known = seen
	b.pos, b.acc, b.n = pos, acc, n
	return true
}

// low32 are the first half of a block's places.
const low32 = 1<<32 - 1

// places is the band from k on.
func (b *band) places(k uint) uint64 { return (2<<b.last - 1) &^ (1<<k - 1) }

// skipZeros is the place of the zero that follows a run of them from place k on: beyond any if there is none. It is k+run
// and as many more as there are places known not to be 0 up to there, which mostly is settled at the second look.
func skipZeros(known uint64, k, run uint) uint {
	known >>= k & 63
	for between := uint(0); k+run+between < 64; {
		count := uint(bits.OnesCount64(known & (2<<(run+between) - 1)))
		if count == between {
			return k + run + between
		}
		between = count
	}
	return 64
}

// setNew sets the coefficient at place k, which was 0, to the lowest value of this scan, and returns k's bit.
func (b *band) setNew(values []int16, k uint, positive bool) uint64 {
	if slot := b.coefs.slot[k&63]; slot != dropped {
		values[slot] = -1 << b.low
		if positive {
			values[slot] = 1 << b.low
		}
	}
	return 1 << (k & 63)
}

// correct moves coefficients away from 0: of those at the places in the set that are kept, those whose bit in corrections
// is 1. Those have a bit for each place in the set, the first on top.
func (b *band) correct(values []int16, set, corrections uint64) {
	for kept := set & b.coefs.mask; kept != 0; kept &= kept - 1 {
		k := uint(bits.TrailingZeros64(kept)) & 63
		before := bits.OnesCount64(set & (1<<k - 1))
		if int64(corrections<<(before&63)) >= 0 {
			continue
		}
		slot := b.coefs.slot[k]
		if values[slot] < 0 {
			values[slot] -= 1 << b.low
		} else {
			values[slot] += 1 << b.low
		}
	}
}
