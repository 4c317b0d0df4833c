package gallery

import (
	"strings"
	"time"
)

// Part is a piece of a file that is sent in parts.
type Part struct {
	Number int // from 1
	Bytes  int64
	SHA256 string // lower-case hex
}

// PartTarget is where and how a client sends one.
type PartTarget struct {
	Number    int
	URL       string
	Method    string
	Headers   []Header // every one must be sent as it is: they are signed
	ExpiresAt time.Time
}

// InParts tells whether the image's bytes are too many for one request.
func (i Image) InParts() bool { return i.Bytes > MaxUploadBytes }

// Parts is how many parts the image's bytes come in.
func (i Image) Parts() int { return int((i.Bytes + PartBytes - 1) / PartBytes) }

// partBytes is how many bytes a part has.
func (i Image) partBytes(number int) int64 {
	return min(PartBytes, i.Bytes-int64(number-1)*PartBytes)
}

// CheckPart refuses what cannot be a part of the image, and returns it in the form that is signed.
func (i Image) CheckPart(p Part) (Part, error) {
	p.SHA256 = strings.ToLower(p.SHA256)
	switch {
	case p.Number < 1 || p.Number > i.Parts():
		return p, Invalid("number", "the parts are numbered from 1 to %d", i.Parts())
	case p.Bytes != i.partBytes(p.Number):
		return p, Invalid("bytes", "part %d has %d bytes", p.Number, i.partBytes(p.Number))
	case !isSHA256(p.SHA256):
		return p, Invalid("sha256", "a SHA-256 is 64 hexadecimal digits")
	}
	return p, nil
}

// Missing lists the parts that are not among those that have arrived.
func (i Image) Missing(arrived []Part) []int {
	there := map[int]bool{}
	for _, p := range arrived {
		there[p.Number] = p.Bytes == i.partBytes(p.Number)
	}
	var missing []int
	for n := 1; n <= i.Parts(); n++ {
		if !there[n] {
			missing = append(missing, n)
		}
	}
	return missing
}

func isSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
