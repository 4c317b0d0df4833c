package render

import (
	"bytes"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/ifd"
)

const (
	tagModel, tagSoftware         = 0x0110, 0x0131
	tagExposure, tagFNumber       = 0x829a, 0x829d
	tagTaken, tagTakenOffset      = 0x9003, 0x9011
	tagFlash, tagFocalLength      = 0x9209, 0x920a
	tagLens                       = 0xa434
	tagLatitudeRef, tagLatitude   = 1, 2
	tagLongitudeRef, tagLongitude = 3, 4
	tagAltitudeRef, tagAltitude   = 5, 6
)

func TestEXIFOfACameraBecomesFacts(t *testing.T) {
	got := develop(t, photo(t, "sunrise.jpg")).Facts.Capture
	if got.Location == nil || got.Location.Altitude == nil || got.Direction == nil {
		t.Fatalf("got %+v at %+v", got, got.Location)
	}
	place, altitude := *got.Location, *got.Location.Altitude
	if math.Abs(place.Latitude-36.597442) > 1e-6 || math.Abs(place.Longitude+4.508460) > 1e-6 || altitude != 5.8 {
		t.Errorf("got %+v, %v m, want the lighthouse of Torremolinos", place, altitude)
	}
	if *got.Direction != 7 {
		t.Errorf("it looks to %v", *got.Direction)
	}
	got.Location, got.Direction = nil, nil
	want := gallery.Capture{
		TakenAt: time.Date(2017, 10, 27, 8, 38, 52, 0, time.UTC),
		Make:    "RICOH IMAGING COMPANY, LTD.", Model: "PENTAX K-3 II", Lens: "smc PENTAX-DA* 16-50mm F2.8 ED AL [IF] SDM",
		SoftwareName: "Adobe Photoshop Lightroom Classic 12.4 (Macintosh)",
		Exposure:     1. / 200, Aperture: 5.6, ISO: 100, FocalLength: 21, Orientation: 1,
	}
	if got != want {
		t.Errorf("got %+v,\nwant %+v", got, want)
	}
}

// whole is an EXIF block with everything in it.
func whole() (first, camera, gps []field) {
	first = []field{
		text(tagMake, "  Maker\x00\x00 "), text(tagModel, "M\u00e9 \x01X"), short(tagOrientation, 1), text(tagSoftware, "1.0"),
	}
	camera = []field{
		fraction(tagExposure, 1, 250), fraction(tagFNumber, 28, 10), short(tagISO, 400),
		text(tagTaken, "2024:02:29 23:30:00"), text(tagTakenOffset, "+05:30"), short(tagFlash, 0x19),
		fraction(tagFocalLength, 35, 1), text(tagLens, "35mm"),
	}
	gps = []field{
		text(tagLatitudeRef, "S"), fraction(tagLatitude, 33, 1, 51, 1, 30, 1), text(tagLongitudeRef, "E"),
		fraction(tagLongitude, 151, 1, 12, 1, 0, 1), {tagAltitudeRef, ifd.Byte, 1, []byte{1}}, fraction(tagAltitude, 25, 2),
	}
	return first, camera, gps
}

func TestEXIFIsReadFromEveryFormatThatHasIt(t *testing.T) {
	first, camera, gps := whole()
	block := exifBlock(first, camera, gps)
	below, offset := -12.5, 330
	want := gallery.Capture{
		TakenAt: time.Date(2024, 2, 29, 18, 0, 0, 0, time.UTC), Offset: &offset,
		Make: "Maker", Model: "Mé X", Lens: "35mm", SoftwareName: "1.0",
		Exposure: 1. / 250, Aperture: 2.8, ISO: 400, FocalLength: 35, FlashFired: true, Orientation: 1,
		Location: &gallery.Location{Latitude: -(33 + 51./60 + 30./3600), Longitude: 151.2, Altitude: &below},
	}
	for name, file := range map[string][]byte{
		"JPEG": withEXIF(encoded(t, picture(20, 10), asJPEG), block),
		"PNG":  withEXIF(encoded(t, picture(20, 10), asPNG), block),
	} {
		if got := develop(t, file).Facts.Capture; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v at %+v,\nwant %+v at %+v", name, got, got.Location, want, want.Location)
		}
	}
	if got := develop(t, sample(t, "lossy.webp")).Facts.Capture; got.Make != "Darkroom" || got.Orientation != 8 {
		t.Errorf("WebP: got %+v", got)
	}
	tiff := exifBlock([]field{
		long(tagWidth, 2), long(tagHeight, 2), short(0x102, 8), short(tagCompression, 1), short(0x106, 1),
		text(tagMake, "Scanner"), long(0x111, 8), short(tagOrientation, 4), long(tagRowsPerStrip, 2), long(0x117, 4),
	}, camera, gps)
	got := develop(t, tiff).Facts.Capture
	if got.Make != "Scanner" || got.Orientation != 4 || got.ISO != 400 || got.Location == nil {
		t.Errorf("TIFF: got %+v", got)
	}
}

func TestAHostileEXIFBlockIsReadQuicklyOrNotAtAll(t *testing.T) {
	const subDirectories = 0x014a
	many := bytes.Repeat([]byte{8, 0, 0, 0}, 2400) // all of them are the first directory again
	block := exifBlock([]field{{subDirectories, ifd.Long, 2400, many}, text(tagMake, "Maker")}, nil, nil)
	for i := range 5000 {
		block = append(block, byte(i), byte(i>>8), 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)
	}
	start := time.Now()
	for _, b := range [][]byte{
		block, nil, []byte("II"), []byte("II*\x00\x08\x00\x00\x00\xff\xff"), bytes.Repeat([]byte("MM\x00*"), 9999),
	} {
		develop(t, withEXIF(encoded(t, picture(20, 10), asJPEG), b[:min(len(b), 65_000)]))
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}
