package gallery

import "time"

// Facts is what processing found out about a picture. Zero values are unknown.
type Facts struct {
	Format        string // "jpeg", "png", "gif", "webp", "bmp", "tiff", "heic", "avif", "raw"
	Width, Height int    // of the original in pixels, upright
	Frames        int    // 1, or how many an animation has, of which the first is shown
	Profile       string // the name of the colour profile that the file carries
	Placeholder   string // a ThumbHash, base64
	Capture       Capture
	Description   Description
	Looks         Looks
}

// Seen tells whether the picture itself has been looked at, not only the beginning of its file.
func (f Facts) Seen() bool { return f.Format != "" }

// Looks is what a picture looks like, in numbers. Scores are from 0 to 1.
type Looks struct {
	Colours   []string // #rrggbb, the one that there is most of first
	Hash      string   // 64 bits in hexadecimal, few of which differ between pictures of the same thing
	Sharpness float64  // how much of the contrast is in the finest detail
	Exposure  float64  // how little is lost in the dark or burnt out
	Quality   float64  // orders pictures of the same scene by how well they have turned out
}

// Capture is what the camera wrote down when it took the picture (EXIF).
type Capture struct {
	// TakenAt is the instant, where the camera gave the time zone; else its clock read as UTC, since nothing better is
	// known. Either way TakenAt and Offset together give back what the clock showed.
	TakenAt      time.Time
	Offset       *int   // minutes east of UTC; nil when the camera did not say
	Make, Model  string // of the camera, without surrounding space
	Lens         string
	Exposure     float64 // seconds
	Aperture     float64 // the f-number
	ISO          int
	FocalLength  float64   // millimetres
	Location     *Location // where known
	Direction    *float64  // in which the camera looked: degrees clockwise from north
	Orientation  int       // 1..8 as stored in the file; 0 when absent or impossible
	FlashFired   bool
	SoftwareName string
}

// Location is a point on Earth (WGS 84): degrees, north and east positive; altitude in metres.
type Location struct {
	Latitude, Longitude float64
	Altitude            *float64
}

// Description is what people wrote about the picture into its file: XMP, else IPTC, else EXIF.
type Description struct {
	Title, Caption, Copyright string
	Keywords                  []string
	Rating                    int // 1..5 stars; -1 is rejected
}
