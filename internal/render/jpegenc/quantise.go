package jpegenc

import "math"

// table divides coefficients by what a quality prescribes.
type table struct {
	steps [64]byte // in zigzag order, as they are written
	rows  [4]rowPair
	wide  wide
}

// wide is the same for a transform that yields all results at once, frequency u of row v at 8u+v.
type wide struct {
	reach  [64]int32
	factor [64]int64
	place  [64]uint8
}

// rowPair is what turns two rows of results of the transform, v and v+4, into coefficients.
type rowPair [8]struct {
	reach  uint64   // of both lanes: results up to this far from zero come to zero
	factor [2]int64 // a coefficient is the product with this, shifted and rounded
	place  [2]uint8 // in zigzag order
}

const shift = 48

// quantise writes two rows of coefficients, and tells which are not zero. Most are, and those cost little: both lanes are
// looked at together. (A lane may have lent one to the other, so the reach is one less than it could be.)
func quantise(block *[64]int16, x *lanes, rows *rowPair) (nonzero uint64) {
	const (
		signs = bothLanes << 31
		half  = 1 << (shift - 1)
	)
	for u := range rows {
		v, d := x[u], &rows[u]
		if ((v+d.reach)|(d.reach-v))&signs == 0 {
			continue
		}
		low := (int64(int32(v))*d.factor[0] + half) >> shift
		high := (int64(v+1<<31)>>32*d.factor[1] + half) >> shift
		block[d.place[0]&63] = int16(low)
		block[d.place[1]&63] = int16(high)
		nonzero |= uint64(low|-low) >> 63 << (d.place[0] & 63)
		nonzero |= uint64(high|-high) >> 63 << (d.place[1] & 63)
	}
	return nonzero
}

// quantisation makes the tables of luma and chroma for a quality, scaled as the Independent JPEG Group does.
func quantisation(quality int) [2]table {
	quality = min(max(quality, 1), 100)
	percent := 200 - 2*quality
	if quality < 50 {
		percent = 5000 / quality
	}
	var tables [2]table
	for i := range tables {
		for k, step := range baseSteps[i] {
			tables[i].steps[k] = byte(min(max((int(step)*percent+50)/100, 1), 255))
		}
		tables[i].fill()
	}
	return tables
}

// fill computes the rows from the steps.
func (t *table) fill() {
	for place, natural := range zigzag {
		v, u := natural/8, natural%8
		scale := 8 * scaleFactors[u] * scaleFactors[v] * (1 << kept)
		if u%4 != 0 {
			scale *= one
		}
		factor := int64(math.Round((1 << shift) / (scale * float64(t.steps[place]))))
		d, lane := &t.rows[v%4][u], v/4
		d.factor[lane] = factor
		reach := (1<<(shift-1)-1)/factor - 1
		d.reach += uint64(reach) << (32 * lane)
		d.place[lane] = uint8(place)
		i := 8*u + v
		t.wide.reach[i], t.wide.factor[i], t.wide.place[i] = int32(reach), factor, uint8(place)
	}
}

// scaleFactors are what the transform leaves in its results: 1, and √2·cos(kπ/16).
var scaleFactors = [8]float64{
	1, 1.387039845322148, 1.306562964876377, 1.175875602419359, 1, 0.785694958387102, 0.541196100146197, 0.275899379282943,
}

// zigzag gives the natural place of each coefficient in the order of the file.
var zigzag = [64]int{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// baseSteps are the steps of ITU-T T.81, K.1, in zigzag order: of luma, of chroma.
var baseSteps = [2][64]byte{
	{
		16, 11, 12, 14, 12, 10, 16, 14,
		13, 14, 18, 17, 16, 19, 24, 40,
		26, 24, 22, 22, 24, 49, 35, 37,
		29, 40, 58, 51, 61, 60, 57, 51,
		56, 55, 64, 72, 92, 78, 64, 68,
		87, 69, 55, 56, 80, 109, 81, 87,
		95, 98, 103, 104, 103, 62, 77, 113,
		121, 112, 100, 120, 92, 101, 103, 99,
	},
	{
		17, 18, 18, 24, 21, 24, 47, 26,
		26, 47, 99, 66, 56, 66, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	},
}
