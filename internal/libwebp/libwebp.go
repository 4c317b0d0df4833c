// Package libwebp encodes WebP by libwebp, compiled to WebAssembly: there is no lossy encoder in Go to be had. What it costs
// is in docs/benchmarks.md.
package libwebp

import (
	"bytes"
	"image"

	"github.com/gen2brain/webp"
)

// Encoder encodes. Its zero value works; the first picture waits for a third of a second while the library is compiled.
type Encoder struct{}

// method is how hard the library tries, 0 to 6. At 2 a file has half the bytes of a JPEG; 4 takes two and a half times as long
// for 3 % more.
const method = 2

// Encode makes a lossy WebP, transparent where the picture is.
func (Encoder) Encode(m image.Image, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := webp.Encode(&out, m, webp.Options{Quality: quality, Method: method}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
