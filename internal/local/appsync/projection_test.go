package appsync

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
)

func TestSubscribersSelectAsTheyLike(t *testing.T) {
	s := serve(t, testOptions())
	for _, test := range []struct{ name, query, variables, want string }{
		{"an alias", `subscription { changed: imageEvents { number: seq } }`, `{}`, `{"changed":{"number":7}}`},
		{
			"a fragment", `subscription { imageEvents { ...Short ...Short } } fragment Short on ImageEvent { seq id }`, `{}`,
			`{"imageEvents":{"id":"img","seq":7}}`,
		},
		{"an inline fragment", `subscription { imageEvents { ... on ImageEvent { id } ... { seq } } }`, `{}`,
			`{"imageEvents":{"id":"img","seq":7}}`},
		{"a fragment on the root", `subscription { ...R } fragment R on Subscription { imageEvents { id } }`, `{}`,
			`{"imageEvents":{"id":"img"}}`},
		{
			"a variable that includes", `subscription S($w: Boolean!) { imageEvents { id width @include(if: $w) } }`, `{"w":true}`,
			`{"imageEvents":{"id":"img","width":640}}`,
		},
		{
			"a variable that excludes", `subscription S($w: Boolean!) { imageEvents { id width @include(if: $w) } }`, `{"w":false}`,
			`{"imageEvents":{"id":"img"}}`,
		},
		{"@skip", `subscription { imageEvents { id width @skip(if: true) } }`, `{}`, `{"imageEvents":{"id":"img"}}`},
		{"the type's name", `subscription { imageEvents { __typename } }`, `{}`, `{"imageEvents":{"__typename":"ImageEvent"}}`},
		{"a field that is null", `subscription { imageEvents { stage placeholder } }`, `{}`,
			`{"imageEvents":{"placeholder":null,"stage":null}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := s.connect("alice")
			c.send(startFrame("1", test.query, test.variables, authorization("alice")))
			if got := c.next(); got.Type != "start_ack" {
				t.Fatalf("after start: %+v", got)
			}
			s.publish(event("alice", "img", 7))
			if got := asJSON(t, c.next().Payload.Data); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestSubscribersGetOnlyWhatThePublisherSelects(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	c.subscribe("1", "alice", `subscription { imageEvents { id width status } }`)
	publish := func(selection string) {
		t.Helper()
		query := fmt.Sprintf(`mutation P($e: ImageEventInput!) { publishImageEvent(event: $e) { owner %s } }`, selection)
		if got := s.asIAM(query, map[string]any{"e": event("alice", "img", 1)}); len(got.Errors) > 0 {
			t.Fatalf("publish: %+v", got.Errors)
		}
	}
	publish("id status")
	if got := asJSON(t, c.next().Payload.Data); got != `{"imageEvents":{"id":"img","status":"READY","width":null}}` {
		t.Errorf("a nullable field that was not selected: %s", got)
	}
	publish("id other: status pixels: width")
	if got := asJSON(t, c.next().Payload.Data); got != `{"imageEvents":{"id":"img","status":"READY","width":640}}` {
		t.Errorf("fields selected under an alias: %s", got)
	}
	publish("status width")
	got := c.next()
	if asJSON(t, got.Payload.Data) != `{"imageEvents":null}` || len(got.Payload.Errors) != 1 {
		t.Fatalf("a non-null field that was not selected: %+v", got.Payload)
	}
	want := "Cannot return null for non-nullable type: 'ID' within parent 'ImageEvent' (/imageEvents/id)"
	if got := got.Payload.Errors[0].Message; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := s.asIAM(`mutation P($e: ImageEventInput!) { publishImageEvent(event: $e) { id } }`,
		map[string]any{"e": event("alice", "img", 1)}); len(got.Errors) > 0 {
		t.Fatal(got.Errors)
	}
	c.nothingUntil() // without owner, the filter finds none
}

func TestFailedMutationsTellNobody(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	c.subscribe("1", "alice", allFields)
	broken := event("alice", "img", 1)
	broken["at"] = "yesterday"
	got := s.asIAM(publishAll, map[string]any{"event": broken})
	if !strings.Contains(got.text(), "Can't serialize value (/publishImageEvent/at)") || got.Data["publishImageEvent"] != nil {
		t.Errorf("got %+v", got)
	}
	c.nothingUntil()
}

func TestResponsesAreShapedByTheSchema(t *testing.T) {
	whole := `{"id":5,"title":"t","ratio":0.5,"stamp":1700000000,"json":{"a":[1]},
		"pets":[{"__typename":"Cat","name":"Tom","lives":9},{"__typename":"Dog","name":"Rex","good":true}],
		"named":[null,{"__typename":"Dog","name":"Rex"}],"best":{"name":"Tom","lives":9}}`
	for _, test := range []struct{ name, payload, query, want, fails string }{
		{
			"everything", whole,
			`{ plain { id title ratio stamp json best { lives } named { __typename name }
				pets { __typename ... on Cat { name lives } ... on Named { name } ... on Dog { good } } } }`,
			`{"plain":{"best":{"lives":9},"id":"5","json":"{\"a\":[1]}","named":[null,{"__typename":"Dog","name":"Rex"}],` +
				`"pets":[{"__typename":"Cat","lives":9,"name":"Tom"},{"__typename":"Dog","good":true,"name":"Rex"}],` +
				`"ratio":0.5,"stamp":1700000000,"title":"t"}}`, "",
		},
		{"the same field twice", whole, `{ plain { best { name } best { lives } again: title } }`,
			`{"plain":{"again":"t","best":{"lives":9,"name":"Tom"}}}`, ""},
		{"no value", `null`, `{ plain { id } }`, `{"plain":null}`, ""},
		{"a list where an object belongs", `[]`, `{ plain { id } }`, `{"plain":null}`, "expected type OBJECT"},
		{"an object where a list belongs", `{"pets":{}}`, `{ plain { pets { __typename } } }`, `{"plain":{"pets":null}}`,
			"expected type LIST"},
		{"a text where an object belongs", `{"best":"x"}`, `{ plain { best { name } } }`, `{"plain":{"best":null}}`, "OBJECT"},
		{"a null in a list of non-nulls", `{"pets":[null],"id":1}`, `{ plain { id pets { __typename } } }`,
			`{"plain":{"id":"1","pets":null}}`, "(/plain/pets[0])"},
		{"a union's value that does not say what it is", `{"pets":[{"name":"x"}]}`, `{ plain { pets { __typename } } }`,
			`{"plain":{"pets":null}}`, "OBJECT"},
		{"a missing non-null below", `{"best":{"name":"Tom"}}`, `{ plain { best { name lives } } }`, `{"plain":{"best":null}}`,
			"Cannot return null for non-nullable type: 'Int' within parent 'Cat' (/plain/best/lives)"},
		{"an Int with a fraction", `{"best":{"lives":1.5}}`, `{ plain { best { lives } } }`, `{"plain":{"best":null}}`,
			"expected Int"},
		{"an Int of 33 bits", `{"best":{"lives":4294967296}}`, `{ plain { best { lives } } }`, `{"plain":{"best":null}}`,
			"expected Int"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := testOptions()
			o.Resolvers = withFiles(t, map[string]string{"Query.plain.js": `export const request = () => ({ payload: ` +
				test.payload + ` }); export const response = (ctx) => ctx.result;`})
			got := serve(t, o).asUser("alice", test.query, nil)
			if text := asJSON(t, got.Data); text != test.want || !strings.Contains(got.text(), test.fails) ||
				(got.text() == "") != (test.fails == "") {
				t.Errorf("got  %s %q\nwant %s %q", text, got.text(), test.want, test.fails)
			}
		})
	}
}

func TestAnEventIsWrittenOnceForEachSelection(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	for i := range 10 {
		c.subscribe(fmt.Sprint("a", i), "alice", `subscription { imageEvents { id } }`)
		c.subscribe(fmt.Sprint("b", i), "alice", `subscription { imageEvents { seq } }`)
	}
	if n := len(s.api.registry.shapes); n != 2 {
		t.Errorf("%d shapes, want 2", n)
	}
	written := 0
	s.api.registry.publish("imageEvents", map[string]any{"owner": "alice"}, func(*shape) []byte {
		written++
		return []byte(`{}`)
	})
	if written != 2 {
		t.Errorf("written %d times, want 2", written)
	}
	for range 20 {
		if got := c.next(); got.Type != "data" {
			t.Fatalf("got %+v", got)
		}
	}
	for i := range 10 {
		for _, id := range []string{fmt.Sprint("a", i), fmt.Sprint("b", i)} {
			c.send(fmt.Sprintf(`{"type":"stop","id":%q}`, id))
			if got := c.next(); got.Type != "complete" || got.ID != id {
				t.Fatalf("got %+v", got)
			}
		}
	}
	if n := len(s.api.registry.shapes); n != 0 {
		t.Errorf("%d shapes left", n)
	}
}

func TestArgumentsMatchFieldsOfTheEvent(t *testing.T) {
	o := testOptions()
	o.Resolvers = withFiles(t, map[string]string{
		"Mutation.rename.js": `export const request = (ctx) => ({ payload: ctx.args });
			export const response = (ctx) => ctx.result;`,
	})
	s := serve(t, o)
	subscriptions := map[string]string{
		"all": `{ renamed { id title } }`, "one": `{ renamed(id: "1") { id title } }`, "number": `{ renamed(id: 1) { id title } }`,
		"both": `{ renamed(id: "1", title: "x") { id title } }`, "null": `{ renamed(title: null) { id title } }`,
	}
	for _, test := range []struct {
		arguments string
		want      []string
	}{
		{`id: "1", title: "x"`, []string{"all", "both", "number", "one"}},
		{`id: "1", title: "y"`, []string{"all", "number", "one"}},
		{`id: "2", title: "x"`, []string{"all"}},
		{`id: "2"`, []string{"all", "null"}},
		{`id: "2", title: null`, []string{"all", "null"}},
	} {
		t.Run(test.arguments, func(t *testing.T) {
			c := s.connect("alice")
			for id, query := range subscriptions {
				c.subscribe(id, "alice", "subscription "+query)
			}
			if got := s.asUser("alice", fmt.Sprintf(`mutation { rename(%s) { id title } }`, test.arguments), nil); got.text() != "" {
				t.Fatal(got.text())
			}
			got := map[string]bool{}
			for range test.want {
				got[c.next().ID] = true
			}
			c.nothingUntil()
			want := map[string]bool{}
			for _, id := range test.want {
				want[id] = true
			}
			if !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestObjectsKeepTheOrderOfTheSelection(t *testing.T) {
	text, err := json.Marshal(object{{"b", 1}, {"a", object{{"z", nil}, {"y", []any{object{}}}}}})
	if want := `{"b":1,"a":{"z":null,"y":[{}]}}`; err != nil || string(text) != want {
		t.Errorf("got %s, %v, want %s", text, err, want)
	}
	var back map[string]any
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back["b"], 1.0) {
		t.Errorf("read back %v, %v", back, err)
	}
}
