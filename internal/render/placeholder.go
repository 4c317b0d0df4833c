package render

import (
	"encoding/base64"
	"image"

	"go.n16f.net/thumbhash"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/looks"
)

// thumbnail is the picture in some hundred pixels. It is made from the smallest whole picture of the plan.
func thumbnail(pictures []drawing, steps []step) image.Image {
	const edge = 100 // what ThumbHash is made for
	source := pictures[max(0, smallest(steps, image.Point{}))]
	return source.small(fit(source.size(), edge))
}

// placeholder gives the ThumbHash of a thumbnail: some 25 bytes, in base64, that show its colours while the picture loads.
func placeholder(thumbnail image.Image) string {
	return base64.StdEncoding.EncodeToString(thumbhash.EncodeImage(thumbnail))
}

// look says what the picture looks like.
func look(pictures []drawing, steps []step, thumbnail image.Image) gallery.Looks {
	return looks.Of(pictures[max(0, judged(steps))].luma(), thumbnail)
}

// judged finds the largest whole picture in which sharpness is to be judged, or else the smallest.
func judged(steps []step) int {
	for i, s := range steps {
		if !s.crop && max(s.size.X, s.size.Y) <= looks.Edge {
			return i
		}
	}
	return smallest(steps, image.Point{})
}
