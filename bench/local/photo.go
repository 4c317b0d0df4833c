package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// The photo is one as a phone takes it: 12 MP, about 2.7 bits a pixel.
const (
	photoWidth, photoHeight = 4000, 3000
	photoQuality            = 90
	photoNoise              = 11 // how far the noise of the sensor moves a value of 0 to 255, either way
)

// takePhoto makes the same photo every time: a quarter each of four photographs, mirrored where they end, with noise.
func takePhoto() ([]byte, error) {
	var quarters [4]image.Image
	for i, name := range []string{"dandelion", "djembe", "dogs-sideways", "nuthatch"} {
		f, err := os.Open(filepath.Join("testdata", name+".jpg"))
		if err != nil {
			return nil, fmt.Errorf("open a photograph: %w", err)
		}
		quarters[i], err = jpeg.Decode(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("decode %s: %w", f.Name(), err)
		}
	}
	photo := image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight))
	noise := rand.New(rand.NewPCG(12, 2026))
	for y := range photoHeight {
		for x := range photoWidth {
			from := quarters[y/(photoHeight/2)*2+x/(photoWidth/2)]
			size := from.Bounds()
			r, g, b, _ := from.At(mirror(x, size.Dx()), mirror(y, size.Dy())).RGBA()
			n := noise.IntN(2*photoNoise+1) - photoNoise
			photo.SetRGBA(x, y, color.RGBA{grain(r, n), grain(g, n), grain(b, n), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, photo, &jpeg.Options{Quality: photoQuality}); err != nil {
		return nil, fmt.Errorf("encode the photo: %w", err)
	}
	return out.Bytes(), nil
}

// mirror walks to and fro between 0 and n-1.
func mirror(i, n int) int {
	i %= 2 * n
	return min(i, 2*n-1-i)
}

// grain is a colour of 16 bits in 8, with noise.
func grain(c uint32, noise int) uint8 { return uint8(min(255, max(0, int(c>>8)+noise))) }

// album makes files of one picture that differ in bytes, since the same bytes are the same image to Darkroom.
type album struct {
	picture []byte
	dir     string
	taken   uint64
}

// take leaves n new files, and answers their paths.
func (a *album) take(n int) ([]string, error) {
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for photos: %w", err)
	}
	var paths []string
	for range n {
		a.taken++
		path := filepath.Join(a.dir, fmt.Sprintf("photo-%d.jpg", a.taken))
		// What follows the end of a JPEG belongs to nobody; decoders do not look at it.
		if err := os.WriteFile(path, binary.BigEndian.AppendUint64(bytes.Clone(a.picture), a.taken), 0o600); err != nil {
			return nil, fmt.Errorf("write a photo: %w", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}
