package gallery

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
)

// The distances of perceptual hashes, in bits of 64. Pictures that have nothing to do with each other are 32 apart, give or
// take 10.
const (
	NearDuplicate = 10 // the same picture, edited or taken again
	MaxDistance   = 16 // what is called similar at all
)

// MaxCompared bounds the images that one search for similar ones looks at: the youngest.
const MaxCompared = 20_000

// Hashed is an image and its perceptual hash.
type Hashed struct {
	ID   ID
	Hash string
}

// Similar is an image that looks like another one.
type Similar struct {
	Image    Image
	Distance int // in bits, 0 to 64
}

// Distance counts the bits in which two perceptual hashes differ; 64 when one of them is none.
func Distance(a, b string) int {
	x, err := strconv.ParseUint(a, 16, 64)
	y, err2 := strconv.ParseUint(b, 16, 64)
	if err != nil || err2 != nil {
		return 64
	}
	return bits.OnesCount64(x ^ y)
}

// Nearest gives those of some images that are similar to one, itself left out: the nearest first, of equally near ones the
// youngest.
func Nearest(to Hashed, among []Hashed, most int) []Hashed {
	var near []Hashed
	for _, h := range among {
		if h.ID != to.ID && Distance(to.Hash, h.Hash) <= MaxDistance {
			near = append(near, h)
		}
	}
	slices.SortFunc(near, func(a, b Hashed) int {
		return cmp.Or(cmp.Compare(Distance(to.Hash, a.Hash), Distance(to.Hash, b.Hash)), cmp.Compare(b.ID, a.ID))
	})
	return near[:min(len(near), most)]
}
