package planar

// band is how many rows of the result are made at a time: as many as a column has samples.
const band = 16

// scaler holds the few lines that one scaling works on, a band of the result at a time. Rows of the source are mixed to
// rows as wide as the source; sixteen of those are turned into columns; such columns are mixed as rows were before; the
// result is turned back. So both directions work on many samples at once, and nothing is kept but what the next row needs.
type scaler struct {
	source  Plane
	x, y    *windows
	recent  [][]uint64 // the last rows of the source, split into lanes: row i is at i modulo their number
	split   int        // rows of the source split so far
	starts  []uint64   // what the sums of a row begin with
	sums    []uint64
	rows    []uint64 // of the band, words of eight samples
	columns []column // the same

	mixedSums []uint64 // of the columns of the result
	mixed     []uint64 // those columns, two words each
}

func newScaler(p Plane, x, y *windows) *scaler {
	words, columns := (p.Width+7)/8, (len(x.first)+7)&^7
	s := &scaler{
		source: p, x: x, y: y,
		recent: make([][]uint64, y.taps), starts: make([]uint64, 2*words), sums: make([]uint64, 2*words),
		rows: make([]uint64, band*words), columns: make([]column, 8*words),
		mixedSums: make([]uint64, 4*columns), mixed: make([]uint64, 2*columns),
	}
	lanes := make([]uint64, 2*words*y.taps)
	for i := range s.recent {
		s.recent[i] = lanes[2*words*i : 2*words*(i+1)]
	}
	for i := range s.starts {
		s.starts[i] = start
	}
	return s
}

// scale makes a new plane, each row of which y mixes of rows of the plane, and each column x of its columns.
func (p Plane) scale(x, y *windows) Plane {
	out := newPlane(len(x.first), len(y.first))
	s := newScaler(p, x, y)
	words := len(s.rows) / band
	for top := 0; top < out.Height; top += band {
		n := min(band, out.Height-top)
		for i := range n {
			s.mixRow(s.rows[i*words:(i+1)*words], top+i)
		}
		s.toColumns(words)
		s.mixColumns()
		s.toRows(out, top, n)
	}
	return out
}

// mixRowInWords makes one row of the result's height, still as wide as the source.
func (s *scaler) mixRowInWords(row []uint64, y int) {
	first, weights := s.y.at(y)
	for ; s.split < first+len(weights); s.split++ {
		if s.split >= first {
			split(s.line(s.split), s.source.row(s.split))
		}
	}
	copy(s.sums, s.starts)
	for len(weights) > 0 {
		n := group(len(weights))
		var w [4]uint64
		copy(w[:], weights[:n])
		last := first + n - 1
		a, b, c := s.line(first), s.line(min(first+1, last)), s.line(min(first+2, last))
		if n == 4 {
			add4(s.sums, a, b, c, s.line(last), &w)
		} else {
			add3(s.sums, a, b, c, &w)
		}
		first, weights = first+n, weights[n:]
	}
	pack(row, s.sums)
}

// group is how many of n lines to add next, so that fours and threes are all that is needed, where they can be.
func group(n int) int {
	if n < 4 || n == 5 || n%3 == 0 && n%4 != 0 {
		return min(n, 3)
	}
	return 4
}

func (s *scaler) line(y int) []uint64 { return s.recent[y%len(s.recent)] }

// toColumns turns the rows of the band.
func (s *scaler) toColumns(words int) {
	for i := range words {
		square := (*[8]column)(s.columns[8*i : 8*i+8])
		for half := range band / 8 {
			r := s.rows[half*8*words+i:]
			a, b, c, d, e, f, g, h := transpose(
				r[0], r[words], r[2*words], r[3*words], r[4*words], r[5*words], r[6*words], r[7*words])
			square[0].set(half, a)
			square[1].set(half, b)
			square[2].set(half, c)
			square[3].set(half, d)
			square[4].set(half, e)
			square[5].set(half, f)
			square[6].set(half, g)
			square[7].set(half, h)
		}
	}
}

// mixColumnsInWords makes the columns of the result.
func (s *scaler) mixColumnsInWords() {
	weights := s.x.weights
	for i, first := range s.x.first {
		sum := s.mixedSums[4*i : 4*i+4]
		sum[0], sum[1], sum[2], sum[3] = dot(s.columns[first:first+s.x.taps], weights)
		weights = weights[s.x.taps:]
	}
	pack(s.mixed, s.mixedSums)
}

// toRows writes the first n rows of the band.
func (s *scaler) toRows(out Plane, top, n int) {
	for x := 0; x < out.Stride; x += 8 {
		c := s.mixed[2*x : 2*x+16]
		at := top*out.Stride + x
		for half := 0; 8*half < n; half++ {
			var square [8]uint64
			square[0], square[1], square[2], square[3], square[4], square[5], square[6], square[7] = transpose(
				c[half], c[2+half], c[4+half], c[6+half], c[8+half], c[10+half], c[12+half], c[14+half])
			for _, samples := range square[:min(8, n-8*half)] {
				put(out.Pix[at:at+8], samples)
				at += out.Stride
			}
		}
	}
}
