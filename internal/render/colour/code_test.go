package colour

import (
	"image"
	"math"
	"testing"
)

// The primaries that are adapted here are those that ICC's profiles have.
func TestCodesMeanThePrimariesOfProfiles(t *testing.T) {
	for name, c := range map[string]struct {
		code Code
		want matrix3
	}{
		"sRGB":       {Code{1, 13}, sRGB},
		"Display P3": {Code{12, 13}, matrix3{{0.51512, 0.29198, 0.15710}, {0.24120, 0.69225, 0.06657}, {-0.00105, 0.04189, 0.78407}}},
		"BT.2020":    {Code{9, 1}, matrix3{{0.67348, 0.16566, 0.12505}, {0.27904, 0.67534, 0.04561}, {-0.00193, 0.02998, 0.79684}}},
	} {
		got := chromaticities[c.code.Primaries].adapted()
		for i := range 9 {
			if d := math.Abs(got[i/3][i%3] - c.want[i/3][i%3]); d > 0.0008 {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		if c.code.Name() != name {
			t.Errorf("%s is called %q", name, c.code.Name())
		}
	}
}

func TestACodeChangesColoursAsItsProfileDoes(t *testing.T) {
	byProfile, err := New(read(t, "display-p3-v4.icc"))
	if err != nil {
		t.Fatal(err)
	}
	byCode := Code{12, 13}.Transform()
	for i := range 4096 {
		m := image.NewNRGBA(image.Rect(0, 0, 1, 1))
		copy(m.Pix, []byte{byte(i * 7), byte(i / 16), byte(i * 31), 255})
		other := image.NewNRGBA(m.Rect)
		copy(other.Pix, m.Pix)
		byProfile.Pixels(m)
		byCode.Pixels(other)
		for k := range 3 {
			if d := int(m.Pix[k]) - int(other.Pix[k]); d > 1 || d < -1 {
				t.Fatalf("colour %d: %v by the profile, %v by the code", i, m.Pix, other.Pix)
			}
		}
	}
}

func TestCodesThatNeedNoChangeOrMeanNothingMakeNone(t *testing.T) {
	for _, c := range []Code{{}, {1, 13}, {1, 1}, {2, 2}, {9, 16}, {9, 18}, {12, 255}, {65535, 13}} {
		if c.Transform() != nil {
			t.Errorf("%v changes colours", c)
		}
	}
	for _, c := range []Code{{9, 14}, {12, 8}, {6, 4}, {5, 5}} {
		if c.Transform() == nil {
			t.Errorf("%v changes nothing", c)
		}
	}
}
