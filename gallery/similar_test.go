package gallery_test

import (
	"reflect"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

func TestTheNearestComeFirst(t *testing.T) {
	to := gallery.Hashed{ID: "a", Hash: "0000000000000000"}
	all := []gallery.Hashed{
		{"far", "000000000001ffff"}, // 17 bits
		to,
		{"edge", "000000000000ffff"},
		{"old", "0000000000000003"},
		{"same", "0000000000000000"},
		{"young", "0000000000000005"},
		{"unknown", ""},
	}
	want := []gallery.Hashed{{"same", to.Hash}, {"young", "0000000000000005"}, {"old", "0000000000000003"}, {"edge", "000000000000ffff"}}
	if got := gallery.Nearest(to, all, 10); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := gallery.Nearest(to, all, 1); !reflect.DeepEqual(got, want[:1]) {
		t.Errorf("of one: got %v", got)
	}
	if got := gallery.Nearest(gallery.Hashed{ID: "a"}, all, 10); len(got) != 0 {
		t.Errorf("to a picture without a hash: got %v", got)
	}
}

func TestDistancesAreCountedInBits(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"ffffffffffffffff", "0000000000000000", 64}, {"0123456789abcdef", "0123456789abcdee", 1}, {"", "", 64}, {"zz", "00", 64},
	} {
		if got := gallery.Distance(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
