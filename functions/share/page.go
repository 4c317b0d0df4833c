package share

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
)

// The pieces of a page. Its style is the only one: its hash is in the policy, so nothing else styles it.
var (
	//go:embed page.css
	style markup
	//go:embed page.html
	frame markup
	//go:embed about.html
	about markup // what a page with a picture tells those who show a preview of it
	//go:embed photo.html
	photo markup
	//go:embed notice.html
	words markup // of a page without a picture
)

const (
	sharedTitle = "A shared photo"
	theme       = markup(`<meta name="theme-color" content="{{colour}}">` + "\n")
	backdrop    = markup(`<img class="backdrop" src="{{backdrop}}" alt="">` + "\n")
	size        = markup(`<a href="{{url}}" title="{{name}}">{{width}} × {{height}}</a>` + "\n")
)

// page is what is answered to a browser.
type page struct {
	html    markup
	picture string // the URL of the picture that it shows, if it does
}

func newPage(title string, about, body markup) markup {
	return frame.fill(map[string]string{"title": title}, map[string]markup{"about": about, "style": style, "body": body})
}

// notice is a page without a picture.
type notice struct{ Title, Text string }

func (n notice) page() page {
	return page{html: newPage(n.Title, "", words.fill(map[string]string{"title": n.Title, "text": n.Text}, nil))}
}

func (v view) page() page {
	shown := v.largest()
	facts := map[string]string{
		"title": sharedTitle, "colour": v.colour, "url": shown.URL, "type": shown.ContentType, "sources": v.sources(),
		"width": strconv.Itoa(shown.Width), "height": strconv.Itoa(shown.Height), "backdrop": v.backdrop(),
		"until": v.ExpiresAt.UTC().Format("2 January 2006, 15:04 UTC"),
	}
	head, body := about.fill(facts, nil), photo.fill(facts, map[string]markup{"sizes": v.sizes()})
	if facts["colour"] != "" {
		head = theme.fill(facts, nil) + head
	}
	if facts["backdrop"] != "" {
		body = backdrop.fill(facts, nil) + body
	}
	return page{html: newPage(sharedTitle, head, body), picture: shown.URL}
}

// sizes are links to all there is.
func (v view) sizes() (links markup) {
	for _, r := range slices.CompactFunc(slices.Clone(v.Renditions), sameSize) {
		links += size.fill(map[string]string{
			"url": r.URL, "name": r.Name, "width": strconv.Itoa(r.Width), "height": strconv.Itoa(r.Height),
		}, nil)
	}
	return links
}

// sameSize is true of two renditions of a small picture, which is not enlarged: one link is enough.
func sameSize(a, b rendition) bool { return a.Width == b.Width && a.Height == b.Height }

// policy lets the page show its own style, its backdrop, and the pictures where they lie; and nothing run, load or frame it.
func (p page) policy() string {
	sum := sha256.Sum256([]byte(style))
	images := "data:"
	if p.picture != "" {
		if at, err := url.Parse(p.picture); err == nil {
			images += " " + at.Scheme + "://" + at.Host
		}
	}
	return "default-src 'none'; img-src " + images + "; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
