package colour

import "math"

// Transform brings colours to sRGB. It is made once for a picture, and may be used concurrently.
type Transform struct {
	linear [3][256]float32               // the light of each level, by channel
	matrix [9]float32                    // from the light of the primaries to that of sRGB's
	level  [brightest*levels + 1]float32 // the level of sRGB that light has: 255 for 1, and beyond
}

// levels is how finely light is told apart: enough that the darkest levels of sRGB are.
const levels = 1 << 12

// brightest is the light to which the curve of sRGB is carried on. sRGB cannot show it, but it must not be cut off too
// early: in planes it is not one channel.
const brightest = 2

// The primaries of sRGB, adapted to the light of ICC's connection space as ICC does it.
var (
	sRGB  = matrix3{{0.43607, 0.38515, 0.14307}, {0.22249, 0.71687, 0.06061}, {0.01392, 0.09708, 0.71410}}
	adobe = matrix3{{0.60974, 0.20528, 0.14919}, {0.31111, 0.62567, 0.06322}, {0.01947, 0.06087, 0.74457}}
)

type matrix3 [3][3]float64 // rows X, Y, Z; columns red, green, blue

// New makes the transform of an RGB profile, or of a grey one. It is nil when there is nothing to do, because the colours
// are sRGB's already; and ErrUnusable when the profile is.
func New(profile []byte) (*Transform, error) {
	space, t, err := readTags(profile)
	if err != nil {
		return nil, err
	}
	if space == "GRAY" {
		grey, err := t.curve("kTRC")
		if err != nil {
			return nil, err
		}
		return made(sRGB, [3]curve{grey, grey, grey}), nil
	}
	var (
		primaries matrix3
		curves    [3]curve
	)
	for i, channel := range []string{"r", "g", "b"} {
		xyz, err := t.colourant(channel + "XYZ")
		if err != nil {
			return nil, err
		}
		for row := range xyz {
			primaries[row][i] = xyz[row]
		}
		if curves[i], err = t.curve(channel + "TRC"); err != nil {
			return nil, err
		}
	}
	if !primaries.white() {
		return nil, ErrUnusable
	}
	return made(primaries, curves), nil
}

// AdobeRGB makes the transform of Adobe RGB (1998).
func AdobeRGB() *Transform {
	const gamma = 563. / 256
	var c curve
	for i := range c {
		c[i] = math.Pow(float64(i)/255, gamma)
	}
	return made(adobe, [3]curve{c, c, c})
}

func made(primaries matrix3, curves [3]curve) *Transform {
	m := product(inverse(sRGB), primaries)
	var t Transform
	for i := range 9 {
		t.matrix[i] = float32(m[i/3][i%3])
	}
	for i := range curves {
		for level, light := range curves[i] {
			t.linear[i][level] = float32(light)
		}
	}
	for i := range t.level {
		t.level[i] = float32(255 * encoded(float64(i)/levels))
	}
	if t.idle() {
		return nil
	}
	return &t
}

// idle tells whether the transform changes no colour by more than rounding does.
func (t *Transform) idle() bool {
	const step = 15
	for r := 0; r < 256; r += step {
		for g := 0; g < 256; g += step {
			for b := 0; b < 256; b += step {
				x, y, z := t.colour(uint8(r), uint8(g), uint8(b))
				if off(x, r) || off(y, g) || off(z, b) {
					return false
				}
			}
		}
	}
	return true
}

func off(got float32, want int) bool { return math.Abs(float64(got)-float64(want)) > 1.2 }

// colour gives the levels of sRGB of a colour, not rounded. What sRGB cannot show is below 0 or above 255.
func (t *Transform) colour(r, g, b uint8) (x, y, z float32) {
	lr, lg, lb := t.linear[0][r], t.linear[1][g], t.linear[2][b]
	m := &t.matrix
	return t.at(m[0]*lr + m[1]*lg + m[2]*lb), t.at(m[3]*lr + m[4]*lg + m[5]*lb), t.at(m[6]*lr + m[7]*lg + m[8]*lb)
}

// at gives the level of light, between those of the table.
func (t *Transform) at(light float32) float32 {
	if light < 0 {
		return -t.at(-light)
	}
	light = min(light, brightest-1./levels) * levels
	i := int(light)
	part := light - float32(i)
	return t.level[i] + part*(t.level[i+1]-t.level[i])
}

// encoded is sRGB's curve from light to signal.
func encoded(light float64) float64 {
	if light <= 0.0031308 {
		return 12.92 * light
	}
	return 1.055*math.Pow(light, 1/2.4) - 0.055
}

// white tells whether the primaries make the white that they must make by ICC's rules.
func (m matrix3) white() bool {
	for i, want := range [3]float64{0.9642, 1, 0.8249} {
		if !(math.Abs(m[i][0]+m[i][1]+m[i][2]-want) < 0.05) {
			return false
		}
	}
	return true
}

func product(a, b matrix3) (m matrix3) {
	for i := range 3 {
		for j := range 3 {
			m[i][j] = a[i][0]*b[0][j] + a[i][1]*b[1][j] + a[i][2]*b[2][j]
		}
	}
	return m
}

func inverse(m matrix3) (out matrix3) {
	minor := func(i, j int) float64 {
		a, b, c, d := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
		return m[a][c]*m[b][d] - m[a][d]*m[b][c]
	}
	determinant := m[0][0]*minor(0, 0) + m[0][1]*minor(0, 1) + m[0][2]*minor(0, 2)
	for i := range 3 {
		for j := range 3 {
			out[j][i] = minor(i, j) / determinant
		}
	}
	return out
}
