package share

import (
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// BenchmarkPage is what a page costs beside the reading of tables.
func BenchmarkPage(b *testing.B) {
	v := newView(gallery.Share{ID: "0123456789abcdef", ExpiresAt: time.Now()}, gallery.Image{Facts: gallery.Facts{Placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI"}})
	for range 5 {
		v.Renditions = append(v.Renditions, rendition{Name: "large", URL: "https://bucket.s3.amazonaws.com/renditions/x.jpg?X-Amz-Signature=00", Width: 1024, Height: 768})
	}
	for b.Loop() {
		if _, err := (request{}).shown(v); err != nil {
			b.Fatal(err)
		}
	}
}
