//go:build !amd64

package planar

// There is nothing faster yet for this processor.

func (Order) lumaFast(_, _ []byte) int { return 0 }

func (Order) chromaFast(_, _, _, _ []byte) int { return 0 }
