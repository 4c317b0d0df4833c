package lzw_test

import (
	"bytes"
	stdlzw "compress/lzw"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	tifflzw "golang.org/x/image/tiff/lzw"

	"github.com/darkroom/darkroom/internal/render/lzw"
)

var variants = map[string]lzw.Variant{"GIF": lzw.GIF, "TIFF": lzw.TIFF}

// peer reads with the decoder that others use.
func peer(v lzw.Variant, literal int, packed []byte) ([]byte, error) {
	if v == lzw.GIF {
		return io.ReadAll(stdlzw.NewReader(bytes.NewReader(packed), stdlzw.LSB, literal))
	}
	return io.ReadAll(tifflzw.NewReader(bytes.NewReader(packed), tifflzw.MSB, literal))
}

// read takes everything, a few bytes at a time.
func read(v lzw.Variant, literal uint, packed []byte, more io.Reader, each int) ([]byte, error) {
	var (
		r   lzw.Reader
		all []byte
	)
	r.Reset(v, literal, packed, more)
	for {
		next, err := r.Next(each)
		switch {
		case err == nil:
			all = append(all, next...)
		case each > 1:
			each = 1
		case errors.Is(err, io.EOF):
			return all, nil
		default:
			return all, err
		}
	}
}

// contents are bytes of many kinds, from those that repeat to those that do not.
func contents() map[string][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	noise, waves, runs := make([]byte, 20_000), make([]byte, 20_000), make([]byte, 50_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
		waves[i] = byte(i/7) + noise[i]&3
		runs[i] = byte(i * i >> 21)
	}
	return map[string][]byte{
		"nothing": {}, "a byte": {7}, "zeros": make([]byte, 60_000), "noise": noise, "waves": waves, "runs": runs,
		"text": bytes.Repeat([]byte("to be or not to be, "), 900),
	}
}

func TestWhatWasPackedIsUnpacked(t *testing.T) {
	for name, v := range variants {
		for what, content := range contents() {
			for _, literal := range []uint{2, 5, 8} {
				for _, deferred := range []bool{false, true} {
					if v == lzw.TIFF && literal < 8 || v == lzw.GIF && deferred && literal == 5 {
						continue
					}
					t.Run(fmt.Sprint(name, what, literal, deferred), func(t *testing.T) {
						want := bytes.Clone(content)
						for i := range want {
							want[i] &= 1<<literal - 1
						}
						packed := pack(v, literal, want, deferred)
						theirs, err := peer(v, int(literal), packed)
						if err != nil || !bytes.Equal(theirs, want) {
							t.Fatalf("the test packs what others do not read: %v", err)
						}
						got, err := read(v, literal, packed, nil, 1000)
						if err != nil || !bytes.Equal(got, want) {
							t.Errorf("got %d bytes, %v, want %d", len(got), err, len(want))
						}
						got, err = read(v, literal, packed[:1], iotest.HalfReader(bytes.NewReader(packed[1:])), 4097)
						if err != nil || !bytes.Equal(got, want) {
							t.Errorf("in pieces, got %d bytes, %v, want %d", len(got), err, len(want))
						}
					})
				}
			}
		}
	}
}

// pack compresses. When all codes are in use it begins anew, or if that is deferred goes on with what it has.
func pack(v lzw.Variant, literal uint, content []byte, deferred bool) []byte {
	p := packer{v: v, clear: 1 << literal}
	p.put(p.begin(literal))
	var s []byte
	for _, b := range content {
		longer := string(append(s, b))
		if _, ok := p.codes[longer]; ok || len(s) == 0 {
			s = []byte(longer)
			continue
		}
		p.put(p.codeOf(s))
		p.add(longer)
		if p.next >= 4094 && !deferred {
			p.put(p.clear)
			p.begin(literal)
		}
		s = []byte{b}
	}
	if len(s) > 0 {
		p.put(p.codeOf(s))
		p.add(string(s) + "the end is a code, too")
	}
	p.put(p.clear + 1)
	return append(p.out, p.rest()...)
}

type packer struct {
	v           lzw.Variant
	clear, next int
	width       uint
	codes       map[string]int
	out         []byte
	bits        uint64
	n           uint
}

func (p *packer) begin(literal uint) int {
	p.codes, p.next, p.width = map[string]int{}, p.clear+2, literal+1
	return p.clear
}

func (p *packer) codeOf(s []byte) int {
	if len(s) == 1 {
		return int(s[0])
	}
	return p.codes[string(s)]
}

