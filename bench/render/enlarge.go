package main

import (
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// enlarge makes the same pixels every time: a quarter each of four photographs, mirrored where they end, with noise.
func enlarge(size image.Point, sigma float64) (*image.RGBA, error) {
	canvas := image.NewRGBA(image.Rectangle{Max: size})
	half := size.Div(2)
	for i, name := range []string{"dandelion", "djembe", "dogs-sideways", "nuthatch"} {
		tile, err := open(filepath.Join("testdata", name+".jpg"))
		if err != nil {
			return nil, err
		}
		corner := image.Pt(i%2*half.X, i/2*half.Y)
		tiled(canvas, image.Rectangle{Min: corner, Max: corner.Add(half)}, tile)
	}
	addNoise(canvas.Pix, sigma)
	return canvas, nil
}

func open(path string) (*image.RGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open a photograph: %w", err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", path, err)
	}
	pixels := image.NewRGBA(img.Bounds())
	draw.Draw(pixels, pixels.Bounds(), img, img.Bounds().Min, draw.Src)
	return pixels, nil
}

// tiled fills a part of a canvas with a picture and its mirror images.
func tiled(canvas *image.RGBA, part image.Rectangle, tile *image.RGBA) {
	width, height := tile.Rect.Dx(), tile.Rect.Dy()
	for y := range part.Dy() {
		from := mirror(y, height)
		for x := range part.Dx() {
			canvas.SetRGBA(part.Min.X+x, part.Min.Y+y, tile.RGBAAt(mirror(x, width), from))
		}
	}
}

// mirror walks to and fro between 0 and n-1.
func mirror(i, n int) int {
	i %= 2 * n
	return min(i, 2*n-1-i)
}

// addNoise moves the brightness of RGBA pixels as a sensor does: normally distributed, and everywhere alike, since the
// gamma curve evens out the noise of the light itself, which grows with its root.
func addNoise(pix []uint8, sigma float64) {
	var quantiles [256]int
	for i := range quantiles {
		quantiles[i] = int(math.Round(sigma * math.Sqrt2 * math.Erfinv((2*float64(i)+1)/256-1)))
	}
	source := rand.New(rand.NewPCG(12, 2026))
	var dice uint64
	for i := 0; i < len(pix); i += 4 {
		if i%32 == 0 {
			dice = source.Uint64()
		}
		n := quantiles[dice&255]
		dice >>= 8
		for c := i; c < i+3; c++ {
			pix[c] = uint8(min(255, max(0, int(pix[c])+n)))
		}
	}
}
