package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/bmp"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/libheif"
	"github.com/darkroom/darkroom/internal/libwebp"
	"github.com/darkroom/darkroom/internal/render"
)

// Our worker with the decoder of functions/heif, and with the encoder of WebP.
const (
	oursHeavy = "darkroom-heif"
	oursWebP  = "darkroom-webp"
)

// heavy is the job with that decoder.
func heavy() job {
	return developing(render.Developer{HEIF: libheif.Decoder{}, Limits: render.Limits{Memory: gallery.HeifMemory << 20}})
}

// inWebP is the way of a photo whose renditions are to be WebP.
const inWebP = "in WebP"

// webps is the job with all renditions in WebP.
func webps() job {
	specs := gallery.Specs()
	for i := range specs {
		specs[i].WebP = true
	}
	return developing(render.Developer{Specs: specs, WebP: libwebp.Encoder{}})
}

// measureFormats develops the same scene of 12 MP out of each format, beside sharp where sharp reads it, each time in a new
// process; and a JPEG of 24 MP with a profile that is not sRGB's.
func (b *bench) measureFormats(ctx context.Context) error {
	files, err := b.formats(ctx)
	if err != nil {
		return err
	}
	for round := range b.o.rounds {
		for _, f := range files {
			for _, c := range b.formatContestants(f) {
				if round == 0 {
					b.say("%s by %s", f.name, c.who)
				}
				if err := b.coldFormat(ctx, c, f); err != nil && round == 0 {
					b.say("%s does not read %s: %v", c.who, f.name, firstLine(err))
				}
			}
		}
	}
	return ctx.Err()
}

// formatContestants are ours and sharp's careful way; for HEIC and AVIF, ours is the heavy one.
func (b *bench) formatContestants(p photo) []contestant {
	var some []contestant
	for _, c := range b.contestants {
		as := func(worker string) contestant {
			c.args = []string{b.self, "-worker", worker}
			return c
		}
		switch ext := filepath.Ext(p.path); {
		case c.who == report.Darkroom && p.way == inWebP:
			return []contestant{as(oursWebP)}
		case c.who == report.Darkroom && (ext == ".avif" || ext == ".heic"):
			some = append(some, as(oursHeavy))
		case c.who == report.Darkroom || c.who == sharpCascade:
			some = append(some, c)
		}
	}
	return some
}

func (b *bench) coldFormat(ctx context.Context, c contestant, p photo) error {
	w, err := hire(ctx, c)
	if err != nil {
		return err
	}
	got, err := w.give(order{Photo: p.path})
	if err != nil {
		return err
	}
	cpu, err := w.dismiss()
	if err != nil {
		return err
	}
	b.samples.add(p.name, c.who, cpuCold, "s", cpu)
	b.samples.add(p.name, c.who, rss, "MiB", got.Peak)
	b.samples.add(p.name, c.who, size, "B", float64(got.Bytes))
	return nil
}

// formats makes the files, unless an earlier run has left them.
func (b *bench) formats(ctx context.Context) ([]photo, error) {
	if err := os.MkdirAll(b.o.cache, 0o755); err != nil {
		return nil, fmt.Errorf("make a folder for photos: %w", err)
	}
	twelve, err := b.plain(ctx, 12)
	if err != nil {
		return nil, err
	}
	files := []photo{twelve, {name: "12 MP JPEG, renditions in WebP", path: twelve.path, way: inWebP}}
	for _, f := range []photo{
		{name: "PNG", path: "12.png"}, {name: "PNG, filtered", path: "12-filtered.png"},
		{name: "PNG, transparent", path: "12-transparent.png"}, {name: "GIF", path: "12.gif"},
		{name: "WEBP", path: "12.webp"}, {name: "TIFF", path: "12.tiff"}, {name: "BMP", path: "12.bmp"},
		{name: "AVIF", path: "12.avif"},
	} {
		f.name, f.path = "12 MP "+f.name, filepath.Join(b.o.cache, f.path)
		if missing(f) {
			b.say("making %s", f.name)
			if err := convert(ctx, twelve.path, f.path); err != nil {
				b.say("%s is not measured: %v", f.name, firstLine(err))
				continue
			}
		}
		files = append(files, f)
	}
	return b.more(ctx, files)
}

// plain is a JPEG as a camera writes it.
func (b *bench) plain(ctx context.Context, megapixels int) (photo, error) {
	p := photo{
		name: fmt.Sprintf("%d MP JPEG", megapixels),
		path: filepath.Join(b.o.cache, fmt.Sprintf("%d-%.1f-%s.jpg", megapixels, cameraBits, baseline)),
	}
	if !missing(p) {
		return p, nil
	}
	b.say("making %s", p.name)
	return p, scene{megapixels, cameraBits}.make(ctx, []photo{p})
}

// convert writes a photo in another format; BMP by ourselves, since sharp does not write it.
func convert(ctx context.Context, photo, path string) error {
	part := strings.TrimSuffix(path, filepath.Ext(path)) + ".part" + filepath.Ext(path)
	if filepath.Ext(path) != ".bmp" {
		cmd := exec.CommandContext(ctx, "node", filepath.Join(home, "convert.mjs"), photo, part)
		return errors.Join(quietly(cmd), os.Rename(part, path))
	}
	pixels, err := enlarge(scene{12, cameraBits}.size(), scene{12, cameraBits}.noise())
	if err != nil {
		return err
	}
	f, err := os.Create(part)
	if err != nil {
		return fmt.Errorf("make a BMP: %w", err)
	}
	return errors.Join(bmp.Encode(f, pixels), f.Close(), os.Rename(part, path))
}

// more adds what is not made here: a HEIC of a phone, from the tests of the module imagemeta; and a JPEG of 24 MP
// with a profile and without.
func (b *bench) more(ctx context.Context, files []photo) ([]photo, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bep/imagemeta").Output()
	if err == nil {
		path := filepath.Join(strings.TrimSpace(string(dir)), "testdata", "images", "iphone.heic")
		files = append(files, photo{name: "24 MP HEIC, of an iPhone", path: path})
	}
	plain, err := b.plain(ctx, 24)
	if err != nil {
		return nil, err
	}
	vivid := photo{name: "24 MP JPEG, Display P3", path: filepath.Join(b.o.cache, "24-p3.jpg")}
	if missing(vivid) {
		if err := withProfile(plain.path, vivid.path); err != nil {
			return nil, err
		}
	}
	return append(files, plain, vivid), nil
}

// withProfile copies a JPEG and puts a profile into it.
func withProfile(from, to string) error {
	file, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read a photo: %w", err)
	}
	profile, err := os.ReadFile("internal/render/colour/testdata/display-p3-v4.icc")
	if err != nil {
		return fmt.Errorf("read a profile: %w", err)
	}
	n := 2 + 14 + len(profile)
	segment := append([]byte{0xff, 0xe2, byte(n >> 8), byte(n)}, "ICC_PROFILE\x00\x01\x01"...)
	return os.WriteFile(to, slices.Concat(file[:2], segment, profile, file[2:]), 0o644)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
