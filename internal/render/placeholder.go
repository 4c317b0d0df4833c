package render

import (
	"encoding/base64"
	"image"

	"go.n16f.net/thumbhash"
)

// placeholder gives the ThumbHash of a picture: some 25 bytes, in base64, that show its colours while it loads. It is
// made from the smallest whole picture of the plan.
func placeholder(pictures []drawing, steps []step) string {
	const edge = 100 // what the algorithm is made for
	source := pictures[max(0, smallest(steps, image.Point{}))]
	small := source.small(fit(source.size(), edge))
	return base64.StdEncoding.EncodeToString(thumbhash.EncodeImage(small))
}
