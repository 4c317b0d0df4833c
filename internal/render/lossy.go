package render

import (
	"context"

	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/vp8dec"
)

// lossyWebP is a lossy WebP without transparency, in the full range of pictures.
type lossyWebP struct{ *vp8dec.Frame }

func openLossy(frame []byte) (lossyWebP, error) {
	f, err := vp8dec.Open(frame)
	return lossyWebP{f}, err
}

func (l lossyWebP) Decode(ctx context.Context) (planar.Picture, error) {
	p, err := l.Frame.Decode(ctx)
	if err == nil {
		stretch(p.Y.Pix, p.Cb.Pix, p.Cr.Pix)
	}
	return p, err
}
