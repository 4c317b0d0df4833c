package meta

import (
	"encoding/binary"

	"github.com/darkroom/darkroom/gallery"
)

// readIPTC reads datasets as far as they are whole.
func readIPTC(b []byte) gallery.Description {
	const (
		application                         = 2
		title, keyword, copyrightN, caption = 5, 25, 116, 120
	)
	var d gallery.Description
	for len(b) >= 5 && b[0] == 0x1c {
		record, set, n := b[1], b[2], int(binary.BigEndian.Uint16(b[3:]))
		if n > len(b)-5 { // also a length of more than 15 bits, which nothing read here needs
			break
		}
		value := b[5 : 5+n]
		b = b[5+n:]
		if record != application {
			continue
		}
		switch set {
		case title:
			d.Title = first(d.Title, decode(value))
		case caption:
			d.Caption = first(d.Caption, decode(value))
		case copyrightN:
			d.Copyright = first(d.Copyright, decode(value))
		case keyword:
			if len(d.Keywords) < 4*maxKeywords {
				d.Keywords = append(d.Keywords, decode(value))
			}
		}
	}
	return d
}

// IPTC finds the datasets among the resources that Photoshop keeps in a file; nil where there are none.
func IPTC(resources []byte) []byte {
	const datasets = 0x0404
	for b := resources; len(b) >= 12 && string(b[:4]) == "8BIM"; {
		id := binary.BigEndian.Uint16(b[4:])
		name := 1 + int(b[6])
		at := 6 + name + name&1
		if at+4 > len(b) {
			return nil
		}
		n := int64(binary.BigEndian.Uint32(b[at:]))
		b = b[at+4:]
		if n > int64(len(b)) {
			return nil
		}
		if id == datasets {
			return b[:n]
		}
		b = b[min(int(n+n&1), len(b)):]
	}
	return nil
}
