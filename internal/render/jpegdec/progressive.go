package jpegdec

import (
	"context"
)

// progressive decodes a progressive scan into the components' coefficients.
func (d *decoder) progressive(ctx context.Context, s *scan) error {
	switch {
	case s.first == 0:
		return d.dcScan(ctx, s)
	case s.high == 0:
		return d.bandScan(ctx, s, (*band).begin)
	default:
		return d.bandScan(ctx, s, (*band).refine)
	}
}

// dcScan reads the DC coefficients of some components, or a further bit of them: T.81, G.1.2.1.
func (d *decoder) dcScan(ctx context.Context, s *scan) error {
	units, wide, high := s.units(d.header)
	var preds [4]int32
	b := &d.bits
	row := func(x, y, count int) error {
		for i := range count {
			if b.pos > b.limit {
				if err := b.fill(); err != nil {
					return err
				}
			}
			for j := range units {
				u := &units[j]
				values, _ := u.channel.coefs.block(u.x+(x+i)*u.step, u.y+y*s.down(u))
				if s.high != 0 {
					values[0] |= int16(b.take(1) << s.low)
					continue
				}
				diff, ok := b.difference(u.rule)
				if !ok {
					return corrupt("bad code in row %d", y)
				}
				preds[u.component&3] += diff
				values[0] = int16(preds[u.component&3] << s.low)
			}
		}
		return nil
	}
	return d.pass(ctx, wide, high, func() { preds = [4]int32{} }, row)
}
