package tiffdec

import (
	"fmt"
)

// blocks is how the picture is divided: into strips, which are as wide as it is, or into tiles.
type blocks struct {
	tiled        bool
	wide, high   int // pixels of a block
	across, down int // blocks of the picture
}

// places are the tags that say where a block is and how many bytes it has.
func (b blocks) places() (at, bytes uint16) {
	if b.tiled {
		return tagTileAt, tagTileBytes
	}
	return tagStripAt, tagStripBytes
}

// readBlocks reads into which blocks the picture is divided, and makes sure that each has its place in the file.
func (f *File) readBlocks() error {
	f.wide, f.high = f.width, f.height
	if width := f.number(tagTileWidth, 0); width != 0 {
		height := f.number(tagTileHeight, 0)
		if !tile(width, f.width) || !tile(height, f.height) {
			return fmt.Errorf("%w: tiles of %d × %d", ErrOther, width, height)
		}
		f.tiled, f.wide, f.high = true, int(width), int(height)
	} else if rows := f.number(tagRows, 0); rows > 0 && rows < uint32(f.height) {
		f.high = int(rows)
	}
	f.across, f.down = ceil(f.width, f.wide), ceil(f.height, f.high)
	at, bytes := f.places()
	last := f.across*f.down - 1
	_, haveAt := f.tags.Nth(f.directory, at, last)
	_, haveBytes := f.tags.Nth(f.directory, bytes, last)
	if !haveAt || !haveBytes {
		return fmt.Errorf("%w: %d blocks without a place", ErrOther, last+1)
	}
	return nil
}

// tile tells whether tiles of a length can make up a picture of another. The largest in use are of 1024 pixels; beyond that,
// and what fills the last one up, they would only take memory.
func tile(length uint32, of int) bool {
	return length >= 8 && (length <= 1024 || int64(length) <= int64(of)+16)
}

func ceil(a, by int) int { return (a + by - 1) / by }
