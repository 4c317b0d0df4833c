package share

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// request is how an answer is wanted.
type request struct{ json, head bool }

// wantsJSON tells whether an Accept header prefers JSON to a page. What it says of anything else does not matter.
func wantsJSON(accept string) bool {
	if len(accept) > 1000 {
		return false
	}
	var page, data float64
	for part := range strings.SplitSeq(strings.ToLower(accept), ",") {
		kind, parameters, _ := strings.Cut(part, ";")
		switch strings.TrimSpace(kind) {
		case "application/json":
			data = max(data, weight(parameters))
		case "text/html", "application/xhtml+xml":
			page = max(page, weight(parameters))
		}
	}
	return data > page
}

// weight reads the q of a media range; 1 when there is none, 0 when it is none.
func weight(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		if q, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
			w, err := strconv.ParseFloat(q, 64)
			if err != nil || !(w >= 0 && w <= 1) {
				return 0
			}
			return w
		}
	}
	return 1
}

func (r request) shown(v view) (events.APIGatewayV2HTTPResponse, error) {
	if r.json {
		return r.data(http.StatusOK, v)
	}
	return r.page(http.StatusOK, newPage(v))
}

func (r request) missing() (events.APIGatewayV2HTTPResponse, error) {
	if r.json {
		return r.data(http.StatusNotFound, map[string]string{"message": "Not Found"})
	}
	return r.page(http.StatusNotFound, notice{
		Title: "Nothing here", Text: "This link has expired, was taken back, or never was. Ask whoever sent it for a new one.",
	}.page())
}

func (r request) broken() (events.APIGatewayV2HTTPResponse, error) {
	if r.json {
		return r.data(http.StatusInternalServerError, map[string]string{"message": "Internal Server Error"})
	}
	return r.page(http.StatusInternalServerError, notice{
		Title: "Not now", Text: "Something went wrong on our side. Try again in a moment.",
	}.page())
}

func (r request) data(status int, what any) (events.APIGatewayV2HTTPResponse, error) {
	body, err := json.Marshal(what)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("write a share: %w", err)
	}
	return r.answer(status, "application/json", "default-src 'none'; frame-ancestors 'none'", string(body)), nil
}

func (r request) page(status int, p page) (events.APIGatewayV2HTTPResponse, error) {
	body, err := p.html()
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("write a page: %w", err)
	}
	return r.answer(status, "text/html; charset=utf-8", p.policy(), body), nil
}

// answer keeps the link to itself: no cache stores it, no search engine, and no other site is told where one came from.
func (r request) answer(status int, kind, policy, body string) events.APIGatewayV2HTTPResponse {
	if r.head {
		body = ""
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status, Body: body,
		Headers: map[string]string{
			"content-type":               kind,
			"cache-control":              "private, no-store",
			"content-security-policy":    policy,
			"cross-origin-opener-policy": "same-origin",
			"referrer-policy":            "no-referrer",
			"vary":                       "accept",
			"x-content-type-options":     "nosniff",
			"x-robots-tag":               "noindex, nofollow, noarchive",
		},
	}
}
