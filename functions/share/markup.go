package share

import (
	"html"
	"strings"
)

// markup is HTML. Only constants, files of this folder and what fill makes of them are.
//
// html/template knows more, and calls methods by names that it reads: a binary with it keeps every exported method of every
// type, a third more to load at a cold start.
type markup string

// fill puts values in the places {{name}} of some markup, which stand in text or in attributes within double quotes, nowhere
// else. Text is escaped for both; what is markup already goes in as it is. A value is not looked through for places.
func (m markup) fill(text map[string]string, parts map[string]markup) markup {
	var pairs []string
	for name, value := range text {
		pairs = append(pairs, "{{"+name+"}}", html.EscapeString(value))
	}
	for name, part := range parts {
		pairs = append(pairs, "{{"+name+"}}", string(part))
	}
	return markup(strings.NewReplacer(pairs...).Replace(string(m)))
}
