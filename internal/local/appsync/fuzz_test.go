package appsync

import (
	"bytes"
	"encoding/json"
	"testing"

	ours "github.com/darkroom/darkroom/internal/local/websocket"
)

func FuzzClientFrame(f *testing.F) {
	api, err := New(testOptions())
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"type":"connection_init"}`))
	f.Add([]byte(startFrame("1", allFields, `{}`, authorization("alice"))))
	const renamed = `subscription S($t: String) { renamed(title: $t) { pets { ... on Cat { name } } } }`
	f.Add([]byte(startFrame("1", renamed, `{"t":null}`, authorization("alice"))))
	f.Add([]byte(`{"type":"stop","id":"1"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in clientFrame
		if json.Unmarshal(raw, &in) != nil {
			return
		}
		written := make(sink, 1)
		c := newConnection(api, &ours.Conn{Conn: written}, "", func() {})
		defer api.registry.drop(c)
		c.handle(in)
		out := framed(<-written)
		if !json.Valid(out) || bytes.ContainsRune(out, '\n') {
			t.Errorf("answered %s", out)
		}
	})
}

func FuzzQuery(f *testing.F) {
	o := testOptions()
	api, err := New(o)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(publishAll, `{"event":{"owner":"a","id":"b","seq":1,"version":1,"status":"READY","at":"2026-11-23T14:01:41.000Z"}}`)
	f.Add(`{ plain { pets { ...F } named { name } } } fragment F on Cat { lives name @skip(if: true) }`, `{}`)
	f.Add(`mutation($e: ImageEventInput!, $s: AWSTimestamp = 5) {
		publishImageEvent(event: $e) { id } rename(stamp: $s) { id } }`, `{"e":null}`)
	f.Fuzz(func(t *testing.T, query, variables string) {
		r := graphRequest{Query: query}
		if json.Unmarshal([]byte(variables), &r.Variables) != nil {
			return
		}
		if _, err := json.Marshal(api.execute(t.Context(), r, iamIdentity(testKey, ""))); err != nil {
			t.Error(err)
		}
	})
}

func FuzzFilter(f *testing.F) {
	f.Add([]byte(`{"filterGroup":[{"filters":[{"fieldName":"a.b","operator":"in","value":[1,"x"]}]}]}`),
		[]byte(`{"a":{"b":[1]}}`))
	f.Fuzz(func(t *testing.T, raw, event []byte) {
		var fields map[string]any
		if json.Unmarshal(event, &fields) != nil {
			return
		}
		if parsed, err := parseFilter(raw); err == nil {
			parsed.matches(fields)
		}
	})
}
