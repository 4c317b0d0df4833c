package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// size is that of the pixels as they are stored.
func (s scene) size() image.Point {
	return map[int]image.Point{12: {X: 4000, Y: 3000}, 24: {X: 6000, Y: 4000}, 48: {X: 8000, Y: 6000}}[s.megapixels]
}

// noise is how far the sensor moves a value of 0 to 255, as a standard deviation. What the web hands on was smoothed.
func (s scene) noise() float64 {
	if s.bits == webBits {
		return 2
	}
	return 5
}

// make writes a scene in some ways, each as a whole or not at all.
func (s scene) make(ctx context.Context, photos []photo) error {
	pixels, err := enlarge(s.size(), s.noise())
	if err != nil {
		return err
	}
	plain, quality, err := encode(pixels, s.bits)
	if err != nil {
		return err
	}
	for _, p := range photos {
		part := p.path + ".part"
		data := plain
		if p.way == turned {
			data = turn(plain)
		}
		if err := os.WriteFile(part, data, 0o644); err != nil {
			return fmt.Errorf("write a photo: %w", err)
		}
		if p.way == progressive {
			if err := inScans(ctx, part, quality); err != nil {
				return err
			}
		}
		if err := os.Rename(part, p.path); err != nil {
			return fmt.Errorf("keep a photo: %w", err)
		}
	}
	return nil
}

// encode finds the quality that comes nearest to the bits a pixel asked for.
func encode(pixels *image.RGBA, bits float64) (best []byte, quality int, err error) {
	wanted := bits * float64(len(pixels.Pix)/4) / 8
	off := func(file []byte) float64 { return math.Abs(float64(len(file)) - wanted) }
	for low, high := 30, 98; low <= high; {
		q := (low + high) / 2
		var file bytes.Buffer
		if err := jpeg.Encode(&file, pixels, &jpeg.Options{Quality: q}); err != nil {
			return nil, 0, fmt.Errorf("encode a photo: %w", err)
		}
		if best == nil || off(file.Bytes()) < off(best) {
			best, quality = file.Bytes(), q
		}
		if float64(file.Len()) < wanted {
			low = q + 1
		} else {
			high = q - 1
		}
	}
	return best, quality, nil
}

// inScans makes a progressive file of a baseline one. In the same quality the coefficients stay nearly what they are, since
// both encoders take their tables from the standard.
func inScans(ctx context.Context, path string, quality int) error {
	return quietly(exec.CommandContext(ctx, "node", filepath.Join(home, "progressive.mjs"), path, strconv.Itoa(quality)))
}

// turn says in a JPEG's EXIF that it is to be shown a quarter turned clockwise.
func turn(file []byte) []byte {
	const start = 2 // of every JPEG: a marker
	return slices.Concat(file[:start], orientation(6), file[start:])
}

// orientation is a JPEG's segment of EXIF, with one entry.
func orientation(is uint16) []byte {
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	exif = binary.BigEndian.AppendUint16(exif, is)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(2+len(exif)))
	return append(segment, exif...)
}
