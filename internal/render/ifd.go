package render

import (
	"encoding/binary"
)

// The tags of TIFF and EXIF that are read here.
const (
	tagSubfile      = 0x00fe
	tagWidth        = 0x0100
	tagHeight       = 0x0101
	tagCompression  = 0x0103
	tagOrientation  = 0x0112
	tagRowsPerStrip = 0x0116
	tagTileWidth    = 0x0142
	tagTileHeight   = 0x0143
	tagGPS          = 0x8825
	tagDNGVersion   = 0xc612
)

// The types of values.
const (
	typeByte     = 1
	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5
)

// tiffFile is a file, or a block, built as TIFF: directories of tagged values, found by their offsets.
type tiffFile struct {
	b     []byte
	order binary.ByteOrder
}

// entry is a value of a directory. Its bytes are part of the file.
type entry struct {
	kind  uint16
	count uint32
	data  []byte // of the value, or nil where the file does not hold it
}

// directory is the values by their tags; of a tag given twice the first.
type directory map[uint16]entry

// openTIFF returns the file and its first directory, which is empty when the file is none.
func openTIFF(b []byte) (tiffFile, directory) {
	f := tiffFile{b: b}
	if len(b) < 8 {
		return f, nil
	}
	switch string(b[:2]) {
	case "II":
		f.order = binary.LittleEndian
	case "MM":
		f.order = binary.BigEndian
	default:
		return f, nil
	}
	return f, f.directory(f.order.Uint32(b[4:]))
}

// directory reads as many entries of a directory as the file holds.
func (f tiffFile) directory(offset uint32) directory {
	const size = 12
	if int64(offset)+2 > int64(len(f.b)) {
		return nil
	}
	rest := f.b[offset:]
	n := min(int(f.order.Uint16(rest)), (len(rest)-2)/size)
	d := make(directory, n)
	for i := range n {
		raw := rest[2+i*size:][:size]
		tag := f.order.Uint16(raw)
		if _, twice := d[tag]; !twice {
			d[tag] = f.entry(raw)
		}
	}
	return d
}

func (f tiffFile) entry(raw []byte) entry {
	e := entry{kind: f.order.Uint16(raw[2:]), count: f.order.Uint32(raw[4:])}
	size := int64(e.count) * width(e.kind)
	if size <= 4 {
		e.data = raw[8:][:size]
		return e
	}
	offset := int64(f.order.Uint32(raw[8:]))
	if offset+size <= int64(len(f.b)) {
		e.data = f.b[offset : offset+size]
	}
	return e
}

// width is the size in bytes of a value of a type; 0 for those that nobody here asks for.
func width(kind uint16) int64 {
	switch kind {
	case typeByte, typeASCII:
		return 1
	case typeShort:
		return 2
	case typeLong:
		return 4
	case typeRational:
		return 8
	}
	return 0
}

// number gives the first value of a tag that holds whole numbers.
func (f tiffFile) number(d directory, tag uint16) (uint32, bool) {
	e := d[tag]
	switch {
	case e.kind == typeByte && len(e.data) >= 1:
		return uint32(e.data[0]), true
	case e.kind == typeShort && len(e.data) >= 2:
		return uint32(f.order.Uint16(e.data)), true
	case e.kind == typeLong && len(e.data) >= 4:
		return f.order.Uint32(e.data), true
	}
	return 0, false
}

// letter gives the first letter of a text.
func (d directory) letter(tag uint16) byte {
	if e := d[tag]; e.kind == typeASCII && len(e.data) >= 1 {
		return e.data[0]
	}
	return 0
}

// fractions gives the n fractions of a tag. None has a denominator of zero.
func (f tiffFile) fractions(d directory, tag uint16, n int) ([]float64, bool) {
	e := d[tag]
	if e.kind != typeRational || len(e.data) != n*8 {
		return nil, false
	}
	values := make([]float64, n)
	for i := range values {
		over, under := f.order.Uint32(e.data[i*8:]), f.order.Uint32(e.data[i*8+4:])
		if under == 0 {
			return nil, false
		}
		values[i] = float64(over) / float64(under)
	}
	return values, true
}

// readOrientation gives how an EXIF block says the picture was stored: 1..8, or 0 when it does not say.
func readOrientation(exif []byte) int {
	f, d := openTIFF(exif)
	if v, ok := f.number(d, tagOrientation); ok && v >= 1 && v <= 8 {
		return int(v)
	}
	return 0
}
