package serverless_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/darkroom/darkroom/internal/serverless"
)

func small(t *testing.T) serverless.File {
	t.Helper()
	f, err := serverless.Read("testdata/small.yml")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var names = serverless.Names{"Table": "things", "Table.Arn": "arn:table", "Bucket.Arn": "arn:bucket", "sls:stage": "dev", "Queue.Arn": "arn:queue"}

func TestFunctionsAreReadWithWhatTheyStandFor(t *testing.T) {
	f := small(t)
	all := f.Functions()
	if len(all) != 2 || all[0].Name != "buy" || all[1].Name != "sell" || all[1].Timeout != 7 || all[1].Memory != 256 {
		t.Fatalf("got %+v", all)
	}
	want := map[string]string{"TABLE": "things", "ORIGIN": "*", "BUCKET": "shop-dev-things", "EXTRA": "3"}
	for name, value := range all[0].Environment {
		if got, err := f.Text(value, names); err != nil || got != want[name] {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want[name])
		}
	}
	if len(all[0].Environment) != len(want) {
		t.Errorf("got %v", all[0].Environment)
	}
	if e := all[1].Events; len(e) != 1 || e[0].Kind != "sqs" || e[0].At("batchSize") != uint64(1) {
		t.Errorf("got %+v", e)
	} else if arn, err := f.Text(e[0].At("arn"), names); err != nil || arn != "arn:queue" {
		t.Errorf("got %s, %v", arn, err)
	}
}

func TestARoleIsWhatItsStatementsAllow(t *testing.T) {
	f := small(t)
	got, err := f.Role(f.Functions()[1], names)
	want := []serverless.Statement{
		{Sid: "Read", Actions: []string{"dynamodb:GetItem"}, Resources: []string{"arn:table"}},
		{Sid: "Write", Actions: []string{"s3:PutObject", "s3:GetObject"}, Resources: []string{"arn:bucket/a/*", "arn:bucket/b"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, role := range []string{"Odd", "Conditional", "Nowhere"} {
		if got, err := f.Role(serverless.Function{Role: role}, names); err == nil {
			t.Errorf("%s: got %+v, want an error: what is not understood is not guessed at", role, got)
		}
	}
}

func TestOtherFilesAreIncluded(t *testing.T) {
	f := small(t)
	if got := f.Resource("Query"); got != "fields @message\n" {
		t.Errorf("got %q", got)
	}
	if got := f.Resource("More"); !reflect.DeepEqual(got, []any{uint64(1), "two"}) {
		t.Errorf("got %v", got)
	}
}

func TestWhatNobodyNamesIsAnError(t *testing.T) {
	f := small(t)
	for _, v := range []any{
		"${self:nothing}", "${Table}${Nobody}", serverless.Call{Function: "Ref", Argument: "Nobody"},
		serverless.Call{Function: "Select", Argument: []any{0}}, nil, map[string]any{},
	} {
		if got, err := f.Text(v, names); err == nil {
			t.Errorf("%v: got %q", v, got)
		}
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	for name, text := range map[string]string{
		"no mapping": "- a\n", "an unknown alias": "a: *b\n", "a file that is not there": "a: ${file(nowhere.txt)}\n", "no YAML": "a: [\n",
	} {
		path := filepath.Join(t.TempDir(), "x.yml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := serverless.Read(path); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := serverless.Read("testdata/nowhere.yml"); err == nil {
		t.Error("nothing: no error")
	}
}

func TestOursIsRead(t *testing.T) {
	f, err := serverless.Read("../../serverless.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, fn := range f.Functions() {
		if fn.Timeout == 0 || fn.Memory == 0 || f.Resource(fn.Role) == nil || len(fn.Environment) == 0 {
			t.Errorf("got %+v", fn)
		}
	}
}
