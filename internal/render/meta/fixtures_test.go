package meta

import (
	"encoding/binary"

	"github.com/darkroom/darkroom/internal/render/ifd"
)

// field is a tag of an EXIF block.
type field struct {
	tag, kind uint16
	count     int
	data      []byte
}

func text(tag uint16, s string) field { return field{tag, ifd.ASCII, len(s) + 1, append([]byte(s), 0)} }
func short(tag uint16, v uint16) field {
	return field{tag, ifd.Short, 1, binary.LittleEndian.AppendUint16(nil, v)}
}
func long(tag uint16, v uint32) field {
	return field{tag, ifd.Long, 1, binary.LittleEndian.AppendUint32(nil, v)}
}
func fraction(tag uint16, parts ...uint32) field {
	var b []byte
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint32(b, p)
	}
	return field{tag, ifd.Rational, len(parts) / 2, b}
}

// exifBlock writes the directories of an EXIF block: the first one, the camera's and the GPS receiver's.
func exifBlock(first, camera, gps []field) []byte {
	size := func(fields []field) int {
		n := 2 + 12*len(fields) + 4
		for _, f := range fields {
			n += len(f.data)
		}
		return n
	}
	first = append(first[:len(first):len(first)], long(tagCamera, 0), long(tagGPS, 0))
	at := [3]int{8, 8 + size(first), 8 + size(first) + size(camera)}
	first[len(first)-2] = long(tagCamera, uint32(at[1]))
	first[len(first)-1] = long(tagGPS, uint32(at[2]))
	b := []byte("II*\x00\x08\x00\x00\x00")
	for i, fields := range [][]field{first, camera, gps} {
		data := at[i] + 2 + 12*len(fields) + 4
		var values []byte
		b = binary.LittleEndian.AppendUint16(b, uint16(len(fields)))
		for _, f := range fields {
			b = binary.LittleEndian.AppendUint16(b, f.tag)
			b = binary.LittleEndian.AppendUint16(b, f.kind)
			b = binary.LittleEndian.AppendUint32(b, uint32(f.count))
			if len(f.data) <= 4 {
				b = append(b, append(f.data, 0, 0, 0, 0)[:4]...)
				values = append(values, make([]byte, len(f.data))...)
				continue
			}
			b = binary.LittleEndian.AppendUint32(b, uint32(data+len(values)))
			values = append(values, f.data...)
		}
		b = append(append(b, 0, 0, 0, 0), values...)
	}
	return b
}
