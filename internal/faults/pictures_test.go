package faults

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"sync"

	"github.com/darkroom/darkroom/gallery"
)

// picture is what clients send: a beginning, and zeros up to its length.
type picture struct {
	start  []byte
	bytes  int64
	status gallery.Status // what it ends as
	sum    func() string
}

// bigEvery says which worlds have pictures that come in parts: each is a hundred megabytes, which are really sent.
const bigEvery = 14

// pictures are those that fit one request, then those that come in parts. Some are fine, and some are none.
var pictures = func() (all []picture) {
	all = append(all, smaller([]byte("this is text, whatever its name is"), gallery.Failed))
	for shade := range 4 {
		all = append(all, smaller(gray(shade), gallery.Ready))
	}
	half := gray(0)
	all = append(all, smaller(half[:len(half)/2], gallery.Failed))
	return append(all, larger(gray(5), gallery.Ready), larger([]byte("no picture, and a lot of it"), gallery.Failed))
}()

// bigOnes is how many of the pictures come in parts.
const bigOnes = 2

func gray(shade int) []byte {
	img := image.NewGray(image.Rect(0, 0, 32, 20))
	for n := range img.Pix {
		img.Pix[n] = byte(shade*50 + n%40)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func smaller(data []byte, status gallery.Status) picture {
	sum := sha256.Sum256(data)
	return picture{data, int64(len(data)), status, func() string { return hex.EncodeToString(sum[:]) }}
}

// larger is hashed when it is needed: few worlds need it.
func larger(start []byte, status gallery.Status) picture {
	p := picture{start: start, bytes: gallery.MaxUploadBytes + 5, status: status}
	p.sum = sync.OnceValue(func() string {
		sum := sha256.New()
		for from := int64(0); from < p.bytes; from += gallery.PartBytes {
			sum.Write(p.piece(from))
		}
		return hex.EncodeToString(sum.Sum(nil))
	})
	return p
}

var zeros = sync.OnceValue(func() []byte { return make([]byte, gallery.PartBytes) })

// piece is the part of the picture that begins there.
func (p picture) piece(from int64) []byte {
	n := min(gallery.PartBytes, p.bytes-from)
	if from > 0 {
		return zeros()[:n]
	}
	return append(bytes.Clone(p.start), zeros()[:n-int64(len(p.start))]...)
}

func (p picture) announcement() gallery.Upload {
	return gallery.Upload{Filename: fmt.Sprintf("%.8s.jpg", p.sum()), ContentType: "image/jpeg", Bytes: p.bytes, SHA256: p.sum()}
}

// pictureOf finds the picture that a client has announced.
func pictureOf(u gallery.Upload) picture {
	for _, p := range pictures {
		if p.bytes == u.Bytes && p.sum() == u.SHA256 {
			return p
		}
	}
	panic("nobody announced " + u.SHA256)
}
