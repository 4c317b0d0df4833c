// Package web serves the built web client and playground from the program's own pages.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"time"
)

// dist is what `npm run build` makes: index.html, playground/index.html, and in folders named assets files whose names hold
// the hash of what is in them.
//
//go:embed all:dist
var dist embed.FS

// types are those that pages may be made of. The machine's own table may hold anything.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".webp": "image/webp",
	".woff2": "font/woff2", ".json": "application/json", ".webmanifest": "application/manifest+json",
	".txt": "text/plain; charset=utf-8", ".wasm": "application/wasm",
}

// Files answers GET and HEAD with the files of the build; / and /playground are its pages. Nothing is compressed: over
// loopback that would cost more than it saves.
func Files() http.Handler { return http.HandlerFunc(serveFile) }

func serveFile(w http.ResponseWriter, r *http.Request) {
	name := path.Join("dist", path.Clean("/"+r.URL.Path))
	if path.Ext(name) == "" {
		name += "/index.html"
	}
	kind, known := types[path.Ext(name)]
	file, err := dist.Open(name)
	if err != nil || !known {
		http.Error(w, "there is nothing here", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", kind)
	if named := path.Base(path.Dir(name)) == "assets"; named {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("ETag", `"`+path.Base(name)+`"`)
	}
	Serve(w, r, file.(io.ReadSeeker)) // embed promises one
}

// Serve answers with some content, whole or in part, or that the client has it. What has no ETag gets one.
func Serve(w http.ResponseWriter, r *http.Request, content io.ReadSeeker) {
	h := w.Header()
	if h.Get("ETag") == "" {
		hash := sha256.New()
		_, _ = io.Copy(hash, content) // from memory
		_, _ = content.Seek(0, io.SeekStart)
		h.Set("ETag", `"`+hex.EncodeToString(hash.Sum(nil)[:12])+`"`)
		h.Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, "", time.Time{}, content)
}
