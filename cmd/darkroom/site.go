package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/darkroom/darkroom/internal/client"
	"github.com/darkroom/darkroom/internal/local/gateway"
	"github.com/darkroom/darkroom/web"
)

// site is the web client and the playground beside the API, and the configuration that they ask for. On AWS, CloudFront
// serves the same files from a bucket.
func site(config client.Config, storage string) ([]gateway.Route, error) {
	text, err := json.Marshal(config)
	if err != nil {
		return nil, fmt.Errorf("write config.json: %w", err)
	}
	policy, err := contentPolicy(config, storage)
	if err != nil {
		return nil, err
	}
	files := guarded(policy, web.Files())
	configuration := guarded(policy, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		web.Serve(w, r, bytes.NewReader(text))
	}))
	var routes []gateway.Route
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		routes = append(routes,
			gateway.Route{Method: method, Path: "/config.json", Static: configuration},
			gateway.Route{Method: method, Path: "/", Static: files},
			gateway.Route{Method: method, Path: "/{path+}", Static: files},
		)
	}
	return routes, nil
}

// guarded sets the headers that bound what a page may do.
func guarded(policy string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// menuStyle is the one style that a library writes into a page: the playground's menus keep the page from scrolling.
const menuStyle = "'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='"

// contentPolicy lets pages run their own scripts only, and speak to the services of this cloud only.
func contentPolicy(c client.Config, storage string) (string, error) {
	connect := []string{"'self'"}
	for _, address := range []string{c.GraphQL, c.Realtime, c.Cognito.Endpoint, storage} {
		u, err := url.Parse(address)
		if err != nil {
			return "", fmt.Errorf("write the content policy: %w", err)
		}
		connect = append(connect, u.Scheme+"://"+u.Host)
		if address == c.Realtime {
			connect = append(connect, strings.Replace(u.Scheme, "http", "ws", 1)+"://"+u.Host)
		}
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"worker-src 'self'",
		"style-src 'self' " + menuStyle,
		"font-src 'self'",
		"manifest-src 'self'",
		"img-src 'self' blob: data: " + storage,
		"connect-src " + strings.Join(connect, " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; "), nil
}
