package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// TestWhoHearsOfWhat: everybody subscribes; the owner's change is heard by the owner alone.
func TestWhoHearsOfWhat(t *testing.T) {
	t.Parallel()
	c := newCast(t, sharedCloud(t).endpoints().GraphQL)
	at := c.endpoints()
	for _, v := range []viewer{c.signedOut, c.bad} {
		if refused := connecting(at)(t, v.token); !strings.HasPrefix(refused, "connection_error") {
			t.Errorf("who is %s gets a connection: %s", v.name, refused)
		}
		if refused := subscribing(at, c.other.token)(t, v.token); !strings.HasPrefix(refused, "error") {
			t.Errorf("who is %s gets a subscription: %s", v.name, refused)
		}
	}
	listeners := []viewer{c.owner, c.other, c.admin} // the owner first: then the change has been told to all
	sockets := make([]*websocket.Conn, len(listeners))
	for n, v := range listeners {
		sockets[n] = c.listen(v)
	}
	c.ask(c.owner, "Mutation.deleteImage", c.filled(values{"id": "$image"}, c.things))
	for n, v := range listeners {
		want := shown
		if v != c.owner {
			want = own
			c.ask(v, "Mutation.createUpload", values{"filename": "b.jpg", "contentType": "image/jpeg", "bytes": 9, "sha256": sumOf([]byte(v.id))})
		}
		f := hear(t, sockets[n])
		heard := own
		if c.tells(string(f.Payload)) != "" {
			heard = shown
		}
		if f.Type != "data" || heard != want {
			t.Errorf("%s hears %s %s", v.name, f.Type, f.Payload)
		}
	}
}

// listen opens a subscription.
func (c *cast) listen(v viewer) *websocket.Conn {
	c.t.Helper()
	at := c.endpoints()
	conn := dialRealtime(c.t, at, v.token)
	c.t.Cleanup(func() { _ = conn.CloseNow() })
	say(c.t, conn, `{"type":"connection_init"}`)
	say(c.t, conn, starting(c.t, at, v.token))
	for _, want := range []string{"connection_ack", "start_ack"} {
		if f := hear(c.t, conn); f.Type != want {
			c.t.Fatalf("%s: got %s %s, want %s", v.name, f.Type, f.Payload, want)
		}
	}
	return conn
}

// TestWhatALinkOpens: addresses answer the same to everybody.
func TestWhatALinkOpens(t *testing.T) {
	t.Parallel()
	c := newCast(t, sharedCloud(t).endpoints().GraphQL)
	links := c.links()
	for _, a := range addresses {
		name := a.url
		for _, link := range []string{"$rendition-unsigned", "$rendition-moved", "$original-unsigned", "$original-moved", "$upload-unsigned",
			"$upload-moved", "$rendition", "$original", "$api", "$cognito", "$token", "$revoked"} {
			name = strings.Replace(name, link, links[link], 1)
		}
		for _, v := range []viewer{c.signedOut, c.bad, c.other, c.admin, c.owner} {
			req, err := http.NewRequestWithContext(t.Context(), a.method, name, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			if v.token != "" && !strings.Contains(name, "darkroom-") { // S3 takes one kind of authorization at a time
				req.Header.Set("Authorization", v.token)
			}
			if status, text := send(t, req); status != a.status {
				t.Errorf("%s, %s by %s: got %d, want %d: %.300s", a.what, a.method, v.name, status, a.status, text)
			}
		}
	}
}

// links are addresses of the owner's things.
func (c *cast) links() map[string]string {
	c.t.Helper()
	at := c.endpoints()
	links := map[string]string{
		"$api": strings.TrimSuffix(at.GraphQL, "/graphql"), "$cognito": strings.TrimSuffix(at.Cognito.Endpoint, "/"),
	}
	_, text := c.ask(c.owner, "Query.image", c.filled(values{"id": "$image"}, c.things))
	var got struct {
		Data struct {
			Image struct {
				Renditions []struct{ URL string }
				Original   struct{ URL string }
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil || len(got.Data.Image.Renditions) == 0 {
		c.t.Fatalf("%v in %s", err, text)
	}
	links["$rendition"], links["$original"] = got.Data.Image.Renditions[0].URL, got.Data.Image.Original.URL
	upload := c.id("Mutation.createUpload", values{
		"filename": "b.jpg", "contentType": "image/jpeg", "bytes": 9, "sha256": sumOf([]byte("never sent")),
	}, `"url":"([^"]*)"`)
	for name, link := range map[string]string{"$rendition": links["$rendition"], "$original": links["$original"], "$upload": upload} {
		address, query, _ := strings.Cut(strings.ReplaceAll(link, `\u0026`, "&"), "?")
		id := address[strings.Index(address, c.owner.id)+len(c.owner.id)+1:][:36]
		links[name+"-unsigned"] = address
		links[name+"-moved"] = strings.Replace(address, id, c.things["$parts"], 1) + "?" + query
	}
	links["$token"] = c.id("Mutation.shareImage", values{"id": "$image"}, `"url":"[^"]*/s/([^"]*)"`)
	_, text = c.ask(c.owner, "Mutation.shareImage", c.filled(values{"id": "$image"}, c.things))
	var made struct {
		Data struct{ ShareImage struct{ ID, URL string } }
	}
	if err := json.Unmarshal([]byte(text), &made); err != nil {
		c.t.Fatal(err)
	}
	c.ask(c.owner, "Mutation.revokeShare", values{"id": made.Data.ShareImage.ID})
	links["$revoked"] = made.Data.ShareImage.URL[strings.LastIndex(made.Data.ShareImage.URL, "/")+1:]
	return links
}
