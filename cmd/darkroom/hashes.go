package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// maxHashes bounds what is remembered; a line is some 200 bytes.
const maxHashes = 1_000_000

// hashes remember what files were when they were last read, so that a run that is resumed, or repeated, does not read them
// again. A file counts as unchanged while its size and its time of change are. It is a cache: without it everything works.
type hashes struct {
	mu    sync.Mutex
	known map[string]hashed
	file  *os.File // nil when nothing is kept
}

// hashed is a line of the file.
type hashed struct {
	Path        string `json:"path"` // absolute
	Bytes       int64  `json:"bytes"`
	Changed     int64  `json:"changed"` // nanoseconds of the epoch
	ContentType string `json:"contentType"`
	SHA256      string `json:"sha256"`
}

// openHashes reads what is remembered. A file that cannot be read or written is as good as none.
func openHashes(path string) *hashes {
	h := &hashes{known: map[string]hashed{}}
	if path == "" || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return h
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return h
	}
	h.file = f
	lines := bufio.NewScanner(f)
	for lines.Scan() && len(h.known) < maxHashes {
		var line hashed
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Path != "" {
			h.known[line.Path] = line // the last one counts; one cut short by a crash does not
		}
	}
	return h
}

func (h *hashes) close() {
	if h.file != nil {
		_ = h.file.Close()
	}
}

// inspect is client.Inspect for a file that has changed since it was last read.
func (h *hashes) inspect(ctx context.Context, path string) (client.File, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return client.File{}, err
	}
	before, err := os.Stat(path)
	if err != nil {
		return client.File{}, err
	}
	h.mu.Lock()
	line, known := h.known[abs]
	h.mu.Unlock()
	if known && line.Bytes == before.Size() && line.Changed == before.ModTime().UnixNano() {
		u, err := gallery.Upload{
			Filename: filepath.Base(path), ContentType: line.ContentType, Bytes: line.Bytes, SHA256: line.SHA256,
		}.Checked()
		return client.File{Path: path, Upload: u}, err
	}
	f, err := client.Inspect(ctx, path)
	if err != nil {
		return f, err
	}
	after, err := os.Stat(path)
	if err == nil && after.ModTime().Equal(before.ModTime()) && after.Size() == f.Bytes {
		h.remember(hashed{abs, f.Bytes, after.ModTime().UnixNano(), f.ContentType, f.SHA256})
	}
	return f, nil
}

func (h *hashes) remember(line hashed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.file == nil || len(h.known) >= maxHashes {
		return
	}
	h.known[line.Path] = line
	if b, err := json.Marshal(line); err == nil {
		_, _ = fmt.Fprintf(h.file, "%s\n", b) // in one write: lines of two processes do not mix
	}
}
