package appsync

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestFilterOperators(t *testing.T) {
	var event map[string]any
	const text = `{"s":"hello","n":5,"b":true,"z":null,"l":["a","b",3,["c"]],"o":{"p":{"q":1}}}`
	if err := json.Unmarshal([]byte(text), &event); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		field, operator, value string
		want                   bool
	}{
		{"s", "eq", `"hello"`, true},
		{"s", "eq", `"Hello"`, false},
		{"n", "eq", `5`, true},
		{"n", "eq", `"5"`, false},
		{"b", "eq", `true`, true},
		{"z", "eq", `null`, true},
		{"missing", "eq", `null`, true},
		{"missing", "eq", `""`, false},
		{"l", "eq", `"a"`, false},
		{"o", "eq", `"a"`, false},
		{"o.p.q", "eq", `1`, true},
		{"o.p.q.r", "eq", `1`, false},
		{"s", "ne", `"x"`, true},
		{"s", "ne", `"hello"`, false},
		{"missing", "ne", `"x"`, true},
		{"l", "ne", `"a"`, true},
		{"n", "lt", `6`, true},
		{"n", "lt", `5`, false},
		{"n", "le", `5`, true},
		{"n", "gt", `5`, false},
		{"n", "ge", `5`, true},
		{"s", "gt", `"hallo"`, true},
		{"s", "gt", `1`, false},
		{"z", "ge", `0`, false},
		{"s", "beginsWith", `"hel"`, true},
		{"s", "beginsWith", `"ell"`, false},
		{"n", "beginsWith", `"5"`, false},
		{"s", "contains", `"ell"`, true},
		{"l", "contains", `"b"`, true},
		{"l", "contains", `3`, true},
		{"l", "contains", `"c"`, false},
		{"n", "contains", `5`, false},
		{"s", "notContains", `"x"`, true},
		{"l", "notContains", `"a"`, false},
		{"s", "in", `["x","hello"]`, true},
		{"s", "in", `[]`, false},
		{"l", "in", `["a"]`, false},
		{"s", "notIn", `["x"]`, true},
		{"s", "notIn", `["hello"]`, false},
		{"o", "notIn", `["x"]`, true},
		{"l", "containsAny", `["x","b"]`, true},
		{"l", "containsAny", `["x"]`, false},
		{"n", "between", `[5,9]`, true},
		{"n", "between", `[6,9]`, false},
		{"s", "between", `["a","z"]`, true},
		{"s", "between", `[1,2]`, false},
	} {
		t.Run(fmt.Sprintf("%s %s %s", test.field, test.operator, test.value), func(t *testing.T) {
			f, err := parseFilter([]byte(fmt.Sprintf(`{"filterGroup":[{"filters":[{"fieldName":%q,"operator":%q,"value":%s}]}]}`,
				test.field, test.operator, test.value)))
			if err != nil {
				t.Fatal(err)
			}
			if got := f.matches(event); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestGroupsAreAlternativesOfAllTheirFilters(t *testing.T) {
	const a, b, c = `{"fieldName":"a","operator":"eq","value":1}`, `{"fieldName":"b","operator":"eq","value":1}`,
		`{"fieldName":"c","operator":"eq","value":1}`
	f, err := parseFilter([]byte(`{"filterGroup":[{"filters":[` + a + `,` + b + `]},{"filters":[` + c + `]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		event map[string]any
		want  bool
	}{
		{map[string]any{"a": 1.0, "b": 1.0}, true},
		{map[string]any{"a": 1.0}, false},
		{map[string]any{"c": 1.0}, true},
		{map[string]any{}, false},
	} {
		if got := f.matches(test.event); got != test.want {
			t.Errorf("%v: got %v", test.event, got)
		}
	}
	if none, err := parseFilter([]byte(`{"filterGroup":[]}`)); err != nil || none.matches(map[string]any{"a": 1.0}) {
		t.Errorf("no group: %v, %v, want nothing to pass", none, err)
	}
}

func TestFiltersThatAreRefused(t *testing.T) {
	one := func(field, operator, value string) string {
		return fmt.Sprintf(`{"filterGroup":[{"filters":[{"fieldName":%q,"operator":%q%s}]}]}`, field, operator, value)
	}
	for _, test := range []struct{ name, filter, want string }{
		{"null", `null`, "filterGroup"},
		{"not an object", `[1]`, "read subscription filter"},
		{"without groups", `{}`, "filterGroup"},
		{"an empty group", `{"filterGroup":[{"filters":[]}]}`, "a group of 0"},
		{"too many groups", `{"filterGroup":[` + strings.Repeat(`{},`, 10) + `{}]}`, "at most 10"},
		{"an undefined value", one("owner", "eq", ""), "undefined"},
		{"an unknown operator", one("a", "lte", `,"value":1`), "no such operator"},
		{"no field", one("", "eq", `,"value":1`), "a field of 1"},
		{"too deep a field", one("a.b.c.d.e.f", "eq", `,"value":1`), "5 levels"},
		{"too long a field", one(strings.Repeat("a", 257), "eq", `,"value":1`), "256"},
		{"eq of a list", one("a", "eq", `,"value":[1]`), "a single one"},
		{"contains of an object", one("a", "contains", `,"value":{}`), "a single one"},
		{"in of six", one("a", "in", `,"value":[1,2,3,4,5,6]`), "at most 5"},
		{"in of a text", one("a", "in", `,"value":"x"`), "a list"},
		{"in of lists", one("a", "in", `,"value":[[1]]`), "a list"},
		{"between of one", one("a", "between", `,"value":[1]`), "lower and an upper"},
		{"an order of booleans", one("a", "lt", `,"value":true`), "a number or a string"},
		{"beginsWith of a number", one("a", "beginsWith", `,"value":1`), "a string"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := parseFilter([]byte(test.filter)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestTheFilterIsTheResolverFiles(t *testing.T) {
	subscription := func(body string) map[string]string {
		return map[string]string{"Subscription.imageEvents.js": `import { util, extensions } from '@aws-appsync/utils';
			export const request = () => ({ payload: null });
			export const response = (ctx) => { ` + body + ` };`}
	}
	const set = `extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(`
	for _, test := range []struct {
		name  string
		files map[string]string
		start string   // what start is answered
		want  []string // the ids that alice receives
	}{
		{"as deployed, by owner", nil, "start_ack", []string{"alice-READY", "alice-FAILED"}},
		{"by status", subscription(set + `{ status: { eq: 'FAILED' } }));`), "start_ack", []string{"alice-FAILED", "bob-FAILED"}},
		{"by a list", subscription(set + `{ id: { in: ['bob-READY', ctx.identity.sub + '-READY'] } }));`), "start_ack",
			[]string{"alice-READY", "bob-READY"}},
		{"by one of two", subscription(set + `{ or: [{ owner: { eq: 'bob' } }, { status: { eq: 'FAILED' } }] }));`), "start_ack",
			[]string{"alice-FAILED", "bob-READY", "bob-FAILED"}},
		{"none at all", subscription(``), "start_ack", []string{"alice-READY", "alice-FAILED", "bob-READY", "bob-FAILED"}},
		{"one that is null", subscription(`extensions.setSubscriptionFilter(null);`), "error BadRequestException", nil},
		{"one by an undefined value", subscription(set + `{ owner: { eq: ctx.identity.nope } }));`),
			"error BadRequestException", nil},
		{"a refusal", subscription(`util.unauthorized();`), "error Unauthorized", nil},
		{"an error", subscription(`util.error('no', 'CONFLICT');`), "error CONFLICT", nil},
		{"a resolver that breaks", subscription(`nope();`), "error Code", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := testOptions()
			o.Resolvers = withFiles(t, test.files)
			s := serve(t, o)
			c := s.connect("alice")
			c.send(startFrame("1", `subscription { imageEvents { id } }`, "{}", authorization("alice")))
			if got := c.next().short(); got != test.start {
				t.Fatalf("start: got %q, want %q", got, test.start)
			}
			for _, owner := range []string{"alice", "bob"} {
				for i, status := range []string{"READY", "FAILED"} {
					e := event(owner, owner+"-"+status, i+1)
					e["status"] = status
					s.publish(e)
				}
			}
			for _, want := range test.want {
				if got := c.next().Payload.Data["imageEvents"]["id"]; got != want {
					t.Errorf("got %v, want %s", got, want)
				}
			}
			c.nothingUntil()
		})
	}
}
