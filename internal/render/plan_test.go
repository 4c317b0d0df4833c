package render

import (
	"image"
	"testing"
)

func TestPlansTakeEachPictureFromTheSmallestThatCovers(t *testing.T) {
	specs := Developer{}.specs()
	for _, tt := range []struct {
		size image.Point
		from []int
	}{
		{image.Pt(6000, 4000), []int{-1, 0, 1, 2, 2}}, // the square needs 200 pixels across, small has 171
		{image.Pt(4000, 4000), []int{-1, 0, 1, 2, 3}},
		{image.Pt(1000, 100), []int{-1, 0, 1, 2, 1}},
		{image.Pt(40_000, 300), []int{-1, 0, 1, 2, -1}},
		{image.Pt(1, 1), []int{-1, 0, 1, 2, 3}},
	} {
		for i, s := range plan(tt.size, specs) {
			if s.from != tt.from[i] {
				t.Errorf("of %v, %s is made from %d, want %d", tt.size, specs[i].Name, s.from, tt.from[i])
			}
		}
	}
}

func TestSizesAreRoundedToTheNearestPixelAndNeverToNone(t *testing.T) {
	for _, tt := range []struct {
		size image.Point
		edge int
		want image.Point
	}{
		{image.Pt(6000, 4000), 1024, image.Pt(1024, 683)},
		{image.Pt(4000, 6000), 2048, image.Pt(1365, 2048)},
		{image.Pt(1000, 333), 10, image.Pt(10, 3)},
		{image.Pt(1000, 350), 10, image.Pt(10, 4)},
		{image.Pt(65_535, 1), 256, image.Pt(256, 1)},
		{image.Pt(256, 10), 256, image.Pt(256, 10)},
		{image.Pt(255, 10), 256, image.Pt(255, 10)},
	} {
		if got := fit(tt.size, tt.edge); got != tt.want {
			t.Errorf("%v in %d is %v, want %v", tt.size, tt.edge, got, tt.want)
		}
	}
}
