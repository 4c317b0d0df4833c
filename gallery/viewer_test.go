package gallery_test

import (
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

func TestAnAdminIsSomebodyInTheGroup(t *testing.T) {
	for name, v := range map[string]struct {
		gallery.Viewer
		want bool
	}{
		"a member":                  {gallery.Viewer{Owner: "ann", Groups: []string{"editors", "admin"}}, true},
		"a user":                    {gallery.Viewer{Owner: "ann"}, false},
		"another group":             {gallery.Viewer{Owner: "ann", Groups: []string{"administrators", "Admin", ""}}, false},
		"nobody, though in a group": {gallery.Viewer{Groups: []string{"admin"}}, false},
	} {
		if got := v.Admin(); got != v.want {
			t.Errorf("%s: got %v, want %v", name, got, v.want)
		}
	}
}
