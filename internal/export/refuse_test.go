package export_test

import (
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/export"
)

const (
	base    = "type Query { a: Int }\ntype Mutation { m: Event }\ntype Event { a: Int }\n"
	publish = "extend type Mutation { p: Event }"
)

func TestASchemaThatAppSyncTakesIsExported(t *testing.T) {
	got, err := export.AppSync(base+`
		scalar AWSDateTime
		directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
		"Told." type Subscription { s: Event @aws_subscribe(mutations: ["p"]) }
		interface Named { at: AWSDateTime }`, publish)
	if err != nil || !strings.Contains(got, "  p: Event\n") || strings.Contains(got, "Told") {
		t.Errorf("got %v:\n%s", err, got)
	}
}

func TestWhatAppSyncRefusesIsNotExported(t *testing.T) {
	for name, c := range map[string]struct{ schema, publish, want string }{
		"text that is no schema":           {"type {", "", "parse schema"},
		"a field on what is not there":     {"type Query { a: Int }", publish, "extend type Mutation: there is no such type"},
		"an extension without fields":      {base, "extend type Mutation @aws_iam", "only fields can be added"},
		"a scalar of our own":              {base + "scalar Money", publish, "scalar Money"},
		"a directive of our own":           {base + "directive @ours on OBJECT", publish, "directive @ours"},
		"its use on a type":                {base + "type T @ours { a: Int }", publish, "T: AppSync has no directive @ours"},
		"its use on a field":               {base + "type T { a: Int @ours }", publish, "T.a: AppSync has no directive @ours"},
		"its use on an argument":           {base + "type T { a(b: Int @ours): Int }", publish, "T.a: AppSync has no directive @ours"},
		"its use on an enum's value":       {base + "enum E { A @ours }", publish, "E.A: AppSync has no directive @ours"},
		"@deprecated, until it is tried":   {base + "type T { a: Int @deprecated }", publish, "@deprecated"},
		"an interface of interfaces":       {base + "interface A { a: Int } interface B implements A { a: Int }", publish, "interface B"},
		"a type with its prefix":           {base + "type AWSThing { a: Int }", publish, "type AWSThing"},
		"a type that nobody declares":      {base + "type T { a: Nowhere }", publish, "T.a: there is no type Nowhere"},
		"an argument's type, not declared": {base + "type T { a(b: Nowhere): Int }", publish, "T.a.b: there is no type Nowhere"},
		"a subscription of nothing":        {base + "type Subscription { s: Event }", publish, "names no mutation"},
		"a subscription of a lost mutation": {
			base + `type Subscription { s: Event @aws_subscribe(mutations: ["q"]) }`, publish, "no mutation q returns Event",
		},
		"a subscription of another type": {
			base + `type Subscription { s: Query @aws_subscribe(mutations: ["p"]) }`, publish, "no mutation p returns Query",
		},
		"a subscription that is never null": {
			base + `type Subscription { s: Event! @aws_subscribe(mutations: ["p"]) }`, publish, "must be nullable",
		},
	} {
		got, err := export.AppSync(c.schema, c.publish)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one with %q; exported:\n%s", name, err, c.want, got)
		}
	}
}
