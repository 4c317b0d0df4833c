package heif

import "github.com/darkroom/darkroom/internal/render/colour"

// maxItems bounds the items of a file. A picture of 200 megapixels has a thousand tiles.
const maxItems = 10_000

// reader reads numbers one after another. Beyond the end they are zero, and bad is set.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) number(size int) uint64 {
	if size > len(r.b) {
		r.bad, r.b = true, nil
		return 0
	}
	var v uint64
	for _, c := range r.b[:size] {
		v = v<<8 | uint64(c)
	}
	r.b = r.b[size:]
	return v
}

// version reads the head of a box that has one; its flags are skipped.
func (r *reader) version() byte { return byte(r.number(4) >> 24) }

func (r *reader) id(short bool) uint32 {
	if short {
		return uint32(r.number(2))
	}
	return uint32(r.number(4))
}

func (r *reader) letters() string {
	v := r.number(4)
	return string([]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// takeItems reads the types of items.
func (c *container) takeItems(r *reader) {
	c.items, c.mimes = map[uint32]string{}, map[uint32]string{}
	r.id(r.version() == 0) // how many: the boxes tell
	for rest := r.b; len(c.items) < maxItems; {
		_, data, after, ok := next(rest)
		if !ok {
			return
		}
		rest = after
		e := &reader{b: data}
		version := e.version()
		if version < 2 {
			continue
		}
		id := e.id(version == 2)
		e.number(2)
		kind := e.letters()
		if e.bad {
			continue
		}
		c.items[id] = kind
		if kind == "mime" {
			c.mimes[id] = secondText(e.b)
		}
	}
}

// secondText is what stands between the first two zeros, behind a name.
func secondText(b []byte) string {
	from := -1
	for i, v := range b {
		if v == 0 && from >= 0 {
			return string(b[from:i])
		}
		if v == 0 {
			from = i + 1
		}
	}
	return ""
}

// place is where the parts of an item are.
type place struct {
	inside bool // the boxes, not the file
	parts  [][2]uint64
}

// takePlaces reads where items are.
func (c *container) takePlaces(r *reader) {
	c.places = map[uint32]place{}
	version := r.version()
	sizes := r.number(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version == 0 {
		index = 0
	}
	n := r.id(version < 2)
	for ; n > 0 && !r.bad && len(c.places) < maxItems; n-- {
		id := r.id(version < 2)
		var p place
		if version > 0 {
			p.inside = r.number(2)&15 == 1
		}
		r.number(2) // in which file: this one
		start := r.number(base)
		for parts := r.number(2); parts > 0 && !r.bad && len(p.parts) < maxItems; parts-- {
			r.number(index)
			p.parts = append(p.parts, [2]uint64{start + r.number(offset), r.number(length)})
		}
		if !r.bad {
			c.places[id] = p
		}
	}
}

// bytes gives an item in one piece; nil when the file does not hold it.
func (c *container) bytes(id uint32) []byte {
	source := c.file
	p := c.places[id]
	if p.inside {
		source = c.data
	}
	var all []byte
	for i, part := range p.parts {
		from, n := part[0], part[1]
		if n == 0 && len(p.parts) == 1 && from < uint64(len(source)) { // to the end
			n = uint64(len(source)) - from
		}
		if from > uint64(len(source)) || n > uint64(len(source))-from || uint64(len(all))+n > uint64(len(c.file)) {
			return nil
		}
		piece := source[from : from+n : from+n]
		if i == 0 {
			all = piece
		} else {
			all = append(all, piece...)
		}
	}
	return all
}

// takeTiles reads of which items pictures are laid.
func (c *container) takeTiles(r *reader) {
	c.tiles = map[uint32][]uint32{}
	short := r.version() == 0
	for rest := r.b; len(c.tiles) < maxItems; {
		kind, data, after, ok := next(rest)
		if !ok {
			return
		}
		rest = after
		if kind != "dimg" {
			continue
		}
		e := &reader{b: data}
		from := e.id(short)
		for n := e.number(2); n > 0 && !e.bad; n-- {
			if to := e.id(short); !e.bad {
				c.tiles[from] = append(c.tiles[from], to)
			}
		}
	}
}

// takeProperties reads the list of properties, and which items have which.
func (c *container) takeProperties(b []byte) {
	c.has = map[uint32][]int{}
	for {
		kind, data, rest, ok := next(b)
		if !ok {
			return
		}
		b = rest
		switch kind {
		case "ipco":
			c.properties = properties(data)
		case "ipma":
			c.takeAssociations(&reader{b: data})
		}
	}
}

func properties(b []byte) (all []property) {
	for len(all) < maxItems {
		kind, data, rest, ok := next(b)
		if !ok {
			break
		}
		all, b = append(all, property{kind, data}), rest
	}
	return all
}

func (c *container) takeAssociations(r *reader) {
	head := r.number(4)
	short, wide := head>>24 == 0, head&1 == 1
	for n := r.number(4); n > 0 && !r.bad && len(c.has) < maxItems; n-- {
		id := r.id(short)
		for count := r.number(1); count > 0 && !r.bad; count-- {
			var number int
			if wide {
				number = int(r.number(2) & 0x7fff)
			} else {
				number = int(r.number(1) & 0x7f)
			}
			c.has[id] = append(c.has[id], number)
		}
	}
}

// describe reads an item's properties.
func (c *container) describe(f *File, id uint32) {
	turns, mirror := 0, -1
	for _, number := range c.has[id] {
		if number < 1 || number > len(c.properties) {
			continue
		}
		p := c.properties[number-1]
		r := &reader{b: p.data}
		switch p.kind {
		case "ispe":
			r.version()
			f.Width, f.Height = int(int32(r.number(4))), int(int32(r.number(4)))
		case "irot":
			turns = int(r.number(1) & 3)
		case "imir":
			mirror = int(r.number(1) & 1)
		case "pixi":
			r.version()
			if n := r.number(1); n > 0 {
				f.Depth = max(8, int(r.number(1)))
			}
		case "colr":
			f.colours(r)
		}
	}
	f.Orientation = orientation(turns, mirror)
}

// colours reads how colours are described, by a profile or by numbers. There may be both.
func (f *File) colours(r *reader) {
	switch kind := r.letters(); {
	case (kind == "prof" || kind == "rICC") && f.ICC == nil:
		f.ICC = r.b
	case kind == "nclx":
		f.Code = colour.Code{Primaries: uint16(r.number(2)), Transfer: uint16(r.number(2))}
	}
}

// orientation is EXIF's number for quarter turns to the left, then a mirror: at the vertical axis (0 here: top to bottom), or
// at the horizontal one (1: left to right).
func orientation(turns, mirror int) int {
	plain := [4]int{1, 8, 3, 6}
	topToBottom := [4]int{4, 5, 2, 7}
	leftToRight := [4]int{2, 7, 4, 5}
	switch mirror {
	case 0:
		return topToBottom[turns]
	case 1:
		return leftToRight[turns]
	}
	return plain[turns]
}
