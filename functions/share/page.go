package share

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/url"
	"slices"
	"strings"
)

// style is the page's only one: its hash is in the policy, so nothing else styles it.
//
//go:embed page.css
var style string

//go:embed page.html
var markup string

var layout = template.Must(template.New("page").Parse(markup))

// page is what the template is filled with. Everything in it is escaped where it stands.
type page struct {
	Style  template.CSS
	Title  string
	Notice string // in place of a picture
	Photo  *photo
}

type photo struct {
	rendition
	Sources  string
	Backdrop template.URL // made here, of nothing but pixels
	Colour   string
	Sizes    []rendition
	Until    string
}

// notice is a page without a picture.
type notice struct{ Title, Text string }

func (n notice) page() page { return page{Style: template.CSS(style), Title: n.Title, Notice: n.Text} }

func newPage(v view) page {
	return page{Style: template.CSS(style), Title: "A shared photo", Photo: &photo{
		rendition: v.largest(), Sources: v.sources(), Backdrop: template.URL(v.backdrop()), Colour: v.colour,
		Sizes: slices.CompactFunc(slices.Clone(v.Renditions), sameSize), Until: v.ExpiresAt.UTC().Format("2 January 2006, 15:04 UTC"),
	}}
}

// sameSize is true of two renditions of a small picture, which is not enlarged: one link is enough.
func sameSize(a, b rendition) bool { return a.Width == b.Width && a.Height == b.Height }

func (p page) html() (string, error) {
	var out strings.Builder
	err := layout.Execute(&out, p)
	return out.String(), err
}

// policy lets the page show its own style, its backdrop, and the pictures where they lie; and nothing run, load or frame it.
func (p page) policy() string {
	sum := sha256.Sum256([]byte(style))
	images := "data:"
	if p.Photo != nil {
		if at, err := url.Parse(p.Photo.URL); err == nil {
			images += " " + at.Scheme + "://" + at.Host
		}
	}
	return "default-src 'none'; img-src " + images + "; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
