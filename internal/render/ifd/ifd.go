// Package ifd reads what is built as TIFF: directories of tagged values, found by their offsets. EXIF is built so, too,
// and camera raw files.
//
// It reads one directory at a time and follows no links by itself, so that a file whose directories refer to each other
// costs no more than one whose do not; and nothing is copied, however much a value claims to be.
package ifd

import "encoding/binary"

// The types of values, by TIFF's numbers.
const (
	Byte           = 1
	ASCII          = 2
	Short          = 3
	Long           = 4
	Rational       = 5
	Undefined      = 7
	SignedRational = 10
	SubIFD         = 13 // a Long that is the offset of a directory
)

// File is a file, or a block, built as TIFF. The zero value is one that holds nothing.
type File struct {
	b     []byte
	order binary.ByteOrder
}

// entry is a value of a directory. Its bytes are part of the file.
type entry struct {
	kind uint16
	data []byte // of the value, or nil where the file does not hold it
}

// Directory is the values of a directory by their tags; of a tag given twice the first.
type Directory map[uint16]entry

// Open returns the file and its first directory, which is empty when the file is none.
func Open(b []byte) (File, Directory) {
	f := File{b: b}
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
	return f, f.Directory(f.order.Uint32(b[4:]))
}

// Directory reads as many entries of a directory as the file holds.
func (f File) Directory(offset uint32) Directory {
	d, _ := f.directory(offset)
	return d
}

// Next gives the offset of the directory that follows the one at an offset; 0 where there is none.
func (f File) Next(offset uint32) uint32 {
	_, end := f.directory(offset)
	if end == 0 || end+4 > int64(len(f.b)) {
		return 0
	}
	return f.order.Uint32(f.b[end:])
}

// First gives the offset of the first directory; 0 where there is none.
func (f File) First() uint32 {
	if f.order == nil {
		return 0
	}
	return f.order.Uint32(f.b[4:])
}

// Slice gives n bytes at an offset of the file; nil where it does not hold them.
func (f File) Slice(offset, n uint32) []byte {
	if int64(offset)+int64(n) > int64(len(f.b)) {
		return nil
	}
	return f.b[offset:][:n:n]
}

func (f File) directory(offset uint32) (Directory, int64) {
	const size = 12
	if f.order == nil || int64(offset)+2 > int64(len(f.b)) {
		return nil, 0
	}
	rest := f.b[offset:]
	n := min(int(f.order.Uint16(rest)), (len(rest)-2)/size)
	d := make(Directory, n)
	for i := range n {
		raw := rest[2+i*size:][:size]
		tag := f.order.Uint16(raw)
		if _, twice := d[tag]; !twice {
			d[tag] = f.entry(raw)
		}
	}
	return d, int64(offset) + 2 + int64(n)*size
}

func (f File) entry(raw []byte) entry {
	e := entry{kind: f.order.Uint16(raw[2:])}
	size := int64(f.order.Uint32(raw[4:])) * width(e.kind)
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
	case Byte, ASCII, Undefined:
		return 1
	case Short:
		return 2
	case Long, SubIFD:
		return 4
	case Rational, SignedRational:
		return 8
	}
	return 0
}
