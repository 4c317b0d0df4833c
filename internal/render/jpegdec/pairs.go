package jpegdec

// pairs finds the next two coefficients of a sequential scan in one look, where both fit into lookBits together; else one.
// Reading a code has to wait for the length of the one before it, so half the looks are nearly half the time. An entry is
//
//	second value<<48 | first value<<32 | step of both<<24 | step of the first<<16 | bits of the first<<8 | bits of both
//
// with steps and values as in values. Without a second one its value is 0 and it has neither bits nor a step. 0 sends the
// reader to single.
type pairs [1 << lookBits]uint64

func (p *pairs) build(v *values) {
	for i, first := range v {
		p[i] = uint64(alone(first))
		used, step := first&63, first>>8&255
		if first == 0 || step == endOfBlock {
			continue
		}
		if second := v[i<<used&(1<<lookBits-1)]; second != 0 && used+second&63 <= lookBits {
			p[i] += uint64(second>>16)<<48 | uint64(second>>8&255<<24|second&63)
		}
	}
}

// alone makes an entry of one of values.
func alone(e uint32) uint64 {
	bits, step, value := uint64(e&63), uint64(e>>8&255), uint64(e>>16)
	return value<<32 | step<<24 | step<<16 | bits<<8 | bits
}
