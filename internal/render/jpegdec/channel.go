package jpegdec

import "github.com/darkroom/darkroom/internal/render/planar"

// channel is a component on its way to samples.
type channel struct {
	component
	grid
	quant   *[64]uint16 // as it was when the component's first scan began; nil before
	layout  layout
	paint   transform
	pix     []byte
	stride  int
	coefs   *coefficients // if progressive
	decoded bool          // its DC coefficients are, and if sequential all others too
}

// The samples of a row of a block are written as one word, of which what is too long is overwritten by the next block. So
// a row is longer than its blocks by what the last one spills.
const spill = 8

// storeWidth is the bytes of the word that a row of n samples is written as.
func storeWidth(n int) int {
	switch n {
	case 1, 2:
		return n
	case 3, 4:
		return 4
	}
	return 8
}

// stride is from row to row of a plane decoded at n/8.
func (g grid) stride(n int) int { return g.wide*n + storeWidth(n) - n }

// newChannels makes the channels of a frame, without their planes.
func newChannels(f *frame) []channel {
	grids := f.header.grids()
	channels := make([]channel, len(f.components))
	for i := range channels {
		channels[i] = channel{component: f.components[i], grid: grids[i]}
	}
	return channels
}

// begin prepares a channel for its first scan. Quantisation tables may be defined anew for components that come later.
func (c *channel) begin(n int, tables *quantisers, progressive bool) error {
	if c.quant != nil {
		return nil
	}
	if c.quant = tables[c.quantiser]; c.quant == nil {
		return corrupt("no quantisation table %d", c.quantiser)
	}
	c.layout.set(n, c.quant)
	c.paint = transforms[n]
	c.stride = c.grid.stride(n)
	if progressive {
		c.coefs = newCoefficients(c.grid, n)
	} else {
		c.makePlane(n)
	}
	return nil
}

func (c *channel) makePlane(n int) { c.pix = make([]byte, c.stride*c.high*n+spill) }

// at is where the block in column x, row y is painted.
func (c *channel) at(x, y, n int) int { return y*n*c.stride + x*n }

// plane is the channel decoded at n/8.
func (c *channel) plane(n int) planar.Plane {
	return planar.Plane{Pix: c.pix, Stride: c.stride, Width: scaled(c.width, n), Height: scaled(c.height, n)}
}
