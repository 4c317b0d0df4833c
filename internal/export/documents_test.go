package export_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/darkroom/darkroom/internal/export"
)

func TestADocumentSelectsEverythingAndPassesEveryArgument(t *testing.T) {
	const schema = `
		type Query { one(id: ID!, n: Int = 3): Thing things: [Thing!]! count: Int }
		type Mutation { make(in: In!): Made! }
		input In { a: Int }
		type Thing { id: ID! at: Place }
		type Place { x: Float }
		type Other { why: String thing: Thing }
		union Made = Thing | Other`
	const want = `# Written by ` + "`make generate`" + ` from schema.graphqls. Do not edit.

query Query_one($id: ID!, $n: Int) {
  one(id: $id, n: $n) { ...Thing }
}

query Query_things {
  things { ...Thing }
}

query Query_count {
  count
}

mutation Mutation_make($in: In!) {
  make(in: $in) { __typename ...Other ...Thing }
}

fragment Thing on Thing {
  id
  at { ...Place }
}

fragment Other on Other {
  why
  thing { ...Thing }
}

fragment Place on Place {
  x
}
`
	got, err := export.Documents(schema)
	if err != nil || got != want {
		t.Fatalf("got %v:\n%s\nwant:\n%s", err, got, want)
	}
	loaded := gqlparser.MustLoadSchema(&ast.Source{Input: schema})
	if _, list := gqlparser.LoadQueryWithRules(loaded, got, nil); len(list) > 0 {
		t.Errorf("it is not valid: %v", list)
	}
}

func TestSchemasThatNoDocumentCanSelectAllOfAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ schema, want string }{
		"an argument below a root field": {
			"type Query { a: A } type A { b(n: Int): Int }", "A.b: only root fields take arguments",
		},
		"an argument in a union's member": {
			"type Query { u: U } union U = A | B type A { a: Int } type B { b(n: Int): Int }", "B.b: only root fields",
		},
		"a cycle": {
			"type Query { a: A } type A { b: [B!] } type B { a: A }", "Query.a → A → B → A: it contains itself",
		},
		"a cycle through a union":      {"type Query { a: A } type A { u: U } union U = A | B type B { b: Int }", "it contains itself"},
		"a cycle through a root type":  {"type Query { a: A } type A { again: Query }", "it contains itself"},
		"a cycle below a mutation":     {"type Query { q: Int } type Mutation { a: A } type A { a: A }", "it contains itself"},
		"a cycle below a subscription": {"type Query { q: Int } type Subscription { a: A } type A { a: A }", "it contains itself"},
		"too deep": {
			`type Query { a: A } type A { b: B } type B { c: C } type C { d: D } type D { e: E } type E { f: F } type F { g: G }
			type G { h: H } type H { i: I } type I { j: Int }`, "deeper than",
		},
		"one name, two types, in a union": {
			"type Query { u: U } union U = A | B type A { x: Int } type B { x: String }", "U: its members have a field x of the types",
		},
		"one name, nullable and not": {
			"type Query { u: U } union U = A | B type A { x: Int } type B { x: Int! }", "U: its members have a field x of the types",
		},
	} {
		for generator, generate := range map[string]func(string) (string, error){
			"documents": export.Documents, "resolvers": export.Resolvers,
		} {
			if got, err := generate(c.schema); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: got error %v, want one with %q; written:\n%s", name, generator, err, c.want, got)
			}
		}
	}
}

func TestEveryFieldHasAValidDocument(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: read(t, "schema.graphqls")})
	doc, list := gqlparser.LoadQueryWithRules(schema, read(t, "functions/field/documents.graphql"), nil)
	if len(list) > 0 {
		t.Fatalf("the documents are not valid: %v: run `make generate`", list)
	}
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") && doc.Operations.ForName(root.Name+"_"+f.Name) == nil {
				t.Errorf("%s.%s has none: run `make generate`", root.Name, f.Name)
			}
		}
	}
}

func TestThePublisherSelectsEveryField(t *testing.T) {
	got := read(t, "internal/appsync/publish.graphql")
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: read(t, "schema.graphqls")})
	for _, f := range schema.Types["ImageEvent"].Fields {
		if !strings.Contains(got, "\n  "+f.Name+"\n") {
			t.Errorf("it does not select %s", f.Name)
		}
	}
}

func TestThePublishingMutationTakesAWholeEvent(t *testing.T) {
	schema := gqlparser.MustLoadSchema(
		&ast.Source{Input: read(t, "schema.graphqls")}, &ast.Source{Input: read(t, "appsync/publish.graphqls")},
	)
	event, input := schema.Types["ImageEvent"].Fields, schema.Types["ImageEventInput"].Fields
	if len(event) != len(input) {
		t.Errorf("ImageEvent has %d fields, ImageEventInput %d", len(event), len(input))
	}
	for _, f := range event {
		if in := input.ForName(f.Name); in == nil || in.Type.String() != f.Type.String() {
			t.Errorf("%s is %s in ImageEvent and %v in ImageEventInput", f.Name, f.Type, in)
		}
	}
}

func TestThePublishingMutationMustBeOne(t *testing.T) {
	for _, publish := range []string{"type T { a: Int }", "extend type Mutation { a: Int b: Int }", "{"} {
		if got, err := export.Publisher(base, publish); err == nil {
			t.Errorf("%s: no error, but\n%s", publish, got)
		}
	}
}
