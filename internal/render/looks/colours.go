package looks

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"slices"
)

// The bounds of the colours that are told of a picture.
const (
	maxColours = 5
	leastShare = 0.02 // of the picture
	alike      = 0.10 // the distance in OKLab under which two colours are one
)

// heap is pixels of about one colour.
type heap struct{ n, r, g, b int }

func (h *heap) add(o heap) { h.n, h.r, h.g, h.b = h.n+o.n, h.r+o.r, h.g+o.g, h.b+o.b }

func (h heap) String() string { return fmt.Sprintf("#%02x%02x%02x", h.r/h.n, h.g/h.n, h.b/h.n) }

// tone is a heap and where its first colour stands in OKLab.
type tone struct {
	heap
	at [3]float64
}

// colours gives the colours that a picture has most of, as #rrggbb, the first of them first.
func colours(m image.Image) []string {
	heaps, total := binned(m)
	var found []tone
	for _, h := range heaps {
		at := oklab(h)
		if i := slices.IndexFunc(found, func(t tone) bool { return distance(t.at, at) < alike }); i >= 0 {
			found[i].add(h)
		} else if len(found) < 4*maxColours {
			found = append(found, tone{h, at})
		}
	}
	slices.SortStableFunc(found, func(a, b tone) int { return byCount(a.heap, b.heap) })
	var out []string
	for _, f := range found[:min(len(found), maxColours)] {
		if float64(f.n) >= leastShare*float64(total) {
			out = append(out, f.String())
		}
	}
	return out
}

func byCount(a, b heap) int { return cmp.Compare(b.n, a.n) }

// binned heaps up the pixels of a picture that can be seen, the largest heap first.
func binned(m image.Image) (heaps []heap, total int) {
	bins := make([]heap, 1<<12)
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := m.At(x, y).RGBA()
			if a < 0x8000 {
				continue
			}
			r, g, bl = r*255/a, g*255/a, bl*255/a
			bins[r>>4<<8|g>>4<<4|bl>>4].add(heap{1, int(r), int(g), int(bl)})
			total++
		}
	}
	heaps = slices.DeleteFunc(bins, func(h heap) bool { return h.n == 0 })
	slices.SortStableFunc(heaps, byCount)
	return heaps, total
}

func distance(a, b [3]float64) float64 {
	return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
}

// oklab gives a colour in Björn Ottosson's space, in which distances are those that people see.
func oklab(h heap) [3]float64 {
	light := func(sum int) float64 { return math.Pow(float64(sum)/float64(h.n)/255, 2.2) } // near enough to sRGB's curve
	r, g, b := light(h.r), light(h.g), light(h.b)
	x := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	y := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	z := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return [3]float64{
		0.2104542553*x + 0.7936177850*y - 0.0040720468*z,
		1.9779984951*x - 2.4285922050*y + 0.4505937099*z,
		0.0259040371*x + 0.7827717662*y - 0.8086757660*z,
	}
}
