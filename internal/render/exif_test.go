package render

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

const (
	tagMake, tagModel, tagSoftware = 0x010f, 0x0110, 0x0131
	tagExposure, tagFNumber        = 0x829a, 0x829d
	tagISO, tagRecommendedIndex    = 0x8827, 0x8832
	tagTaken, tagDigitized         = 0x9003, 0x9004
	tagTakenOffset                 = 0x9011
	tagFlash, tagFocalLength       = 0x9209, 0x920a
	tagLens                        = 0xa434
)

func TestEXIFOfACameraBecomesFacts(t *testing.T) {
	got := develop(t, photo(t, "sunrise.jpg")).Facts.Capture
	if got.Location == nil || got.Location.Altitude == nil {
		t.Fatalf("got %+v at %+v", got, got.Location)
	}
	place, altitude := *got.Location, *got.Location.Altitude
	if math.Abs(place.Latitude-36.597442) > 1e-6 || math.Abs(place.Longitude+4.508460) > 1e-6 || altitude != 5.8 {
		t.Errorf("got %+v, %v m, want the lighthouse of Torremolinos", place, altitude)
	}
	got.Location = nil
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
		fraction(tagLongitude, 151, 1, 12, 1, 0, 1), {tagAltitudeRef, typeByte, 1, []byte{1}}, fraction(tagAltitude, 25, 2),
	}
	return first, camera, gps
}

func TestEXIFIsReadFromEveryFormatThatHasIt(t *testing.T) {
	first, camera, gps := whole()
	block := exifBlock(first, camera, gps)
	below := -12.5
	want := gallery.Capture{
		TakenAt: time.Date(2024, 2, 29, 18, 0, 0, 0, time.UTC), OffsetKnown: true,
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

func TestAbsurdFactsAreUnknown(t *testing.T) {
	nan := []byte("\x00\x00\x00\x00\x00\x00\xf8\x7f")
	replace := func(fields []field, with field) []field {
		out := append([]field{}, fields...)
		for i := range out {
			if out[i].tag == with.tag {
				out[i] = with
			}
		}
		return out
	}
	tests := []struct {
		name   string
		gps    bool
		with   field
		absent func(gallery.Capture) bool
	}{
		{"a date of zeros", false, text(tagTaken, "0000:00:00 00:00:00"), noTime},
		{"a date of spaces", false, text(tagTaken, "    :  :     :  :  "), noTime},
		{"the 30th of February", false, text(tagTaken, "2024:02:30 10:00:00"), noTime},
		{"a date before photography", false, text(tagTaken, "1492:10:12 10:00:00"), noTime},
		{"a date of numbers", false, short(tagTaken, 2024), noTime},
		{"an offset of nonsense", false, text(tagTakenOffset, "+ab:cd"), local},
		{"an offset of days", false, text(tagTakenOffset, "+99:00"), local},
		{"an exposure over nothing", false, fraction(tagExposure, 1, 0), noExposure},
		{"an exposure of nothing", false, fraction(tagExposure, 0, 1), noExposure},
		{"an exposure of nothing over nothing", false, fraction(tagExposure, 0, 0), noExposure},
		{"an exposure of a century", false, fraction(tagExposure, 4_000_000_000, 1), noExposure},
		{"an aperture that is not a number", false, field{tagFNumber, 12, 1, nan}, noAperture},
		{"an infinite aperture", false, field{tagFNumber, 11, 1, []byte("\x00\x00\x80\x7f")}, noAperture},
		{"a sensitivity in words", false, text(tagISO, "high"), noISO},
		{"a lens of 60 KB", false, text(tagLens, strings.Repeat("x", 50_000)), noLens},
		{"a latitude beyond the pole", true, fraction(tagLatitude, 91, 1, 0, 1, 0, 1), noPlace},
		{"a latitude over nothing", true, fraction(tagLatitude, 33, 0, 51, 0, 0, 0), noPlace},
		{"seconds over nothing", true, fraction(tagLatitude, 33, 1, 51, 1, 0, 0), noPlace},
		{"a latitude of two numbers", true, fraction(tagLatitude, 33, 1, 51, 1), noPlace},
		{"a hundred minutes", true, fraction(tagLatitude, 33, 1, 100, 1, 0, 1), noPlace},
		{"a longitude beyond the date line", true, fraction(tagLongitude, 181, 1, 0, 1, 0, 1), noPlace},
		{"no hemisphere", true, text(tagLatitudeRef, ""), noPlace},
		{"a hemisphere that there is not", true, text(tagLongitudeRef, "Q"), noPlace},
		{"an altitude over nothing", true, fraction(tagAltitude, 1, 0), noAltitude},
		{"an altitude in space", true, fraction(tagAltitude, 400_000, 1), noAltitude},
		{"an altitude inside the Earth", true, fraction(tagAltitude, 50_000, 1), noAltitude},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			first, camera, gps := whole()
			if tt.gps {
				gps = replace(gps, tt.with)
			} else {
				camera = replace(camera, tt.with)
			}
			got := readCapture(header{exif: exifBlock(first, camera, gps)})
			if !tt.absent(got) || got.Make != "Maker" {
				t.Errorf("got %+v at %+v", got, got.Location)
			}
		})
	}
}

