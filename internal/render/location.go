package render

import "github.com/darkroom/darkroom/gallery"

// The tags of the GPS directory.
const (
	tagLatitudeRef  = 1
	tagLatitude     = 2
	tagLongitudeRef = 3
	tagLongitude    = 4
	tagAltitudeRef  = 5
	tagAltitude     = 6
	tagStatus       = 9
)

// readLocation reads where a picture was taken; nil when the block does not say, or not credibly. It does so by itself:
// the EXIF parser takes a denominator of zero, which is how cameras write "no fix", for zero degrees.
func readLocation(exif []byte) *gallery.Location {
	f, first := openTIFF(exif)
	offset, ok := f.number(first, tagGPS)
	if !ok {
		return nil
	}
	gps := f.directory(offset)
	latitude, north := f.degrees(gps, tagLatitude, 90)
	longitude, east := f.degrees(gps, tagLongitude, 180)
	northing := sign(gps.letter(tagLatitudeRef), 'N', 'S')
	easting := sign(gps.letter(tagLongitudeRef), 'E', 'W')
	const void = 'V' // the receiver had lost its satellites
	if !north || !east || northing == 0 || easting == 0 || gps.letter(tagStatus) == void {
		return nil
	}
	if latitude == 0 && longitude == 0 { // an unset receiver, not the Gulf of Guinea
		return nil
	}
	return &gallery.Location{Latitude: northing * latitude, Longitude: easting * longitude, Altitude: f.altitude(gps)}
}

// degrees gives an angle written as degrees, minutes and seconds.
func (f tiffFile) degrees(gps directory, tag uint16, most float64) (float64, bool) {
	v, ok := f.fractions(gps, tag, 3)
	if !ok || v[1] > 60 || v[2] > 60 {
		return 0, false
	}
	d := v[0] + v[1]/60 + v[2]/3600
	return d, d <= most
}

// altitude gives metres above the sea; nil when unknown, or where no camera can be.
func (f tiffFile) altitude(gps directory) *float64 {
	v, ok := f.fractions(gps, tagAltitude, 1)
	if !ok || v[0] > 100_000 {
		return nil
	}
	const below = 1
	if ref, _ := f.number(gps, tagAltitudeRef); ref == below {
		v[0] = -v[0]
	}
	if v[0] < -12_000 {
		return nil
	}
	return &v[0]
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
