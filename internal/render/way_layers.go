package render

import (
	"context"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// layersReader is a rowReader that can keep transparency in planes.
type layersReader interface {
	rowReader
	// LayersMemory is the bytes that Layers allocates at most.
	LayersMemory() int64
	// Layers makes the planes. It ends with ctx's error soon after ctx does.
	Layers(ctx context.Context) (planar.Layers, error)
}

// fromLayers makes each step's picture from the decoded one, or from the step's before it, as fromPlanes does.
func fromLayers(ctx context.Context, whole planar.Layers, h header, steps []step) ([]drawing, error) {
	drawings := make([]drawing, len(steps))
	for i, s := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch {
		case s.from == fromOriginal:
			drawings[i] = uprightLayers(whole, s, h)
		case !s.crop && drawings[s.from].size() == s.size:
			drawings[i] = drawings[s.from]
		default:
			drawings[i] = layersOf(*drawings[s.from].(layers).Layers, s)
		}
	}
	return drawings, nil
}

// layersOf makes a step's picture from another that lies as it does.
func layersOf(from planar.Layers, s step) layers {
	made := from.Resize(s.size.X, s.size.Y)
	if s.crop {
		made = from.ResizeCentre(s.size.X)
	}
	return layers{&made}
}

// uprightLayers makes a step's picture from the decoded one. The rare one that is to be turned, or that has colours of its
// own, becomes pixels in between, when it is small already.
func uprightLayers(whole planar.Layers, s step, h header) layers {
	s.size = swapped(s.size, h.orientation)
	made := layersOf(whole, s)
	if h.orientation <= 1 && h.colours == nil {
		return made
	}
	pixels := made.NRGBA()
	if h.colours != nil {
		h.colours.Pixels(pixels)
	}
	turned := planar.LayersOf(orient(pixels, h.orientation))
	return layers{&turned}
}

// layersCost predicts what is allocated after the decoder: for each step the planes, pixels of them once or twice, the file,
// and what the resizer needs.
func layersCost(h header, steps []step) int64 {
	var cost int64
	for _, s := range steps {
		source := h.upright()
		if s.from != fromOriginal {
			source = steps[s.from].size
		}
		cost += 4*area(s.size) + resizeBytes*int64(source.X+source.Y)
	}
	return cost
}
