package meta

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The bytes that are kept of a text.
const (
	maxLine      = 200
	maxTitle     = 300
	maxCaption   = 2000
	maxKeyword   = 64
	maxKeywords  = 64
	maxCopyright = 300
)

// line reads a short text of EXIF, which ends with a zero. What is longer than any name is none.
func line(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	if len(b) > 10*maxLine {
		return ""
	}
	return tidy(decode(b), maxLine)
}

// decode makes UTF-8 of bytes in an encoding that nobody names: UTF-8 is recognised, since hardly anything else happens to
// be it; the rest is taken for what Windows wrote in the West.
func decode(b []byte) string {
	b = b[:min(len(b), 4*maxCaption)]
	if !utf8.Valid(b) && !cutInALetter(b) {
		return decode1252(b)
	}
	return string(bytes.ToValidUTF8(b, nil))
}

// cutInALetter tells whether the bytes are UTF-8 but for a last letter that is not whole.
func cutInALetter(b []byte) bool {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			return tail[0] >= 0xc2 && !utf8.FullRune(tail) && len(b) > n && utf8.Valid(b[:len(b)-n])
		}
	}
	return false
}

func decode1252(b []byte) string {
	// The letters that Windows put where Latin-1 has control characters.
	const moved = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"
	letters := []rune(moved)
	var out strings.Builder
	for _, c := range b {
		if c >= 0x80 && c < 0xa0 {
			out.WriteRune(letters[c-0x80])
		} else {
			out.WriteRune(rune(c))
		}
	}
	return out.String()
}

// decodeUTF16 reads what Windows Explorer writes: little-endian, ending with a zero.
func decodeUTF16(b []byte) string {
	b = b[:min(len(b), 4*maxCaption)]
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		u := binary.LittleEndian.Uint16(b)
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}

// tidy gives a text in one line without surrounding space and control characters, cut between two letters to the bytes
// that are kept. Lines and tabs become spaces.
func tidy(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || r == utf8.RuneError: // an error is what an invalid byte becomes
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return strings.TrimSpace(s)
}
