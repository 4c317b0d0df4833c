package render

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"

	"github.com/darkroom/darkroom/internal/render/colour"
	"github.com/darkroom/darkroom/internal/render/meta"
)

// maxPNGText bounds what a compressed text or profile may become.
const maxPNGText = maxProfile

// takePNG keeps what a chunk of a PNG holds; of a thing given twice the first.
func takePNG(blocks *meta.Blocks, kind string, data []byte) {
	switch {
	case kind == "eXIf" && blocks.EXIF == nil:
		blocks.EXIF = data
	case kind == "iCCP" && blocks.ICC == nil:
		if _, rest, ok := bytes.Cut(data, []byte{0}); ok && len(rest) > 1 && rest[0] == 0 {
			blocks.ICC = inflate(rest[1:])
		}
	case kind == "cICP" && len(data) == 4:
		blocks.Code = colour.Code{Primaries: uint16(data[0]), Transfer: uint16(data[1])}
	case kind == "iTXt" && blocks.XMP == nil:
		blocks.XMP = pngXMP(data)
	case kind == "zTXt":
		takeRaw(blocks, data)
	}
}

// takeRaw keeps what ImageMagick wrote before PNG had chunks for it: a compressed text that is a block in hexadecimal,
// behind an empty line, its name and its length.
func takeRaw(blocks *meta.Blocks, data []byte) {
	name, rest, _ := bytes.Cut(data, []byte{0})
	kind, ok := bytes.CutPrefix(name, []byte("Raw profile type "))
	if !ok || len(rest) < 2 {
		return
	}
	lines := bytes.SplitN(inflate(rest[1:]), []byte("\n"), 4)
	if len(lines) < 4 {
		return
	}
	digits := bytes.ReplaceAll(lines[3], []byte("\n"), nil)
	block := make([]byte, len(digits)/2)
	if _, err := hex.Decode(block, digits); err != nil {
		return
	}
	switch exif, hasEXIF := bytes.CutPrefix(block, []byte("Exif\x00\x00")); {
	case hasEXIF && blocks.EXIF == nil:
		blocks.EXIF = exif
	case string(kind) == "iptc" && blocks.IPTC == nil:
		blocks.IPTC = meta.IPTC(block)
	}
}

// pngXMP is the XMP of an international text, which has a keyword, two flags, a language and a translated keyword first.
func pngXMP(data []byte) []byte {
	rest, ok := bytes.CutPrefix(data, []byte("XML:com.adobe.xmp\x00"))
	if !ok || len(rest) < 2 {
		return nil
	}
	compressed := rest[0] == 1
	parts := bytes.SplitN(rest[2:], []byte{0}, 3)
	if len(parts) < 3 {
		return nil
	}
	if compressed {
		return inflate(parts[2])
	}
	return parts[2]
}

// inflate gives what was compressed; nil when it is broken, or too much.
func inflate(b []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(r, maxPNGText+1))
	if err != nil || len(data) > maxPNGText {
		return nil
	}
	return data
}
