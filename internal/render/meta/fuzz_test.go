package meta

import (
	"math"
	"testing"
	"unicode/utf8"
)

func FuzzCapture(f *testing.F) {
	f.Add(exifBlock(whole()))
	f.Add(exifBlock([]field{short(tagOrientation, 6)}, nil, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := Blocks{EXIF: b}.Capture()
		for _, s := range []string{c.Make, c.Model, c.Lens, c.SoftwareName} {
			kept(t, s, maxLine)
		}
		for _, n := range []float64{c.Exposure, c.Aperture, c.FocalLength, float64(c.ISO)} {
			if math.IsNaN(n) || math.IsInf(n, 0) || n < 0 {
				t.Fatalf("a number is %v", n)
			}
		}
		if l := c.Location; l != nil && !(math.Abs(l.Latitude) <= 90 && math.Abs(l.Longitude) <= 180) {
			t.Fatalf("the place is %+v", *l)
		}
		if d := c.Direction; d != nil && !(*d >= 0 && *d < 360) {
			t.Fatalf("the direction is %v", *d)
		}
		if y := c.TakenAt.Year(); !c.TakenAt.IsZero() && (y < 1825 || y > 2201) {
			t.Fatalf("it was taken in %d", y)
		}
	})
}

func FuzzDescription(f *testing.F) {
	f.Add(exifBlock(whole()))
	f.Add([]byte(packet(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">T</rdf:li></rdf:Alt></dc:title>`)))
	f.Add(dataset(5, "T"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d := Blocks{EXIF: b, XMP: b, IPTC: b}.Description()
		kept(t, d.Title, maxTitle)
		kept(t, d.Caption, maxCaption)
		kept(t, d.Copyright, maxCopyright)
		for _, k := range d.Keywords {
			kept(t, k, maxKeyword)
		}
		if len(d.Keywords) > maxKeywords || d.Rating < -1 || d.Rating > 5 {
			t.Fatalf("there are %d keywords, and %d stars", len(d.Keywords), d.Rating)
		}
		IPTC(b)
	})
}

func kept(t *testing.T, s string, most int) {
	t.Helper()
	if len(s) > most || !utf8.ValidString(s) {
		t.Fatalf("a text is %q", s)
	}
}
