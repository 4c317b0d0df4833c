package meta

import (
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/ifd"
)

// The tags of the receiver's directory.
const (
	tagLatitudeRef  = 1
	tagLatitude     = 2
	tagLongitudeRef = 3
	tagLongitude    = 4
	tagAltitudeRef  = 5
	tagAltitude     = 6
	tagStatus       = 9
	tagDirection    = 17
)

// location gives where a picture was taken; nil when the receiver does not say, or not credibly. A denominator of zero is
// how cameras write "no fix".
func location(f ifd.File, gps ifd.Directory) *gallery.Location {
	latitude, north := degrees(f, gps, tagLatitude, 90)
	longitude, east := degrees(f, gps, tagLongitude, 180)
	northing := sign(letter(gps, tagLatitudeRef), 'N', 'S')
	easting := sign(letter(gps, tagLongitudeRef), 'E', 'W')
	const void = 'V' // the receiver had lost its satellites
	if !north || !east || northing == 0 || easting == 0 || letter(gps, tagStatus) == void {
		return nil
	}
	if latitude == 0 && longitude == 0 { // an unset receiver, not the Gulf of Guinea
		return nil
	}
	return &gallery.Location{Latitude: northing * latitude, Longitude: easting * longitude, Altitude: altitude(f, gps)}
}

// degrees gives an angle written as degrees, minutes and seconds.
func degrees(f ifd.File, gps ifd.Directory, tag uint16, most float64) (float64, bool) {
	v, ok := f.Fractions(gps, tag, 3)
	if !ok || v[0] < 0 || v[1] < 0 || v[2] < 0 || v[1] > 60 || v[2] > 60 {
		return 0, false
	}
	d := v[0] + v[1]/60 + v[2]/3600
	return d, d <= most
}

// altitude gives metres above the sea; nil when unknown, or where no camera can be.
func altitude(f ifd.File, gps ifd.Directory) *float64 {
	v, ok := f.Fractions(gps, tagAltitude, 1)
	if !ok || v[0] > 100_000 {
		return nil
	}
	const below = 1
	if ref, _ := f.Number(gps, tagAltitudeRef); ref == below {
		v[0] = -v[0]
	}
	if v[0] < -12_000 {
		return nil
	}
	return &v[0]
}

// direction gives where the camera looked, in degrees clockwise from the north that the receiver goes by; nil when it
// does not say.
func direction(f ifd.File, gps ifd.Directory) *float64 {
	v, ok := f.Fractions(gps, tagDirection, 1)
	if !ok || v[0] < 0 || v[0] > 360 {
		return nil
	}
	if v[0] == 360 {
		v[0] = 0
	}
	return &v[0]
}

// letter gives the first letter of a text.
func letter(d ifd.Directory, tag uint16) byte {
	if text := d.Text(tag); len(text) >= 1 {
		return text[0]
	}
	return 0
}

func sign(letter, plus, minus byte) float64 {
	switch letter {
	case plus:
		return 1
	case minus:
		return -1
	}
	return 0
}
