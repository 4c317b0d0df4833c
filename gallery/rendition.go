package gallery

// Spec says how one rendition is made from a picture.
type Spec struct {
	Name string // its name in the API, such as "large"
	Edge int    // the long edge in pixels; of a crop, both edges
	Crop bool   // a centred square instead of the whole picture
}

// Specs lists the renditions of every image, the largest first: each is made from the one before it. None is ever larger
// than its source.
func Specs() []Spec {
	return []Spec{
		{Name: "xlarge", Edge: 2048},
		{Name: "large", Edge: 1024},
		{Name: "medium", Edge: 512},
		{Name: "small", Edge: 256},
		{Name: "square", Edge: 200, Crop: true},
	}
}

// Rendition is one stored picture made from an original.
type Rendition struct {
	Name          string // its Spec's
	Width, Height int    // pixels, upright
	Bytes         int64
	ContentType   string // image/jpeg, or image/png where the original has transparency
	Digest        string // of source, pipeline and parameters: the same digest means the same bytes
}
