// Package colour brings the colours of pictures to sRGB, by the ICC profiles that their files carry.
//
// It knows profiles of a matrix and curves, which are those of cameras, phones and screens, and those of a grey curve.
// Profiles of tables, which are those of printers, it leaves alone. One that is broken is none: the picture is shown as if
// it were sRGB, as every browser does.
package colour

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf16"
)

// ErrUnusable says that a profile is broken, or not of a kind that is read here.
var ErrUnusable = errors.New("unusable colour profile")

const (
	headerBytes = 128
	maxTags     = 200
	maxName     = 100 // bytes
)

// tags is a profile's values by their signatures. They are part of the profile.
type tags map[string][]byte

// readTags gives a profile's kind of colours, such as "RGB ", and its values.
func readTags(b []byte) (space string, t tags, err error) {
	if len(b) < headerBytes+4 || string(b[36:40]) != "acsp" {
		return "", nil, fmt.Errorf("%w: it has no header", ErrUnusable)
	}
	n := binary.BigEndian.Uint32(b[headerBytes:])
	table := b[headerBytes+4:]
	if n > maxTags || int(n)*12 > len(table) {
		return "", nil, fmt.Errorf("%w: it has %d values", ErrUnusable, n)
	}
	t = tags{}
	for ; n > 0; n, table = n-1, table[12:] {
		offset, size := int64(binary.BigEndian.Uint32(table[4:])), int64(binary.BigEndian.Uint32(table[8:]))
		if offset+size <= int64(len(b)) {
			t[string(table[:4])] = b[offset:][:size:size]
		}
	}
	return string(b[16:20]), t, nil
}

// Name gives a profile's name for people; empty when it has none.
func Name(profile []byte) string {
	_, t, err := readTags(profile)
	if err != nil {
		return ""
	}
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == '\ufffd' {
			return -1
		}
		return r
	}, described(t["desc"]))
	return strings.ToValidUTF8(strings.TrimSpace(name[:min(len(name), maxName)]), "")
}

// described reads a text as profiles of version 2 have it, or the first of several languages as those of version 4 do.
func described(v []byte) string {
	switch {
	case len(v) > 12 && string(v[:4]) == "desc":
		n := min(int64(binary.BigEndian.Uint32(v[8:])), int64(len(v)-12))
		text, _, _ := strings.Cut(string(v[12:12+n]), "\x00")
		return strings.ToValidUTF8(text, "")
	case len(v) >= 28 && string(v[:4]) == "mluc":
		size, offset := int64(binary.BigEndian.Uint32(v[20:])), int64(binary.BigEndian.Uint32(v[24:]))
		if offset+size > int64(len(v)) {
			return ""
		}
		var units []uint16
		for text := v[offset:][:min(size, 4*maxName)]; len(text) >= 2; text = text[2:] {
			units = append(units, binary.BigEndian.Uint16(text))
		}
		return string(utf16.Decode(units))
	}
	return ""
}

// colourant reads the tristimulus of a primary, under the light of ICC's connection space.
func (t tags) colourant(signature string) (v [3]float64, err error) {
	b := t[signature]
	if len(b) < 20 || string(b[:4]) != "XYZ " {
		return v, fmt.Errorf("%w: %s is missing", ErrUnusable, signature)
	}
	for i := range v {
		v[i] = fixed(b[8+4*i:])
	}
	return v, nil
}

// fixed reads a number of 16 bits before the point and 16 behind.
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// curve is the light that each of 256 levels stands for, 0 to 1.
type curve [256]float64

// curve reads how light grows with the level of a channel.
func (t tags) curve(signature string) (c curve, err error) {
	b := t[signature]
	if len(b) < 12 {
		return c, fmt.Errorf("%w: %s is missing", ErrUnusable, signature)
	}
	var f func(x float64) float64
	switch string(b[:4]) {
	case "curv":
		f = sampled(b[8:])
	case "para":
		f = parametric(b[8:])
	}
	if f == nil {
		return c, fmt.Errorf("%w: %s is %q", ErrUnusable, signature, b[:4])
	}
	for i := range c {
		c[i] = min(max(f(float64(i)/255), 0), 1) // NaN stays NaN
	}
	return c, c.check(signature)
}

// check refuses what no device does: light that does not grow, that ends in the dark, or comes all at once.
func (c curve) check(signature string) error {
	for i := 1; i < len(c); i++ {
		if !(c[i] >= c[i-1]) {
			return fmt.Errorf("%w: %s falls", ErrUnusable, signature)
		}
	}
	if c[0] > 0.1 || c[128] < 0.01 || c[128] > 0.85 || c[255] < 0.9 {
		return fmt.Errorf("%w: %s goes from %.2f by %.2f to %.2f", ErrUnusable, signature, c[0], c[128], c[255])
	}
	return nil
}

// sampled is a curve given by its gamma, or by values at even distances; nil when they are not there.
func sampled(b []byte) func(float64) float64 {
	n, b := int64(binary.BigEndian.Uint32(b)), b[4:]
	if n > int64(len(b)/2) {
		return nil
	}
	value := func(i int) float64 { return float64(binary.BigEndian.Uint16(b[2*i:])) }
	switch n {
	case 0:
		return func(x float64) float64 { return x }
	case 1:
		gamma := value(0) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }
	}
	return func(x float64) float64 {
		at := x * float64(n-1)
		i := min(int(at), int(n)-2)
		part := at - float64(i)
		return (value(i)*(1-part) + value(i+1)*part) / 65535
	}
}

// parametric is a curve given by a formula, of which ICC has five; nil when its numbers are not there.
func parametric(b []byte) func(float64) float64 {
	kind := binary.BigEndian.Uint16(b)
	counts := []int{1, 3, 4, 5, 7}
	if int(kind) >= len(counts) || len(b) < 4+4*counts[kind] {
		return nil
	}
	var p [7]float64 // g a b c d e f
	for i := range counts[kind] {
		p[i] = fixed(b[4+4*i:])
	}
	g, a, o, c, d, e, f := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	switch kind {
	case 0:
		a = 1
	case 1:
		c, d = 0, -o/a
	case 2: // the same, raised by c everywhere
		c, d, e, f = 0, -o/a, c, c
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(max(a*x+o, 0), g) + e
		}
		return c*x + f
	}
}
