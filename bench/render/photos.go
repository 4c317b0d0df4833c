package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// photo is a JPEG to develop.
type photo struct {
	name, path string
	way        string  // of ours, in which it is written
	bits       float64 // a pixel, of ours
}

// scene is what a photo of ours shows, and how finely.
type scene struct {
	megapixels int
	bits       float64 // a pixel, in the file
}

// Cameras write 2.5 to 4 bits a pixel; what the web hands on has fewer.
const (
	cameraBits = 3.2
	webBits    = 1.5
)

func scenes(quick bool) []scene {
	all := []scene{{12, cameraBits}, {12, webBits}}
	if quick {
		return all
	}
	return append(all, scene{24, cameraBits}, scene{24, webBits}, scene{48, cameraBits}, scene{48, webBits})
}

// The ways in which a scene is written.
const (
	baseline    = "baseline"
	progressive = "progressive" // in scans of ever finer detail
	turned      = "turned"      // baseline, stored on its side as phones do
)

func (s scene) ways(hasSharp bool) []string {
	ways := []string{baseline}
	if hasSharp {
		ways = append(ways, progressive)
	}
	if s.bits == cameraBits {
		ways = append(ways, turned)
	}
	return ways
}

// gatherPhotos finds the user's photos or makes ours, unless an earlier run has left them.
func (b *bench) gatherPhotos(ctx context.Context) ([]photo, error) {
	if b.o.photos != "" {
		return found(b.o.photos)
	}
	if err := os.MkdirAll(b.o.cache, 0o755); err != nil {
		return nil, fmt.Errorf("make a folder for photos: %w", err)
	}
	var all []photo
	for _, s := range scenes(b.o.quick) {
		photos := b.photosOf(s)
		if slices.ContainsFunc(photos, missing) {
			b.say("making photos: %d MP, %.1f bit/px", s.megapixels, s.bits)
			if err := s.make(ctx, photos); err != nil {
				return nil, fmt.Errorf("make photos: %w", err)
			}
		}
		all = append(all, photos...)
	}
	return all, nil
}

// photosOf lists a scene in all ways that can be written here.
func (b *bench) photosOf(s scene) []photo {
	hasSharp := slices.ContainsFunc(b.contestants, func(c contestant) bool { return c.who == sharpCascade })
	var photos []photo
	for _, way := range s.ways(hasSharp) {
		photos = append(photos, photo{
			name: fmt.Sprintf("%d MP %.1f bit/px %s", s.megapixels, s.bits, way),
			path: filepath.Join(b.o.cache, fmt.Sprintf("%d-%.1f-%s.jpg", s.megapixels, s.bits, way)),
			way:  way, bits: s.bits,
		})
	}
	return photos
}

// cameraPhotos are those that a camera would have written as it mostly does; of the user's own, all.
func cameraPhotos(photos []photo) []photo {
	return slices.DeleteFunc(slices.Clone(photos), func(p photo) bool {
		return p.way != "" && (p.way != baseline || p.bits != cameraBits)
	})
}

func missing(p photo) bool {
	_, err := os.Stat(p.path)
	return err != nil
}

// found lists the JPEGs of a folder.
func found(dir string) ([]photo, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("look for photos: %w", err)
	}
	var photos []photo
	for _, e := range entries {
		if ext := strings.ToLower(filepath.Ext(e.Name())); ext == ".jpg" || ext == ".jpeg" {
			path, err := filepath.Abs(filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, fmt.Errorf("look for photos: %w", err)
			}
			photos = append(photos, photo{name: e.Name(), path: path})
		}
	}
	if len(photos) == 0 {
		return nil, fmt.Errorf("look for photos: %s has no file named .jpg or .jpeg", dir)
	}
	return photos, nil
}
