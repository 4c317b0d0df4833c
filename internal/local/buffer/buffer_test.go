package buffer_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/darkroom/darkroom/internal/local/buffer"
)

func TestWhatIsLentIsEmptyAndNobodyElses(t *testing.T) {
	var p buffer.Pool
	var borrowers sync.WaitGroup
	for n := range 8 {
		borrowers.Go(func() {
			want := bytes.Repeat([]byte{byte(n)}, 1000*(n+1))
			for range 200 {
				b := p.Get()
				if len(b) != 0 {
					t.Errorf("got %d bytes of somebody else's", len(b))
				}
				if b = append(b, want...); !bytes.Equal(b, want) {
					t.Error("another one writes into what is lent")
				}
				p.Put(b)
			}
		})
	}
	borrowers.Wait()
}

func TestNothingHugeIsKept(t *testing.T) {
	var p buffer.Pool
	p.Put(make([]byte, 2<<20))
	if got := cap(p.Get()); got != 0 {
		t.Errorf("got %d bytes back, want none", got)
	}
}
