package gallery_test

import (
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

func TestWhoMayJoin(t *testing.T) {
	const listed = "@example.com, ann@example.org\n@Photo.Club"
	for _, c := range []struct {
		rule, email string
		want        bool
	}{
		{"open", "anybody@anywhere.net", true},
		{"OPEN", "anybody@anywhere.net", true},
		{listed, "bob@example.com", true},
		{listed, "Bob@EXAMPLE.com", true},
		{listed, "ann@example.org", true},
		{listed, "cy@photo.club", true},
		{listed, "bob@example.org", false},
		{listed, "bob@sub.example.com", false},
		{listed, "bob@notexample.com", false},
		{listed, "bob@example.com.evil.net", false},
		{listed, "bob@example.com@evil.net", false},
		{listed, "bob@example.com.", false},
		{listed, "bob@evil.net,ann@example.org", false},
		{listed, `"bob@evil.net"@example.com`, true},
		{listed, `"ann@example.org"@evil.net`, false},
		{listed, "@example.com", false},
		{listed, "example.com", false},
		{listed, "", false},
	} {
		m, err := gallery.ParseMembership(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Admits(c.email); got != c.want {
			t.Errorf("%q by %q: got %v, want %v", c.email, c.rule, got, c.want)
		}
	}
	if (gallery.Membership{}).Admits("ann@example.org") {
		t.Error("no rule at all let somebody in")
	}
}

func TestRulesThatCannotBeMeantAreErrors(t *testing.T) {
	for _, rule := range []string{
		"", " , ", "closed", "open, @example.com", "example.com", "@", "ann@", "ann@@example.com", "a@b@c",
		strings.Repeat("@a.net,", 501),
	} {
		if _, err := gallery.ParseMembership(rule); err == nil {
			t.Errorf("%.40q: no error", rule)
		}
	}
}
