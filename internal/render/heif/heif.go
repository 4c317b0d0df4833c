// Package heif reads what a HEIC or AVIF file says about its picture, without decoding it: such a file is a box of items, of
// which one is the picture and others say things about it.
//
// Whatever the boxes claim, reading them costs no more than the file has bytes, a few times over: their nesting is fixed, and
// an item is never longer than the file.
package heif

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/darkroom/darkroom/internal/render/colour"
)

// ErrBroken says that the boxes of a file do not fit together.
var ErrBroken = errors.New("broken HEIF file")

// The codecs of pictures, by their four letters.
const (
	HEVC = "hvc1"
	AV1  = "av01"
	JPEG = "jpeg"
)

// File is what a file says.
type File struct {
	Codec         string // of the picture, or of the tiles that it is laid of
	Width, Height int    // as stored, before it is turned
	Depth         int    // bits of a sample; 8 when the file does not say
	Orientation   int    // 1..8, as EXIF numbers them; the file's own word, not EXIF's
	EXIF, XMP     []byte
	ICC           []byte
	Code          colour.Code
	Preview       []byte // the largest JPEG beside the picture; nil when there is none
}

// Is tells whether a file begins as HEIC or AVIF do, and which of them.
func Is(b []byte) (heic, avif bool) {
	if len(b) < 16 || string(b[4:8]) != "ftyp" {
		return false, false
	}
	n := min(int(binary.BigEndian.Uint32(b)), len(b), 256)
	for at := 8; at+4 <= n; at += 4 {
		if at == 12 {
			continue // the version of the first brand
		}
		switch string(b[at : at+4]) {
		case "avif", "avis":
			return false, true
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
			heic = true
		}
	}
	return heic, false
}

// Read reads a file.
func Read(b []byte) (File, error) {
	c, err := open(b)
	if err != nil {
		return File{}, err
	}
	if !c.whole() {
		return File{}, ErrBroken
	}
	return c.read()
}

// Glimpse reads what the beginning of a file tells: of items that lie beyond it, nothing.
func Glimpse(beginning []byte) (File, error) {
	c, err := open(beginning)
	if err != nil {
		return File{}, err
	}
	return c.read()
}

func open(b []byte) (*container, error) {
	var meta []byte
	for rest := b; meta == nil; {
		kind, data, after, ok := next(rest)
		if !ok {
			return nil, ErrBroken
		}
		if kind == "meta" {
			meta = data
		}
		rest = after
	}
	if len(meta) < 4 {
		return nil, ErrBroken
	}
	c := &container{file: b}
	for rest := meta[4:]; len(rest) > 0; {
		kind, data, after, ok := next(rest)
		if !ok {
			return nil, ErrBroken
		}
		c.take(kind, data)
		rest = after
	}
	return c, nil
}

// next splits a box off.
func next(b []byte) (kind string, data, rest []byte, ok bool) {
	if len(b) < 8 {
		return "", nil, nil, false
	}
	size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
	kind = string(b[4:8])
	switch {
	case size == 1 && len(b) >= 16:
		size, head = binary.BigEndian.Uint64(b[8:]), 16
	case size == 0: // to the end
		size = uint64(len(b))
	}
	if size < head || size > uint64(len(b)) {
		return "", nil, nil, false
	}
	return kind, b[head:size], b[size:], true
}

// container is the boxes of a file as they stand there.
type container struct {
	file       []byte
	primary    uint32
	items      map[uint32]string   // their types
	mimes      map[uint32]string   // of those of the type mime
	places     map[uint32]place    // where they are
	tiles      map[uint32][]uint32 // of pictures that are laid of others
	properties []property
	has        map[uint32][]int // the numbers of an item's properties
	data       []byte           // a place of items inside the boxes
}

type property struct {
	kind string
	data []byte
}

func (c *container) take(kind string, data []byte) {
	r := &reader{b: data}
	switch kind {
	case "pitm":
		c.primary = r.id(r.version() == 0)
	case "iinf":
		c.takeItems(r)
	case "iloc":
		c.takePlaces(r)
	case "iref":
		c.takeTiles(r)
	case "iprp":
		c.takeProperties(data)
	case "idat":
		c.data = data
	}
}

// read puts together what the boxes say of the primary item.
func (c *container) read() (File, error) {
	f := File{Codec: c.items[c.primary], Depth: 8, Orientation: 1}
	if tiles := c.tiles[c.primary]; (f.Codec == "grid" || f.Codec == "iovl") && len(tiles) > 0 {
		f.Codec = c.items[tiles[0]]
		c.describe(&f, tiles[0])
	}
	c.describe(&f, c.primary)
	if f.Width < 1 || f.Height < 1 {
		return File{}, ErrBroken
	}
	for _, id := range c.ids() {
		switch kind := c.items[id]; {
		case kind == "Exif" && f.EXIF == nil:
			f.EXIF = exif(c.bytes(id))
		case kind == "mime" && c.mimes[id] == "application/rdf+xml" && f.XMP == nil:
			f.XMP = c.bytes(id)
		case kind == JPEG && id != c.primary:
			if preview := c.bytes(id); len(preview) > len(f.Preview) {
				f.Preview = preview
			}
		}
	}
	return f, nil
}

// whole tells whether the file holds all of the picture. A decoder may take what is missing for nothing at all.
func (c *container) whole() bool {
	for _, id := range append([]uint32{c.primary}, c.tiles[c.primary]...) {
		if c.bytes(id) == nil {
			return false
		}
	}
	return true
}

func (c *container) ids() []uint32 {
	ids := make([]uint32, 0, len(c.items))
	for id := range c.items {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// exif is the block behind a number that says how far behind it is.
func exif(b []byte) []byte {
	if len(b) < 4 {
		return nil
	}
	if skip := uint64(binary.BigEndian.Uint32(b)); skip+4 < uint64(len(b)) {
		return b[skip+4:]
	}
	return nil
}
