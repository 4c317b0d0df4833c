package jpegdec

// lookBits is how many bits are looked up at once. Ten cover nearly every code of a photograph together with the bits of
// its value, and both AC tables in use stay in the first-level cache.
const lookBits = 10

// lookup finds the symbol whose code the stream goes on with.
type lookup struct {
	short   [1 << lookBits]uint16 // by the next lookBits bits: length of the code<<8 | symbol; 0 if it is a longer one
	limit   [17]uint32            // by length: what the next 16 bits are below, if the code is no longer than that
	offset  [17]int32             // by length: index into symbols of the code 0, were there one
	symbols [256]byte
}

// build fills a lookup for a code.
func (l *lookup) build(c *code) {
	*l = lookup{}
	copy(l.symbols[:], c.symbols)
	next, index := 0, 0
	for length := 1; length <= 16; length++ {
		next <<= 1
		l.offset[length] = int32(index - next)
		for range c.counts[length] {
			if length <= lookBits {
				entry := uint16(length)<<8 | uint16(l.symbols[index])
				span := l.short[next<<(lookBits-length):][:1<<(lookBits-length)]
				for i := range span {
					span[i] = entry
				}
			}
			next++
			index++
		}
		l.limit[length] = uint32(next) << (16 - length)
	}
}

// find returns the length in bits and the symbol of the code on top of acc, which holds at least 16 bits. The length is 0
// if there is no such code.
func (l *lookup) find(acc uint64) (length uint, symbol byte) {
	if e := l.short[acc>>(64-lookBits)]; e != 0 {
		return uint(e >> 8), byte(e)
	}
	bits := uint32(acc >> 48)
	for length := uint(lookBits + 1); length <= 16; length++ {
		if bits < l.limit[length] {
			return length, l.symbols[uint8(int32(bits>>(16-length))+l.offset[length])]
		}
	}
	return 0, 0
}

// whole returns the coefficient on top of acc, which holds at least 31 bits, as an entry of values, whatever its length. It
// is 0 if there is no such code, or none that a sequential scan can have.
func (l *lookup) whole(acc uint64) uint32 {
	length, symbol := l.find(acc)
	run, size := uint(symbol>>4), uint(symbol&15)
	switch {
	case length == 0, size == 0 && run != 0 && run != 15:
		return 0
	case symbol == 0:
		return uint32(endOfBlock<<8 | length)
	}
	return uint32(extend(acc<<length, size))<<16 | uint32((run+1)<<8|length+size)
}

// extend reads a value of size bits from the top of acc: T.81, F.2.2.1. It is negative if the first of them is 0; as that is
// every other one, there is no branch on it.
func extend(acc uint64, size uint) int32 {
	negative := ^(int64(acc) >> 63)
	return int32(acc>>1>>((63-size)&63)) - int32(negative&(1<<(size&63)-1))
}

// values finds a coefficient in one look: code, run and value together, as far as they fit into lookBits. stb_image does
// so for AC coefficients of 8 bits. An entry is
//
//	value<<16 | step<<8 | bits
//
// where step is by how many places the coefficient is further on (the run of zeros and itself), and bits what code and
// value take. An entry with bits 0 sends the reader to find. The end of the block is a step of endOfBlock.
type values [1 << lookBits]uint32

// endOfBlock is a step beyond any block's end.
const endOfBlock = 128

// buildAC fills the table for a code of AC coefficients. A code for the end of a band in a progressive scan is left to find.
func (v *values) buildAC(l *lookup) {
	for i := range v {
		e := l.short[i]
		length, run, size := uint(e>>8), uint(e>>4)&15, uint(e&15)
		switch {
		case size != 0 || run == 15:
			v[i] = entry(i, length, size, run+1)
		case run == 0 && length != 0:
			v[i] = uint32(endOfBlock<<8 | length)
		default:
			v[i] = 0
		}
	}
}

func entry(index int, length, size, step uint) uint32 {
	if length == 0 || length+size > lookBits {
		return 0
	}
	value := extend(uint64(index)<<(64-lookBits+length), size)
	return uint32(value)<<16 | uint32(step<<8|length+size)
}

// skips passes over coefficients that nobody wants, the high frequencies of a picture decoded smaller: as many at once as
// have their codes within lookBits bits. The values' own bits need not be among them. An entry is
//
//	ends<<15 | step<<8 | bits
//
// and 0 sends the reader to find. A step of 127 stands for more than any block has.
type skips [1 << skipBits]uint16

// skipBits is how many bits are looked up at once to pass over them: two more, since that is all they are looked up for.
const skipBits = lookBits + 2

const skipEnds = 1 << 15

func (s *skips) build(l *lookup) {
	for i := range s {
		s[i] = 0
		var bits, step uint
		for bits < skipBits {
			e := l.short[(i<<bits>>(skipBits-lookBits))&(1<<lookBits-1)]
			length, run, size := uint(e>>8), uint(e>>4)&15, uint(e&15)
			if length == 0 || bits+length > skipBits {
				break
			}
			if e&255 == 0 {
				s[i] = uint16(skipEnds | step<<8 | bits + length)
				break
			}
			if size == 0 && run != 15 {
				break
			}
			bits += length + size
			step = min(step+run+1, 127)
			s[i] = uint16(step<<8 | bits)
		}
	}
}
