package jpegenc_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"github.com/darkroom/darkroom/internal/render/jpegenc"
	"github.com/darkroom/darkroom/internal/render/planar"
)

func TestEncodeWritesEverySize(t *testing.T) {
	for _, w := range []int{1, 2, 7, 8, 9, 15, 16, 17, 31, 33} {
		for _, h := range []int{1, 2, 7, 8, 9, 15, 16, 17, 31, 33} {
			for _, grey := range []bool{false, true} {
				p := smooth(w, h, grey)
				got := decode(t, encode(t, p, 95))
				if got.Y.Width != w || got.Y.Height != h || got.Grey() != grey {
					t.Fatalf("%d × %d, grey %t, became %d × %d, grey %t", w, h, grey, got.Y.Width, got.Y.Height, got.Grey())
				}
				if db := psnr(got, p); db < 38 {
					t.Errorf("%d × %d, grey %t: %.1f dB", w, h, grey, db)
				}
			}
		}
	}
}

func TestEncodeWritesTheLargestSizes(t *testing.T) {
	for _, size := range [][2]int{{65535, 1}, {1, 65535}} {
		got := decode(t, encode(t, smooth(size[0], size[1], false), 50))
		if got.Y.Width != size[0] || got.Y.Height != size[1] {
			t.Errorf("%v became %d × %d", size, got.Y.Width, got.Y.Height)
		}
	}
}

func TestEncodeRefusesWhatIsNoPicture(t *testing.T) {
	cases := []struct {
		name   string
		change func(p *planar.Picture)
	}{
		{"nothing", func(p *planar.Picture) { *p = planar.Picture{} }},
		{"too wide", func(p *planar.Picture) { *p = smooth(65536, 1, true) }},
		{"too high", func(p *planar.Picture) { *p = smooth(1, 65536, true) }},
		{"a negative size", func(p *planar.Picture) { p.Y.Width = -1 }},
		{"too few samples", func(p *planar.Picture) { p.Y.Pix = p.Y.Pix[:len(p.Y.Pix)-1] }},
		{"rows that overlap", func(p *planar.Picture) { p.Y.Stride = 19 }},
		{"chroma of another sub-sampling", func(p *planar.Picture) { p.Cb, p.Cr = p.Y, p.Y }},
		{"chroma of two sizes", func(p *planar.Picture) { p.Cr = p.Y }},
		{"too few chroma samples", func(p *planar.Picture) { p.Cr.Pix = p.Cr.Pix[:99] }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := smooth(20, 20, false)
			c.change(&p)
			got, err := jpegenc.Encode([]byte("before"), p, 80)
			if !errors.Is(err, jpegenc.ErrPicture) || string(got) != "before" {
				t.Errorf("got %q, %v; want %v", got, err, jpegenc.ErrPicture)
			}
		})
	}
}

func TestEncodeHasTheTablesOfTheStandardLibrary(t *testing.T) {
	p := smooth(16, 16, false)
	for quality := -1; quality <= 101; quality++ {
		var peer bytes.Buffer
		if err := jpeg.Encode(&peer, asImage(p), &jpeg.Options{Quality: quality}); err != nil {
			t.Fatal(err)
		}
		got, want := segments(encode(t, p, quality)), segments(peer.Bytes())
		if luma, chroma := got[0xDB][:65], got[0xDB][65:]; !bytes.Equal(append(luma, chroma...), want[0xDB]) {
			t.Errorf("quality %d has steps % x, want % x", quality, got[0xDB], want[0xDB])
		}
		if !bytes.Equal(got[0xC4], want[0xC4]) {
			t.Errorf("quality %d has Huffman tables % x, want % x", quality, got[0xC4], want[0xC4])
		}
	}
}

// segments collects the contents of a file's segments up to its coefficients, by marker.
func segments(file []byte) map[byte][]byte {
	all := map[byte][]byte{}
	for at := 2; file[at+1] != 0xDA; {
		n := int(file[at+2])<<8 | int(file[at+3])
		all[file[at+1]] = append(all[file[at+1]], file[at+4:at+2+n]...)
		at += 2 + n
	}
	return all
}

func TestEncodeSurvivesTheHarshestContrast(t *testing.T) {
	for _, grey := range []bool{false, true} {
		p := noise(67, 45, grey)
		for _, plane := range []planar.Plane{p.Y, p.Cb, p.Cr} {
			for i, v := range plane.Pix {
				plane.Pix[i] = v >> 7 * 255
			}
		}
		if db := psnr(decode(t, encode(t, p, 100)), p); db < 50 {
			t.Errorf("grey %t: %.1f dB", grey, db)
		}
	}
}

