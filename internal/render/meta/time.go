package meta

import (
	"strings"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// taken is when the picture was taken, and the offset of its time zone in minutes where that is known.
func (e exif) taken() (time.Time, *int) {
	for _, tags := range [][3]uint16{
		{tagTaken, tagTakenPart, tagTakenZone},
		{tagDigitized, tagDigitPart, tagDigitZone},
	} {
		clock, ok := readClock(line(e.camera.Text(tags[0])))
		if !ok {
			continue
		}
		clock = clock.Add(part(line(e.camera.Text(tags[1]))))
		zone, err := time.Parse("Z07:00", line(e.camera.Text(tags[2])))
		if err != nil {
			return gallery.Time(clock), nil
		}
		_, seconds := zone.Zone()
		minutes := seconds / 60
		return gallery.Time(clock.Add(-time.Duration(minutes) * time.Minute)), &minutes
	}
	return time.Time{}, nil
}

// readClock reads a date and time as EXIF has them, and as some cameras write them instead.
func readClock(s string) (time.Time, bool) {
	for _, form := range []string{"2006:01:02 15:04:05", "2006-01-02 15:04:05", "2006/01/02 15:04:05"} {
		t, err := time.Parse(form, s)
		const oldestPhotograph = 1826
		if err == nil && t.Year() >= oldestPhotograph && t.Year() <= 2200 {
			return t, true
		}
	}
	return time.Time{}, false
}

// part reads the digits behind the point of a second.
func part(digits string) time.Duration {
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0
	}
	d, err := time.ParseDuration("0." + digits[:min(len(digits), 9)] + "s")
	if err != nil {
		return 0
	}
	return d
}
