package inflate

import "encoding/binary"

// bits is the input, least significant bit first.
type bits struct {
	more    func() ([]byte, error)
	in      []byte
	pos     int
	acc     uint64
	n       uint // bits in acc, of which those above may be there already
	lacking uint // of n, how many were made up since the input was at its end
	err     error
}

// refill sees to it that there are at least 56 bits.
func (b *bits) refill() {
	if b.pos+8 <= len(b.in) {
		b.acc |= binary.LittleEndian.Uint64(b.in[b.pos:]) << (b.n & 63)
		b.pos += int((63 - b.n) >> 3)
		b.n |= 56
		return
	}
	b.refillSlowly()
}

// refillSlowly goes from piece to piece. Beyond the last there are zeros.
func (b *bits) refillSlowly() {
	b.acc &= 1<<b.n - 1
	for b.n < 56 {
		for b.pos == len(b.in) && b.more != nil {
			b.in, b.err = b.more()
			b.pos = 0
			if b.in == nil {
				b.more = nil
			}
		}
		if b.more == nil {
			b.lacking += 8
		} else {
			b.acc |= uint64(b.in[b.pos]) << b.n
			b.pos++
		}
		b.n += 8
	}
}

// short tells why bits were taken that are not there.
func (b *bits) short() error {
	if b.n >= b.lacking {
		return nil
	}
	if b.err != nil {
		return b.err
	}
	return ErrShort
}

// take takes up to 32 bits.
func (b *bits) take(n uint) (uint32, error) {
	if b.n < n {
		b.refill()
	}
	v := uint32(b.acc & (1<<n - 1))
	b.acc >>= n
	b.n -= n
	return v, b.short()
}
