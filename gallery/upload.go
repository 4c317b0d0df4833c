package gallery

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds of an upload.
const (
	MaxUploadBytes   = 100 << 20 // of one signed PUT
	MaxBytes         = 512 << 20 // of a file in parts; developing takes as much memory, and more
	PartBytes        = 16 << 20  // of every part but the last
	MaxBatch         = 25        // uploads announced together
	MaxFilenameBytes = 255
)

// Upload is what a client announces before it sends a picture.
type Upload struct {
	Filename    string
	ContentType string
	Bytes       int64
	SHA256      string // lower-case hex
}

// Checked refuses an upload that cannot be accepted, naming the field at fault, and returns it in its stored form.
func (u Upload) Checked() (Upload, error) {
	u.SHA256 = strings.ToLower(u.SHA256)
	u.ContentType = strings.ToLower(u.ContentType)
	switch {
	case u.Filename == "" || len(u.Filename) > MaxFilenameBytes:
		return u, Invalid("filename", "a file name has 1 to %d bytes", MaxFilenameBytes)
	case !printable(u.Filename):
		return u, Invalid("filename", "a file name is UTF-8 without control characters")
	case !imageType(u.ContentType):
		return u, Invalid("contentType", "a content type is image/… such as image/jpeg")
	case u.Bytes < 1 || u.Bytes > MaxBytes:
		return u, Invalid("bytes", "a picture has 1 to %d bytes", MaxBytes)
	case !isSHA256(u.SHA256):
		return u, Invalid("sha256", "a SHA-256 is 64 hexadecimal digits")
	}
	return u, nil
}

// Target is where and how a client sends the bytes of a picture.
type Target struct {
	URL       string
	Method    string
	Headers   []Header // every one must be sent as it is: they are signed
	ExpiresAt time.Time
}

// Header is one HTTP header.
type Header struct{ Name, Value string }

// Link is a signed URL that shows something until it expires.
type Link struct {
	URL       string
	ExpiresAt time.Time
}

func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}

func imageType(s string) bool {
	sub, ok := strings.CutPrefix(s, "image/")
	return ok && sub != "" && len(sub) <= 64 && strings.Trim(sub, "abcdefghijklmnopqrstuvwxyz0123456789.+-") == ""
}
