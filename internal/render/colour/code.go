package colour

import "math"

// Code names the colours of a picture by numbers, as films, HEIF and PNG do: ITU-T H.273, 8.1 and 8.2. The zero Code is none.
type Code struct{ Primaries, Transfer uint16 }

// The numbers that have names here.
const (
	primariesSRGB   = 1
	primariesBT2020 = 9
	primariesP3     = 12
	transferSRGB    = 13
)

// xy are the chromaticities of red, green and blue.
type xy [3][2]float64

// Those whose white is D65.
var chromaticities = map[uint16]xy{
	primariesSRGB:   {{0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}},
	5:               {{0.640, 0.330}, {0.290, 0.600}, {0.150, 0.060}}, // PAL
	6:               {{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}}, // NTSC
	7:               {{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}},
	primariesBT2020: {{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}},
	primariesP3:     {{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}},
}

// Transform brings such colours to sRGB. It is nil when they are sRGB's already, and when the numbers mean nothing here: as
// those of HDR, whose light no sRGB can show.
func (c Code) Transform() *Transform {
	primaries, known := chromaticities[c.Primaries]
	light := c.light()
	if !known || light == nil {
		return nil
	}
	var levels curve
	for i := range levels {
		levels[i] = light(float64(i) / 255)
	}
	return made(primaries.adapted(), [3]curve{levels, levels, levels})
}

// light is what a signal stands for; nil when that is not known. The curves of films, which are made for dark rooms, are
// taken for sRGB's.
func (c Code) light() func(signal float64) float64 {
	switch c.Transfer {
	case 1, 6, 14, 15, transferSRGB:
		return decoded
	case 4:
		return func(v float64) float64 { return math.Pow(v, 2.2) }
	case 5:
		return func(v float64) float64 { return math.Pow(v, 2.8) }
	case 8:
		return func(v float64) float64 { return v }
	}
	return nil
}

// Name is the colours' name for people; empty when they have none.
func (c Code) Name() string {
	switch {
	case c.Primaries == primariesSRGB && c.Transfer == transferSRGB:
		return "sRGB"
	case c.Primaries == primariesP3 && c.Transfer == transferSRGB:
		return "Display P3"
	case c.Primaries == primariesBT2020:
		return "BT.2020"
	}
	return ""
}

// decoded is sRGB's curve from signal to light.
func decoded(signal float64) float64 {
	if signal <= 0.04045 {
		return signal / 12.92
	}
	return math.Pow((signal+0.055)/1.055, 2.4)
}

// bradford takes light to the responses of the eye's cones, in which whites are adapted.
var bradford = matrix3{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}

// adapted are primaries under the light of ICC's connection space, D50.
func (p xy) adapted() matrix3 {
	d65, d50 := [3]float64{0.95047, 1, 1.08883}, [3]float64{0.96422, 1, 0.82521}
	var m matrix3
	for i, c := range p {
		m[0][i], m[1][i], m[2][i] = c[0]/c[1], 1, (1-c[0]-c[1])/c[1]
	}
	m = product(m, diagonal(times(inverse(m), d65)))
	from, to := times(bradford, d65), times(bradford, d50)
	change := product(inverse(bradford), product(diagonal([3]float64{to[0] / from[0], to[1] / from[1], to[2] / from[2]}), bradford))
	return product(change, m)
}

func diagonal(v [3]float64) matrix3 { return matrix3{{v[0]}, {0, v[1]}, {0, 0, v[2]}} }

func times(m matrix3, v [3]float64) (out [3]float64) {
	for i := range out {
		out[i] = m[i][0]*v[0] + m[i][1]*v[1] + m[i][2]*v[2]
	}
	return out
}
