//go:build !amd64

package planar

// There is nothing faster yet for this processor.

func (s *scaler) mixRow(row []uint64, y int) { s.mixRowInWords(row, y) }

func (s *scaler) mixColumns() { s.mixColumnsInWords() }
