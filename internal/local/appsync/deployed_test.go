package appsync

import (
	"io/fs"
	"testing"

	top "github.com/darkroom/darkroom/appsync"
)

func TestTheDeployedSchemaAndResolversRunHere(t *testing.T) {
	schema, err := top.Files.ReadFile("schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	resolvers, err := fs.Sub(top.Files, "resolvers")
	if err != nil {
		t.Fatal(err)
	}
	o := testOptions()
	o.Schema, o.Resolvers = string(schema), resolvers
	s := serve(t, o)
	alice, bob := s.connect("alice"), s.connect("bob")
	alice.subscribe("1", "alice", allFields)
	bob.subscribe("1", "bob", allFields)
	want := event("alice", "img", 3)
	want["stage"], want["failure"], want["deletedAt"] = "DEVELOPING", "CORRUPT", "2026-11-24T00:00:00.000Z"
	s.publish(want)
	got := alice.next().Payload.Data["imageEvents"]
	for name, value := range decoded(t, want) {
		if got[name] != value {
			t.Errorf("%s: got %v, want %v", name, got[name], value)
		}
	}
	bob.nothingUntil()
	if got := s.asUser("alice", publishAll, map[string]any{"event": want}); got.Errors[0].ErrorType != typeUnauthorized {
		t.Errorf("a user's publish: %+v", got.Errors)
	}
	if got := s.asUser("alice", `{ me { id } }`, nil); got.text() != "No resolver is attached to Query.me in this AppSync." {
		t.Errorf("a query: %q", got.text())
	}
}
