package field_test

import (
	"fmt"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/darkroom/darkroom/functions/field"
	"github.com/darkroom/darkroom/gallery"
)

// BenchmarkFiftyImages shows what selecting everything costs a caller who wants ids. CPU is the process's, tables included,
// which are read alike in all cases.
//
//	go test ./functions/field -run '^$' -bench . -benchtime 300x
func BenchmarkFiftyImages(b *testing.B) {
	e := open(b)
	for n := range 50 {
		e.finished("ann", fmt.Sprintf("%064x", n), fiveRenditions())
	}
	const ids = `{ images(first: 50) { edges { node { id } } } }`
	const all = `{ images(first: 50) { edges { cursor node { id version status stage failure failureMessage filename contentType bytes
		sha256 format width height placeholder capture { takenAt make model lens exposure aperture iso focalLength
		location { latitude longitude altitude } } renditions { name url width height bytes contentType expiresAt }
		original { url expiresAt } createdAt updatedAt deletedAt purgeAt } } pageInfo { hasNextPage endCursor } } }`
	event := []byte(`{"info":{"parentTypeName":"Query","fieldName":"images"},"arguments":{"first":50},"identity":{"claims":{"sub":"ann","token_use":"access"}}}`)
	h := field.New(e.resolver, slog.New(slog.DiscardHandler))
	for _, c := range []struct {
		name string
		do   func() string
	}{
		{"HTTP API, ids", func() string { return e.overHTTP("ann", ids, nil) }},
		{"HTTP API, everything", func() string { return e.overHTTP("ann", all, nil) }},
		{"the function field, which selects everything", func() string {
			a, err := h.Invoke(b.Context(), event)
			if err != nil {
				b.Fatal(err)
			}
			return string(a)
		}},
		{"AppSync, ids", func() string { return e.ask("ann", ids, nil).short() }},
		{"AppSync, everything", func() string { return e.ask("ann", all, nil).short() }},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.do()
			size := 0
			before := cpu(b)
			for b.Loop() {
				size = len(c.do())
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "CPU-µs/op")
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

func fiveRenditions() []gallery.Rendition {
	var all []gallery.Rendition
	for _, s := range gallery.Specs() {
		all = append(all, gallery.Rendition{
			Name: s.Name, Digest: "0123456789abcdef", Width: 1024, Height: 640, Bytes: 45_000, ContentType: "image/jpeg",
		})
	}
	return all
}

// cpu is what the process has used.
func cpu(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
