package render

import (
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

func TestFactsAreThoseOfExiftool(t *testing.T) {
	tool, err := exec.LookPath("exiftool")
	if err != nil {
		t.Skip("NOT COMPARED WITH EXIFTOOL, which is not installed: apt-get install libimage-exiftool-perl, or brew install exiftool")
	}
	headers, compared := readable(t), 0
	for file, said := range exiftool(t, tool, headers) {
		got, want := ours(headers[file]), said.facts()
		for name, w := range want {
			g := strings.Join(strings.Fields(got[name]), " ")
			if !same(g, w) {
				t.Errorf("%s, %s: got %q, want %q", filepath.Base(file), name, g, w)
			}
			if w != "" {
				compared++
			}
		}
	}
	if compared < 700 {
		t.Errorf("only %d facts were there to be compared", compared)
	}
}

// ours writes facts as text.
func ours(h header) map[string]string {
	c, d := h.blocks.Capture(), h.blocks.Description()
	size := h.upright()
	m := map[string]string{
		"size": fmt.Sprint(size.X, "x", size.Y), "make": c.Make, "model": c.Model, "lens": c.Lens,
		"exposure": number(c.Exposure), "aperture": number(c.Aperture), "iso": number(float64(c.ISO)),
		"focal length": number(c.FocalLength), "direction": pointed(c.Direction), "taken": "", "offset": "",
		"title": d.Title, "caption": d.Caption, "copyright": d.Copyright, "keywords": strings.Join(d.Keywords, "|"),
		"rating": number(float64(d.Rating)),
	}
	m["latitude"], m["longitude"], m["altitude"] = placed(c.Location)
	if !c.TakenAt.IsZero() {
		m["taken"] = c.TakenAt.Format("2006:01:02 15:04:05")
	}
	if c.Offset != nil {
		m["offset"] = fmt.Sprint(*c.Offset)
	}
	return m
}

func number(v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf("%.6g", v)
}

func pointed(v *float64) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%.6g", *v)
}

func placed(l *gallery.Location) (latitude, longitude, altitude string) {
	if l == nil {
		return "", "", ""
	}
	return number(l.Latitude), number(l.Longitude), pointed(l.Altitude)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func same(got, want string) bool {
	if got == want {
		return true
	}
	var g, w float64
	_, noNumber := fmt.Sscan(got, &g)
	_, noOther := fmt.Sscan(want, &w)
	return noNumber == nil && noOther == nil && !strings.Contains(want, ":") && math.Abs(g-w) <= 2e-5*math.Abs(w)
}

// said is what exiftool says of a file, by group and name.
type said map[string]any

func exiftool(t *testing.T, tool string, headers map[string]header) map[string]said {
	t.Helper()
	args := []string{"-j", "-n", "-a", "-G1", "-charset", "iptc=cp1252"}
	for f := range headers {
		args = append(args, f)
	}
	out, err := exec.Command(tool, args...).Output()
	if len(out) == 0 {
		t.Fatalf("exiftool: %v", err)
	}
	var all []said
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	files := map[string]said{}
	for _, s := range all {
		files[s["SourceFile"].(string)] = s
	}
	return files
}

func (s said) text(names ...string) string {
	for _, name := range names {
		text := ""
		switch v := s[name].(type) {
		case []any:
			for n, part := range v {
				text += strings.Repeat("|", min(n, 1)) + fmt.Sprint(part)
			}
		case nil:
		default:
			text = fmt.Sprint(v)
		}
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			return text
		}
	}
	return ""
}

// taken is the clock of the camera, moved to UTC where its offset is known.
func (s said) taken() string {
	const form = "2006:01:02 15:04:05"
	for _, names := range [][2]string{{"DateTimeOriginal", "OffsetTimeOriginal"}, {"CreateDate", "OffsetTimeDigitized"}} {
		clock, err := time.Parse(form, s.text("ExifIFD:"+names[0]))
		if err != nil || clock.Year() > 2200 {
			continue
		}
		if zone, err := time.Parse("Z07:00", s.text("ExifIFD:"+names[1])); err == nil {
			_, offset := zone.Zone()
			clock = clock.Add(-time.Duration(offset) * time.Second)
		}
		return clock.Format(form)
	}
	return ""
}

func (s said) offset() string {
	zone, err := time.Parse("Z07:00", s.text("ExifIFD:OffsetTimeOriginal", "ExifIFD:OffsetTimeDigitized"))
	_, offset := zone.Zone()
	if err != nil || s.taken() == "" {
		return ""
	}
	return fmt.Sprint(offset / 60)
}

func (s said) number(least, most float64, names ...string) string {
	var v float64
	if _, err := fmt.Sscan(s.text(names...), &v); err != nil || v < least || v > most {
		return ""
	}
	return number(v)
}

func (s said) facts() map[string]string {
	m := map[string]string{
		"make": s.text("IFD0:Make"), "model": s.text("IFD0:Model"), "lens": s.text("ExifIFD:LensModel"),
		"exposure": s.number(1e-7, 1e6, "ExifIFD:ExposureTime"), "aperture": s.number(0.1, 1000, "ExifIFD:FNumber"),
		"iso": s.number(1, 65534, "ExifIFD:ISO"), "focal length": s.number(0.1, 1e5, "ExifIFD:FocalLength"),
		"taken":     s.taken(),
		"title":     s.text("XMP-dc:Title", "IPTC:ObjectName", "IFD0:XPTitle"),
		"caption":   s.text("XMP-dc:Description", "IPTC:Caption-Abstract", "IFD0:ImageDescription", "IFD0:XPComment"),
		"copyright": s.text("XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright"),
		"keywords":  first(s.text("XMP-dc:Subject", "IPTC:Keywords"), strings.ReplaceAll(s.text("IFD0:XPKeywords"), ";", "|")),
		"rating":    s.number(-1, 5, "XMP-xmp:Rating", "IFD0:Rating"),
		"latitude":  s.number(-90, 90, "Composite:GPSLatitude"), "longitude": s.number(-180, 180, "Composite:GPSLongitude"),
		"direction": s.number(0, 360, "GPS:GPSImgDirection"),
		"offset":    s.offset(),
	}
	if m["latitude"] != "" {
		m["altitude"] = s.text("GPS:GPSAltitude", "Composite:GPSAltitude")
	}
	if w, h := s.text("File:ImageWidth", "PNG:ImageWidth", "RIFF:ImageWidth"), s.text("File:ImageHeight", "PNG:ImageHeight", "RIFF:ImageHeight"); w != "" {
		turned := s.number(5, 8, "IFD0:Orientation") != ""
		if r := s.text("QuickTime:Rotation"); r != "" { // of HEIC, whose EXIF does not count
			turned = r == "90" || r == "270"
		}
		if turned {
			w, h = h, w
		}
		m["size"] = w + "x" + h
	}
	return m
}
