// Package buffer lends out the bytes that answers are put together in, which would otherwise be most of a server's garbage.
package buffer

import "sync"

// most is how many bytes are kept in one piece, so that a single long answer does not stay in memory for good.
const most = 1 << 20

// Pool lends bytes out. The zero Pool is ready. What is not asked for again goes with the garbage.
type Pool struct{ idle sync.Pool }

// Get lends bytes to append to: their length is zero.
func (p *Pool) Get() []byte {
	if b, ok := p.idle.Get().(*[]byte); ok {
		return *b
	}
	return nil
}

// Put takes bytes back, with what was appended to them, from one who looks at them no more. Whoever does not return them
// does no harm.
func (p *Pool) Put(b []byte) {
	if cap(b) <= most {
		b = b[:0]
		p.idle.Put(&b)
	}
}
