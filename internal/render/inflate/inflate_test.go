package inflate_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"hash/adler32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/darkroom/darkroom/internal/render/inflate"
)

// deflated compresses with one of the standard library's levels.
func deflated(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// inPieces hands out b, n bytes at a time, with an empty piece now and then.
func inPieces(b []byte, n int) func() ([]byte, error) {
	empty := false
	return func() ([]byte, error) {
		if empty = !empty; empty && len(b) > 0 {
			return []byte{}, nil
		}
		if len(b) == 0 {
			return nil, nil
		}
		piece := b[:min(n, len(b))]
		b = b[len(piece):]
		return piece, nil
	}
}

// all reads a stream to its end, in steps of up to some bytes.
func all(r *inflate.Reader, step int) ([]byte, error) {
	var out []byte
	for {
		b, err := r.Next(step)
		if err == nil {
			out = append(out, b...)
			continue
		}
		for step > 1 { // what is left is less
			step /= 2
			if b, more := r.Next(step); more == nil {
				out = append(out, b...)
				step *= 2
			}
		}
		if ended, _ := r.Ended(); ended {
			return out, nil
		}
		return out, err
	}
}

// samples are data of very different kinds.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	photo, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "dandelion.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	noise, steps, skewed := make([]byte, 200_000), make([]byte, 300_000), make([]byte, 150_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	for i := range steps {
		steps[i] = byte(i / 300 * 7)
	}
	for i := range skewed { // codes of very different lengths
		skewed[i] = byte(random.ExpFloat64() * 9)
	}
	var periods []byte // of every length of up to 20 bytes
	for n := range 20 {
		periods = append(periods, bytes.Repeat(noise[n*50:][:n+1], 40)[n/2:]...)
	}
	return map[string][]byte{
		"periods": periods,
		"nothing": {}, "a byte": {7}, "zeros": make([]byte, 400_000), "a photo": photo, "noise": noise,
		"steps": steps, "skewed": skewed, "text": bytes.Repeat([]byte("the quick brown fox. "), 9_000),
	}
}

func TestWhatTheStandardLibraryCompressedIsReadBack(t *testing.T) {
	for name, data := range samples(t) {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.BestCompression} {
			packed := deflated(t, data, level)
			for _, piece := range []int{1, 7, 8, 9, 8192} {
				for _, step := range []int{300, 70_000} {
					got, err := all(inflate.NewReader(inPieces(packed, piece), step), step)
					if err != nil || !bytes.Equal(got, data) {
						t.Fatalf("%s at level %d in pieces of %d: %d bytes of %d, %v", name, level, piece, len(got), len(data), err)
					}
				}
			}
		}
	}
}

func TestAStreamThatIsCutOffIsShort(t *testing.T) {
	data := bytes.Repeat([]byte("all work and no play makes a dull boy; "), 40)
	for _, level := range []int{0, 6, flate.HuffmanOnly} {
		packed := deflated(t, data, level)
		const checksum = 4
		for cut := range len(packed) - checksum {
			got, err := all(inflate.NewReader(inPieces(packed[:cut], 100), 64), 64)
			if !errors.Is(err, inflate.ErrShort) || !bytes.HasPrefix(data, got) {
				t.Fatalf("level %d, %d of %d: %v", level, cut, len(packed), err)
			}
		}
	}
}

