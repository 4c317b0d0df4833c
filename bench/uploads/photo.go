package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// photograph makes a JPEG of 12 MP and about so many bytes, the same every time: slopes with the noise of a sensor.
func photograph(size int) ([]byte, error) {
	picture := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	noise := rand.New(rand.NewPCG(3, 2026))
	for n := range picture.Y {
		x, y := n%picture.YStride, n/picture.YStride
		picture.Y[n] = uint8(40 + (x/23+y/17)%160 + noise.IntN(12))
	}
	for n := range picture.Cb {
		picture.Cb[n], picture.Cr[n] = uint8(100+n%2000/40), uint8(150-n/2000/40)
	}
	for quality := 95; quality >= 40; quality -= 3 {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("encode the photo: %w", err)
		}
		if out.Len() <= size {
			return append(out.Bytes(), make([]byte, size-out.Len())...), nil // what follows the end belongs to nobody
		}
	}
	return nil, fmt.Errorf("no quality makes a photo of %d bytes", size)
}

// folder holds n files of one picture that differ in bytes, since the same bytes are the same image.
func folder(dir string, picture []byte, n int) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder for photos: %w", err)
	}
	for i := range n {
		path := filepath.Join(dir, fmt.Sprintf("%05d.jpg", i))
		if err := os.WriteFile(path, binary.BigEndian.AppendUint64(bytes.Clone(picture), uint64(i)), 0o600); err != nil {
			return fmt.Errorf("write a photo: %w", err)
		}
	}
	return nil
}
