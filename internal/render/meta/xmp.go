package meta

import (
	"bytes"
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"github.com/darkroom/darkroom/gallery"
)

// The bounds of reading XMP.
const (
	maxXMP       = 1 << 20
	maxXMPTokens = 50_000
	maxXMPDepth  = 32
)

// The namespaces of XMP that are read here.
const (
	nsRDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC  = "http://purl.org/dc/elements/1.1/"
	nsXMP = "http://ns.adobe.com/xap/1.0/"
)

// readXMP reads as much of a packet as is well-formed. The parser expands no entities of a document's own: one that is
// used ends the reading.
func readXMP(packet []byte) gallery.Description {
	var p properties
	if len(packet) > maxXMP {
		return p.found
	}
	d := xml.NewDecoder(bytes.NewReader(packet))
	for range maxXMPTokens {
		token, err := d.Token()
		if err != nil || !p.take(token) {
			break
		}
	}
	return p.found
}

// properties gathers the values of RDF: attributes of a description, its elements, or the items of lists in those.
type properties struct {
	found gallery.Description
	path  []xml.Name
	text  strings.Builder
	other bool // the item is in another language than the default
}

// take reads a token; false when there is no more to be read.
func (p *properties) take(token xml.Token) bool {
	switch t := token.(type) {
	case xml.StartElement:
		p.path = append(p.path, t.Name)
		p.text.Reset()
		p.start(t)
	case xml.CharData:
		if p.text.Len() < 4*maxCaption {
			p.text.Write(t)
		}
	case xml.EndElement:
		if name, ok := p.property(); ok {
			p.keep(name, p.text.String())
		}
		p.text.Reset()
		p.path = p.path[:len(p.path)-1]
		return t.Name != xml.Name{Space: nsRDF, Local: "RDF"}
	}
	return len(p.path) <= maxXMPDepth
}

func (p *properties) start(t xml.StartElement) {
	described := p.describes(len(p.path) - 1)
	p.other = false
	for _, a := range t.Attr {
		if described {
			p.keep(a.Name, a.Value)
		}
		if a.Name.Local == "lang" && a.Value != "x-default" {
			p.other = true
		}
	}
}

// describes tells whether the element at a depth describes the picture itself, not something within it.
func (p *properties) describes(depth int) bool {
	return depth >= 1 && p.path[depth] == xml.Name{Space: nsRDF, Local: "Description"} &&
		p.path[depth-1] == xml.Name{Space: nsRDF, Local: "RDF"}
}

// property is the name of the property whose value has just ended, or an item of it.
func (p *properties) property() (xml.Name, bool) {
	n := len(p.path)
	for _, depth := range []int{n - 1, n - 3} { // dc:title; dc:title, rdf:Alt, rdf:li
		if depth >= 1 && p.describes(depth-1) {
			return p.path[depth], true
		}
	}
	return xml.Name{}, false
}

// keep stores a value. Of a text in several languages the default is preferred, wherever it stands.
func (p *properties) keep(name xml.Name, value string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	d := &p.found
	text := func(field *string) {
		if *field == "" || !p.other {
			*field = value
		}
	}
	switch name {
	case xml.Name{Space: nsDC, Local: "title"}:
		text(&d.Title)
	case xml.Name{Space: nsDC, Local: "description"}:
		text(&d.Caption)
	case xml.Name{Space: nsDC, Local: "rights"}:
		text(&d.Copyright)
	case xml.Name{Space: nsDC, Local: "subject"}:
		if len(d.Keywords) < 4*maxKeywords {
			d.Keywords = append(d.Keywords, value)
		}
	case xml.Name{Space: nsXMP, Local: "Rating"}:
		if r, err := strconv.ParseFloat(value, 64); err == nil && math.Abs(r) <= 5 {
			d.Rating = int(math.Round(r))
		}
	}
}
