package export_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/export"
)

var update = flag.Bool("update", false, "write what is generated from the schema")

// goldens are the files that the schema is exported to.
var goldens = map[string]func(schema, publish string) (string, error){
	"appsync/schema.graphql":            export.AppSync,
	"appsync/fields.yml":                func(schema, _ string) (string, error) { return export.Resolvers(schema) },
	"functions/field/documents.graphql": func(schema, _ string) (string, error) { return export.Documents(schema) },
	"internal/appsync/publish.graphql":  export.Publisher,
}

func TestWhatIsGeneratedIsTheExportOfTheSchema(t *testing.T) {
	schema, publish := read(t, "schema.graphqls"), read(t, "appsync/publish.graphqls")
	for file, generate := range goldens {
		got, err := generate(schema, publish)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if *update {
			if err := os.WriteFile(filepath.Join("../..", file), []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want := read(t, file); got != want {
			t.Errorf("%s is not what schema.graphqls exports to: run `make generate`", file)
		}
	}
}

func TestTheExportHoldsNothingThatAppSyncRefuses(t *testing.T) {
	got := read(t, "appsync/schema.graphql")
	for _, refused := range []string{`"""`, "extend ", "\ndirective ", "\nscalar "} {
		if strings.Contains(got, refused) {
			t.Errorf("the export holds %q, which AppSync refuses", refused)
		}
	}
	if !strings.Contains(got, "publishImageEvent(event: ImageEventInput!): ImageEvent @aws_iam") {
		t.Error("the export lacks the publishing mutation")
	}
}

// read reads a file by its path in the module.
func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