func noTime(c gallery.Capture) bool     { return c.TakenAt.IsZero() && !c.OffsetKnown }
func local(c gallery.Capture) bool      { return c.TakenAt.Hour() == 23 && !c.OffsetKnown }
func noExposure(c gallery.Capture) bool { return c.Exposure == 0 }
func noAperture(c gallery.Capture) bool { return c.Aperture == 0 }
func noISO(c gallery.Capture) bool      { return c.ISO == 0 }
func noLens(c gallery.Capture) bool     { return c.Lens == "" }
func noPlace(c gallery.Capture) bool    { return c.Location == nil }
func noAltitude(c gallery.Capture) bool { return c.Location != nil && c.Location.Altitude == nil }

func TestEXIFHasSecondChoices(t *testing.T) {
	c := readCapture(header{exif: exifBlock(nil, []field{
		short(tagISO, 65535), long(tagRecommendedIndex, 102_400), text(tagDigitized, "1999:12:31 23:59:59"),
	}, nil)})
	if c.ISO != 102_400 || !c.TakenAt.Equal(time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC)) {
		t.Errorf("got ISO %d, taken %v", c.ISO, c.TakenAt)
	}
}

func TestTextsAreCutBetweenLetters(t *testing.T) {
	long := "x" + strings.Repeat("é", 150)
	c := readCapture(header{exif: exifBlock([]field{text(tagMake, long), text(tagModel, "a\xff\xfeb")}, nil, nil)})
	if want := "x" + strings.Repeat("é", 99); c.Make != want || c.Model != "ab" {
		t.Errorf("got %q, %q", c.Make, c.Model)
	}
}

func TestNullIslandIsNowhere(t *testing.T) {
	gps := []field{
		text(tagLatitudeRef, "N"), fraction(tagLatitude, 0, 1, 0, 1, 0, 1),
		text(tagLongitudeRef, "E"), fraction(tagLongitude, 0, 1, 0, 1, 0, 1),
	}
	if l := readLocation(exifBlock(nil, nil, gps)); l != nil {
		t.Errorf("got %+v", l)
	}
	first, camera, void := whole()
	if l := readLocation(exifBlock(first, camera, append(void, text(tagStatus, "V")))); l != nil {
		t.Errorf("without satellites: got %+v", l)
	}
}

func TestAHostileEXIFBlockIsReadQuicklyOrNotAtAll(t *testing.T) {
	const subDirectories = 0x014a
	many := bytes.Repeat([]byte{8, 0, 0, 0}, 2400) // all of them are the first directory again
	block := exifBlock([]field{{subDirectories, typeLong, 2400, many}, text(tagMake, "Maker")}, nil, nil)
	for i := range 5000 {
		block = append(block, byte(i), byte(i>>8), 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)
	}
	start := time.Now()
	for _, b := range [][]byte{
		block, nil, []byte("II"), []byte("II*\x00\x08\x00\x00\x00\xff\xff"), bytes.Repeat([]byte("MM\x00*"), 9999),
	} {
		develop(t, withEXIF(encoded(t, picture(20, 10), asJPEG), b[:min(len(b), 65_000)]))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestAPanicInTheParserIsAnError(t *testing.T) {
	if err := shielded(func() error { panic("boo") }); err == nil || !strings.Contains(err.Error(), "boo") {
		t.Errorf("got %v", err)
	}
}
