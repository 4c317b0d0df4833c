package export_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/export"
)

var update = flag.Bool("update", false, "write appsync/schema.graphql")

func TestAppSyncSchemaIsTheExportOfTheSchema(t *testing.T) {
	const golden = "../../appsync/schema.graphql"
	got, err := export.AppSync(read(t, "../../schema.graphqls"), read(t, "../../appsync/publish.graphqls"))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, golden); got != want {
		t.Errorf("%s is not what schema.graphqls exports to; run `make generate`", golden)
	}
	for _, refused := range []string{`"""`, "extend ", "\ndirective ", "\nscalar "} {
		if strings.Contains(got, refused) {
			t.Errorf("the export holds %q, which AppSync refuses", refused)
		}
	}
	if !strings.Contains(got, "publishImageEvent(event: ImageEventInput!): ImageEvent @aws_iam") {
		t.Error("the export lacks the publishing mutation")
	}
}

func TestExtendingWhatIsNotThereIsAnError(t *testing.T) {
	if _, err := export.AppSync("type Query { a: Int }", "extend type Mutation { b: Int }"); err == nil {
		t.Error("no error")
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
