// Package layers holds the architecture to its word: who may import whom is a table, and this test reads the code against
// it. A package that is not in the table fails until it is given its place.
package layers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/darkroom/darkroom/"

// allowed says which of our packages each package may import; a pattern ends in /*, and the first that fits counts.
var allowed = []struct {
	who string
	may []string
}{
	{"gallery", nil},
	{"appsync", nil},
	{"web", nil},
	{"graph", []string{"gallery"}},
	{"resolvers", []string{"gallery", "graph"}},

	{"internal/cloudwatch", nil},
	{"internal/config", []string{"gallery"}},
	{"internal/export", nil},
	{"internal/generate", nil},
	{"internal/srp6a", nil},
	{"internal/faults", nil},
	{"internal/layers", nil},
	{"internal/serverless", nil},
	{"internal/deployed", []string{"appsync", "internal/dynamodb", "internal/serverless", "internal/local", "internal/local/*"}},
	{"internal/render", []string{"gallery", "internal/render/*"}},
	{"internal/render/*", []string{"gallery", "internal/render/*"}},
	{"internal/libheif", []string{"internal/render/heif"}},
	{"internal/libwebp", nil},
	{"internal/dynamodb", []string{"gallery"}},
	{"internal/s3", []string{"gallery"}},
	{"internal/sqs", []string{"gallery"}},
	{"internal/cloudfront", []string{"gallery"}},
	{"internal/appsync", []string{"gallery"}},
	{"internal/cognito", []string{"gallery"}},
	{"internal/client", []string{"gallery", "internal/srp6a"}},
	{"internal/local", []string{"internal/local/*"}},
	{"internal/local/cognito", []string{"internal/local/*", "internal/srp6a"}},
	{"internal/local/*", []string{"internal/local/*"}},

	{"functions/field", []string{"gallery", "graph", "resolvers", "internal/cognito"}},
	{"functions/field/bootstrap", append([]string{"functions/field"}, wiring...)},
	{"functions/graphql", []string{"gallery", "graph", "resolvers", "internal/cognito"}},
	{"functions/process", []string{"gallery", "internal/cloudwatch", "internal/render", "internal/s3"}},
	{"functions/publish", []string{"gallery", "internal/cloudwatch", "internal/dynamodb"}},
	{"functions/share", []string{"gallery"}},
	{"functions/sweep", []string{"gallery", "internal/cloudwatch"}},
	{"functions/auth", []string{"gallery", "internal/cognito"}},
	{"functions/graphql/bootstrap", append([]string{"functions/graphql"}, wiring...)},
	{"functions/process/bootstrap", append([]string{"functions/process"}, wiring...)},
	{"functions/heif/bootstrap", append([]string{"functions/process", "internal/libheif"}, wiring...)},
	{"functions/publish/bootstrap", append([]string{"functions/publish"}, wiring...)},
	{"functions/share/bootstrap", append([]string{"functions/share"}, wiring...)},
	{"functions/sweep/bootstrap", append([]string{"functions/sweep"}, wiring...)},
	{"functions/auth/bootstrap", append([]string{"functions/auth"}, wiring...)},

	{"cmd/darkroom", []string{"*"}},
	{"bench/*", []string{"*"}},
	{"deploy/*", nil},
}

// wiring is what the main of a Lambda may use beside its function.
var wiring = []string{
	"gallery", "graph", "resolvers", "internal/config", "internal/render", "internal/libwebp",
	"internal/s3", "internal/dynamodb", "internal/sqs", "internal/appsync", "internal/cognito", "internal/cloudfront", "internal/cloudwatch",
}

// sdk lists who may speak to AWS.
var sdk = []string{
	"internal/s3", "internal/dynamodb", "internal/sqs", "internal/appsync", "internal/client", "internal/cloudfront",
	"internal/cognito", "internal/local", "internal/local/*", "internal/deployed", "functions/*", "cmd/darkroom", "bench/*",
}

func TestEveryImportHasItsPlaceInTheTable(t *testing.T) {
	for _, p := range packages(t) {
		may, listed := row(p.place())
		if !listed {
			t.Errorf("%s has no place in the table: give it one", p.place())
		}
		for _, i := range p.Imports {
			if ours, ok := strings.CutPrefix(i, module); ok && !fits(ours, may) {
				t.Errorf("%s must not import %s", p.place(), ours)
			}
		}
	}
}

