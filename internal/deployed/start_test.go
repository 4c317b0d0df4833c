package deployed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/deployed"
	"github.com/darkroom/darkroom/internal/local/iam"
	"github.com/darkroom/darkroom/internal/local/lambda"
	"github.com/darkroom/darkroom/internal/local/runtimeapi"
)

// garble writes into the images table what no version of this program would.
func (s *site) garble(owner gallery.Owner) {
	s.t.Helper()
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	table := s.Names["ImagesTable"]
	_, err := sdkdynamodb.NewFromConfig(s.Cloud.AWS(s.Cloud.Endpoints.DynamoDB)).PutItem(s.t.Context(), &sdkdynamodb.PutItemInput{
		TableName: &table, Item: map[string]types.AttributeValue{
			"owner": text(string(owner)), "id": text("01890000-0000-7000-8000-00000000bad0"), "version": text("many"),
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func wantDropped(all []record, want int) error {
	got := 0
	for _, r := range all {
		if r["msg"] == "dropped" {
			got++
		}
	}
	if got != want {
		return fmt.Errorf("got %d dropped, want %d", got, want)
	}
	return nil
}

// optional are the variables without which a function works all the same.
var optional = []string{"HEIF_QUEUE_URL"}

// TestAFunctionThatIsNotToldWhereThingsAreSaysSoAtItsStart takes away each variable that serverless.yml sets, and then all.
func TestAFunctionThatIsNotToldWhereThingsAreSaysSoAtItsStart(t *testing.T) {
	s := deploy(t, nil)
	for _, fn := range s.File.Functions() {
		var needed []string
		for _, v := range s.Program(fn.Name).Env {
			name, _, _ := strings.Cut(v, "=")
			if _, set := fn.Environment[name]; set && !slices.Contains(optional, name) {
				needed = append(needed, name)
			}
		}
		if len(needed) == 0 {
			t.Errorf("%s needs no variables", fn.Name)
		}
		s.startsWithout(fn.Name, needed)
		for _, name := range needed {
			s.startsWithout(fn.Name, []string{name})
		}
	}
}

// startsWithout starts a function that lacks some variables: it must end, and have named all of them in one line.
func (s *site) startsWithout(function string, missing []string) {
	s.t.Helper()
	o, said := s.Program(function), &journal{of: map[string]*bytes.Buffer{}}
	o.Output = said.writer(function)
	o.Env = slices.DeleteFunc(slices.Clone(o.Env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(missing, name)
	})
	f, err := runtimeapi.New(o)
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = f.Invoke(s.t.Context(), []byte("{}"))
	failed, ok := errors.AsType[*lambda.Error](err)
	if !ok || failed.Type != "Runtime.ExitError" {
		s.t.Errorf("%s without %v: got %v, want its end", function, missing, err)
	}
	lines := said.records(function)
	if len(lines) != 1 || len(said.lines(function)) != 1 || lines[0]["level"] != "ERROR" || lines[0]["msg"] != "start" {
		s.t.Errorf("%s without %v said %q, want one error", function, missing, said.lines(function))
		return
	}
	for _, name := range missing {
		if text := fmt.Sprint(lines[0]["error"]); !strings.Contains(text, name) {
			s.t.Errorf("%s without %s said %s", function, name, text)
		}
	}
}

// troubles are what is wrong with a deployment, and what one function's log must say of it.
var troubles = map[string]struct {
	change   func(*deployed.Options)
	function string
	says     []string
}{
	"a table that is not there": {
		func(o *deployed.Options) {
			o.Environment = func(function string, env map[string]string) {
				if function == "graphql" {
					env["IMAGES_TABLE"] = "nowhere"
				}
			}
			o.Permissions = func(_ string, all []iam.Permission) []iam.Permission {
				return append(all, iam.Permission{Actions: []string{"dynamodb:*"}, Resources: []string{"*"}})
			}
		}, "graphql", []string{"nowhere", "ResourceNotFoundException"},
	},
	"a permission that is missing": {
		func(o *deployed.Options) {
			o.Permissions = func(function string, all []iam.Permission) []iam.Permission {
				if function == "graphql" {
					return nil
				}
				return all
			}
		}, "graphql", []string{"graphql is not authorized to perform: dynamodb:", "imagestable"},
	},
}

// TestWhatIsWrongWithADeploymentIsInTheLog: a table or a permission is found out about by its first use. The user is told a
// request id, and the log says the rest, in one line.
func TestWhatIsWrongWithADeploymentIsInTheLog(t *testing.T) {
	for name, c := range troubles {
		t.Run(name, func(t *testing.T) {
			s := deploy(t, c.change)
			_, failed := s.user("ann", false).ask(`{ images { edges { node { id } } } }`)
			var told []struct {
				Extensions struct{ Code, RequestID string }
			}
			if err := json.Unmarshal([]byte(failed), &told); err != nil || len(told) != 1 || told[0].Extensions.Code != "INTERNAL" {
				t.Fatalf("the user was told %s, %v", failed, err)
			}
			var errs []record
			s.eventually("the log to come", func() error { // by another way than the answer
				errs = s.said.errors(c.function)
				if len(errs) == 0 {
					return errors.New("it has no error")
				}
				return nil
			})
			if len(errs) != 1 || errs[0]["request"] != told[0].Extensions.RequestID {
				t.Fatalf("got %v, want one error of request %s", errs, told[0].Extensions.RequestID)
			}
			for _, want := range c.says {
				if !strings.Contains(fmt.Sprint(errs[0]["error"]), want) {
					t.Errorf("got %v, want it to say %s", errs[0]["error"], want)
				}
			}
		})
	}
}
