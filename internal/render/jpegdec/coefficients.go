package jpegdec

import (
	"context"
	"math/bits"
)

// coefficients are what a progressive picture keeps of a component between its scans.
//
// A picture decoded at n/8 needs n² coefficients of a block. But a scan that refines a band of them has a bit in it for
// each that is not 0 yet, so to read on it must be known of every coefficient whether it is. One bit each does: 26 bytes a
// block instead of 128 at 3/8.
type coefficients struct {
	wide  int       // blocks in a row
	size  int       // values of a block: the coefficients kept, and one in place of all others, so that no loop has to ask
	slot  [64]uint8 // by place in zigzag order: the index among a block's values
	mask  uint64    // the places kept
	reach uint64    // the places up to the last one kept
	value []int16
	known []uint64 // per block, the places whose coefficient is not 0
}

func newCoefficients(g grid, n int) *coefficients {
	blocks, size := g.wide*g.high, valuesOf(n)
	c := &coefficients{wide: g.wide, size: size, value: make([]int16, blocks*size), known: make([]uint64, blocks)}
	next := uint8(0)
	for k, p := range zigzag {
		c.slot[k] = uint8(n * n)
		if int(p>>3) < n && int(p&7) < n {
			c.slot[k] = next
			c.mask |= 1 << k
			c.reach = 2<<k - 1
			next++
		}
	}
	return c
}

// valuesOf is how many values are kept of a block at n/8.
func valuesOf(n int) int { return min(n*n+1, 64) }

// block returns what is kept of a block, and what is known.
func (c *coefficients) block(x, y int) (values []int16, known *uint64) {
	i := y*c.wide + x
	return c.value[i*c.size:][:c.size], &c.known[i]
}

// paint makes a progressive picture's planes, once all scans have been read. Each component's coefficients are let go as
// soon as they are painted.
func (d *decoder) paint(ctx context.Context) error {
	for i := range d.channels {
		c := &d.channels[i]
		c.makePlane(d.n)
		var blk block
		spreads := c.spreads()
		for y := range c.ownHigh {
			if err := ctx.Err(); err != nil {
				return err
			}
			c.paintRow(&blk, spreads, y, d.n)
		}
		c.coefs = nil
	}
	return nil
}

func (c *channel) paintRow(blk *block, spread []spread, y, n int) {
	at := c.at(0, y, n)
	for x := range c.ownWide {
		values, known := c.coefs.block(x, y)
		blk[0] = int64(values[0]) * c.layout.scale[0]
		last := uint(0)
		if rest := *known & c.coefs.mask &^ 1; rest != 0 {
			last = 63 - uint(bits.LeadingZeros64(rest))
			for i, v := range values[1 : c.coefs.slot[last]+1] {
				s := &spread[i]
				blk[s.place&31] += int64(v) * s.scale
			}
		}
		c.paint(blk, last, c.pix[at:], c.stride)
		at += n
	}
}

// spread is where a value kept of a block belongs in the block, and what it is to be multiplied by.
type spread struct {
	place uint8
	scale int64
}

// spreads are those of a channel's values after the first.
func (c *channel) spreads() []spread {
	var all []spread
	for k := 1; k < 64; k++ {
		if c.coefs.mask>>k&1 != 0 {
			all = append(all, spread{c.layout.place[k], c.layout.scale[k]})
		}
	}
	return all
}
