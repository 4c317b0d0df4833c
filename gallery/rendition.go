package gallery

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Spec says how one rendition is made from a picture.
type Spec struct {
	Name string // its name in the API, such as "large"
	Edge int    // the long edge in pixels; of a crop, both edges
	Crop bool   // a centred square instead of the whole picture
	WebP bool   // as WebP, instead of JPEG, or PNG where there is transparency
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

// The bounds of a table of specs.
const (
	maxSpecs = 10
	minEdge  = 16
	maxEdge  = 4096
)

var specForm = regexp.MustCompile(`^([a-z]{1,16})=(\d{1,5})(?:x(\d{1,5}))?(:webp)?$`)

// ParseSpecs reads a table of specs, such as "xlarge=2048, large=1024:webp, square=200x200": a name and the long edge, or both
// edges of a square. The largest comes first, and is of the whole picture. An empty text is Specs.
func ParseSpecs(s string) ([]Spec, error) {
	if strings.TrimSpace(s) == "" {
		return Specs(), nil
	}
	var specs []Spec
	for _, part := range strings.Split(s, ",") {
		m := specForm.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return nil, fmt.Errorf("rendition %q is not written as name=edge, name=edgexedge or either with :webp", part)
		}
		edge, _ := strconv.Atoi(m[2]) // up to five digits
		specs = append(specs, Spec{Name: m[1], Edge: edge, Crop: m[3] != "", WebP: m[4] != ""})
		if m[3] != "" && m[3] != m[2] {
			return nil, fmt.Errorf("rendition %q is no square", part)
		}
	}
	return specs, checkSpecs(specs)
}

func checkSpecs(specs []Spec) error {
	if len(specs) > maxSpecs {
		return fmt.Errorf("there are %d renditions, of %d allowed", len(specs), maxSpecs)
	}
	names := map[string]bool{}
	for i, s := range specs {
		switch {
		case s.Edge < minEdge || s.Edge > maxEdge:
			return fmt.Errorf("rendition %s has an edge of %d, not %d to %d", s.Name, s.Edge, minEdge, maxEdge)
		case i == 0 && s.Crop, i > 0 && s.Edge > specs[i-1].Edge:
			return fmt.Errorf("rendition %s is out of order: the largest comes first, and is of the whole picture", s.Name)
		case names[s.Name]:
			return fmt.Errorf("there are two renditions %s", s.Name)
		}
		names[s.Name] = true
	}
	return nil
}

// Rendition is one stored picture made from an original.
type Rendition struct {
	Name          string // its Spec's
	Width, Height int    // pixels, upright
	Bytes         int64
	ContentType   string // image/jpeg, image/png where the original has transparency, or image/webp as the Spec says
	Digest        string // of source, pipeline and parameters: the same digest means the same bytes
}
