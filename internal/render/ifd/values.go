package ifd

// Has tells whether a directory holds a tag, whatever its value.
func (d Directory) Has(tag uint16) bool {
	_, ok := d[tag]
	return ok
}

// Number gives the first value of a tag that holds whole numbers.
func (f File) Number(d Directory, tag uint16) (uint32, bool) { return f.Nth(d, tag, 0) }

// Nth gives one of the whole numbers of a tag, the first being that of 0.
func (f File) Nth(d Directory, tag uint16, i int) (uint32, bool) {
	e := d[tag]
	n := int(width(e.kind))
	if n == 0 || i < 0 || i >= len(e.data)/n {
		return 0, false
	}
	data := e.data[i*n:]
	switch e.kind {
	case Byte:
		return uint32(data[0]), true
	case Short:
		return uint32(f.order.Uint16(data)), true
	case Long, SubIFD:
		return f.order.Uint32(data), true
	}
	return 0, false
}

// Numbers gives the whole numbers of a tag, the first ones up to most.
func (f File) Numbers(d Directory, tag uint16, most int) []uint32 {
	var numbers []uint32
	for len(numbers) < most {
		v, ok := f.Nth(d, tag, len(numbers))
		if !ok {
			break
		}
		numbers = append(numbers, v)
	}
	return numbers
}

// Bytes gives the bytes of a tag's value, whatever it is. They are part of the file.
func (d Directory) Bytes(tag uint16) []byte { return d[tag].data }

// Text gives the bytes of a tag that holds a text. Which letters they stand for is not said anywhere.
func (d Directory) Text(tag uint16) []byte {
	if e := d[tag]; e.kind == ASCII {
		return e.data
	}
	return nil
}

// Fractions gives the n fractions of a tag. None has a denominator of zero.
func (f File) Fractions(d Directory, tag uint16, n int) ([]float64, bool) {
	e := d[tag]
	if e.kind != Rational && e.kind != SignedRational || len(e.data) != n*8 {
		return nil, false
	}
	values := make([]float64, n)
	for i := range values {
		over, under := f.order.Uint32(e.data[i*8:]), f.order.Uint32(e.data[i*8+4:])
		if under == 0 {
			return nil, false
		}
		if e.kind == SignedRational {
			values[i] = float64(int32(over)) / float64(int32(under))
		} else {
			values[i] = float64(over) / float64(under)
		}
	}
	return values, true
}

// Real gives the only value of a tag, written as a fraction or as a whole number.
func (f File) Real(d Directory, tag uint16) (float64, bool) {
	if v, ok := f.Fractions(d, tag, 1); ok {
		return v[0], true
	}
	n, ok := f.Number(d, tag)
	return float64(n), ok
}
