package dynamodb

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// fact is one of the facts, by the name that it is stored under.
type fact struct {
	name  string
	write func(*gallery.Facts) []string // nothing when it is unknown
	read  func(*gallery.Facts, string) error
}

// allFacts are the facts in the order in which they are stored. A fact that is missing here fails the test that stores
// everything there is to know about a picture.
var allFacts = []fact{
	text("Format", func(f *gallery.Facts) *string { return &f.Format }),
	integer("Width", func(f *gallery.Facts) *int { return &f.Width }),
	integer("Height", func(f *gallery.Facts) *int { return &f.Height }),
	integer("Frames", func(f *gallery.Facts) *int { return &f.Frames }),
	text("Profile", func(f *gallery.Facts) *string { return &f.Profile }),
	text("Placeholder", func(f *gallery.Facts) *string { return &f.Placeholder }),
	{"TakenAt", writeTakenAt, readTakenAt},
	optional("Offset", func(f *gallery.Facts) **int { return &f.Capture.Offset }, strconv.Itoa, strconv.Atoi),
	text("Make", func(f *gallery.Facts) *string { return &f.Capture.Make }),
	text("Model", func(f *gallery.Facts) *string { return &f.Capture.Model }),
	text("Lens", func(f *gallery.Facts) *string { return &f.Capture.Lens }),
	number("ExposureTime", func(f *gallery.Facts) *float64 { return &f.Capture.Exposure }),
	number("Aperture", func(f *gallery.Facts) *float64 { return &f.Capture.Aperture }),
	integer("ISO", func(f *gallery.Facts) *int { return &f.Capture.ISO }),
	number("FocalLength", func(f *gallery.Facts) *float64 { return &f.Capture.FocalLength }),
	{"Location", writeLocation, readLocation},
	optional("Direction", func(f *gallery.Facts) **float64 { return &f.Capture.Direction }, decimal, parsed),
	integer("Orientation", func(f *gallery.Facts) *int { return &f.Capture.Orientation }),
	value("FlashFired", func(f *gallery.Facts) *bool { return &f.Capture.FlashFired }, strconv.FormatBool, strconv.ParseBool),
	text("SoftwareName", func(f *gallery.Facts) *string { return &f.Capture.SoftwareName }),
	text("Title", func(f *gallery.Facts) *string { return &f.Description.Title }),
	text("Caption", func(f *gallery.Facts) *string { return &f.Description.Caption }),
	text("Copyright", func(f *gallery.Facts) *string { return &f.Description.Copyright }),
	texts("Keyword", func(f *gallery.Facts) *[]string { return &f.Description.Keywords }),
	integer("Rating", func(f *gallery.Facts) *int { return &f.Description.Rating }),
	texts("Colour", func(f *gallery.Facts) *[]string { return &f.Looks.Colours }),
	text("Hash", func(f *gallery.Facts) *string { return &f.Looks.Hash }),
	number("Sharpness", func(f *gallery.Facts) *float64 { return &f.Looks.Sharpness }),
	number("Exposure", func(f *gallery.Facts) *float64 { return &f.Looks.Exposure }),
	number("Quality", func(f *gallery.Facts) *float64 { return &f.Looks.Quality }),
}

// factFrom finds a fact by its name, from where the one before was found: they are read in the order in which they are
// stored, so it is seldom far.
func factFrom(at int, name string) (int, bool) {
	named := func(x fact) bool { return x.name == name }
	if n := slices.IndexFunc(allFacts[at:], named); n >= 0 {
		return at + n, true
	}
	if n := slices.IndexFunc(allFacts[:at], named); n >= 0 {
		return n, true
	}
	return at, false
}

// value is a fact whose zero value is unknown.
func value[T comparable](name string, at func(*gallery.Facts) *T, format func(T) string, parse func(string) (T, error)) fact {
	var unknown T
	return fact{
		name,
		func(f *gallery.Facts) []string { return unless(*at(f) == unknown, format(*at(f))) },
		func(f *gallery.Facts, value string) (err error) {
			*at(f), err = parse(value)
			return err
		},
	}
}

func text(name string, at func(*gallery.Facts) *string) fact { return value(name, at, same, asIs) }

func integer(name string, at func(*gallery.Facts) *int) fact {
	return value(name, at, strconv.Itoa, strconv.Atoi)
}

func number(name string, at func(*gallery.Facts) *float64) fact {
	return value(name, at, decimal, parsed)
}

// optional is a fact that is nil when it is unknown.
func optional[T any](name string, at func(*gallery.Facts) **T, format func(T) string, parse func(string) (T, error)) fact {
	return fact{
		name,
		func(f *gallery.Facts) []string {
			if *at(f) == nil {
				return nil
			}
			return []string{format(**at(f))}
		},
		func(f *gallery.Facts, value string) error {
			v, err := parse(value)
			*at(f) = &v
			return err
		},
	}
}

// texts is a list, stored as many times as it is long.
func texts(name string, at func(*gallery.Facts) *[]string) fact {
	return fact{
		name,
		func(f *gallery.Facts) []string { return *at(f) },
		func(f *gallery.Facts, value string) error {
			if *at(f) == nil {
				*at(f) = make([]string, 0, 5) // as many as a picture has colours
			}
			*at(f) = append(*at(f), value)
			return nil
		},
	}
}

func writeTakenAt(f *gallery.Facts) []string {
	return unless(f.Capture.TakenAt.IsZero(), f.Capture.TakenAt.Format(time.RFC3339Nano))
}

func readTakenAt(f *gallery.Facts, value string) (err error) {
	f.Capture.TakenAt, err = time.Parse(time.RFC3339Nano, value)
	return err
}

// A location is its latitude, its longitude and, where it is known, its altitude, with a comma between.
func writeLocation(f *gallery.Facts) []string {
	l := f.Capture.Location
	if l == nil {
		return nil
	}
	place := decimal(l.Latitude) + "," + decimal(l.Longitude)
	if l.Altitude != nil {
		place += "," + decimal(*l.Altitude)
	}
	return []string{place}
}

func readLocation(f *gallery.Facts, value string) error {
	texts := strings.Split(value, ",")
	numbers := make([]float64, len(texts))
	for n, text := range texts {
		var err error
		if numbers[n], err = parsed(text); err != nil {
			return err
		}
	}
	switch len(numbers) {
	case 2:
		f.Capture.Location = &gallery.Location{Latitude: numbers[0], Longitude: numbers[1]}
	case 3:
		f.Capture.Location = &gallery.Location{Latitude: numbers[0], Longitude: numbers[1], Altitude: &numbers[2]}
	default:
		return fmt.Errorf("%.100q is not a location", value)
	}
	return nil
}

func unless(unknown bool, value string) []string {
	if unknown {
		return nil
	}
	return []string{value}
}

func same(s string) string { return s }

func asIs(s string) (string, error) { return s, nil }

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func parsed(s string) (float64, error) { return strconv.ParseFloat(s, 64) }
