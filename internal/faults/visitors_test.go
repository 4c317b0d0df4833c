package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// visit lets a stranger open a link: he sees what it shows until it has ended, and nothing after that.
func (w *world) visit(l *link, n int) {
	w.start(fmt.Sprintf("stranger %d", n), time.Minute, func(ctx context.Context) {
		ended, _ := w.ended(l)
		closed, turns := l.owner.closed(), l.owner.turns
		answer := invoke(ctx, w.booth.Handle, w.opening(l))
		if answer == nil {
			return
		}
		var res events.APIGatewayV2HTTPResponse
		if err := json.Unmarshal(answer, &res); err != nil {
			w.wrong("the share function answers %s", answer)
			return
		}
		_, perhaps := w.ended(l)
		all := turns == l.owner.turns // the while it was as it was at first
		switch {
		case res.StatusCode == http.StatusOK && (ended || closed && all):
			w.wrong("the link %s of %s had ended, or its owner is suspended, and shows it", l.share[:8], l.image)
		case res.StatusCode == http.StatusNotFound && !perhaps && !closed && all:
			w.wrong("the link %s of %s has not ended, and shows nothing", l.share[:8], l.image)
		case res.StatusCode >= 500 && !ctx.Value(actorKey{}).(*actor).hurt:
			w.wrong("the link %s of %s answers %d, and nothing failed", l.share[:8], l.image, res.StatusCode)
		case res.StatusCode == http.StatusOK:
			w.checkShown(l, res.Body)
		}
		w.history.saw(fmt.Sprintf("a link answered %d", res.StatusCode))
	})
}

// opening is the event of somebody who opens a link.
func (w *world) opening(l *link) events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: "/s/" + l.token, PathParameters: map[string]string{"token": l.token},
		Headers: map[string]string{"accept": "application/json"},
	}
	e.RequestContext.HTTP.Method = http.MethodGet
	return e
}

// checkShown: a link shows the renditions that it was made for, of its picture.
func (w *world) checkShown(l *link, body string) {
	w.t.Helper()
	var shown struct{ Renditions []struct{ Name, URL string } }
	if err := json.Unmarshal([]byte(body), &shown); err != nil {
		w.wrong("a link shows %s", body)
		return
	}
	var names []string
	place := fmt.Sprintf("/%s/renditions/%s/%s/", w.bucket.Renditions, l.owner.owner, l.image)
	for _, r := range shown.Renditions {
		names = append(names, r.Name)
		if !strings.Contains(r.URL, place) {
			w.wrong("the link %s of %s shows %s", l.share[:8], l.image, r.URL)
		}
	}
	want := []string{"large", "small"}
	if len(l.names) == 1 {
		want = l.names
	}
	if !slices.Equal(names, want) {
		w.wrong("the link %s of %s shows %v, want %v", l.share[:8], l.image, names, want)
	}
}

// look opens a link while nothing fails.
func (w *world) look(l *link) int {
	w.t.Helper()
	res, err := w.booth.Handle(w.t.Context(), w.opening(l))
	if err != nil {
		w.t.Fatal(err)
	}
	if res.StatusCode == http.StatusOK {
		w.checkShown(l, res.Body)
	}
	return res.StatusCode
}
