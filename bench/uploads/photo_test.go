package main

import (
	"bytes"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

func TestAFolderHoldsPhotosOfTheSizeThatAreDifferent(t *testing.T) {
	photo, err := photograph(3_000_000)
	if err != nil || len(photo) != 3_000_000 {
		t.Fatalf("%d bytes, %v", len(photo), err)
	}
	dir := t.TempDir()
	if err := folder(dir, photo, 2); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(dir, "00000.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(dir, "00001.jpg"))
	if err != nil || bytes.Equal(first, second) {
		t.Errorf("two files are the same: %v", err)
	}
	if config, err := jpeg.DecodeConfig(bytes.NewReader(second)); err != nil || config.Width != 4000 {
		t.Errorf("got %+v, %v", config, err)
	}
}
