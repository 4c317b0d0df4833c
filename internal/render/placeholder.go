package render

import (
	"encoding/base64"
	"image"

	"github.com/disintegration/imaging"
	"go.n16f.net/thumbhash"
)

// placeholder gives the ThumbHash of a picture: some 25 bytes, in base64, that show its colours while it loads. It is
// made from the smallest whole picture of the plan.
func placeholder(pictures []*image.NRGBA, steps []step) string {
	const edge = 100 // what the algorithm is made for
	source := pictures[max(0, smallest(steps, image.Point{}))]
	size := fit(source.Rect.Size(), edge)
	small := imaging.Resize(source, size.X, size.Y, imaging.Box)
	return base64.StdEncoding.EncodeToString(thumbhash.EncodeImage(small))
}