func TestAnErrorOfTheInputIsHandedOn(t *testing.T) {
	broken := errors.New("broken")
	packed := deflated(t, make([]byte, 1000), 6)
	first := true
	r := inflate.NewReader(func() ([]byte, error) {
		if first {
			first = false
			return packed[:4], nil
		}
		return nil, broken
	}, 1000)
	if _, err := r.Next(1000); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// Damage is found where the standard library finds it, apart from a wrong checksum.
func TestDamageIsRefusedAsByTheStandardLibrary(t *testing.T) {
	data := samples(t)
	for _, name := range []string{"nothing", "text", "skewed"} {
		packed := deflated(t, data[name][:min(len(data[name]), 3000)], 6)
		for at := range packed[:min(len(packed), 130)] {
			for bit := range 8 {
				packed[at] ^= 1 << bit
				t.Logf("%s, bit %d of byte %d", name, bit, at)
				same(t, packed)
				packed[at] ^= 1 << bit
			}
		}
	}
}

func TestHeadersAreThoseThatTheStandardLibraryTakes(t *testing.T) {
	packed := deflated(t, []byte("text"), 6)
	for header := 0; header < 1<<16; header += 15 { // each second one that 31 divides, and many that it does not
		packed[0], packed[1] = byte(header>>8), byte(header)
		_, want := zlib.NewReader(bytes.NewReader(packed))
		_, err := inflate.NewReader(inPieces(packed, 100), 4).Next(4)
		if (err == nil) != (want == nil) {
			t.Fatalf("header %04x: %v, want %v", header, err, want)
		}
	}
}

func same(t *testing.T, packed []byte) {
	t.Helper()
	const most = 1 << 20
	want, wantErr := standard(packed, most)
	got, err := some(packed, most)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("got %v, want %v", err, wantErr)
	}
	if err == nil && !bytes.Equal(got, want) {
		t.Fatalf("other bytes: %d and %d", len(got), len(want))
	}
	if err != nil && !errors.Is(err, inflate.ErrCorrupt) && !errors.Is(err, inflate.ErrShort) {
		t.Fatalf("untyped error %v", err)
	}
}

// standard reads up to most bytes by the standard library.
func standard(packed []byte, most int64) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, most))
	if errors.Is(err, zlib.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) && wholeBut(packed, out) {
		err = nil
	}
	return out, err
}

// wholeBut tells whether nothing but the checksum is cut off.
func wholeBut(packed, out []byte) bool {
	got, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed[2:])))
	return err == nil && bytes.Equal(got, out)
}

// some reads up to most bytes by ours.
func some(packed []byte, most int) ([]byte, error) {
	r := inflate.NewReader(inPieces(packed, 1000), 256)
	var out []byte
	for len(out) < most {
		b, err := r.Next(1)
		if err != nil {
			if ended, _ := r.Ended(); ended {
				return out, nil
			}
			return out, err
		}
		out = append(out, b...)
	}
	return out, nil
}

func FuzzInflate(f *testing.F) {
	for _, data := range samples(f) {
		for _, level := range []int{flate.HuffmanOnly, 0, 1, 9} {
			f.Add(deflated(f, data[:min(len(data), 2000)], level))
		}
	}
	f.Fuzz(same)
}

func BenchmarkInflate(b *testing.B) { benchmark(b, ours) }

func BenchmarkPeerStandardLibrary(b *testing.B) {
	benchmark(b, func(packed []byte) error {
		r, err := zlib.NewReader(bytes.NewReader(packed))
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r)
		return err
	})
}

func ours(packed []byte) error {
	r := inflate.NewReader(inPieces(packed, 8192), 4096)
	for {
		if _, err := r.Next(4096); err != nil {
			_, err := r.Ended()
			return err
		}
	}
}

func benchmark(b *testing.B, read func([]byte) error) {
	for name, data := range samples(b) {
		data = bytes.Repeat(data, 1+8<<20/(len(data)+1))
		packed := deflated(b, data, 6)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if err := read(packed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestAReaderCanBeUsedAgainAndKnowsTheChecksum(t *testing.T) {
	r := inflate.NewReader(nil, 1000)
	for name, data := range samples(t) {
		stream := deflated(t, data, 6)
		for _, cut := range []int{0, 1, 2} { // a stream that failed leaves nothing behind
			r.Reset(inPieces(stream[:len(stream)-cut], 100))
			got, err := all(r, 1000)
			if err != nil || !bytes.Equal(got, data) {
				t.Fatalf("%s: %d of %d bytes, %v", name, len(got), len(data), err)
			}
			sum, err := r.Sum()
			if want := adler32.Checksum(data); cut == 0 && (err != nil || sum != want) {
				t.Errorf("%s: the checksum is %08x, %v, want %08x", name, sum, err, want)
			}
			if cut > 0 && !errors.Is(err, inflate.ErrShort) {
				t.Errorf("%s: of a part of the checksum: %v", name, err)
			}
		}
		r.Reset(inPieces(stream[:len(stream)/2], 100))
		if _, err := all(r, 1000); err == nil && len(data) > 100 {
			t.Errorf("%s: half of it is enough", name)
		}
	}
}
