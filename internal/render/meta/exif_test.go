package meta

import (
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/ifd"
)

func capture(exif []byte) gallery.Capture { return Blocks{EXIF: exif}.Capture() }

func place(exif []byte) *gallery.Location { return capture(exif).Location }

// whole is an EXIF block with everything in it.
func whole() (first, camera, gps []field) {
	first = []field{
		text(tagMake, "  Maker\x00\x00 "), text(tagModel, "M\u00e9 \x01X"), short(tagOrientation, 1), text(tagSoftware, "1.0"),
	}
	camera = []field{
		fraction(tagExposure, 1, 250), fraction(tagFNumber, 28, 10), short(tagISO, 400),
		text(tagTaken, "2024:02:29 23:30:00"), text(tagTakenZone, "+05:30"), short(tagFlash, 0x19),
		fraction(tagFocalLength, 35, 1), text(tagLens, "35mm"),
	}
	gps = []field{
		text(tagLatitudeRef, "S"), fraction(tagLatitude, 33, 1, 51, 1, 30, 1), text(tagLongitudeRef, "E"),
		fraction(tagLongitude, 151, 1, 12, 1, 0, 1), {tagAltitudeRef, ifd.Byte, 1, []byte{1}}, fraction(tagAltitude, 25, 2),
	}
	return first, camera, gps
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
		{"an offset of nonsense", false, text(tagTakenZone, "+ab:cd"), local},
		{"an offset of days", false, text(tagTakenZone, "+99:00"), local},
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
			got := capture(exifBlock(first, camera, gps))
			if !tt.absent(got) || got.Make != "Maker" {
				t.Errorf("got %+v at %+v", got, got.Location)
			}
		})
	}
}

func noTime(c gallery.Capture) bool     { return c.TakenAt.IsZero() && c.Offset == nil }
func local(c gallery.Capture) bool      { return c.TakenAt.Hour() == 23 && c.Offset == nil }
func noExposure(c gallery.Capture) bool { return c.Exposure == 0 }
func noAperture(c gallery.Capture) bool { return c.Aperture == 0 }
func noISO(c gallery.Capture) bool      { return c.ISO == 0 }
func noLens(c gallery.Capture) bool     { return c.Lens == "" }
func noPlace(c gallery.Capture) bool    { return c.Location == nil }
func noAltitude(c gallery.Capture) bool { return c.Location != nil && c.Location.Altitude == nil }

func TestEXIFHasSecondChoices(t *testing.T) {
	c := capture(exifBlock(nil, []field{
		short(tagISO, 65535), long(tagIndex, 102_400), text(tagDigitized, "1999:12:31 23:59:59"),
	}, nil))
	if c.ISO != 102_400 || !c.TakenAt.Equal(time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC)) {
		t.Errorf("got ISO %d, taken %v", c.ISO, c.TakenAt)
	}
}

func TestTextsAreCutBetweenLetters(t *testing.T) {
	long := "x" + strings.Repeat("é", 150)
	c := capture(exifBlock([]field{text(tagMake, long), text(tagModel, "a\xff\xfeb")}, nil, nil))
	if want := "x" + strings.Repeat("é", 99); c.Make != want || c.Model != "aÿþb" {
		t.Errorf("got %q, %q", c.Make, c.Model)
	}
}

func TestNullIslandIsNowhere(t *testing.T) {
	gps := []field{
		text(tagLatitudeRef, "N"), fraction(tagLatitude, 0, 1, 0, 1, 0, 1),
		text(tagLongitudeRef, "E"), fraction(tagLongitude, 0, 1, 0, 1, 0, 1),
	}
	if l := place(exifBlock(nil, nil, gps)); l != nil {
		t.Errorf("got %+v", l)
	}
	first, camera, void := whole()
	if l := place(exifBlock(first, camera, append(void, text(tagStatus, "V")))); l != nil {
		t.Errorf("without satellites: got %+v", l)
	}
}
