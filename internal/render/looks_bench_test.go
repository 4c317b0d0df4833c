package render

import (
	"context"
	"testing"
)

// BenchmarkFactsAndLooks is what a picture of 24 megapixels costs over its renditions: what is known of it, and what it looks
// like. Its header is read, but not counted, since it must be.
func BenchmarkFactsAndLooks(b *testing.B) {
	file := withEXIF(encoded(b, picture(6000, 4000), asJPEG), exifBlock(whole()))
	head, err := readHeader(file)
	if err != nil {
		b.Fatal(err)
	}
	steps := plan(head.upright(), Developer{}.specs())
	drawings, err := choose(file, head, steps).draw(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		small := thumbnail(drawings, steps)
		f := facts(head)
		f.Placeholder, f.Looks = placeholder(small), look(drawings, steps, small)
	}
}
