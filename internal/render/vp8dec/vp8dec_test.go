package vp8dec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/vp8"

	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/planartest"
)

// frames are those of the files that the standard library's own decoder is tested with, and one of ours.
func frames(t testing.TB) map[string][]byte {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/image").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "*lossy*.webp"))
	if err != nil || len(files) < 6 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	all := map[string][]byte{}
	for _, name := range append(files, filepath.Join("..", "testdata", "lossy.webp")) {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = frame(t, file)
	}
	return all
}

// frame is the chunk of a WebP that is a frame of VP8.
func frame(t testing.TB, file []byte) []byte {
	t.Helper()
	for b := file[12:]; len(b) >= 8; {
		n := int(binary.LittleEndian.Uint32(b[4:]))
		if string(b[:4]) == "VP8 " {
			return b[8 : 8+n]
		}
		b = b[8+n+n&1:]
	}
	t.Fatal("there is no frame")
	return nil
}

func decode(ctx context.Context, data []byte) (planar.Picture, error) {
	f, err := Open(data)
	if err != nil {
		return planar.Picture{}, err
	}
	return f.Decode(ctx)
}

func standard(data []byte) (*image.YCbCr, error) {
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(data), len(data))
	if _, err := d.DecodeFrameHeader(); err != nil {
		return nil, err
	}
	return d.DecodeFrame()
}

func TestEverySampleIsThatOfTheStandardLibrary(t *testing.T) {
	for name, data := range frames(t) {
		t.Run(name, func(t *testing.T) {
			got, err := decode(t.Context(), data)
			if err != nil {
				t.Fatal(err)
			}
			want, err := standard(data)
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, want)
		})
	}
}

func same(t *testing.T, got planar.Picture, img *image.YCbCr) {
	t.Helper()
	want, err := planar.FromYCbCr(img)
	if err != nil {
		t.Fatal(err)
	}
	if err := planartest.Same(got, want); err != nil {
		t.Fatal(err)
	}
}

func TestAFrameThatIsCutOffIsCorrupt(t *testing.T) {
	data := frame(t, read(t, filepath.Join("..", "testdata", "lossy.webp")))
	for cut := 0; cut < len(data)-8; cut += 1 + cut/50 { // its last bytes need not be looked at
		if _, err := decode(t.Context(), data[:cut]); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut at %d of %d: %v", cut, len(data), err)
		}
	}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsNoPictureIsCorrupt(t *testing.T) {
	good := frame(t, read(t, filepath.Join("..", "testdata", "lossy.webp")))
	for name, change := range map[string]func(b []byte){
		"a frame between two":  func(b []byte) { b[0] |= 1 },
		"another beginning":    func(b []byte) { b[3]++ },
		"no width":             func(b []byte) { b[6], b[7] = 0, 0 },
		"no height":            func(b []byte) { b[8], b[9] = 0, 0 },
		"a partition too long": func(b []byte) { b[2] = 255 },
	} {
		b := bytes.Clone(good)
		change(b)
		if _, err := decode(t.Context(), b); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	data := frame(t, read(t, filepath.Join("..", "testdata", "lossy.webp")))
	if _, err := decode(ctx, data); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkDecode(b *testing.B) {
	benchmark(b, func(data []byte) error {
		_, err := decode(b.Context(), data)
		return err
	})
}

func BenchmarkPeerStandardLibrary(b *testing.B) {
	benchmark(b, func(data []byte) error {
		_, err := standard(data)
		return err
	})
}

func benchmark(b *testing.B, decode func(data []byte) error) {
	data := frames(b)["video-001.lossy.webp"]
	least := time.Hour
	for b.Loop() {
		begin := time.Now()
		for range 20 {
			if err := decode(data); err != nil {
				b.Fatal(err)
			}
		}
		least = min(least, time.Since(begin))
	}
	b.ReportMetric(float64(least.Microseconds())/20_000, "least-ms/op")
}
