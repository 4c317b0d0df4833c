package render

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bep/imagemeta"

	"github.com/darkroom/darkroom/gallery"
)

// The bounds of reading an EXIF block. Every tag costs the parser about a page of reading.
const (
	maxEXIFRead = 16 << 20
	maxEXIFTags = 2000
	maxEXIFText = 200 // bytes of a text that is kept
)

// readCapture reads what the camera wrote down. What is absent, absurd or unreadable stays unknown: nothing here can fail
// a picture.
func readCapture(h header) gallery.Capture {
	c := gallery.Capture{Orientation: h.orientation}
	if h.exif == nil {
		return c
	}
	c.Location = readLocation(h.exif)
	tags := readTags(h.exif)
	c.TakenAt, c.OffsetKnown = tags.taken()
	c.Make, c.Model, c.Lens = tags.text("Make"), tags.text("Model"), tags.text("LensModel")
	c.SoftwareName = tags.text("Software")
	c.Exposure = tags.number("ExposureTime", 1e-7, 1e6)
	c.Aperture = tags.number("FNumber", 0.1, 1000)
	c.FocalLength = tags.number("FocalLength", 0.1, 1e5)
	c.ISO = tags.iso()
	c.FlashFired = int(tags.number("Flash", 0, 0xff))&1 == 1
	return c
}

// tags is values of EXIF by the parser's names for them.
type tags map[string]any

// readTags reads the tags that readCapture asks for, of a tag given twice the first. It returns what it could read.
func readTags(block []byte) tags {
	wanted := map[string]bool{
		"Make": true, "Model": true, "LensModel": true, "Software": true,
		"DateTimeOriginal": true, "OffsetTimeOriginal": true, "CreateDate": true, "OffsetTimeDigitized": true,
		"ExposureTime": true, "FNumber": true, "FocalLength": true, "Flash": true,
		"ISO": true, "RecommendedExposureIndex": true, "ISOSpeed": true,
	}
	found := tags{}
	options := imagemeta.Options{
		R:            &metered{ReadSeeker: bytes.NewReader(block), left: maxEXIFRead},
		ImageFormat:  imagemeta.TIFF, // which every EXIF block is, wherever it was found
		Sources:      imagemeta.EXIF,
		LimitNumTags: maxEXIFTags,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			return wanted[t.Tag] && strings.HasPrefix(t.Namespace, "IFD0")
		},
		HandleTag: func(t imagemeta.TagInfo) error {
			if _, twice := found[t.Tag]; !twice {
				found[t.Tag] = t.Value
			}
			return nil
		},
	}
	// Its errors, and the panics that become errors here, mean that the rest of the block is not to be read.
	_ = shielded(func() error { _, err := imagemeta.Decode(options); return err })
	return found
}

func shielded(parse func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the EXIF parser panicked: %v", p)
		}
	}()
	return parse()
}

// metered ends after a number of bytes, wherever in the block they were read: directories can refer to each other again
// and again.
type metered struct {
	io.ReadSeeker
	left int
}

func (m *metered) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := m.ReadSeeker.Read(p)
	m.left -= n
	return n, err
}

// taken is when the picture was taken, and whether its time zone is known.
func (t tags) taken() (time.Time, bool) {
	for _, name := range [][2]string{
		{"DateTimeOriginal", "OffsetTimeOriginal"},
		{"CreateDate", "OffsetTimeDigitized"},
	} {
		clock, err := time.Parse("2006:01:02 15:04:05", t.text(name[0]))
		if err != nil || clock.Year() < 1826 || clock.Year() > 2200 { // 1826: the oldest photograph
			continue
		}
		zone, err := time.Parse("Z07:00", t.text(name[1]))
		if err != nil {
			return gallery.Time(clock), false
		}
		_, offset := zone.Zone()
		return gallery.Time(clock.Add(-time.Duration(offset) * time.Second)), true
	}
	return time.Time{}, false
}

// iso is the sensitivity. Its own tag holds 16 bits; what is beyond stands in younger ones.
func (t tags) iso() int {
	const full = 0xffff
	iso := t.number("ISO", 1, full)
	for _, name := range []string{"RecommendedExposureIndex", "ISOSpeed"} {
		if iso == 0 || iso == full {
			iso = max(iso, t.number(name, 1, 1e8))
		}
	}
	return int(iso)
}

// text gives a text without surrounding space and control characters, cut to what is kept.
func (t tags) text(name string) string {
	s, ok := t[name].(string)
	if !ok {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError { // an error is what an invalid byte becomes
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	return strings.TrimSpace(strings.ToValidUTF8(s[:min(len(s), maxEXIFText)], ""))
}

// number gives the first number of a tag; 0 when it is outside the bounds, both of which are inside.
func (t tags) number(name string, least, most float64) float64 {
	value := t[name]
	if list, ok := value.([]any); ok && len(list) > 0 {
		value = list[0]
	}
	n := math.NaN()
	switch v := value.(type) {
	case uint8:
		n = float64(v)
	case uint16:
		n = float64(v)
	case uint32:
		n = float64(v)
	case float64:
		n = v
	case interface{ Float64() float64 }:
		n = v.Float64()
	}
	if n >= least && n <= most { // NaN is neither
		return n
	}
	return 0
}
