package planar

import "golang.org/x/sys/cpu"

// mixRows makes samples of a row, at least 16, of as many rows of the source as there are taps: those from source on, stride
// bytes apart. mixColumns makes n columns of mixed, each of taps columns from its first on. They need AVX2.
//
//go:noescape
func mixRows(row *uint64, samples int, source *byte, stride int, weights *uint64, taps int)

//go:noescape
func mixColumns(mixed *uint64, columns *column, first *int, weights *uint64, n, taps int)

// mixRow is mixRowInWords, faster where the processor can.
func (s *scaler) mixRow(row []uint64, y int) {
	if !cpu.X86.HasAVX2 || s.source.Width < 16 {
		s.mixRowInWords(row, y)
		return
	}
	first, weights := s.y.at(y)
	source := s.source.view(0, first, s.source.Width, len(weights))
	mixRows(&row[0], source.Width, &source.Pix[0], source.Stride, &weights[0], len(weights))
}

// mixColumns is mixColumnsInWords, faster where the processor can.
func (s *scaler) mixColumns() {
	if !cpu.X86.HasAVX2 {
		s.mixColumnsInWords()
		return
	}
	mixColumns(&s.mixed[0], &s.columns[0], &s.x.first[0], &s.x.weights[0], len(s.x.first), s.x.taps)
}
