package jpegdec

import "encoding/binary"

// code is a Huffman code as a DHT segment writes it.
type code struct {
	counts  [17]int // how many codes there are of each length in bits; counts[0] is 0
	symbols []byte  // in the order of their codes; part of the file
}

// codes are the codes in force, DC and AC. Those not defined have no symbols.
type codes [2][4]code

const (
	dcCode = 0
	acCode = 1
)

// readDHT reads a segment that defines any number of codes.
func (c *codes) readDHT(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 {
			return corrupt("Huffman table cut off")
		}
		class, id := b[0]>>4, b[0]&15
		if class > acCode || id > 3 {
			return corrupt("Huffman table %#x", b[0])
		}
		var def code
		n := 0
		next := 0 // the next code of this length
		for i, count := range b[1:17] {
			def.counts[i+1] = int(count)
			n += int(count)
			if next = next<<1 + int(count); next > 1<<(i+1) {
				return corrupt("Huffman table %#x has too many codes of %d bits", b[0], i+1)
			}
		}
		if n == 0 || n > 256 || len(b) < 17+n {
			return corrupt("Huffman table %#x has %d codes", b[0], n)
		}
		def.symbols = b[17 : 17+n]
		c[class][id] = def
		b = b[17+n:]
	}
	return nil
}

// quantisers are the quantisation tables in force, in zigzag order; nil where there is none.
type quantisers [4]*[64]uint16

// readDQT reads a segment that defines any number of tables.
func (q *quantisers) readDQT(b []byte) error {
	for len(b) > 0 {
		wide, id := int(b[0]>>4), b[0]&15
		if wide > 1 || id > 3 {
			return corrupt("quantisation table %#x", b[0])
		}
		size := 64 << wide
		if len(b) < 1+size {
			return corrupt("quantisation table cut off")
		}
		table := new([64]uint16) // a new one: components hold on to what they began with
		for i := range table {
			if wide == 1 {
				table[i] = binary.BigEndian.Uint16(b[1+2*i:])
			} else {
				table[i] = uint16(b[1+i])
			}
		}
		q[id] = table
		b = b[1+size:]
	}
	return nil
}
