// Package meta reads what a file says about its picture beside the pixels: what the camera wrote down, and what people
// wrote about it.
//
// It believes nothing. What is absent, absurd or unreadable stays unknown, and whatever the bytes are, reading them is
// bounded: four directories of EXIF, a million bytes of XMP, no entity, no link followed twice.
package meta

import (
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/colour"
	"github.com/darkroom/darkroom/internal/render/ifd"
)

// Blocks are the parts of a file that are not its picture, each as it stands there; nil where there is none.
type Blocks struct {
	EXIF []byte      // built as TIFF
	XMP  []byte      // RDF, written as XML
	IPTC []byte      // datasets of the Information Interchange Model
	ICC  []byte      // the colour profile
	Code colour.Code // the colours by number, where they are not described by a profile
}

// The tags of the first directory, and of the camera's own.
const (
	tagDescription  = 0x010e
	tagMake         = 0x010f
	tagModel        = 0x0110
	tagOrientation  = 0x0112
	tagSoftware     = 0x0131
	tagRating       = 0x4746
	tagCopyright    = 0x8298
	tagExposure     = 0x829a
	tagFNumber      = 0x829d
	tagCamera       = 0x8769 // where the camera's directory is
	tagISO          = 0x8827
	tagGPS          = 0x8825 // where the receiver's directory is
	tagIndex        = 0x8832 // the recommended exposure index
	tagISOSpeed     = 0x8833
	tagTaken        = 0x9003
	tagDigitized    = 0x9004
	tagTakenZone    = 0x9011
	tagDigitZone    = 0x9012
	tagTakenPart    = 0x9291 // of a second, its digits
	tagDigitPart    = 0x9292
	tagFlash        = 0x9209
	tagFocalLength  = 0x920a
	tagColourSpace  = 0xa001
	tagInterop      = 0xa005 // where the directory of interoperability is
	tagLens         = 0xa434
	tagXPTitle      = 0x9c9b
	tagXPComment    = 0x9c9c
	tagXPKeywords   = 0x9c9e
	tagInteropIndex = 0x0001
)

// exif is an EXIF block's directories.
type exif struct {
	file          ifd.File
	first, camera ifd.Directory
}

func openEXIF(block []byte) exif {
	f, first := ifd.Open(block)
	return exif{file: f, first: first, camera: sub(f, first, tagCamera)}
}

// sub is the directory that a tag of another one points at; empty where there is none.
func sub(f ifd.File, d ifd.Directory, tag uint16) ifd.Directory {
	offset, ok := f.Number(d, tag)
	if !ok {
		return nil
	}
	return f.Directory(offset)
}

// Orientation gives how the picture says it was stored: 1..8, or 0 when it does not say.
func (b Blocks) Orientation() int {
	f, d := ifd.Open(b.EXIF)
	if v, ok := f.Number(d, tagOrientation); ok && v >= 1 && v <= 8 {
		return int(v)
	}
	return 0
}

// AdobeRGB tells whether the camera says, in the one way that EXIF has for it, that the colours are Adobe RGB's.
func (b Blocks) AdobeRGB() bool {
	const uncalibrated = 0xffff
	e := openEXIF(b.EXIF)
	space, _ := e.file.Number(e.camera, tagColourSpace)
	index := sub(e.file, e.camera, tagInterop).Text(tagInteropIndex)
	return space == uncalibrated && len(index) >= 3 && string(index[:3]) == "R03"
}

// Capture gives what the camera wrote down.
func (b Blocks) Capture() gallery.Capture {
	e := openEXIF(b.EXIF)
	c := gallery.Capture{
		Make: line(e.first.Text(tagMake)), Model: line(e.first.Text(tagModel)), Lens: line(e.camera.Text(tagLens)),
		SoftwareName: line(e.first.Text(tagSoftware)),
		Exposure:     e.number(tagExposure, 1e-7, 1e6),
		Aperture:     e.number(tagFNumber, 0.1, 1000),
		FocalLength:  e.number(tagFocalLength, 0.1, 1e5),
		ISO:          e.iso(),
		FlashFired:   int(e.number(tagFlash, 0, 0xff))&1 == 1,
		Orientation:  b.Orientation(),
	}
	c.TakenAt, c.Offset = e.taken()
	gps := sub(e.file, e.first, tagGPS)
	c.Location, c.Direction = location(e.file, gps), direction(e.file, gps)
	return c
}

// number gives a number of the camera's; 0 when it is outside the bounds, both of which are inside.
func (e exif) number(tag uint16, least, most float64) float64 {
	if n, ok := e.file.Real(e.camera, tag); ok && n >= least && n <= most {
		return n
	}
	return 0
}

// iso is the sensitivity. Its own tag holds 16 bits; what is beyond stands in younger ones.
func (e exif) iso() int {
	const full = 0xffff
	iso := e.number(tagISO, 1, full)
	for _, tag := range []uint16{tagIndex, tagISOSpeed} {
		if iso == 0 || iso == full {
			iso = max(iso, e.number(tag, 1, 1e8))
		}
	}
	return int(iso)
}
