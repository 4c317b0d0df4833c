package render

import (
	"encoding/binary"
)

// The blocks of GIF.
const (
	gifExtension = 0x21
	gifImage     = 0x2c
)

// readGIFHeader takes the logical screen for the picture: the decoder refuses a frame that reaches beyond it.
func readGIFHeader(b []byte) (header, error) {
	if len(b) < 13 {
		return header{}, errShort
	}
	h := header{
		width:  int(binary.LittleEndian.Uint16(b[6:])),
		height: int(binary.LittleEndian.Uint16(b[8:])),
		frames: gifFrames(b),
	}
	// The frame's indexes, once more while they are put in order, and the screen that the frame is laid on.
	h.cost = h.pixels() * (1 + 1 + 4)
	return h, nil
}

// gifFrames counts the frames that the file holds, as far as it is whole.
func gifFrames(b []byte) int {
	at := 13 + gifTable(b[10])
	for frames := 0; ; {
		switch {
		case at+10 <= len(b) && b[at] == gifImage:
			frames++
			at += 10 + gifTable(b[at+9]) + 1 // and the size of the codes
		case at+2 <= len(b) && b[at] == gifExtension:
			at += 2
		default:
			return frames
		}
		for at < len(b) && b[at] != 0 { // blocks of data, each with its length before it
			at += 1 + int(b[at])
		}
		at++
	}
}

// gifTable is the bytes of a table of colours that flags announce.
func gifTable(flags byte) int {
	const present = 0x80
	if flags&present == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}
