package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render"
)

func TestMirrorWalksToAndFro(t *testing.T) {
	var got []int
	for i := range 8 {
		got = append(got, mirror(i, 3))
	}
	want := []int{0, 1, 2, 2, 1, 0, 0, 1}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("mirror gives %v, want %v", got, want)
		}
	}
}

func TestNoiseIsAsStrongAsAskedForAndAlwaysTheSame(t *testing.T) {
	pix := bytes.Repeat([]byte{128, 128, 128, 255}, 100_000)
	again := bytes.Clone(pix)
	addNoise(pix, 5)
	addNoise(again, 5)
	var sum float64
	for i := 0; i < len(pix); i += 4 {
		d := float64(pix[i]) - 128
		sum += d * d
		if pix[i+3] != 255 {
			t.Fatalf("the pixel at %d has opacity %d", i/4, pix[i+3])
		}
	}
	if got := math.Sqrt(sum * 4 / float64(len(pix))); math.Abs(got-5) > 0.1 {
		t.Errorf("the noise has a deviation of %.2f, want 5", got)
	}
	if !bytes.Equal(pix, again) {
		t.Error("a second time the noise is another")
	}
}

func TestAPhotoHasTheBitsAskedForAndCanBeTurned(t *testing.T) {
	tile, err := open("../../internal/render/testdata/progressive-444.jpg")
	if err != nil {
		t.Fatal(err)
	}
	pixels := image.NewRGBA(image.Rect(0, 0, 400, 300))
	tiled(pixels, pixels.Rect, tile)
	addNoise(pixels.Pix, 4)
	file, quality, err := encode(pixels, 2.5)
	if err != nil {
		t.Fatal(err)
	}
	if got := float64(len(file)) * 8 / (400 * 300); math.Abs(got-2.5) > 0.3 {
		t.Errorf("in quality %d the photo has %.2f bits a pixel, want 2.5", quality, got)
	}
	img, err := imaging.Decode(bytes.NewReader(turn(file)), imaging.AutoOrientation(true))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.Bounds().Size(), image.Pt(300, 400); got != want {
		t.Errorf("turned, it is %v, want %v", got, want)
	}
}

func TestQualityOfKnownPictures(t *testing.T) {
	picture := func(value func(x, y int) int) *image.NRGBA {
		img := image.NewNRGBA(image.Rect(0, 0, 32, 16))
		for i := range img.Pix {
			img.Pix[i] = 255
			if i%4 < 3 {
				img.Pix[i] = uint8(value(i/4%32, i/4/32))
			}
		}
		return img
	}
	stripes := picture(func(x, _ int) int { return 100 + x%2*50 })
	tests := []struct {
		name       string
		got        *image.NRGBA
		psnr, ssim float64
	}{
		{"the same", stripes, 99, 1},
		{"all a little brighter", picture(func(x, _ int) int { return 105 + x%2*50 }), 34.15, 0.999},
		{"stripes the other way round", picture(func(x, _ int) int { return 150 - x%2*50 }), 14.15, -0.911},
		{"grey without stripes", picture(func(_, _ int) int { return 125 }), 20.17, 0.086},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := peakSignalToNoise(test.got, stripes); math.Abs(got-test.psnr) > 0.01 {
				t.Errorf("PSNR is %.2f, want %.2f", got, test.psnr)
			}
			if got := similarity(luma(test.got), luma(stripes), 32); math.Abs(got-test.ssim) > 0.001 {
				t.Errorf("SSIM is %.3f, want %.3f", got, test.ssim)
			}
		})
	}
}

