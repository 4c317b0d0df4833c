package share

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// viewOf is a view in which all that is text says the same.
func viewOf(text string) view {
	v := view{ExpiresAt: time.Unix(0, 0), Placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI", colour: text}
	for width := range 2 {
		v.Renditions = append(v.Renditions, rendition{Name: text, URL: text, ContentType: text, Width: 100 + width, Height: 100})
	}
	return v
}

func TestNoTextBecomesMarkup(t *testing.T) {
	const hostile = `"'><script>alert(1)</script><!-- &amp; {{url}} {{style}}`
	for name, of := range map[string]func(text string) page{
		"a picture": func(text string) page { return viewOf(text).page() },
		"a notice":  func(text string) page { return notice{Title: text, Text: text}.page() },
	} {
		plain, got := string(of("plain").html), string(of(hostile).html)
		for _, c := range []string{"<", ">", `"`, "'"} {
			if was, is := strings.Count(plain, c), strings.Count(got, c); was != is {
				t.Errorf("%s: %d times %s in a page of plain text, %d in a hostile one", name, was, c, is)
			}
		}
		if was, is := strings.Count(plain, "plain"), strings.Count(html.UnescapeString(got), hostile); was == 0 || was != is {
			t.Errorf("%s: the text is there %d times, want %d", name, is, was)
		}
	}
}

func TestEveryPlaceIsFilled(t *testing.T) {
	bare := viewOf("")
	bare.Placeholder = ""
	for name, p := range map[string]page{"all": viewOf("plain").page(), "little": bare.page(), "none": notice{"a", "b"}.page()} {
		if strings.Contains(string(p.html), "{{") {
			t.Errorf("with %s: %s", name, p.html)
		}
	}
	if got := string(bare.page().html); strings.Contains(got, "theme-color") || strings.Contains(got, `class="backdrop"`) {
		t.Errorf("without a colour and a placeholder: %s", got)
	}
	same := viewOf("plain")
	same.Renditions[1].Width = same.Renditions[0].Width
	if got := strings.Count(string(same.sizes()), "<a "); got != 1 {
		t.Errorf("%d links to two renditions of one size", got)
	}
}

// TestPlacesAreWhereEscapingHelps: in text, or in a value within double quotes.
func TestPlacesAreWhereEscapingHelps(t *testing.T) {
	values, tags := regexp.MustCompile(`="[^"]*"`), regexp.MustCompile(`<[^>]*>`)
	for _, m := range []markup{frame, about, photo, words, theme, backdrop, size} {
		for _, tag := range tags.FindAllString(values.ReplaceAllString(string(m), ""), -1) {
			if strings.Contains(tag, "{{") {
				t.Errorf("a place within %s", tag)
			}
		}
		if strings.Contains(string(m), "<script") || regexp.MustCompile(`\son\w+=`).MatchString(string(m)) {
			t.Errorf("a script in %s", m)
		}
	}
}

// TestThePolicyKnowsTheStyle: the hash is of what stands between the tags, to the byte.
func TestThePolicyKnowsTheStyle(t *testing.T) {
	p := notice{"a", "b"}.page()
	_, rest, _ := strings.Cut(string(p.html), "<style>")
	got, _, _ := strings.Cut(rest, "</style>")
	if got != string(style) || !strings.Contains(p.policy(), "style-src 'sha256-") {
		t.Errorf("the style is %q", got)
	}
}

func TestAColourThatIsNoneIsNotShown(t *testing.T) {
	i := gallery.Image{Facts: gallery.Facts{Looks: gallery.Looks{Colours: []string{`red"`}}}}
	if v := newView(gallery.Share{ID: "0123456789"}, i); v.colour != "" {
		t.Errorf("colour %q", v.colour)
	}
}
