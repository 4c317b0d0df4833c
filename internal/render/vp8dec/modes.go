package vp8dec

// How samples are predicted: the first four as a whole or in blocks, the others in blocks only.
const (
	mean = iota
	gradient
	vertical
	horizontal
	rightDown
	verticalRight
	leftDown
	verticalLeft
	horizontalDown
	horizontalUp
)

// macroblock is how a square of 16 × 16 samples of luma, and 8 × 8 of chroma, is predicted.
type macroblock struct {
	segment  int
	skipped  bool // it has no residue
	inBlocks bool // of 4 × 4, each in its mode; else all of luma is in the first one's
	luma     [16]uint8
	chroma   uint8
	reach    [24]uint8 // of each block: how many coefficients there may be
}

// mode reads how the next macroblock is predicted: RFC 6386, 11.
func (d *decoder) mode(above *beside) {
	b, m := &d.modes, &d.block
	if d.mapped {
		m.segment = d.segment()
	}
	m.skipped = d.skipping && b.bit(d.skip)
	if m.inBlocks = !b.bit(145); m.inBlocks {
		d.blockModes(above)
	} else {
		m.luma[0] = wholeMode(b)
		for i := range 4 {
			above.modes[i], d.left.modes[i] = m.luma[0], m.luma[0]
		}
	}
	m.chroma = chromaMode(b)
}

func (d *decoder) segment() int {
	if !d.modes.bit(d.segments[0]) {
		return one(d.modes.bit(d.segments[1]))
	}
	return 2 + one(d.modes.bit(d.segments[2]))
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

func wholeMode(b *bits) uint8 {
	if b.bit(156) {
		if b.bit(128) {
			return gradient
		}
		return horizontal
	}
	if b.bit(163) {
		return vertical
	}
	return mean
}

func chromaMode(b *bits) uint8 {
	switch {
	case !b.bit(142):
		return mean
	case !b.bit(114):
		return vertical
	case !b.bit(183):
		return horizontal
	}
	return gradient
}

// blockModes reads the modes of the blocks of luma, whose probabilities depend on the modes above and to the left.
func (d *decoder) blockModes(above *beside) {
	for i := range d.block.luma {
		x, y := i&3, i>>2
		mode := blockMode(&d.modes, &modeProbabilities[above.modes[x]][d.left.modes[y]])
		d.block.luma[i], above.modes[x], d.left.modes[y] = mode, mode, mode
	}
}

func blockMode(b *bits, p *[9]uint8) uint8 {
	switch {
	case !b.bit(p[0]):
		return mean
	case !b.bit(p[1]):
		return gradient
	case !b.bit(p[2]):
		return vertical
	case b.bit(p[3]):
		switch {
		case !b.bit(p[6]):
			return leftDown
		case !b.bit(p[7]):
			return verticalLeft
		case !b.bit(p[8]):
			return horizontalDown
		}
		return horizontalUp
	case !b.bit(p[4]):
		return horizontal
	case !b.bit(p[5]):
		return rightDown
	}
	return verticalRight
}
