package render

import (
	"bytes"
	"encoding/binary"

	"github.com/darkroom/darkroom/internal/render/heif"
)

// format is a kind of picture file, named as in gallery.Facts.
type format string

const (
	formatJPEG format = "jpeg"
	formatPNG  format = "png"
	formatGIF  format = "gif"
	formatWebP format = "webp"
	formatBMP  format = "bmp"
	formatTIFF format = "tiff"
	formatHEIC format = "heic"
	formatAVIF format = "avif"
	formatRaw  format = "raw" // a camera's own, of whatever maker
)

// sniff tells the format of a file by how it begins; empty when it is none that we read.
func sniff(b []byte) format {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return formatJPEG
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return formatPNG
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return formatGIF
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return formatWebP
	case bytes.HasPrefix(b, []byte("II*\x00")), bytes.HasPrefix(b, []byte("MM\x00*")):
		return formatTIFF
	case sniffBMP(b):
		return formatBMP
	}
	switch heic, avif := heif.Is(b); {
	case heic:
		return formatHEIC
	case avif:
		return formatAVIF
	}
	return ""
}

// sniffBMP looks beyond the two letters, with which many a text begins, to the length of the second header.
func sniffBMP(b []byte) bool {
	if len(b) < 18 || string(b[:2]) != "BM" {
		return false
	}
	switch binary.LittleEndian.Uint32(b[14:]) {
	case 12, 16, 40, 52, 56, 64, 108, 124:
		return true
	}
	return false
}
