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
	wide  int      // blocks in a row
	kept  int      // coefficients kept of a block
	slot  [64]int8 // by place in zigzag order: the index among those kept, or dropped
	mask  uint64   // the places kept
	value []int16
	known []uint64 // per block, the places whose coefficient is not 0
}

const dropped = -1

func newCoefficients(g grid, n int) *coefficients {
	blocks := g.wide * g.high
	c := &coefficients{wide: g.wide, kept: n * n, value: make([]int16, blocks*n*n), known: make([]uint64, blocks)}
	next := int8(0)
	for k, p := range zigzag {
		c.slot[k] = dropped
		if int(p>>3) < n && int(p&7) < n {
			c.slot[k] = next
			c.mask |= 1 << k
			next++
		}
	}
	return c
}

// block returns what is kept of a block, and what is known.
func (c *coefficients) block(x, y int) (values []int16, known *uint64) {
	i := y*c.wide + x
	return c.value[i*c.kept:][:c.kept], &c.known[i]
}

// paint makes a progressive picture's planes, once all scans have been read. Each component's coefficients are let go as
// soon as they are painted.
func (d *decoder) paint(ctx context.Context) error {
	for i := range d.channels {
		c := &d.channels[i]
		c.makePlane(d.n)
		var blk block
		for y := range c.ownHigh {
			if err := ctx.Err(); err != nil {
				return err
			}
			c.paintRow(&blk, y, d.n)
		}
		c.coefs = nil
	}
	return nil
}

func (c *channel) paintRow(blk *block, y, n int) {
	at := c.at(0, y, n)
	for x := range c.ownWide {
		values, known := c.coefs.block(x, y)
		blk[0] = int64(values[0]) * c.layout.scale[0]
		rest := *known & c.coefs.mask &^ 1
		last := uint(0)
		if rest != 0 {
			last = 63 - uint(bits.LeadingZeros64(rest))
		}
		for ; rest != 0; rest &= rest - 1 {
			k := bits.TrailingZeros64(rest) & 63
			blk[c.layout.place[k]&31] += int64(values[c.coefs.slot[k]]) * c.layout.scale[k]
		}
		c.paint(blk, last, c.pix[at:], c.stride)
		at += n
	}
}
