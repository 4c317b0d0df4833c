package main

import (
	"bytes"
	"image/jpeg"
	"os"
	"testing"
)

func TestPicturesAreAllDifferentAndAllPictures(t *testing.T) {
	b := bench{options: options{pictures: 12}, dir: t.TempDir()}
	if err := b.folder(b.path("pictures")); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for n := range b.pictures {
		picture, err := os.ReadFile(b.picture(n))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(picture)); err != nil {
			t.Errorf("picture %d: %v", n, err)
		}
		if seen[string(picture)] {
			t.Errorf("picture %d is there twice", n)
		}
		seen[string(picture)] = true
	}
}