func TestOurWorkerFulfilsOrdersOneAfterAnother(t *testing.T) {
	const path = "../../internal/render/testdata/progressive-444.jpg"
	dir := t.TempDir()
	var orders, receipts bytes.Buffer
	for _, out := range []string{dir, ""} {
		if err := json.NewEncoder(&orders).Encode(order{path, out}); err != nil {
			t.Fatal(err)
		}
	}
	if err := serve(t.Context(), &orders, &receipts, developing(render.Developer{})); err != nil {
		t.Fatal(err)
	}
	var first, second receipt
	if d := json.NewDecoder(&receipts); d.Decode(&first) != nil || d.Decode(&second) != nil {
		t.Fatalf("there are no two receipts: %s", receipts.String())
	}
	// A peak never falls, but Linux sums it up from what each CPU has counted, to within some pages.
	const pages = 1 // MiB
	if first.Bytes == 0 || first.Wall <= 0 || first.Peak <= 0 ||
		second.Bytes != first.Bytes || second.CPU <= first.CPU || second.Peak < first.Peak-pages {
		t.Errorf("receipts are %+v and %+v", first, second)
	}
	want, err := newIdeal(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range gallery.Specs() {
		psnr, ssim, err := want.compare(fileOf(dir, i), s.Crop)
		if err != nil {
			t.Fatal(err)
		}
		if psnr < 28 || ssim < 0.9 {
			t.Errorf("%s has a PSNR of %.1f dB and an SSIM of %.3f", s.Name, psnr, ssim)
		}
	}
}

func TestAWorkerThatEndsSaysWhy(t *testing.T) {
	hired := func(script string) *worker {
		w, err := hire(t.Context(), contestant{who: "sh", args: []string{"sh", "-c", script}})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	good := hired(`while read line; do echo '{"wall":1.5,"cpu":2,"peak":3,"bytes":4}'; done`)
	for range 2 {
		got, err := good.give(order{Photo: "a.jpg"})
		if want := (receipt{1.5, 2, 3, 4}); err != nil || got != want {
			t.Errorf("the receipt is %+v, error %v, want %+v", got, err, want)
		}
	}
	if _, err := good.dismiss(); err != nil {
		t.Errorf("dismiss: %v", err)
	}
	bad := hired(`read line; echo no such photo >&2; exit 3`)
	if _, err := bad.give(order{Photo: "a.jpg"}); err == nil || !strings.Contains(err.Error(), "no such photo") {
		t.Errorf("the error is %v, want the worker's own words in it", err)
	}
	if _, err := bad.dismiss(); err != nil {
		t.Errorf("dismissed once more, it says %v", err)
	}
}

func TestAnOrderThatCannotBeFulfilledEndsTheWorker(t *testing.T) {
	failing := job{do: func(context.Context, order) (int64, error) { return 0, os.ErrNotExist }, usage: ownUsage}
	err := serve(t.Context(), strings.NewReader(`{"photo":"a.jpg"}`), &bytes.Buffer{}, failing)
	if err == nil || !strings.Contains(err.Error(), "a.jpg") {
		t.Errorf("the error is %v, want the photo named in it", err)
	}
}

func TestOnlyJPEGsOfAFolderAreTaken(t *testing.T) {
	dir := t.TempDir()
	if _, err := found(dir); err == nil {
		t.Error("an empty folder is no error")
	}
	for _, name := range []string{"a.JPG", "b.jpeg", "c.png", "d.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := found(dir)
	if err != nil || len(got) != 2 || got[0].name != "a.JPG" || got[1].path != filepath.Join(dir, "b.jpeg") {
		t.Errorf("found %+v, error %v", got, err)
	}
}

func TestTheTableComparesWithBothWaysOfSharp(t *testing.T) {
	s := newSamples()
	for _, v := range []float64{3, 0.2, 0.1} {
		s.add("one", report.Darkroom, cpuWarm, "s", v)
	}
	s.add("one", sharpCascade, cpuWarm, "s", 0.4)
	s.add("one", sharpClone, cpuWarm, "s", 0.8)
	s.add("one", report.Darkroom, psnr, decibel, 35)
	s.add("one", sharpCascade, psnr, decibel, 35.25)
	s.add("two", vipsthumbnail, rss, "MiB", 123.4)
	var got strings.Builder
	if err := table(&got, s.medians()); err != nil {
		t.Fatal(err)
	}
	want := `case  metric       darkroom  sharp-cascade  sharp-clone  vipsthumbnail  to cascade  to clone
one   cpu_warm, s  0.200     0.400          0.800        –              0.50        0.25
      psnr, dB     35.00     35.25          –            –              -0.25       –
two   rss, MiB     –         –              –            123            –           –
`
	if got.String() != want {
		t.Errorf("the table is\n%s\nwant\n%s", got.String(), want)
	}
}