func TestTheDomainUsesTheStandardLibraryOnly(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			if p.place() == "gallery" && strings.Contains(i, ".") {
				t.Errorf("gallery must not import %s", i)
			}
		}
	}
}

func TestOnlyAdaptersAndMainsSpeakToAWS(t *testing.T) {
	for _, p := range packages(t) {
		main := p.Name == "main"
		if fits(p.place(), sdk) && (main || !strings.HasPrefix(p.place(), "functions/")) {
			continue
		}
		for _, i := range p.Imports {
			if strings.HasPrefix(i, "github.com/aws/aws-sdk-go-v2") || strings.HasPrefix(i, "github.com/guregu/dynamo") {
				t.Errorf("%s must not import %s", p.place(), i)
			}
		}
	}
}

func TestNoLambdaCarriesTheLocalCloud(t *testing.T) {
	for _, p := range packages(t) {
		if p.Name != "main" || !strings.HasPrefix(p.place(), "functions/") {
			continue
		}
		for _, d := range p.Deps {
			if strings.HasPrefix(d, module+"internal/local") {
				t.Errorf("%s depends on %s", p.place(), d)
			}
		}
	}
}

func TestOnlyItsOwnLambdaCarriesTheHeavyDecoder(t *testing.T) {
	for _, p := range packages(t) {
		if p.Name != "main" || !strings.HasPrefix(p.place(), "functions/") {
			continue
		}
		own := p.place() == "functions/heif/bootstrap"
		if slices.Contains(p.Deps, module+"internal/libheif") != own {
			t.Errorf("%s: depends on internal/libheif: %t, want %t", p.place(), !own, own)
		}
	}
}

// forbidden are patterns of source that have no place outside the packages named, tests apart.
var forbidden = []struct {
	pattern *regexp.Regexp
	except  func(listed) bool
	why     string
}{
	{regexp.MustCompile(`\bos\.(Getenv|LookupEnv|Environ)\b`), func(p listed) bool { return p.Name == "main" }, "only mains read the environment"},
	{regexp.MustCompile(`(?m)^func init\(\)`), func(p listed) bool { return p.place() == "graph" }, "nothing happens before main"},
	{regexp.MustCompile(`"testing"`), func(listed) bool { return false }, "tests stay in tests"},
}

func TestForbiddenThingsStayOut(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			source := read(t, path.Join(p.Dir, name))
			for _, f := range forbidden {
				if f.pattern.MatchString(source) && !f.except(p) {
					t.Errorf("%s/%s holds %s: %s", p.place(), name, f.pattern, f.why)
				}
			}
		}
	}
}

func TestTheTableIsReadAsWritten(t *testing.T) {
	for _, c := range []struct {
		who  string
		may  []string
		want bool
	}{
		{"internal/local/s3", []string{"internal/local/*"}, true},
		{"internal/local", []string{"internal/local/*"}, false},
		{"gallery", nil, false},
		{"anything/at/all", []string{"*"}, true},
	} {
		if got := fits(c.who, c.may); got != c.want {
			t.Errorf("fits(%q, %q): got %v, want %v", c.who, c.may, got, c.want)
		}
	}
	if _, ok := row("internal/unheard-of"); ok {
		t.Error("a package that is not in the table was found in it")
	}
}

type listed struct {
	ImportPath, Name, Dir  string
	Imports, Deps, GoFiles []string
}

// place is the package's path within the module.
func (p listed) place() string { return strings.TrimPrefix(p.ImportPath, module) }

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Dir,Imports,Deps,GoFiles", module+"...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func row(place string) ([]string, bool) {
	for _, r := range allowed {
		if fits(place, []string{r.who}) {
			return r.may, true
		}
	}
	return nil, false
}

// fits tells whether one of the patterns is the place, or a folder above it.
func fits(place string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		folder, ok := strings.CutSuffix(p, "*")
		return p == place || ok && strings.HasPrefix(place, folder)
	})
}
