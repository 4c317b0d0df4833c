package cognito_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cognito"
)

func TestAnAccessTokensClaimsAreAViewer(t *testing.T) {
	got, err := cognito.Viewer(map[string]string{
		"sub": "8b1c2d3e-0000-4000-8000-000000000001", "token_use": "access", "cognito:groups": "[admin editors]",
	})
	if err != nil || got.Owner != "8b1c2d3e-0000-4000-8000-000000000001" || !slices.Equal(got.Groups, []string{"admin", "editors"}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAnythingElseIsNobody(t *testing.T) {
	for name, claims := range map[string]map[string]string{
		"no claims":      nil,
		"an ID token":    {"sub": "ann", "token_use": "id"},
		"no sub":         {"token_use": "access"},
		"no use":         {"sub": "ann"},
		"a sub of slash": {"sub": "a/b", "token_use": "access"},
		"a sub of dots":  {"sub": "..", "token_use": "access"},
		"a sub of hash":  {"sub": "a#b", "token_use": "access"},
		"a long sub":     {"sub": strings.Repeat("a", 129), "token_use": "access"},
	} {
		if got, err := cognito.Viewer(claims); !errors.Is(err, gallery.ErrUnauthenticated) || got.Owner != "" {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestGroupsThatAreNoListAreNone(t *testing.T) {
	for _, s := range []string{"", "admin", "[admin", "admin]", "[]"} {
		got, err := cognito.Viewer(map[string]string{"sub": "ann", "token_use": "access", "cognito:groups": s})
		if err != nil || len(got.Groups) != 0 {
			t.Errorf("%q: got %v, %v", s, got.Groups, err)
		}
	}
}

func TestAppSyncsClaimsAreTheSameViewer(t *testing.T) {
	got, err := cognito.AppSyncViewer(map[string]any{
		"sub": "ann", "token_use": "access", "cognito:groups": []any{"admin", "editors"},
	})
	if err != nil || got.Owner != "ann" || !slices.Equal(got.Groups, []string{"admin", "editors"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, groups := range map[string]any{
		"as an HTTP API writes it": "[admin]", "a text": "admin", "of more than texts": []any{"admin", 7}, "in a list": []any{[]any{"admin"}},
		"by name": map[string]any{"admin": true},
	} {
		v, err := cognito.AppSyncViewer(map[string]any{"sub": "ann", "token_use": "access", "cognito:groups": groups})
		if err != nil || v.Groups != nil {
			t.Errorf("groups %s: got %v, %v", name, v.Groups, err)
		}
	}
	for name, claims := range map[string]map[string]any{
		"no claims":          nil,
		"an ID token":        {"sub": "ann", "token_use": "id"},
		"a sub of no string": {"sub": []any{"ann"}, "token_use": "access"},
		"a sub of slash":     {"sub": "a/b", "token_use": "access"},
	} {
		if got, err := cognito.AppSyncViewer(claims); !errors.Is(err, gallery.ErrUnauthenticated) || got.Owner != "" {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}
