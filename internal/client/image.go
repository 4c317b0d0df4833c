package client

import (
	"encoding/json"

	"github.com/darkroom/darkroom/gallery"
)

// Image is an image as the API shows it: its record, without what is internal (owner, attempt, lease, deadline), and the
// signed links that come with it.
type Image struct {
	gallery.Image

	FailureMessage string       // a sentence for the person whose picture failed
	Renditions     []Rendition  // instead of the record's; the largest first, empty until READY
	Original       gallery.Link // zero until the bytes have been seen
	JSON           []byte       // the image as it was answered
}

// Rendition is one smaller picture and where to fetch it.
type Rendition struct {
	gallery.Rendition // without its digest
	gallery.Link
}

// UnmarshalJSON reads an Image of the schema. The record's names are those of the schema but for their case, which decoding
// ignores; only the facts of a picture lie flat there.
func (i *Image) UnmarshalJSON(b []byte) error {
	var flat struct {
		gallery.Image
		gallery.Facts
		FailureMessage string
		Renditions     []Rendition
		Original       gallery.Link
	}
	if err := json.Unmarshal(b, &flat); err != nil {
		return err
	}
	*i = Image{
		Image: flat.Image, FailureMessage: flat.FailureMessage, Renditions: flat.Renditions, Original: flat.Original,
		JSON: append([]byte(nil), b...),
	}
	i.Facts = flat.Facts
	return nil
}

// Page is a part of a list of images, in its order.
type Page struct {
	Images []Image
	End    string // the cursor after which the next page begins
	More   bool   // whether there may be a next page
}

// Ticket is the answer to an announced upload.
type Ticket struct {
	Image  Image
	Target *gallery.Target // where to send the bytes; nil when they are here already, or come in parts
	Parts  int             // how many parts to send them in; 0 when they do not come in parts
}

// Sent tells whether there is nothing to send.
func (t Ticket) Sent() bool { return t.Target == nil && t.Parts == 0 }
