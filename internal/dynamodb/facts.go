package dynamodb

import (
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// facts is what was found out about a picture, as an attribute of its item.
type facts struct {
	Format      string      `dynamo:"format,omitempty"`
	Width       int         `dynamo:"width,omitempty"`
	Height      int         `dynamo:"height,omitempty"`
	Frames      int         `dynamo:"frames,omitempty"`
	Profile     string      `dynamo:"profile,omitempty"`
	Placeholder string      `dynamo:"placeholder,omitempty"`
	Capture     capture     `dynamo:"capture,omitempty"`
	Description description `dynamo:"description,omitempty"`
	Looks       looks       `dynamo:"looks,omitempty"`
}

// looks lacks the hash, which stands beside the facts, where an index can carry it.
type looks struct {
	Colours   []string `dynamo:"colours,omitempty"`
	Sharpness float64  `dynamo:"sharpness,omitempty"`
	Exposure  float64  `dynamo:"exposure,omitempty"`
	Quality   float64  `dynamo:"quality,omitempty"`
}

type capture struct {
	TakenAt      time.Time `dynamo:"takenAt,omitempty"`
	Offset       *int      `dynamo:"offset,omitempty"`
	Make         string    `dynamo:"make,omitempty"`
	Model        string    `dynamo:"model,omitempty"`
	Lens         string    `dynamo:"lens,omitempty"`
	Exposure     float64   `dynamo:"exposure,omitempty"`
	Aperture     float64   `dynamo:"aperture,omitempty"`
	ISO          int       `dynamo:"iso,omitempty"`
	FocalLength  float64   `dynamo:"focalLength,omitempty"`
	Location     *location `dynamo:"location,omitempty"`
	Direction    *float64  `dynamo:"direction,omitempty"`
	Orientation  int       `dynamo:"orientation,omitempty"`
	FlashFired   bool      `dynamo:"flashFired,omitempty"`
	SoftwareName string    `dynamo:"software,omitempty"`
}

type location struct {
	Latitude  float64  `dynamo:"latitude"`
	Longitude float64  `dynamo:"longitude"`
	Altitude  *float64 `dynamo:"altitude,omitempty"`
}

type description struct {
	Title     string   `dynamo:"title,omitempty"`
	Caption   string   `dynamo:"caption,omitempty"`
	Copyright string   `dynamo:"copyright,omitempty"`
	Keywords  []string `dynamo:"keywords,omitempty"`
	Rating    int      `dynamo:"rating,omitempty"`
}

func factsOf(f gallery.Facts) facts {
	c := f.Capture
	return facts{
		Format: f.Format, Width: f.Width, Height: f.Height, Frames: f.Frames, Profile: f.Profile,
		Placeholder: f.Placeholder, Description: description(f.Description),
		Looks: looks{
			Colours: f.Looks.Colours, Sharpness: f.Looks.Sharpness, Exposure: f.Looks.Exposure, Quality: f.Looks.Quality,
		},
		Capture: capture{
			TakenAt: c.TakenAt, Offset: c.Offset, Make: c.Make, Model: c.Model, Lens: c.Lens,
			Exposure: c.Exposure, Aperture: c.Aperture, ISO: c.ISO, FocalLength: c.FocalLength,
			Location: (*location)(c.Location), Direction: c.Direction, Orientation: c.Orientation,
			FlashFired: c.FlashFired, SoftwareName: c.SoftwareName,
		},
	}
}

func (f facts) facts(hash string) gallery.Facts {
	c := f.Capture
	return gallery.Facts{
		Format: f.Format, Width: f.Width, Height: f.Height, Frames: f.Frames, Profile: f.Profile,
		Placeholder: f.Placeholder, Description: gallery.Description(f.Description),
		Looks: gallery.Looks{
			Hash: hash, Colours: f.Looks.Colours, Sharpness: f.Looks.Sharpness, Exposure: f.Looks.Exposure, Quality: f.Looks.Quality,
		},
		Capture: gallery.Capture{
			TakenAt: c.TakenAt, Offset: c.Offset, Make: c.Make, Model: c.Model, Lens: c.Lens,
			Exposure: c.Exposure, Aperture: c.Aperture, ISO: c.ISO, FocalLength: c.FocalLength,
			Location: (*gallery.Location)(c.Location), Direction: c.Direction, Orientation: c.Orientation,
			FlashFired: c.FlashFired, SoftwareName: c.SoftwareName,
		},
	}
}
