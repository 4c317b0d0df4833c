package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"os"

	"github.com/disintegration/imaging"
)

// ideal makes the renditions that others are compared with: a Lanczos filter over all pixels that the standard library
// decodes, each size from the original.
type ideal struct {
	original image.Image // upright
	made     map[version]*image.NRGBA
}

// version is a picture that can be made of a photo.
type version struct {
	size image.Point
	crop bool
}

func newIdeal(path string) (*ideal, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the photo: %w", err)
	}
	img, err := imaging.Decode(bytes.NewReader(data), imaging.AutoOrientation(true))
	if err != nil {
		return nil, fmt.Errorf("decode the photo: %w", err)
	}
	return &ideal{img, map[version]*image.NRGBA{}}, nil
}

// like is the picture as it should be in a size that somebody has chosen: sides may be rounded in more than one way.
func (i *ideal) like(v version) *image.NRGBA {
	if i.made[v] == nil {
		from := i.original
		if v.crop {
			side := min(from.Bounds().Dx(), from.Bounds().Dy())
			from = imaging.CropCenter(from, side, side)
		}
		i.made[v] = imaging.Resize(from, v.size.X, v.size.Y, imaging.Lanczos)
	}
	return i.made[v]
}

// compare reads a rendition and says how near it comes: in decibels over red, green and blue, and in structure.
func (i *ideal) compare(path string, crop bool) (psnr, ssim float64, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, fmt.Errorf("read a rendition: %w", err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return 0, 0, fmt.Errorf("decode a rendition: %w", err)
	}
	got := imaging.Clone(img)
	want := i.like(version{got.Rect.Size(), crop})
	return peakSignalToNoise(got, want), similarity(luma(got), luma(want), got.Rect.Dx()), nil
}

// peakSignalToNoise compares pictures of one size, in decibels; 99 for equal ones.
func peakSignalToNoise(got, want *image.NRGBA) float64 {
	var sum int64
	for i, g := range got.Pix { // the fourth of each pixel is opacity, and 255 in both
		d := int64(g) - int64(want.Pix[i])
		sum += d * d
	}
	if sum == 0 {
		return 99
	}
	return 10 * math.Log10(255*255*float64(len(got.Pix)/4*3)/float64(sum))
}

// luma is the brightness of each pixel, row by row.
func luma(img *image.NRGBA) []float64 {
	values := make([]float64, len(img.Pix)/4)
	for i := range values {
		p := img.Pix[4*i:]
		values[i] = 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
	}
	return values
}

// similarity is the mean structural similarity (Wang et al., 2004), over squares of 8 pixels in steps of 4.
func similarity(a, b []float64, width int) float64 {
	const side, step = 8, 4
	var sum float64
	var squares int
	for y := 0; (y+side)*width <= len(a); y += step {
		for x := 0; x+side <= width; x += step {
			sum += squareSimilarity(a[y*width+x:], b[y*width+x:], width, side)
			squares++
		}
	}
	return sum / float64(max(1, squares))
}

func squareSimilarity(a, b []float64, stride, side int) float64 {
	const c1, c2 = (0.01 * 255) * (0.01 * 255), (0.03 * 255) * (0.03 * 255)
	var sumA, sumB, sumAA, sumBB, sumAB float64
	for y := range side {
		for x := range side {
			p, q := a[y*stride+x], b[y*stride+x]
			sumA, sumB = sumA+p, sumB+q
			sumAA, sumBB, sumAB = sumAA+p*p, sumBB+q*q, sumAB+p*q
		}
	}
	n := float64(side * side)
	meanA, meanB := sumA/n, sumB/n
	varA, varB, both := sumAA/n-meanA*meanA, sumBB/n-meanB*meanB, sumAB/n-meanA*meanB
	return (2*meanA*meanB + c1) * (2*both + c2) / ((meanA*meanA + meanB*meanB + c1) * (varA + varB + c2))
}