func TestEncodeAppendsAndNeedsNoMoreRoomThanThereIs(t *testing.T) {
	p := smooth(200, 100, false)
	want := encode(t, p, 80)
	dst := make([]byte, 6, 1<<16)
	copy(dst, "before")
	got, err := jpegenc.Encode(dst, p, 80)
	if err != nil {
		t.Fatal(err)
	}
	if &got[0] != &dst[0] || string(got[:6]) != "before" || !bytes.Equal(got[6:], want) {
		t.Error("the file was not appended in place")
	}
}

func TestEncodeOfAViewIsThatOfItsCopy(t *testing.T) {
	p := smooth(90, 70, false)
	view := p.Crop(51, 37)
	copied := planar.Picture{Y: copyOf(view.Y), Cb: copyOf(view.Cb), Cr: copyOf(view.Cr)}
	if !bytes.Equal(encode(t, view, 80), encode(t, copied, 80)) {
		t.Error("the files differ")
	}
}

// The digests differ when any byte does. Files are the same on every machine, and this shows if not.
func TestEncodeGivesTheSameBytesEverywhere(t *testing.T) {
	cases := []struct {
		name string
		p    planar.Picture
		want string
	}{
		{"smooth colours", smooth(123, 77, false), "6b3da5063a444338"},
		{"smooth grey", smooth(123, 77, true), "f05d5d25504668e1"},
		{"noise in colours", noise(61, 43, false), "93fafc24986dd4a6"},
		{"noise in grey", noise(61, 43, true), "6841cb4a0aa14ffb"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := sha256.New()
			for _, quality := range []int{1, 50, 80, 95, 100} {
				h.Write(encode(t, c.p, quality))
			}
			if got := hex.EncodeToString(h.Sum(nil)[:8]); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func FuzzEncode(f *testing.F) {
	f.Add(uint16(17), uint16(9), 80, false, []byte("\x00\xff"))
	f.Add(uint16(1), uint16(1), 100, true, []byte("\xff\x00\x00"))
	f.Fuzz(func(t *testing.T, w, h uint16, quality int, grey bool, samples []byte) {
		p := smooth(int(w)%200+1, int(h)%200+1, grey)
		for _, plane := range []planar.Plane{p.Y, p.Cb, p.Cr} {
			for i := range plane.Pix {
				if len(samples) > 0 {
					plane.Pix[i] = samples[i%len(samples)]
				}
			}
		}
		got := decode(t, encode(t, p, quality))
		if got.Y.Width != p.Y.Width || got.Y.Height != p.Y.Height || got.Grey() != grey {
			t.Errorf("%d × %d became %d × %d", p.Y.Width, p.Y.Height, got.Y.Width, got.Y.Height)
		}
		if quality >= 100 && psnr(got, p) < 40 {
			t.Errorf("%.1f dB at quality 100", psnr(got, p))
		}
	})
}

func encode(t testing.TB, p planar.Picture, quality int) []byte {
	t.Helper()
	file, err := jpegenc.Encode(nil, p, quality)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// smooth has a slope in each plane.
func smooth(w, h int, grey bool) planar.Picture {
	return fill(w, h, grey, func(x, y, plane int) byte { return byte(100 + 40*plane - (x+2*y)*100/(w+2*h)) })
}

// noise has samples without any relation.
func noise(w, h int, grey bool) planar.Picture {
	random := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	return fill(w, h, grey, func(int, int, int) byte { return byte(random.Uint32()) })
}

func fill(w, h int, grey bool, sample func(x, y, plane int) byte) planar.Picture {
	plane := func(w, h, number int) planar.Plane {
		p := planar.Plane{Stride: w, Width: w, Height: h}
		for i := range w * h {
			p.Pix = append(p.Pix, sample(i%w, i/w, number))
		}
		return p
	}
	p := planar.Picture{Y: plane(w, h, 0)}
	if !grey {
		p.Cb, p.Cr = plane((w+1)/2, (h+1)/2, 1), plane((w+1)/2, (h+1)/2, 2)
	}
	return p
}

func copyOf(p planar.Plane) planar.Plane {
	out := planar.Plane{Stride: p.Width, Width: p.Width, Height: p.Height}
	for y := range p.Height {
		out.Pix = append(out.Pix, p.Pix[y*p.Stride:][:p.Width]...)
	}
	return out
}
