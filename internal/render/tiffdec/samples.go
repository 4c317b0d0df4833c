package tiffdec

import "encoding/binary"

// samplesOf turns a row as it is stored into one of 8-bit samples, in place. Of 16 bits the upper ones count.
func (f *File) samplesOf(row []byte) []byte {
	if f.differences {
		f.add(row)
	}
	if f.depth == 16 {
		row = f.upper(row)
	}
	if f.inverted {
		for i, v := range row {
			row[i] = ^v
		}
	}
	return row
}

// add makes samples of their differences to those of the pixel before.
func (f *File) add(row []byte) {
	switch {
	case f.depth == 16:
		add16(row, f.samples, f.order())
	case f.samples == 3:
		add3(row)
	case f.samples == 4:
		add4(row)
	default:
		var v byte
		for i, d := range row {
			v += d
			row[i] = v
		}
	}
}

func add3(row []byte) {
	var r, g, b byte
	for ; len(row) >= 3; row = row[3:] {
		r, g, b = r+row[0], g+row[1], b+row[2]
		row[0], row[1], row[2] = r, g, b
	}
}

// add4 adds the samples of a pixel as one word: their top bits apart, so that nothing is carried from one to the next.
func add4(row []byte) {
	const tops, lows = 0x80808080, 0x7f7f7f7f
	var v uint32
	for ; len(row) >= 4; row = row[4:] {
		d := binary.LittleEndian.Uint32(row)
		v = (v&lows + d&lows) ^ (v^d)&tops
		binary.LittleEndian.PutUint32(row, v)
	}
}

func add16(row []byte, samples int, order binary.ByteOrder) {
	for step := 2 * samples; len(row) >= step+2; row = row[2:] {
		order.PutUint16(row[step:], order.Uint16(row[step:])+order.Uint16(row))
	}
}

// upper leaves the upper eight bits of each sample. An opacity that colours have been multiplied by counts as full only
// when it is to its last bit.
func (f *File) upper(row []byte) []byte {
	high, low := 1, 0
	if f.bigEndian {
		high, low = 0, 1
	}
	n := len(row) / 2
	for i := range n {
		v := row[2*i+high]
		if f.associated && i%4 == 3 && row[2*i+low] != 0xff {
			v = min(v, 0xfe)
		}
		row[i] = v
	}
	return row[:n]
}
