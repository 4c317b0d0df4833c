package render

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.n16f.net/thumbhash"

	"github.com/darkroom/darkroom/gallery"
)

func TestPhotographsAreDeveloped(t *testing.T) {
	tests := []struct {
		name  string
		size  image.Point // upright
		sizes []image.Point
	}{
		{"dandelion.jpg", image.Pt(2200, 1238), []image.Point{{2048, 1152}, {1024, 576}, {512, 288}, {256, 144}, {200, 200}}},
		{"sunrise.jpg", image.Pt(1024, 640), []image.Point{{1024, 640}, {1024, 640}, {512, 320}, {256, 160}, {200, 200}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			original := photo(t, tt.name)
			p := develop(t, original)
			if got := image.Pt(p.Facts.Width, p.Facts.Height); got != tt.size || p.Facts.Format != "jpeg" {
				t.Errorf("facts say %s %v, want jpeg %v", p.Facts.Format, got, tt.size)
			}
			decoded, err := jpeg.Decode(bytes.NewReader(original))
			if err != nil {
				t.Fatal(err)
			}
			want := nrgba(decoded)
			for i, r := range p.Renditions {
				if got := image.Pt(r.Width, r.Height); got != tt.sizes[i] || r.ContentType != "image/jpeg" {
					t.Errorf("%s is %s %v, want image/jpeg %v", r.Name, r.ContentType, got, tt.sizes[i])
				}
				if r.Name == "square" {
					want = central(nrgba(decoded))
				}
				want = averaged(want, r.Width, r.Height)
				if got := psnr(t, pixels(t, r), want); got < 29 {
					t.Errorf("%s has a PSNR of %.1f dB against averages of areas, want 29 at least", r.Name, got)
				}
			}
		})
	}
}

// central is the square in the middle of a picture.
func central(m *image.NRGBA) *image.NRGBA {
	side := min(m.Rect.Dx(), m.Rect.Dy())
	pix := m.Pix[m.PixOffset((m.Rect.Dx()-side)/2, (m.Rect.Dy()-side)/2):]
	return &image.NRGBA{Pix: pix, Stride: m.Stride, Rect: image.Rect(0, 0, side, side)}
}

func TestEverySpecHasARenditionInItsOrder(t *testing.T) {
	p := develop(t, encoded(t, picture(90, 60), asJPEG))
	for i, spec := range gallery.Specs() {
		r := p.Renditions[i]
		want := image.Pt(90, 60)
		if spec.Crop {
			want = image.Pt(60, 60)
		}
		if got := image.Pt(r.Width, r.Height); r.Name != spec.Name || got != want {
			t.Errorf("rendition %d is %s of %v, want %s of %v: nothing is enlarged", i, r.Name, got, spec.Name, want)
		}
		if r.Bytes != int64(len(r.Data)) || len(r.Digest) != 32 {
			t.Errorf("%s says %d bytes of %d, digest %q", r.Name, r.Bytes, len(r.Data), r.Digest)
		}
	}
}

func TestTheSameOriginalGivesTheSameBytes(t *testing.T) {
	original := encoded(t, picture(500, 300), asJPEG)
	first := develop(t, original)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			again, err := Developer{}.Develop(context.Background(), original, "c0ffee")
			if err != nil {
				t.Errorf("Develop: %v", err)
				return
			}
			for i, r := range again.Renditions {
				if !bytes.Equal(r.Data, first.Renditions[i].Data) || r.Digest != first.Renditions[i].Digest {
					t.Errorf("%s differs", r.Name)
				}
			}
			if again.Facts.Placeholder != first.Facts.Placeholder {
				t.Errorf("placeholder is %s, then %s", first.Facts.Placeholder, again.Facts.Placeholder)
			}
		})
	}
	group.Wait()
}

