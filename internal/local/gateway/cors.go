package gateway

import (
	"net/http"
	"slices"
	"strings"
)

// corsPrefix begins every header that belongs to CORS.
const corsPrefix = "Access-Control-"

// cors is the API's CORS configuration; without origins it does nothing.
type cors struct {
	origins []string
	headers string
	methods string
}

func newCORS(o Options) cors {
	headers := o.AllowHeaders
	if headers == nil {
		headers = []string{"authorization", "content-type", "x-amz-user-agent", "x-api-key"}
	}
	methods := []string{http.MethodOptions}
	for _, r := range o.Routes {
		if r.Method == "" || r.Method == anyMethod {
			methods = append(methods, http.MethodDelete, http.MethodGet, http.MethodHead,
				http.MethodPatch, http.MethodPost, http.MethodPut)
			continue
		}
		methods = append(methods, r.Method)
	}
	slices.Sort(methods)
	return cors{
		origins: o.AllowOrigins,
		headers: strings.Join(headers, ","),
		methods: strings.Join(slices.Compact(methods), ","),
	}
}

func (c cors) on() bool { return len(c.origins) > 0 }

// preflight says whether a browser asks with r what it may send.
func (c cors) preflight(r *http.Request) bool {
	return c.on() && r.Method == http.MethodOptions &&
		r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// permit lets the origin read the answer, if it is one of those that may.
func (c cors) permit(h http.Header, origin string) {
	if !c.on() {
		return
	}
	if slices.Contains(c.origins, "*") {
		if origin != "" {
			h.Set("Access-Control-Allow-Origin", "*")
		}
		return
	}
	h.Add("Vary", "Origin")
	if slices.Contains(c.origins, origin) {
		h.Set("Access-Control-Allow-Origin", origin)
	}
}

// withdraw takes back what permit did, for a handler with CORS of its own.
func (c cors) withdraw(h http.Header) {
	if c.on() {
		h.Del("Access-Control-Allow-Origin")
		h.Del("Vary")
	}
}

// answer ends a preflight request, after permit. An origin that may not read answers learns nothing.
func (c cors) answer(w http.ResponseWriter) {
	if h := w.Header(); h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Access-Control-Allow-Methods", c.methods)
		h.Set("Access-Control-Allow-Headers", c.headers)
		h.Set("Access-Control-Max-Age", "600")
	}
	w.WriteHeader(http.StatusNoContent)
}
