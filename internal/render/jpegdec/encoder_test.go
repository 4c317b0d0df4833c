package jpegdec_test

import (
	"encoding/binary"
	"math/bits"
)

// options are how a file is written.
type options struct {
	interval    int  // MCUs between restart markers
	separate    bool // a scan for each component
	progressive bool // in bands and bits
	long        bool // most Huffman codes have 16 bits
}

// encode writes a drawing as a file.
func (d *drawing) encode(o options) []byte {
	w := &writer{d: d, o: o}
	w.out = []byte{0xff, 0xd8}
	quant := []byte{0}
	for _, p := range zigzag {
		quant = append(quant, byte(d.quant[p]))
	}
	w.segment(0xdb, quant)
	w.frame()
	w.code()
	if o.interval > 0 {
		w.segment(0xdd, binary.BigEndian.AppendUint16(nil, uint16(o.interval)))
	}
	all := []int{}
	for i := range d.parts {
		all = append(all, i)
	}
	switch {
	case o.progressive:
		w.scan(all, 0, 0, 0, 1)
		for _, i := range all {
			w.scan([]int{i}, 1, 5, 0, 0)
			w.scan([]int{i}, 6, 63, 0, 0)
		}
		w.scan(all, 0, 0, 1, 0)
	case o.separate:
		for _, i := range all {
			w.scan([]int{i}, 0, 63, 0, 0)
		}
	default:
		w.scan(all, 0, 63, 0, 0)
	}
	return append(w.out, 0xff, 0xd9)
}

type writer struct {
	d     *drawing
	o     options
	out   []byte
	acc   uint64
	n     int
	codes [256]struct{ bits, n int }
}

func (w *writer) segment(marker byte, body []byte) {
	w.out = append(w.out, 0xff, marker)
	w.out = binary.BigEndian.AppendUint16(w.out, uint16(len(body)+2))
	w.out = append(w.out, body...)
}

func (w *writer) frame() {
	body := []byte{8}
	body = binary.BigEndian.AppendUint16(body, uint16(w.d.height))
	body = binary.BigEndian.AppendUint16(body, uint16(w.d.width))
	body = append(body, byte(len(w.d.parts)))
	for i, p := range w.d.parts {
		body = append(body, byte(i+1), byte(p.across<<4|p.down), 0)
	}
	marker := byte(0xc1)
	if w.o.progressive {
		marker = 0xc2
	}
	w.segment(marker, body)
}

// code writes one code for everything: 254 symbols in 8 bits and 2 in 9, or 7 in 2 to 8 bits and 249 in 16.
func (w *writer) code() {
	counts := [17]int{8: 254, 9: 2}
	if w.o.long {
		counts = [17]int{2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 16: 249}
	}
	var head, symbols []byte
	code, symbol := 0, 0
	for n := 1; n <= 16; n++ {
		head = append(head, byte(counts[n]))
		code <<= 1
		for range counts[n] {
			w.codes[symbol].bits, w.codes[symbol].n = code, n
			symbols = append(symbols, byte(symbol))
			code++
			symbol++
		}
	}
	w.segment(0xc4, append(append([]byte{0x10}, head...), symbols...))
	// The DC code may not have symbols beyond 15; it is 16 codes of 5 bits.
	dc := append([]byte{0x00}, make([]byte, 16)...)
	dc[5] = 16
	for i := range 16 {
		dc = append(dc, byte(i))
	}
	w.segment(0xc4, dc)
}

func (w *writer) put(v, n int) {
	w.acc = w.acc<<n | uint64(v)&(1<<n-1)
	for w.n += n; w.n >= 8; w.n -= 8 {
		b := byte(w.acc >> (w.n - 8))
		w.out = append(w.out, b)
		if b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

func (w *writer) flush() {
	if w.n > 0 {
		w.put(0x7f, 8-w.n)
	}
}

// value writes v in size bits.
func (w *writer) value(v, size int) {
	if v < 0 {
		v--
	}
	w.put(v, size)
}

func size(v int) int {
	if v < 0 {
		v = -v
	}
	return bits.Len(uint(v))
}

// scan writes a scan of coefficients first to last, from bit low on, or only that bit if high is not 0.
func (w *writer) scan(parts []int, first, last, high, low int) {
	body := []byte{byte(len(parts))}
	for _, i := range parts {
		body = append(body, byte(i+1), 0)
	}
	w.segment(0xda, append(body, byte(first), byte(last), byte(high<<4|low)))
	var preds [3]int
	mcu := 0
	w.mcus(parts, func(i int, block *[64]int, starts bool) {
		if starts && w.o.interval > 0 && mcu > 0 && mcu%w.o.interval == 0 {
			w.flush()
			w.out = append(w.out, 0xff, byte(0xd0+(mcu/w.o.interval-1)&7))
			preds = [3]int{}
		}
		if starts {
			mcu++
		}
		if first == 0 {
			if dc := block[0] >> low; high != 0 {
				w.put(dc, 1)
			} else {
				n := size(dc - preds[i])
				w.put(n, 5)
				w.value(dc-preds[i], n)
				preds[i] = dc
			}
		}
		if last > 0 {
			w.band(block, max(first, 1), last)
		}
	})
	w.flush()
}

// mcus visits blocks in the order of a scan.
func (w *writer) mcus(parts []int, visit func(i int, block *[64]int, starts bool)) {
	if len(parts) == 1 {
		p, luma := &w.d.parts[parts[0]], &w.d.parts[0]
		high := ceil(ceil(w.d.height*p.down, luma.down), 8)
		wide := ceil(ceil(w.d.width*p.across, luma.across), 8)
		for y := range high {
			for x := range wide {
				visit(parts[0], &p.blocks[y*p.wide+x], true)
			}
		}
		return
	}
	luma := &w.d.parts[0]
	for my := range luma.high / luma.down {
		for mx := range luma.wide / luma.across {
			starts := true
			for _, i := range parts {
				p := &w.d.parts[i]
				for y := range p.down {
					for x := range p.across {
						visit(i, &p.blocks[(my*p.down+y)*p.wide+mx*p.across+x], starts)
						starts = false
					}
				}
			}
		}
	}
}

func (w *writer) band(block *[64]int, first, last int) {
	run := 0
	for k := first; k <= last; k++ {
		v := block[zigzag[k]]
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			w.symbol(0xf0)
		}
		n := size(v)
		w.symbol(run<<4 | n)
		w.value(v, n)
		run = 0
	}
	if run > 0 {
		w.symbol(0)
	}
}

func (w *writer) symbol(s int) { w.put(w.codes[s].bits, w.codes[s].n) }
