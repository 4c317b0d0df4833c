// Package gallery holds the nouns of Darkroom and their rules: images and how they may change, renditions, feed events,
// accounts and errors. It imports the standard library only, so that every rule can be tested without a cloud.
package gallery

import (
	"strings"
	"time"
)

// ID names an image: a UUIDv7 in lower case, so that ids sort by the time of their making.
type ID string

// Owner names the user whom an image belongs to: the `sub` of their Cognito account.
type Owner string

// Time brings a moment into the one form that is stored and served: UTC, whole milliseconds (AWSDateTime's precision).
func Time(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// ParseID reads an image id as a client sends it: 36 characters, a UUID of version 7. Anything else is INVALID_INPUT.
func ParseID(s string) (ID, error) {
	id := strings.ToLower(s)
	if !formed(id, "xxxxxxxx-xxxx-7xxx-xxxx-xxxxxxxxxxxx") {
		return "", Invalid("id", "an image id is a UUID of version 7")
	}
	return ID(id), nil
}

// ParseOwner reads a user's id as an admin sends it: a UUID, as Cognito's are, so that it names nothing else in the tables.
func ParseOwner(s string) (Owner, error) {
	owner := strings.ToLower(s)
	if !formed(owner, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
		return "", ErrNoUser
	}
	return Owner(owner), nil
}

// formed compares a text with a form, whose x are hexadecimal digits in lower case.
func formed(s, form string) bool {
	if len(s) != len(form) {
		return false
	}
	for i, want := range []byte(form) {
		c := s[i]
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
		if want == 'x' && !hex || want != 'x' && c != want {
			return false
		}
	}
	return true
}
