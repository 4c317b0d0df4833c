package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/darkroom/darkroom/gallery"
)

// File is a picture on disk, as it was when it was measured.
type File struct {
	Path string
	gallery.Upload
}

// Inspect measures and hashes a file in one pass and tells its type from its first bytes, or, where they do not say, from
// its extension. What cannot be uploaded (a directory, too many bytes, no picture) is refused as gallery.CodeInvalidInput.
func Inspect(ctx context.Context, path string) (File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return File{}, err
	}
	switch {
	case info.IsDir():
		return File{}, gallery.Invalid("filename", "this is a folder, not a picture")
	case !info.Mode().IsRegular(): // opening a pipe might wait for ever
		return File{}, gallery.Invalid("filename", "this is not a regular file")
	case info.Size() == 0:
		return File{}, gallery.Invalid("bytes", "the file is empty")
	case info.Size() > gallery.MaxBytes:
		return File{}, gallery.Invalid("bytes", "the file has %d MiB, and at most %d can be uploaded",
			(info.Size()+1<<20-1)>>20, gallery.MaxBytes>>20)
	}
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	return measure(ctx, f, path)
}

func measure(ctx context.Context, f io.Reader, path string) (File, error) {
	first := make([]byte, 512) // as many as content sniffing looks at
	n, err := io.ReadFull(f, first)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return File{}, err
	}
	first = first[:n]
	sum := sha256.New()
	sum.Write(first)
	rest, err := io.Copy(sum, io.LimitReader(untilDone{ctx, f}, gallery.MaxBytes))
	if err != nil {
		return File{}, fmt.Errorf("read %s: %w", path, err)
	}
	kind := contentType(first, path)
	if !strings.HasPrefix(kind, "image/") {
		return File{}, gallery.Invalid("contentType", "this is not a picture (%s)", kind)
	}
	u, err := gallery.Upload{
		Filename: filepath.Base(path), ContentType: kind,
		Bytes: int64(n) + rest, SHA256: hex.EncodeToString(sum.Sum(nil)),
	}.Checked()
	return File{Path: path, Upload: u}, err
}

// contentType prefers what the bytes say. Sniffing does not know every kind of picture, so the extension may add to it.
func contentType(first []byte, path string) string {
	sniffed, _, _ := strings.Cut(http.DetectContentType(first), ";")
	if strings.HasPrefix(sniffed, "image/") {
		return sniffed
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".jpg", ".jpeg", ".jpe":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".bmp":
		return "image/bmp"
	case ".tif", ".tiff":
		return "image/tiff"
	case ".heic", ".heif":
		return "image/heic"
	case ".avif":
		return "image/avif"
	}
	return sniffed
}

// untilDone reads until its context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
