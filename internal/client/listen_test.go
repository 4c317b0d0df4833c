package client

import (
	"errors"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

func TestAFrozenSocketIsReplaced(t *testing.T) {
	d := deploy(t)
	f := follow(t, d.client(func(p *pace) { p.silence = 50 * time.Millisecond }), 0)
	eventually(t, "a second socket is opened", func() bool { return d.connections() >= 2 })
	d.happen(gallery.Ready)
	f.want(1)
	f.end()
}

func TestAHandshakeThatIsNeverAnsweredIsGivenUp(t *testing.T) {
	d := deploy(t)
	d.noAck = true
	f := follow(t, d.client(func(p *pace) { p.silence = 20 * time.Millisecond }), 0)
	eventually(t, "a second socket is opened", func() bool { return d.connections() >= 2 })
	f.end()
}

func TestAFrameWithoutAnEventOnlySaysWhenToLook(t *testing.T) {
	tests := map[string]string{
		"null":          `{"id":"events","type":"data","payload":{"data":{"imageEvents":null}}}`,
		"with an error": `{"id":"events","type":"data","payload":{"data":null,"errors":[{"message":"Cannot return null"}]}}`,
		"of odd types":  `{"id":"events","type":"data","payload":{"data":{"imageEvents":{"seq":"one"}}}}`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			f := follow(t, d.client(nil), 0)
			d.subscribed()
			d.happen(gallery.Ready)
			d.say(text)
			f.want(1)
			f.end()
		})
	}
}

func TestABrokenSocketIsReplaced(t *testing.T) {
	tests := map[string]string{
		"that is no JSON":             `}{`,
		"that ends the subscription":  `{"id":"events","type":"complete"}`,
		"that is an error":            `{"id":"events","type":"error","payload":{"errors":[{"errorType":"LimitExceededError"}]}}`,
		"that is an unexplained one":  `{"type":"connection_error"}`,
		"that says the token expired": `{"id":"events","type":"error","payload":{"errors":[{"errorType":"UnauthorizedException"}]}}`,
	}
	for name, text := range tests {
		t.Run("after a frame "+name, func(t *testing.T) {
			d := deploy(t)
			f := follow(t, d.client(nil), 0)
			d.subscribed()
			d.say(text)
			eventually(t, "a second socket is opened", func() bool { return d.connections() >= 2 })
			d.happen(gallery.Ready)
			d.announce(1)
			f.want(1)
			f.end()
		})
	}
}

func TestARefusedSocketTriesANewTokenOnce(t *testing.T) {
	d := deploy(t)
	d.barring = 1
	f := follow(t, d.client(nil), 0)
	d.subscribed()
	if got := d.valid(); got != "token-2" {
		t.Errorf("the token in use is %s, want token-2", got)
	}
	f.end()
}

func TestAUserWhoIsBarredIsTold(t *testing.T) {
	d := deploy(t)
	d.barring = 1000
	err := d.client(nil).Follow(t.Context(), 0, func(gallery.Event) error { return nil })
	if !errors.Is(err, gallery.ErrUnauthenticated) {
		t.Errorf("ended with %v, want %v", err, gallery.ErrUnauthenticated)
	}
}
