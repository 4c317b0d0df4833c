package jpegdec

import "context"

// scan is a pass over some of the components.
type scan struct {
	channels []*channel
	rules    []rule
	// progressive scans only:
	first, last int // the band of coefficients
	high, low   int // the bits of them: low is the point transform, high that of the scan refined, or 0
}

// unit is one block of each MCU.
type unit struct {
	channel   *channel
	rule      *rule
	component int // index into the scan's
	x, y      int // of the block in the first MCU of a row, in blocks
	step      int // from MCU to MCU
}

// units lists the blocks of an MCU in their order, and returns how many MCUs there are each way. T.81, A.2: if the scan
// has one component, an MCU is one block, and the blocks that fill up MCUs otherwise are not there.
func (s *scan) units(h Header) (units []unit, wide, high int) {
	if len(s.channels) == 1 {
		c := s.channels[0]
		return []unit{{channel: c, rule: &s.rules[0], step: 1}}, c.ownWide, c.ownHigh
	}
	for i, c := range s.channels {
		for y := range c.down {
			for x := range c.across {
				units = append(units, unit{c, &s.rules[i], i, x, y, c.across})
			}
		}
	}
	wide, high = h.mcus()
	return units, wide, high
}

// down is how many rows of a unit's blocks an MCU has.
func (s *scan) down(u *unit) int {
	if len(s.channels) == 1 {
		return 1
	}
	return u.channel.down
}

// maxUnits is what an MCU may have of blocks: T.81, B.2.3.
const maxUnits = 10

// blocks is how many a scan visits.
func (s *scan) blocks(h Header) int64 {
	units, wide, high := s.units(h)
	return int64(len(units)) * int64(wide) * int64(high)
}

// readSOS reads a scan's header and prepares its components.
func (d *decoder) readSOS(b []byte) (*scan, error) {
	if len(b) < 6 || len(b) != 4+2*int(b[0]) || b[0] > 4 {
		return nil, corrupt("scan header of %d bytes", len(b))
	}
	n := int(b[0])
	s := &scan{rules: make([]rule, n)}
	tail := b[1+2*n:]
	s.first, s.last, s.high, s.low = int(tail[0]), int(tail[1]), int(tail[2]>>4), int(tail[2]&15)
	if err := d.checkBand(s, n); err != nil {
		return nil, err
	}
	for i := range n {
		c, err := d.named(b[1+2*i], s.channels)
		if err != nil {
			return nil, err
		}
		if err := d.setRule(&s.rules[i], c, s, b[2+2*i]); err != nil {
			return nil, err
		}
		s.channels = append(s.channels, c)
	}
	if units, _, _ := s.units(d.header); len(units) > maxUnits {
		return nil, corrupt("%d blocks in an MCU", len(units))
	}
	return s, d.begin(s)
}

// checkBand holds what a progressive scan says of itself against T.81, G.1.1.1. Sequential scans say nothing that matters.
func (d *decoder) checkBand(s *scan, components int) error {
	if !d.header.Progressive {
		s.first, s.last, s.high, s.low = 0, 63, 0, 0
		return nil
	}
	dc := s.first == 0
	if s.last > 63 || s.first > s.last || dc && s.last != 0 || !dc && components != 1 ||
		s.low > 13 || s.high != 0 && s.high != s.low+1 {
		return corrupt("scan of coefficients %d to %d, bits %d to %d", s.first, s.last, s.high, s.low)
	}
	return nil
}

// named returns the channel of a component that is not yet in a scan.
func (d *decoder) named(id byte, taken []*channel) (*channel, error) {
	for i := range d.channels {
		c := &d.channels[i]
		if c.id != id {
			continue
		}
		for _, other := range taken {
			if other == c {
				return nil, corrupt("component %d is twice in a scan", id)
			}
		}
		return c, nil
	}
	return nil, corrupt("a scan names component %d", id)
}

// setRule looks up the Huffman tables of a component in a scan, those of them that the scan uses.
func (d *decoder) setRule(r *rule, c *channel, s *scan, selectors byte) error {
	dc, ac := int(selectors>>4), int(selectors&15)
	r.layout = &c.layout
	if s.first == 0 && s.high == 0 {
		t, err := d.tables.dc(&d.codes, dc)
		if err != nil {
			return err
		}
		r.dc = &t.lookup
	}
	if s.last > 0 {
		t, err := d.tables.ac(&d.codes, ac, d.header.Progressive)
		if err != nil {
			return err
		}
		r.ac, r.acVals, r.acPairs, r.acSkip = &t.lookup, &t.values, &t.pairs, &t.skips
	}
	return nil
}

// begin has a scan's components allocate what they need, once it is known that the scan can be decoded.
func (d *decoder) begin(s *scan) error {
	for _, c := range s.channels {
		if !d.header.Progressive && c.decoded {
			return corrupt("component %d is in two scans", c.id)
		}
		if err := c.begin(d.n, &d.quantisers, d.header.Progressive); err != nil {
			return err
		}
		c.decoded = c.decoded || s.first == 0 && s.high == 0
	}
	return nil
}

// pass decodes the MCUs of a scan in their order. row is given each row of MCUs in parts: count MCUs from column x on,
// between which there is no restart marker.
func (d *decoder) pass(ctx context.Context, wide, high int, reset func(), row func(x, y, count int) error) error {
	b := &d.bits
	if err := b.start(d.data, d.at); err != nil {
		return err
	}
	reset()
	left, restarts := d.interval, 0
	for y := range high {
		if err := ctx.Err(); err != nil {
			return err
		}
		for x := 0; x < wide; {
			count := wide - x
			if d.interval > 0 {
				if left == 0 {
					if err := b.restart(restarts & 7); err != nil {
						return err
					}
					restarts++
					left = d.interval
					reset()
				}
				count = min(count, left)
				left -= count
			}
			if err := row(x, y, count); err != nil {
				return err
			}
			x += count
		}
	}
	err := b.finish()
	d.at = b.at
	return err
}
