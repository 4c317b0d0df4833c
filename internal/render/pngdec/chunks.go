package pngdec

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

const signature = "\x89PNG\r\n\x1a\n"

// chunks goes through the chunks of a file.
type chunks struct {
	data []byte
	at   int    // where the next chunk begins
	idat []byte // the first part of the picture, as long as nobody took it
}

// next reads a chunk and checks its sum.
func (c *chunks) next() (kind string, body []byte, err error) {
	const before, after = 8, 4 // length and kind; the sum
	rest := c.data[c.at:]
	if len(rest) < before+after {
		return "", nil, fmt.Errorf("%w: it ends before IEND", ErrCorrupt)
	}
	n := binary.BigEndian.Uint32(rest)
	kind = string(rest[4:before])
	if uint64(n) > uint64(len(rest)-before-after) {
		return "", nil, fmt.Errorf("%w: %q is cut off", ErrCorrupt, kind)
	}
	end := before + int(n)
	if crc32.ChecksumIEEE(rest[4:end]) != binary.BigEndian.Uint32(rest[end:]) {
		return "", nil, fmt.Errorf("%w: %q has another checksum", ErrCorrupt, kind)
	}
	c.at += end + after
	return kind, rest[before:end:end], nil
}

// piece gives the parts of the picture, which follow each other, one by one; nil after the last.
func (c *chunks) piece() ([]byte, error) {
	if first := c.idat; first != nil {
		c.idat = nil
		return first, nil
	}
	from := c.at
	kind, body, err := c.next()
	if err == nil && kind != "IDAT" {
		c.at = from
		return nil, nil
	}
	return body, err
}

// parts gives those pieces in parts, with a look at the context before each: a long stream may hold next to nothing.
type parts struct {
	chunks
	ctx  context.Context
	left []byte // of the piece at hand
}

// next gives the next part; nil after the last.
func (p *parts) next() ([]byte, error) {
	const most = 64 << 10
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	if len(p.left) == 0 {
		var err error
		if p.left, err = p.piece(); p.left == nil {
			return nil, err
		}
	}
	n := min(most, len(p.left))
	part := p.left[:n]
	p.left = p.left[n:]
	return part, nil
}

// rest goes on to the end of the file. Parts that the picture did not need are ignored.
func (c *chunks) rest() error {
	for {
		kind, body, err := c.next()
		switch {
		case err != nil:
			return err
		case kind == "IEND" && len(body) == 0:
			return nil
		case kind == "IEND", kind == "IHDR", kind == "PLTE", kind == "tRNS":
			return fmt.Errorf("%w: %q is out of place", ErrCorrupt, kind)
		}
	}
}
