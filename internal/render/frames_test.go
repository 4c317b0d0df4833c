package render

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"io"
	"testing"
)

// animated makes a GIF of frames.
func animated(t *testing.T, frames int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for n := range frames {
		m := image.NewPaletted(image.Rect(0, 0, 40, 30), palette.Plan9)
		draw.Draw(m, m.Rect, image.NewUniform(color.NRGBA{uint8(200 - 60*n), 20, uint8(60 * n), 255}), image.Point{}, draw.Src)
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 5)
	}
	return encoded(t, nil, func(w io.Writer, _ image.Image) error { return gif.EncodeAll(w, g) })
}

// animatedPNG makes an APNG whose first frame is the picture that every decoder shows.
func animatedPNG(t *testing.T, frames uint32) []byte {
	t.Helper()
	control := binary.BigEndian.AppendUint32(nil, frames)
	return withChunk(encoded(t, picture(40, 30), asPNG), chunk("acTL", append(control, 0, 0, 0, 0)))
}

func TestAnAnimationIsItsFirstFrameAndTellsHowManyThereAre(t *testing.T) {
	for name, c := range map[string]struct {
		file   []byte
		frames int
		size   image.Point
	}{
		"a GIF":            {animated(t, 3), 3, image.Pt(40, 30)},
		"a GIF of one":     {animated(t, 1), 1, image.Pt(40, 30)},
		"an APNG":          {animatedPNG(t, 7), 7, image.Pt(40, 30)},
		"an animated WebP": {sample(t, "animated.webp"), 2, image.Pt(320, 180)},
		"a still WebP":     {sample(t, "lossless.webp"), 1, image.Pt(320, 180)},
	} {
		p := develop(t, c.file)
		if got := image.Pt(p.Facts.Width, p.Facts.Height); p.Facts.Frames != c.frames || got != c.size {
			t.Errorf("%s: got %d frames of %v, want %d of %v", name, p.Facts.Frames, got, c.frames, c.size)
		}
	}
	if c := pixels(t, develop(t, animated(t, 3)).Renditions[0]).NRGBAAt(9, 9); c.R < 150 || c.B > 60 {
		t.Errorf("the GIF shows %v, not its first frame", c)
	}
}

func TestTheFirstFrameOfAWebPLooksAsItDoesAlone(t *testing.T) {
	got := pixels(t, develop(t, sample(t, "animated.webp")).Renditions[0])
	want := pixels(t, develop(t, sample(t, "lossless.webp")).Renditions[0])
	if d := psnr(t, got, want); d < 25 {
		t.Errorf("its PSNR is %.1f dB, want 25 at least", d)
	}
}

func TestAFrameOfAWebPLiesOnItsCanvas(t *testing.T) {
	file := bytes.Clone(sample(t, "animated.webp"))
	canvas := bytes.Index(file, []byte("VP8X")) + 12
	file[canvas], file[canvas+1] = 0x8f, 0x01 // 400 wide
	first := bytes.Index(file, []byte("ANMF")) + 8
	file[first] = 30 // 60 from the left
	m := pixels(t, develop(t, file).Renditions[0])
	if m.Rect.Size() != image.Pt(400, 180) || m.NRGBAAt(10, 90).A != 0 || m.NRGBAAt(390, 90).A != 0 || m.NRGBAAt(200, 90).A != 255 {
		t.Errorf("it is %v, and %v beside the frame", m.Rect.Size(), m.NRGBAAt(10, 90))
	}
	file[first] = 90
	if code := failure(t, file); code != "CORRUPT" {
		t.Errorf("a frame beyond the canvas: %s", code)
	}
	for n := 0; n < len(file); n += 97 {
		_, _ = readWebPHeader(file[:n]) // cut anywhere
	}
}

// Cameras append more pictures to the first (MPO), phones a video (motion photos).
func TestWhatFollowsTheFirstPictureIsNotLookedAt(t *testing.T) {
	first := encoded(t, picture(60, 40), asJPEG)
	want := pixels(t, develop(t, first).Renditions[0])
	second := encoded(t, picture(300, 200), asJPEG)
	video := append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"), make([]byte, 5000)...)
	for name, rest := range map[string][]byte{"an MPO": second, "a motion photo": video} {
		p := develop(t, append(bytes.Clone(first), rest...))
		if p.Facts.Width != 60 || p.Facts.Height != 40 || p.Facts.Format != "jpeg" {
			t.Errorf("%s is %d × %d", name, p.Facts.Width, p.Facts.Height)
		}
		if d := psnr(t, pixels(t, p.Renditions[0]), want); d < 99 {
			t.Errorf("%s does not show its first picture: %.1f dB", name, d)
		}
	}
}
