package gallery

import "time"

// Facts is what processing found out about a picture.
type Facts struct {
	Format        string // "jpeg", "png", "gif", "webp", "bmp", "tiff"
	Width, Height int    // of the original in pixels, upright
	Placeholder   string // a ThumbHash, base64
	Capture       Capture
}

// Capture is what the camera wrote down when it took the picture (EXIF). Zero values are unknown.
type Capture struct {
	TakenAt      time.Time // a clock without time zone is read as UTC
	Make, Model  string    // of the camera, without surrounding space
	Lens         string
	Exposure     float64 // seconds
	Aperture     float64 // the f-number
	ISO          int
	FocalLength  float64   // millimetres
	Location     *Location // where known
	Orientation  int       // 1..8 as stored in the file; 0 when absent or impossible
	OffsetKnown  bool      // whether TakenAt came with its time zone
	FlashFired   bool
	SoftwareName string
}

// Location is a point on Earth (WGS 84): degrees, north and east positive; altitude in metres.
type Location struct {
	Latitude, Longitude float64
	Altitude            *float64
}