// add gives a string the next code. The reader is one behind.
func (p *packer) add(s string) {
	early := 0
	if p.v == lzw.TIFF {
		early = 1
	}
	if p.next < 4096-early {
		p.codes[s] = p.next
		p.next++
	}
	if p.next-1+early >= 1<<p.width && p.width < 12 {
		p.width++
	}
}

func (p *packer) put(code int) {
	if p.v == lzw.GIF {
		p.bits |= uint64(code) << p.n
	} else {
		p.bits |= uint64(code) << (64 - p.n - p.width)
	}
	for p.n += p.width; p.n >= 8; p.n -= 8 {
		p.out = append(p.out, p.rest()[0])
		if p.v == lzw.GIF {
			p.bits >>= 8
		} else {
			p.bits <<= 8
		}
	}
}

func (p *packer) rest() []byte {
	if p.v == lzw.GIF {
		return []byte{byte(p.bits)}
	}
	return []byte{byte(p.bits >> 56)}
}

func TestACutSourceIsNoticed(t *testing.T) {
	for name, v := range variants {
		packed := pack(v, 8, contents()["text"], false)
		for n := range len(packed) - 2 {
			for _, more := range []io.Reader{nil, bytes.NewReader(nil)} {
				got, err := read(v, 8, packed[:n], more, 100)
				want, _ := peer(v, 8, packed[:n])
				if !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.Equal(got, want) {
					t.Fatalf("%s cut to %d bytes: %d bytes, %v", name, n, len(got), err)
				}
			}
		}
		cause := errors.New("gone")
		if _, err := read(v, 8, nil, iotest.ErrReader(cause), 100); !errors.Is(err, cause) {
			t.Errorf("%s: the source's error becomes %v", name, err)
		}
	}
}

func TestTheLastCodeOfTIFFHasNoString(t *testing.T) {
	packed := pack(lzw.TIFF, 8, contents()["noise"][:5000], true)
	p := packer{v: lzw.TIFF, width: 12, out: packed[:len(packed)-len(packed)%3-9]} // where codes of 12 bits begin
	for range 4 {
		p.put(4095)
	}
	if _, err := read(lzw.TIFF, 8, p.out, nil, 100); !errors.Is(err, lzw.ErrCode) {
		t.Errorf("got %v", err)
	}
}

func TestRestPassesOverAsMuchAsAskedFor(t *testing.T) {
	content := contents()["runs"]
	packed := pack(lzw.TIFF, 8, content, false)
	var r lzw.Reader
	r.Reset(lzw.TIFF, 8, packed, nil)
	if _, err := r.Next(100); err != nil {
		t.Fatal(err)
	}
	if n, err := r.Rest(1 << 20); !errors.Is(err, io.EOF) || n != int64(len(content))-100 {
		t.Errorf("%d bytes were passed over, %v, want %d", n, err, len(content)-100)
	}
	if got := r.Consumed(); got < int64(len(packed))-1 || got > int64(len(packed)) {
		t.Errorf("%d bytes were consumed, of %d", got, len(packed))
	}
	r.Reset(lzw.TIFF, 8, packed[:len(packed)/2], nil)
	if _, err := r.Rest(1 << 20); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("of half there is the rest, %v", err)
	}
	r.Reset(lzw.TIFF, 8, packed[:len(packed)/2], nil)
	if _, err := r.Rest(10); err != nil {
		t.Errorf("ten bytes are not passed over: %v", err)
	}
}

func FuzzReader(f *testing.F) {
	for _, v := range variants {
		for _, content := range contents() {
			f.Add(byte(v), byte(8), uint16(100), pack(v, 8, content[:min(len(content), 3000)], true))
		}
	}
	f.Add(byte(0), byte(2), uint16(1), pack(lzw.GIF, 2, []byte{1, 2, 3, 1, 2, 3, 1, 1, 1, 1}, true))
	f.Fuzz(func(t *testing.T, variant, literal byte, each uint16, packed []byte) {
		v, n := lzw.Variant(variant%2), uint(2+literal%7)
		if len(packed) > 60_000 {
			return // the peer's codes of TIFF overflow after some 65,000
		}
		want, wantErr := peer(v, int(n), packed)
		at := int(each) % (len(packed) + 1)
		got, err := read(v, n, packed[:at], iotest.OneByteReader(bytes.NewReader(packed[at:])), 1+int(each))
		if v == lzw.TIFF && errors.Is(err, lzw.ErrCode) && bytes.HasPrefix(want, got) {
			return // the last code has a string there, of zeros
		}
		if (err == nil) != (wantErr == nil) || !bytes.Equal(got, want) {
			t.Fatalf("got %d bytes, %v; the peer %d, %v", len(got), err, len(want), wantErr)
		}
	})
}
