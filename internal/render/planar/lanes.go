package planar

import "encoding/binary"

// The arithmetic here is on four 16-bit lanes in one 64-bit word (SIMD within a register; L. Lamport, "Multiple byte
// processing with full-word instructions", 1975). A word of eight samples is taken apart into its even and its odd
// bytes. Multiplying such lanes by one weight, negative ones too, is one multiplication: what lanes borrow from each
// other meanwhile is paid back once each lane's sum is within its range.

const (
	evenBytes = 0x00FF00FF00FF00FF
	oddBytes  = 0xFF00FF00FF00FF00
	everyLane = 0x0001000100010001
	topBits   = 0x8000 * everyLane

	// start is what each lane begins with: 128, so that no sum that can occur is negative, and a half to round.
	// The weights of Lanczos-3 that are negative sum to -0.27, so sums lie between -0.27 and 1.27 times 255.
	start = everyLane * (128*unit + unit/2)
)

// add3 and add4 add weighted lines to sums. All have one length.
func add3(sums, a, b, c []uint64, w *[4]uint64) {
	n := len(sums)
	a, b, c = a[:n], b[:n], c[:n]
	wa, wb, wc := w[0], w[1], w[2]
	for i := range sums {
		sums[i] += a[i]*wa + b[i]*wb + c[i]*wc
	}
}

func add4(sums, a, b, c, d []uint64, w *[4]uint64) {
	n := len(sums)
	a, b, c, d = a[:n], b[:n], c[:n], d[:n]
	wa, wb, wc, wd := w[0], w[1], w[2], w[3]
	for i := range sums {
		sums[i] += a[i]*wa + b[i]*wb + c[i]*wc + d[i]*wd
	}
}

// column is a band of samples one below the other, or sums of such: the even and the odd lanes of eight, then of the next.
type column [4]uint64

// set splits eight samples into the lanes of one half.
func (c *column) set(half int, samples uint64) {
	half = 2 * half & 2
	c[half], c[half+1] = samples&evenBytes, samples>>8&evenBytes
}

// dot is the sum of columns, each with its weight. (Inlined, its sums would not all stay in registers.)
//
//go:noinline
func dot(columns []column, weights []uint64) (a, b, c, d uint64) {
	weights = weights[:len(columns)]
	a, b, c, d = start, start, start, start
	for i := range columns {
		from, w := &columns[i], weights[i]
		a += from[0] * w
		b += from[1] * w
		c += from[2] * w
		d += from[3] * w
	}
	return a, b, c, d
}

// pack ends sums, even and odd lanes in turn: it shifts out their fractions, limits them to 0..255, and puts eight samples
// in a word each. With 128 added, the two top bits of a lane differ just when its sample is within limits, as nearly all
// are; and the sum's lowest eight bits before the point are the sample but for the highest one.
func pack(words, sums []uint64) {
	for i := range words {
		sum := sums[2*i : 2*i+2]
		even, odd := sum[0], sum[1]
		if (even^even<<1)&(odd^odd<<1)&topBits != topBits {
			even, odd = limit(even), limit(odd)
		}
		words[i] = (even>>weightBits&evenBytes | odd<<(8-weightBits)&oddBytes) ^ 0x8080808080808080
	}
}

// limit puts the least and the greatest sum in place of those beyond. (Inlined, it would slow the loop that rarely needs
// it.)
//
//go:noinline
func limit(lanes uint64) uint64 {
	low := ^(lanes | lanes<<1) & topBits >> 15
	high := lanes & (lanes << 1) & topBits >> 15
	beyond := (low<<16 - low) | (high<<16 - high)
	return lanes&^beyond | low<<14 | (high<<16-high)&^(high<<14)
}

// split takes a row of samples apart: even and odd lanes in turn.
func split(lanes []uint64, row []byte) {
	n := len(row) &^ 7
	for x := 0; x < n; x += 8 {
		v := binary.LittleEndian.Uint64(row[x : x+8])
		pair := lanes[x/4 : x/4+2]
		pair[0], pair[1] = v&evenBytes, v>>8&evenBytes
	}
	if n < len(row) {
		v := word(row, n)
		lanes[n/4], lanes[n/4+1] = v&evenBytes, v>>8&evenBytes
	}
}

// word is eight samples of a row from x; beyond the row's end they are zero.
func word(row []byte, x int) uint64 {
	if x+8 <= len(row) {
		return binary.LittleEndian.Uint64(row[x : x+8])
	}
	var last [8]byte
	copy(last[:], row[x:])
	return binary.LittleEndian.Uint64(last[:])
}

// put stores eight samples of a row.
func put(row []byte, samples uint64) { binary.LittleEndian.PutUint64(row, samples) }

// transpose mirrors an 8 × 8 square of bytes at its diagonal, by swapping ever smaller squares (H. Warren, Hacker's
// Delight, 7-3).
func transpose(a, b, c, d, e, f, g, h uint64) (_, _, _, _, _, _, _, _ uint64) {
	const half, quarter, eighth = 0x00000000FFFFFFFF, 0x0000FFFF0000FFFF, evenBytes
	a, e = a&half|e<<32, a>>32|e&^half
	b, f = b&half|f<<32, b>>32|f&^half
	c, g = c&half|g<<32, c>>32|g&^half
	d, h = d&half|h<<32, d>>32|h&^half
	a, c = a&quarter|c&quarter<<16, a>>16&quarter|c&^quarter
	b, d = b&quarter|d&quarter<<16, b>>16&quarter|d&^quarter
	e, g = e&quarter|g&quarter<<16, e>>16&quarter|g&^quarter
	f, h = f&quarter|h&quarter<<16, f>>16&quarter|h&^quarter
	a, b = a&eighth|b&eighth<<8, a>>8&eighth|b&^eighth
	c, d = c&eighth|d&eighth<<8, c>>8&eighth|d&^eighth
	e, f = e&eighth|f&eighth<<8, e>>8&eighth|f&^eighth
	g, h = g&eighth|h&eighth<<8, g>>8&eighth|h&^eighth
	return a, b, c, d, e, f, g, h
}
