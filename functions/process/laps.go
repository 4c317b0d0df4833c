package process

import (
	"log/slog"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cloudwatch"
)

// The stages of a picture's development, and the whole, as metrics: how many values one has is how many pictures came so far.
const (
	claiming   = "ClaimMilliseconds" // also finding out whether there is anything to do
	reading    = "ReadMilliseconds"
	developing = "DevelopMilliseconds"
	storing    = "StoreMilliseconds"
	all        = "Milliseconds"
)

// laps measures the stages of one picture.
type laps struct {
	now            func() time.Time
	started, begun time.Time
	stages         []slog.Attr
}

func (h Handler) begin() *laps {
	now := h.Now()
	return &laps{now: h.Now, started: now, begun: now}
}

// lap ends a stage, and answers how long it took.
func (l *laps) lap(stage string) time.Duration {
	now := l.now()
	took := now.Sub(l.begun)
	l.begun = now
	l.stages = append(l.stages, cloudwatch.Milliseconds(stage, took))
	return took
}

// attrs are what the log says of a picture that came to an end, or that there was nothing to do about.
func (l *laps) attrs(id gallery.ID, outcome string) []slog.Attr {
	said := append([]slog.Attr{slog.String("image", string(id)), slog.String("outcome", outcome)}, l.stages...)
	switch outcome {
	case string(gallery.Ready):
		said = append(said, cloudwatch.Count("Ready", 1))
	case string(gallery.Unsupported), string(gallery.Corrupt), string(gallery.TooLarge), string(gallery.Mismatch),
		string(gallery.NeverArrived), string(gallery.TimedOut):
		said = append(said, cloudwatch.Count("Failed", 1))
	}
	return append(said, cloudwatch.Milliseconds(all, l.now().Sub(l.started)))
}
