// Package cognito reads what Cognito says of a user.
package cognito

import (
	"strings"

	"github.com/darkroom/darkroom/gallery"
)

// Viewer reads the signed-in user from the claims that an authorizer has verified. It fails closed: without a `sub`, or
// with a token that is not an access token, the answer is gallery.ErrUnauthenticated.
func Viewer(claims map[string]string) (gallery.Viewer, error) {
	sub := claims["sub"]
	if claims["token_use"] != "access" || !plain(sub) {
		return gallery.Viewer{}, gallery.ErrUnauthenticated
	}
	return gallery.Viewer{Owner: gallery.Owner(sub), Groups: groups(claims["cognito:groups"])}, nil
}

// AppSyncViewer reads the signed-in user from the claims in a resolver's ctx.identity: the same token as AppSync has
// verified it, with its groups as a list.
func AppSyncViewer(claims map[string]any) (gallery.Viewer, error) {
	text := func(name string) string { s, _ := claims[name].(string); return s }
	v, err := Viewer(map[string]string{"sub": text("sub"), "token_use": text("token_use")})
	if err != nil {
		return v, err
	}
	v.Groups = listed(claims["cognito:groups"])
	return v, nil
}

// listed reads a list as AppSync hands it over. One that is not of texts alone is none.
func listed(claim any) []string {
	list, _ := claim.([]any)
	var all []string
	for _, g := range list {
		name, ok := g.(string)
		if !ok {
			return nil
		}
		all = append(all, name)
	}
	return all
}

// plain tells whether a sub can be part of a key: 1 to 128 letters, digits, dashes and underscores. Cognito's are UUIDs.
func plain(sub string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	return sub != "" && len(sub) <= 128 && strings.Trim(sub, allowed) == ""
}

// groups reads a list as an HTTP API writes it: "[admin editors]".
func groups(s string) []string {
	inner, ok := strings.CutPrefix(s, "[")
	inner, both := strings.CutSuffix(inner, "]")
	if !ok || !both {
		return nil
	}
	return strings.Fields(inner)
}
