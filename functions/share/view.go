package share

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.n16f.net/thumbhash"
	"golang.org/x/image/bmp"

	"github.com/darkroom/darkroom/gallery"
)

// view is all that strangers are told. It is its own type so that a new fact about images stays private until it is put here.
type view struct {
	id    string     // the beginning of the share's id, for the log
	image gallery.ID // for the log

	ExpiresAt   time.Time   `json:"expiresAt"`
	Placeholder string      `json:"placeholder,omitempty"`
	Renditions  []rendition `json:"renditions"`

	colour string // #rrggbb, or empty
}

type rendition struct {
	Name        string    `json:"name"`
	URL         string    `json:"url"`
	Width       int       `json:"width"`
	Height      int       `json:"height"`
	Bytes       int64     `json:"bytes"`
	ContentType string    `json:"contentType"`
	ExpiresAt   time.Time `json:"expiresAt"`
}

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func newView(s gallery.Share, i gallery.Image) view {
	v := view{id: string(s.ID)[:8], image: i.ID, ExpiresAt: s.ExpiresAt, Placeholder: i.Facts.Placeholder}
	if all := i.Facts.Looks.Colours; len(all) > 0 && hexColour.MatchString(all[0]) {
		v.colour = all[0]
	}
	return v
}

// largest is what the page shows.
func (v view) largest() rendition { return v.Renditions[0] }

// sources are the renditions that show as much as the largest one, as a srcset; a square is cropped.
func (v view) sources() string {
	whole := v.largest()
	var out []string
	for _, r := range v.Renditions {
		if near(r.Width*whole.Height, r.Height*whole.Width) {
			out = append(out, r.URL+" "+strconv.Itoa(r.Width)+"w")
		}
	}
	return strings.Join(out, ", ")
}

// near tells whether two numbers are the same but for the rounding of small pictures' edges.
func near(a, b int) bool { return max(a, b)-min(a, b) <= max(a, b)/32 }

// backdrop is the placeholder as a picture within the page; empty when there is none. It has some 700 pixels, and is not worth
// the megabyte that a compressor takes to begin.
func (v view) backdrop() string {
	hash, err := base64.StdEncoding.DecodeString(v.Placeholder)
	if err != nil || len(hash) == 0 || len(hash) > 64 {
		return ""
	}
	m, err := thumbhash.DecodeImage(hash)
	if err != nil {
		return ""
	}
	var out bytes.Buffer
	if err := bmp.Encode(&out, m); err != nil {
		return ""
	}
	return "data:image/bmp;base64," + base64.StdEncoding.EncodeToString(out.Bytes())
}
