package cloudwatch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/darkroom/darkroom/internal/cloudwatch"
)

// written is what one line says.
func written(t *testing.T, ctx context.Context, attrs ...slog.Attr) (map[string]any, string) {
	t.Helper()
	var b bytes.Buffer
	cloudwatch.NewLog(&b, "darkroom-dev-process").LogAttrs(ctx, slog.LevelInfo, "processed", attrs...)
	var line map[string]any
	if err := json.Unmarshal(b.Bytes(), &line); err != nil || strings.Count(b.String(), "\n") != 1 {
		t.Fatalf("%q: %v", b.String(), err)
	}
	return line, b.String()
}

func TestALineWithMetricsIsOfTheEmbeddedFormat(t *testing.T) {
	// As CloudWatch documents it: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
	text, err := os.Open("testdata/emf.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	document, err := jsonschema.UnmarshalJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("emf.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("emf.json")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now().UnixMilli()
	line, raw := written(t, t.Context(), slog.String("image", "a"), cloudwatch.Milliseconds("Milliseconds", 1500*time.Microsecond),
		cloudwatch.Count("Ready", 2), cloudwatch.Seconds("Age", time.Minute))
	if err := schema.Validate(line); err != nil {
		t.Errorf("%s: %v", raw, err)
	}
	plain, _ := written(t, t.Context(), slog.String("image", "a"))
	if err := schema.Validate(plain); err == nil {
		t.Error("a line without metrics passes for one with some: the schema says nothing")
	}

	var got struct {
		Milliseconds, Ready, Age float64
		FunctionName             string
		AWS                      struct {
			Timestamp         int64
			CloudWatchMetrics []struct {
				Namespace  string
				Dimensions [][]string
				Metrics    []struct{ Name, Unit string }
			}
		} `json:"_aws"`
	}
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatal(err)
	}
	if got.Milliseconds != 1.5 || got.Ready != 2 || got.Age != 60 || got.FunctionName != "darkroom-dev-process" {
		t.Errorf("got %+v", got)
	}
	if got.AWS.Timestamp < before || got.AWS.Timestamp > time.Now().UnixMilli() || len(got.AWS.CloudWatchMetrics) != 1 {
		t.Fatalf("got %+v", got.AWS)
	}
	d := got.AWS.CloudWatchMetrics[0]
	if d.Namespace != "Darkroom" || len(d.Dimensions) != 1 || len(d.Dimensions[0]) != 1 || d.Dimensions[0][0] != "FunctionName" {
		t.Errorf("got %+v", d)
	}
	for n, want := range []string{"Milliseconds Milliseconds", "Ready Count", "Age Seconds"} {
		if len(d.Metrics) != 3 || d.Metrics[n].Name+" "+d.Metrics[n].Unit != want {
			t.Errorf("got %+v, want %s at %d", d.Metrics, want, n)
		}
	}
	for _, m := range d.Metrics { // a metric, or a dimension, is a field at the top
		if _, ok := line[m.Name].(float64); !ok {
			t.Errorf("%s is not there: %s", m.Name, raw)
		}
	}
}

func TestALineWithoutMetricsIsPlain(t *testing.T) {
	line, raw := written(t, t.Context(), slog.String("image", "a"))
	if _, there := line["_aws"]; there || line["image"] != "a" || line["FunctionName"] != nil || line["request"] != nil {
		t.Errorf("got %s", raw)
	}
}

func TestALineNamesItsRequest(t *testing.T) {
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "r-1"})
	if line, raw := written(t, ctx); line["request"] != "r-1" {
		t.Errorf("got %s", raw)
	}
	if line, raw := written(t, ctx, slog.String("request", "api-7")); line["request"] != "api-7" || strings.Count(raw, "request") != 1 {
		t.Errorf("got %s, want the one that the function named", raw)
	}
}

func TestOtherHandlersPrintTheNumberAlone(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(slog.NewTextHandler(&b, nil))
	log.Info("processed", cloudwatch.Milliseconds("took", 3*time.Millisecond))
	if got := b.String(); !strings.HasSuffix(got, "msg=processed took=3\n") {
		t.Errorf("got %s", got)
	}
}

func TestFieldsOfALogAreInItsLines(t *testing.T) {
	var b bytes.Buffer
	log := cloudwatch.NewLog(&b, "f").With("job", "j")
	log.Info("x", cloudwatch.Count("N", 1))
	log.WithGroup("g").Info("y", "a", 1)
	if got := b.String(); !strings.Contains(got, `"job":"j"`) || !strings.Contains(got, `"_aws"`) || !strings.Contains(got, `"g":{"a":1}`) {
		t.Errorf("got %s", got)
	}
}

func BenchmarkALineWithMetrics(b *testing.B) {
	log := cloudwatch.NewLog(discard{}, "darkroom-dev-process")
	for b.Loop() {
		log.LogAttrs(b.Context(), slog.LevelInfo, "processed", slog.String("image", "a"), slog.String("outcome", "READY"),
			cloudwatch.Milliseconds("DevelopMilliseconds", time.Second), cloudwatch.Milliseconds("Milliseconds", time.Second), cloudwatch.Count("Ready", 1))
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
