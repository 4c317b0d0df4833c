package gallery_test

import (
	"reflect"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

func TestATableOfRenditionsIsReadAsWritten(t *testing.T) {
	got, err := gallery.ParseSpecs("huge=4096, screen=1600:webp,tile=320x320:webp")
	want := []gallery.Spec{
		{Name: "huge", Edge: 4096}, {Name: "screen", Edge: 1600, WebP: true}, {Name: "tile", Edge: 320, Crop: true, WebP: true},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := gallery.ParseSpecs(" "); err != nil || !reflect.DeepEqual(got, gallery.Specs()) {
		t.Errorf("nothing: got %+v, %v", got, err)
	}
	if got, err := gallery.ParseSpecs("xlarge=2048, large=1024, medium=512, small=256, square=200x200"); err != nil || !reflect.DeepEqual(got, gallery.Specs()) {
		t.Errorf("the default, written out: got %+v, %v", got, err)
	}
}

func TestATableOfRenditionsThatMakesNoSenseIsRefused(t *testing.T) {
	for _, s := range []string{
		"large", "large=0", "large=9999", "large=1024,", "a=100, b=200", "square=200x200", "large=1024, square=200x100",
		"a=100, a=50", "Large=1024", "large=1024:avif", "a=99999999", "a=20,b=20,c=20,d=20,e=20,f=20,g=20,h=20,i=20,j=20,k=20",
	} {
		if got, err := gallery.ParseSpecs(s); err == nil {
			t.Errorf("%q: got %+v", s, got)
		}
	}
}
