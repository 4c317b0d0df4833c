package gallery

import (
	"context"
	"slices"
)

// AdminGroup is the group of the user pool whose members may read any image and set quotas.
const AdminGroup = "admin"

// Viewer is the signed-in user on whose behalf a request runs. Its zero value is nobody, and sees nothing.
type Viewer struct {
	Owner  Owner
	Groups []string
}

// Admin tells whether the viewer is somebody, and in the group of those who look after everybody.
func (v Viewer) Admin() bool { return v.Owner != "" && slices.Contains(v.Groups, AdminGroup) }

type viewerKey struct{}

// WithViewer says on whose behalf everything under the context runs.
func WithViewer(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// ViewerFrom answers on whose behalf the context runs; ErrUnauthenticated when it is nobody's.
func ViewerFrom(ctx context.Context) (Viewer, error) {
	v, _ := ctx.Value(viewerKey{}).(Viewer)
	if v.Owner == "" {
		return Viewer{}, ErrUnauthenticated
	}
	return v, nil
}
