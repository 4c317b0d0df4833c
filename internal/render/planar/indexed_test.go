package planar_test

import (
	"errors"
	"testing"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// colours are as many as a palette may have.
func colours() []planar.Colour {
	bytes := noise(3*256, 1).Pix
	palette := make([]planar.Colour, 256)
	for i := range palette {
		palette[i] = planar.Colour{R: bytes[3*i], G: bytes[3*i+1], B: bytes[3*i+2]}
	}
	palette[0], palette[255] = planar.Colour{}, planar.Colour{R: 255, G: 255, B: 255}
	palette[1], palette[2] = planar.Colour{B: 255}, planar.Colour{R: 255}
	return palette
}

func TestAnIndexedPictureIsThatOfItsColours(t *testing.T) {
	palette := colours()
	for _, size := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {3, 3}, {16, 2}, {17, 5}, {67, 33}, {256, 4}} {
		width, height := size[0], size[1]
		got, want := planar.NewIndexed(width, height, palette), planar.NewBuilder(width, height, planar.RGB)
		indexes := noise(width, height).Pix
		for y := range height {
			row := indexes[y*width:][:width]
			if y < 3 { // colours that are extreme, in squares of their own
				for x := range row {
					row[x] = byte(x / 2)
				}
			}
			if err := errors.Join(got.Add(row), want.Add(inRGB(row, palette))); err != nil {
				t.Fatal(err)
			}
		}
		near(t, got.Picture(), want.Picture(), 90, 0)
	}
}

func inRGB(row []byte, palette []planar.Colour) (rgb []byte) {
	for _, i := range row {
		rgb = append(rgb, palette[i].R, palette[i].G, palette[i].B)
	}
	return rgb
}

func TestAPaletteOfGreysMakesAGreyPicture(t *testing.T) {
	b := planar.NewIndexed(2, 1, []planar.Colour{{R: 9, G: 9, B: 9}, {R: 200, G: 200, B: 200}})
	if err := b.Add([]byte{1, 0}); err != nil {
		t.Fatal(err)
	}
	near(t, b.Picture(), planar.Picture{Y: planar.Plane{Pix: []byte{200, 9}, Stride: 2, Width: 2, Height: 1}}, 90, 0)
}

func TestAPixelMustHaveAColourThatIsOpaque(t *testing.T) {
	palette := colours()[:4]
	palette[2].Transparent = true
	for row, want := range map[string]error{
		"\x00\x01\x03": nil, "\x00\x02\x03": planar.ErrTransparent, "\x04\x01\x03": planar.ErrIndex, "\x03\x02\xff": planar.ErrIndex,
	} {
		if err := planar.NewIndexed(3, 1, palette).Add([]byte(row)); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", row, err, want)
		}
	}
}
