// Package looks says what a picture looks like, in numbers that can be compared: its colours, a hash that similar pictures
// share, and how well it has turned out.
package looks

import (
	"image"
	"math"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// Edge is the long edge, at most, of the luma that Of is made for. Sharpness that cannot be seen at this size is not told
// apart.
const Edge = 1024

// Of gives the looks of a picture from its luma and from a thumbnail of some hundred pixels.
func Of(luma planar.Plane, thumbnail image.Image) gallery.Looks {
	sharp, exposed := sharpness(luma), exposure(luma)
	return gallery.Looks{
		Colours: colours(thumbnail), Hash: hash(thumbnail),
		Sharpness: rounded(sharp), Exposure: rounded(exposed), Quality: rounded(quality(sharp, exposed)),
	}
}

// quality weighs the two so that neither makes up for the other. Blur weighs more: exposure can be mended.
func quality(sharp, exposed float64) float64 { return math.Pow(sharp, 0.6) * math.Pow(exposed, 0.4) }

// rounded leaves digits that mean something.
func rounded(v float64) float64 { return math.Round(v*1e4) / 1e4 }
