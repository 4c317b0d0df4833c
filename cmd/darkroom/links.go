package main

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxLink is how long an address may be for terminals to keep it as a link.
const maxLink = 2083

// links shows web addresses as a short text that leads to them, or as they are.
type links bool

// links are for a terminal that is known to have them: one that has not would show the text and lose the address.
func (at console) links() links {
	return links(at.moving() && hasLinks(at.getenv))
}

// hasLinks tells by its environment whether a terminal understands OSC 8. There is no way of asking it. Multiplexers and
// some versions do not hand links on, so those are taken for terminals without.
func hasLinks(getenv func(string) string) bool {
	term := getenv("TERM")
	switch {
	case getenv("FORCE_HYPERLINK") != "": // what other programs obey too
		return getenv("FORCE_HYPERLINK") != "0"
	case getenv("TMUX") != "", getenv("STY") != "", strings.HasPrefix(term, "tmux"), strings.HasPrefix(term, "screen"):
		return false
	case getenv("WT_SESSION") != "": // Windows Terminal
		return true
	}
	vte, _ := strconv.Atoi(getenv("VTE_VERSION")) // GNOME's and its kin; 0.50.0 crashed on links
	return vte > 5000 ||
		slices.Contains([]string{"iTerm.app", "WezTerm", "vscode", "ghostty", "zed"}, getenv("TERM_PROGRAM")) ||
		slices.Contains([]string{"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra"}, term)
}

// show writes an address, underlined where it is a link. One that a terminal might misread is never made a link.
func (l links) show(p palette, address string) string {
	u, err := url.Parse(address)
	plain := err != nil || u.Scheme != "http" && u.Scheme != "https" || len(address) > maxLink || !visibleASCII(address)
	if plain || !bool(l) {
		return p.dim(printable(address))
	}
	return "\x1b]8;;" + address + "\x1b\\" + p.link(short(u)) + "\x1b]8;;\x1b\\"
}

// short names an address by its host and file.
func short(u *url.URL) string {
	file := printable(path.Base(u.Path))
	extension := path.Ext(file)
	return fit(printable(u.Host), 32) + "/…/" + fit(strings.TrimSuffix(file, extension), 18) + fit(extension, 6)
}

func visibleASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
