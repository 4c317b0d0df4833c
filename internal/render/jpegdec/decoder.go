package jpegdec

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// decoder is a file being decoded.
type decoder struct {
	segments
	frame
	n          int // the samples of a block are n×n
	codes      codes
	tables     tables
	quantisers quantisers
	interval   int // MCUs between restart markers, or 0
	channels   []channel
	bits       stream
	visits     int64 // how many more blocks it may visit,
	scans      int   // and in how many more scans
}

// Bounds on the work that a small file can make: a few bytes may stand for a scan of any size. Progressive photographs
// have about ten scans, which together visit each block about five times.
const (
	maxScans  = 1000
	maxVisits = 100 // of each block
)

// toScan reads up to the header of the first scan.
func (d *decoder) toScan() error {
	d.adobe = noAdobe
	if err := d.start(); err != nil {
		return err
	}
	for {
		before := d.at
		marker, body, err := d.next()
		switch {
		case err != nil:
			return err
		case marker == markerSOS && d.components != nil:
			d.at = before
			return nil
		case marker == markerSOS, marker == markerEOI:
			return corrupt("marker %#x before the frame", marker)
		}
		if err := d.read(marker, body); err != nil {
			return err
		}
	}
}

// read takes in a segment that is not a scan.
func (d *decoder) read(marker byte, body []byte) error {
	switch {
	case marker == markerDHT:
		return d.codes.readDHT(body)
	case marker == markerDQT:
		return d.quantisers.readDQT(body)
	case marker == markerDRI:
		if len(body) != 2 {
			return corrupt("restart interval of %d bytes", len(body))
		}
		d.interval = int(binary.BigEndian.Uint16(body))
	case marker == markerAPP0, marker == markerAPP14:
		d.readAPP(marker, body)
	case marker == markerDAC:
		return fmt.Errorf("%w: arithmetic", ErrUnsupported)
	case marker == markerJPG:
		return corrupt("marker %#x", marker)
	case markerSOF0 <= marker && marker <= markerSOF15:
		return d.readSOF(marker, body)
	}
	return nil
}

// decode decodes the file into d.channels.
func (d *decoder) decode(ctx context.Context) error {
	if err := d.toScan(); err != nil {
		return err
	}
	if err := d.other(); err != nil {
		return err
	}
	if err := d.admit(); err != nil {
		return err
	}
	d.channels, d.scans = newChannels(&d.frame), maxScans
	for !d.complete() {
		marker, body, err := d.next()
		switch {
		case err != nil:
			return err
		case marker == markerEOI && d.header.Progressive && d.begun():
			return d.paint(ctx)
		case marker == markerEOI:
			return corrupt("the end comes before the last scan")
		case marker == markerSOS:
			err = d.scan(ctx, body)
		default:
			err = d.read(marker, body)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// admit refuses a picture, before anything is allocated for it, that is larger than MaxPixels, or than so many bytes can
// be: a block takes at least a bit for its DC coefficient, and in sequential scans another one for its end.
func (d *decoder) admit() error {
	h := d.header
	if pixels := int64(h.Width) * int64(h.Height); pixels > MaxPixels {
		return fmt.Errorf("%w: %d pixels", ErrTooLarge, pixels)
	}
	least, filled := h.blocks()
	d.visits = maxVisits * filled
	if !h.Progressive {
		least *= 2
	}
	if int64(len(d.data))*8 < least {
		return corrupt("%d×%d pixels in %d bytes", h.Width, h.Height, len(d.data))
	}
	return nil
}

// begun says whether every component has been in a scan.
func (d *decoder) begun() bool {
	for i := range d.channels {
		if !d.channels[i].decoded {
			return false
		}
	}
	return true
}

// complete says whether nothing that follows can matter. A progressive picture has no last scan.
func (d *decoder) complete() bool { return !d.header.Progressive && d.begun() }

// scan decodes a scan. A file that makes too much work of its blocks ends here.
func (d *decoder) scan(ctx context.Context, body []byte) error {
	s, err := d.readSOS(body)
	if err != nil {
		return err
	}
	d.scans--
	d.visits -= s.blocks(d.header)
	if d.scans < 0 || d.visits < 0 {
		return corrupt("too many scans")
	}
	if d.header.Progressive {
		return d.progressive(ctx, s)
	}
	return d.sequential(ctx, s)
}

// picture returns what was decoded.
func (d *decoder) picture() planar.Picture {
	p := planar.Picture{Y: d.channels[0].plane(d.n)}
	if len(d.channels) == 3 {
		p.Cb, p.Cr = d.channels[1].plane(d.n), d.channels[2].plane(d.n)
	}
	return p
}
