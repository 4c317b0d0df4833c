package inflate

import mathbits "math/bits"

// An entry of a table says what the next bits mean:
//
//	bits 0 to 7    how many bits it takes, those of the number behind a length or distance included
//	bits 8 to 12   how many of them are the code's
//	bits 16 to 30  a literal, the least length or distance, or where a second table begins
//	bit 31         it is a literal
//	bit 15         it is none of the usual; 14: look on in a second table; 13: the block ends; neither: no such code
type entry = uint32

const (
	literal entry = 1 << 31
	special entry = 1 << 15
	further entry = 1 << 14
	ends    entry = 1 << 13
)

const (
	longestCode  = 15
	literalBits  = 11 // that the first table of literals and lengths is looked up by
	distanceBits = 8
)

// Second tables have an entry for each of the bits that the longest code has beyond the first table; there are as many of
// them as pairs of codes, at most.
type (
	literals  [1<<literalBits + 144<<(longestCode-literalBits)]entry
	distances [1<<distanceBits + 16<<(longestCode-distanceBits)]entry
)

// build fills a table with a code that is given by its lengths: meaning is the entry of each symbol, without those of its
// bits. first are the bits of the first table. A code must use every sequence of bits, unless it is one of a single symbol
// of one bit, or of no symbol at all.
func build(table []entry, first uint, lengths []uint8, meanings []entry) bool {
	var count [longestCode + 1]int
	for _, l := range lengths {
		count[l]++
	}
	var next [longestCode + 2]uint32
	code, longestUsed := uint32(0), uint(0)
	for l := 1; l <= longestCode; l++ {
		next[l] = code
		code = (code + uint32(count[l])) << 1
		if count[l] > 0 {
			longestUsed = uint(l)
		}
	}
	single := longestUsed <= 1 && count[1] <= 1
	if code != 1<<(longestCode+1) && !single {
		return false
	}
	if single {
		clearTo(table[:1<<first], special)
	}
	b := builder{table: table, first: first, rest: longestUsed - min(longestUsed, first), free: 1 << first}
	for symbol, l := range lengths {
		if l > 0 {
			b.put(next[l], uint(l), meanings[symbol])
			next[l]++
		}
	}
	return true
}

func clearTo(table []entry, e entry) {
	for i := range table {
		table[i] = e
	}
}

// builder fills a table code by code, in the order of their symbols.
type builder struct {
	table []entry
	first uint
	rest  uint // bits that second tables are looked up by
	free  int  // where the next second table goes
	roots [1 << literalBits]uint16
}

// put adds a code of l bits.
func (b *builder) put(code uint32, l uint, meaning entry) {
	reversed := int(mathbits.Reverse32(code) >> (32 - l))
	if l <= b.first {
		e := meaning + entry(l)<<8 + entry(l)
		for at := reversed; at < 1<<b.first; at += 1 << l {
			b.table[at] = e
		}
		return
	}
	root := reversed & (1<<b.first - 1)
	if b.roots[root] == 0 {
		b.roots[root] = uint16(b.free)
		b.table[root] = special | further | entry(b.free)<<16 | entry(b.rest)<<8 | entry(b.first)
		b.free += 1 << b.rest
	}
	l -= b.first
	e := meaning + entry(l)<<8 + entry(l)
	second := b.table[b.roots[root]:][:1<<b.rest]
	for at := reversed >> b.first; at < len(second); at += 1 << l {
		second[at] = e
	}
}

// The meanings of symbols: RFC 1951, 3.2.5.
var (
	literalMeanings  = meaningsOfLiterals()
	distanceMeanings = meaningsOfDistances()
)

const (
	endOfBlock  = 256
	lengthCodes = 286 // symbols of literals and lengths that mean something
	rangeCodes  = 30  // of distances
)

func meaningsOfLiterals() (m [288]entry) {
	for i := range m {
		switch {
		case i < endOfBlock:
			m[i] = literal | entry(i)<<16
		case i == endOfBlock:
			m[i] = special | ends
		default:
			m[i] = special
		}
	}
	least := 3
	for i := endOfBlock + 1; i < lengthCodes-1; i++ {
		extra := max(0, (i-257)/4-1)
		m[i] = entry(least)<<16 | entry(extra)
		least += 1 << extra
	}
	m[lengthCodes-1] = longest << 16
	return m
}

func meaningsOfDistances() (m [32]entry) {
	least := 1
	for i := range rangeCodes {
		extra := max(0, i/2-1)
		m[i] = entry(least)<<16 | entry(extra)
		least += 1 << extra
	}
	m[30], m[31] = special, special
	return m
}
