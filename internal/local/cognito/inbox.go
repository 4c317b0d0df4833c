package cognito

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net"
	"net/http"
	"net/netip"
)

const inboxPath = "/inbox"

//go:embed inbox.html inbox.css inbox.js
var inboxFiles embed.FS

// inbox is the page of the letters that would have gone out by e-mail. Its one style sheet and script are in the page,
// allowed by their hashes; nothing else may run or be loaded.
type inbox struct {
	page   *template.Template
	policy string
	css    template.CSS
	js     template.JS
}

func newInbox() inbox {
	css, _ := inboxFiles.ReadFile("inbox.css") // embedded: they are there
	js, _ := inboxFiles.ReadFile("inbox.js")
	return inbox{
		page: template.Must(template.ParseFS(inboxFiles, "inbox.html")),
		css:  template.CSS(css), js: template.JS(js),
		policy: "default-src 'none'; style-src " + hashSource(css) + "; script-src " + hashSource(js) +
			"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}
}

func hashSource(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// serveInbox shows the letters to a browser of this machine, by an address that no other site can claim to be: who reads
// a code can take its user's account.
func (p *Pool) serveInbox(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != inboxPath {
		http.NotFound(w, r)
		return
	}
	if !fromHere(r) {
		http.Error(w, "The inbox is shown on the machine that Darkroom runs on, by its numeric address.", http.StatusForbidden)
		return
	}
	letters, err := p.letters()
	var page bytes.Buffer
	if err == nil {
		err = p.inbox.page.Execute(&page, struct {
			CSS     template.CSS
			JS      template.JS
			Pool    string
			Letters []letter
		}{p.inbox.css, p.inbox.js, p.o.PoolID, letters})
	}
	if err != nil {
		p.o.Log.Error("inbox", "error", err)
		http.Error(w, "The inbox cannot be shown; the terminal says why.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.inbox.policy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	w.Write(page.Bytes()) // a browser that has gone is no error of ours
}

// fromHere tells whether a request comes from this machine, to a host name that is an address: a site whose name was
// pointed at this machine would otherwise be allowed to read the answer.
func fromHere(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "localhost" {
		return false
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	if from.Addr().IsLoopback() {
		return true
	}
	here, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if here == nil {
		return false
	}
	at, err := netip.ParseAddrPort(here.String())
	return err == nil && at.Addr().Unmap() == from.Addr().Unmap()
}
