package vp8dec

// residue reads the coefficients of a macroblock: RFC 6386, 13. It tells whether there are any.
func (d *decoder) residue(b *bits, above *beside) (coded bool) {
	m, left := &d.block, &d.left
	if m.skipped {
		d.nothing(above)
		return false
	}
	q := &d.quantisers[m.segment]
	clear(d.coeffs[:])
	plane, first, steps := lumaWhole, 0, &q.luma
	if !m.inBlocks {
		n := b.block(&d.tokens[lumaMeans], above.means+left.means, &q.means, 0, &d.coeffs[24])
		above.means, left.means = some(n), some(n)
		spread(&d.coeffs)
		plane, first = lumaRest, 1
	}
	for i := range m.reach {
		x, y := i&3, i>>2
		if i >= 16 {
			plane, first, steps = chroma, 0, &q.chroma
			of := 4 + i>>1&2
			x, y = of+i&1, of+i>>1&1
		}
		n := b.block(&d.tokens[plane], above.coded[x]+left.coded[y], steps, first, &d.coeffs[i])
		above.coded[x], left.coded[y] = some(n), some(n)
		if n == 0 && d.coeffs[i][0] != 0 { // its mean
			n = 1
		}
		m.reach[i] = uint8(n)
		coded = coded || n > 0
	}
	return coded
}

// nothing is the residue of a macroblock that has none.
func (d *decoder) nothing(above *beside) {
	d.block.reach = [24]uint8{}
	above.coded, d.left.coded = [8]uint8{}, [8]uint8{}
	if !d.block.inBlocks {
		above.means, d.left.means = 0, 0
	}
}

func some(n int) uint8 { return uint8(min(n, 1)) }

// The band of each place in a block, and the place of each coefficient. (The last band is looked up, but not used.)
var (
	bands  = [17]uint8{0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0}
	zigzag = [16]uint8{0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15}
)

// block reads the tokens of a block from the first place on, and gives the number of places up to the last token; 0 if there
// is none. The context is how many of the neighbours have tokens.
func (b *bits) block(tokens *[8][3][11]uint8, context uint8, steps *[2]int32, first int, coeffs *[16]int16) (n int) {
	c := b.coder
	if c.n < enough {
		c = b.refill(c)
	}
	p := &tokens[bands[first]][context]
	c, is := c.read(p[0])
	if !is {
		b.coder = c
		return 0
	}
	for n = first; n < 16; {
		if c.n < enough {
			c = b.refill(c)
		}
		n++
		if c, is = c.read(p[1]); !is {
			p = &tokens[bands[n&31]][0]
			continue
		}
		value := int32(1)
		if c, is = c.read(p[2]); is {
			c, value = b.large(c, p)
			if c.n < enough {
				c = b.refill(c)
			}
		}
		p = &tokens[bands[n&31]][min(value, 2)]
		c, is = c.read(even)
		if is {
			value = -value
		}
		place := zigzag[(n-1)&15]
		coeffs[place] = int16(value * steps[min(place, 1)])
		if n == 16 {
			break
		}
		if c, is = c.read(p[0]); !is {
			break
		}
	}
	b.coder = c
	return n
}

// tails are the probabilities of the bits of large values, by how many those are.
var tails = [4][]uint8{
	{173, 148, 140}, {176, 155, 140, 135}, {180, 157, 141, 134, 130},
	{254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129},
}

// large reads a value that is 2 at least.
func (b *bits) large(c coder, p *[11]uint8) (coder, int32) {
	c, more := c.read(p[3])
	if !more {
		return small(c, p)
	}
	if c, more = c.read(p[6]); !more {
		return middling(c, p)
	}
	c, high := c.read(p[8])
	c, low := c.read(p[9+one(high)])
	kind := 2*one(high) + one(low)
	value := 0
	for _, probability := range tails[kind] {
		if c.n < enough {
			c = b.refill(c)
		}
		c, more = c.read(probability)
		value = 2*value + one(more)
	}
	return c, int32(value + 3 + 8<<kind)
}

// small reads 2, 3 or 4.
func small(c coder, p *[11]uint8) (coder, int32) {
	c, more := c.read(p[4])
	if !more {
		return c, 2
	}
	c, more = c.read(p[5])
	return c, int32(3 + one(more))
}

// middling reads 5 to 10.
func middling(c coder, p *[11]uint8) (coder, int32) {
	c, more := c.read(p[7])
	if !more {
		c, more = c.read(159)
		return c, int32(5 + one(more))
	}
	c, two := c.read(165)
	c, more = c.read(145)
	return c, int32(7 + 2*one(two) + one(more))
}