func TestDigestsDifferInWhatTheyFollowFrom(t *testing.T) {
	specs := gallery.Specs()
	other := slices.Clone(specs)
	other[0].Edge = 4096
	digests := []string{
		digest("a", specs[:1], typeJPEG), digest("b", specs[:1], typeJPEG), digest("a", specs[:1], typePNG),
		digest("a", specs[:2], typeJPEG), digest("a", other[:1], typeJPEG), digest("a", other[:2], typeJPEG),
	}
	slices.Sort(digests)
	if got := len(slices.Compact(digests)); got != 6 {
		t.Errorf("there are %d different digests, want 6", got)
	}
}

func TestRenditionsCarryNoMetadata(t *testing.T) {
	block := exifBlock([]field{text(0x010f, "Secret Camera"), short(tagOrientation, 3)}, nil, nil)
	opaque := develop(t, withEXIF(encoded(t, picture(300, 200), asJPEG), block))
	clear := develop(t, withEXIF(encoded(t, seeThrough(picture(300, 200)), asPNG), block))
	for _, r := range append(opaque.Renditions, clear.Renditions...) {
		if bytes.Contains(r.Data, []byte("Secret")) || bytes.Contains(r.Data, []byte("Exif")) {
			t.Errorf("%s of %s carries EXIF", r.Name, r.ContentType)
		}
		for _, kind := range partsOf(t, r) {
			// e0 is JFIF's, which says how to read the samples
			if !strings.Contains("e0 db c0 c4 da IHDR IDAT IEND", kind) {
				t.Errorf("%s of %s has a part %s", r.Name, r.ContentType, kind)
			}
		}
	}
}

// partsOf lists the segments of a JPEG or the chunks of a PNG.
func partsOf(t *testing.T, r Rendition) (kinds []string) {
	t.Helper()
	if r.ContentType == "image/png" {
		for b := r.Data[8:]; len(b) >= 12; b = b[12+binary.BigEndian.Uint32(b):] {
			kinds = append(kinds, string(b[4:8]))
		}
		return kinds
	}
	for s := (segmentReader{b: r.Data, at: 2}); ; {
		marker, _, err := s.next()
		if err != nil {
			t.Fatalf("read %s: %v", r.Name, err)
		}
		if marker == markerEOI {
			return kinds
		}
		kinds = append(kinds, string("0123456789abcdef"[marker>>4])+string("0123456789abcdef"[marker&15]))
	}
}

func TestPlaceholderShowsThePicture(t *testing.T) {
	source := picture(300, 200)
	hash, err := base64.StdEncoding.DecodeString(develop(t, encoded(t, source, asJPEG)).Facts.Placeholder)
	if err != nil {
		t.Fatal(err)
	}
	m, err := thumbhash.DecodeImage(hash)
	if err != nil {
		t.Fatal(err)
	}
	if got := psnr(t, nrgba(m), averaged(source, m.Bounds().Dx(), m.Bounds().Dy())); len(hash) > 30 || got < 20 {
		t.Errorf("the placeholder has %d bytes and a PSNR of %.1f dB, want 20 at least", len(hash), got)
	}
}

func TestAContextThatEndedIsAnErrorAndNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range []string{"dandelion.jpg", "sunrise.jpg"} {
		_, err := Developer{}.Develop(ctx, photo(t, name), "c0ffee")
		var f *Failure
		if !errors.Is(err, context.Canceled) || errors.As(err, &f) {
			t.Errorf("Develop %s gave %v, want context.Canceled", name, err)
		}
	}
	for _, step := range []func() error{
		func() error {
			_, err := cascade(ctx, picture(9, 9), header{}, []step{{size: image.Pt(3, 3), from: -1}})
			return err
		},
		func() error {
			_, err := encoder{specs: gallery.Specs()[:1]}.encode(ctx, []drawing{bitmap{picture(9, 9)}})
			return err
		},
	} {
		if err := step(); !errors.Is(err, context.Canceled) {
			t.Errorf("a step gave %v, want context.Canceled", err)
		}
	}
}
