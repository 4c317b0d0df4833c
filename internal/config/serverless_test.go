package config_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/darkroom/darkroom/appsync"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
	"github.com/darkroom/darkroom/internal/config"
)

// deployment is what serverless.yml says that the code says too.
type deployment struct {
	Functions map[string]struct {
		Timeout     int            `yaml:"timeout"` // seconds
		MemorySize  int            `yaml:"memorySize"`
		Environment map[string]any `yaml:"environment"`
		Events      []struct {
			SQS struct {
				BatchSize int `yaml:"batchSize"`
			} `yaml:"sqs"`
			Schedule struct {
				Rate string `yaml:"rate"`
			} `yaml:"schedule"`
		} `yaml:"events"`
	} `yaml:"functions"`
	AppSync struct {
		ResolverCountLimit int `yaml:"resolverCountLimit"`
	} `yaml:"appSync"`
	Resources struct {
		Resources struct {
			ProcessQueue struct {
				Properties struct {
					VisibilityTimeout int `yaml:"VisibilityTimeout"` // seconds
					RedrivePolicy     struct {
						MaxReceiveCount int `yaml:"maxReceiveCount"`
					} `yaml:"RedrivePolicy"`
				} `yaml:"Properties"`
			} `yaml:"ProcessQueue"`
			HeifQueue struct {
				Properties struct {
					VisibilityTimeout int `yaml:"VisibilityTimeout"`
					RedrivePolicy     struct {
						MaxReceiveCount int `yaml:"maxReceiveCount"`
					} `yaml:"RedrivePolicy"`
				} `yaml:"Properties"`
			} `yaml:"HeifQueue"`
		} `yaml:"Resources"`
		Outputs struct {
			Client struct {
				Value string `yaml:"Value"`
			} `yaml:"Client"`
		} `yaml:"Outputs"`
	} `yaml:"resources"`
}

func readServerless(t *testing.T) deployment {
	t.Helper()
	text, err := os.ReadFile("../../serverless.yml")
	if err != nil {
		t.Fatal(err)
	}
	var d deployment
	if err := yaml.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestServerlessSetsTheVariablesThatEachFunctionReads(t *testing.T) {
	reads := map[string]func(func(string) string){
		"graphql": func(getenv func(string) string) { _, _ = config.ReadAPI(getenv) },
		"field":   func(getenv func(string) string) { _, _ = config.ReadAPI(getenv) },
		"process": func(getenv func(string) string) { _, _ = config.ReadProcess(getenv) },
		"heif":    func(getenv func(string) string) { _, _ = config.ReadHeif(getenv) },
		"publish": func(getenv func(string) string) { _, _ = config.ReadPublish(getenv) },
		"share":   func(getenv func(string) string) { _, _ = config.ReadShare(getenv) },
		"sweep":   func(getenv func(string) string) { _, _ = config.ReadSweep(getenv) },
		"auth":    func(getenv func(string) string) { _, _ = config.ReadAuth(getenv) },
	}
	// Lambda sets AWS_REGION itself; the others may be left out.
	unasked := []string{"AWS_REGION", "S3_PATH_STYLE", "INTROSPECTION", "MAX_PIXELS", "RENDITIONS", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"}

	functions := readServerless(t).Functions
	if got, want := len(functions), len(reads); got != want {
		t.Errorf("got %d functions, want %d", got, want)
	}
	for function, read := range reads {
		var names []string
		read(func(name string) string { names = append(names, name); return "" })
		set := functions[function].Environment
		for _, name := range names {
			if _, ok := set[name]; !ok && !slices.Contains(unasked, name) {
				t.Errorf("%s reads %s, which serverless.yml does not set", function, name)
			}
		}
		for name := range set {
			if !slices.Contains(names, name) {
				t.Errorf("serverless.yml sets %s, which %s does not read", name, function)
			}
		}
	}
}

func TestServerlessHasTheTimersOfTheGallery(t *testing.T) {
	d := readServerless(t)
	process, queue := d.Functions["process"], d.Resources.Resources.ProcessQueue.Properties
	heif, heavy := d.Functions["heif"], d.Resources.Resources.HeifQueue.Properties
	if len(process.Events) != 1 {
		t.Fatalf("process has %d events, want the queue alone", len(process.Events))
	}
	seconds := func(d time.Duration) int { return int(d / time.Second) }
	for name, c := range map[string]struct{ got, want int }{
		"seconds that process may run":               {process.Timeout, seconds(gallery.ProcessTimeout)},
		"seconds that the queue hides a message":     {queue.VisibilityTimeout, seconds(gallery.QueueVisibility)},
		"deliveries before a message is given up":    {queue.RedrivePolicy.MaxReceiveCount, gallery.QueueReceives},
		"messages that process is given at one time": {process.Events[0].SQS.BatchSize, 1},
		"seconds that heif may run":                  {heif.Timeout, seconds(gallery.ProcessTimeout)},
		"seconds that its queue hides a message":     {heavy.VisibilityTimeout, seconds(gallery.QueueVisibility)},
		"deliveries before it is given up":           {heavy.RedrivePolicy.MaxReceiveCount, gallery.QueueReceives},
		"messages that heif is given at one time":    {heif.Events[0].SQS.BatchSize, 1},
		"MB that heif has":                           {heif.MemorySize, gallery.HeifMemory},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %d, want %d", name, c.got, c.want)
		}
	}
	if got := d.Functions["sweep"].Events[0].Schedule.Rate; got != "rate(1 minute)" || gallery.SweepEvery != time.Minute {
		t.Errorf("the sweeper runs at a %s, want one in %s", got, gallery.SweepEvery)
	}
	if process.MemorySize != gallery.ProcessMemory {
		t.Errorf("process has %d MB, and its cost is reckoned for %d", process.MemorySize, gallery.ProcessMemory)
	}
}

func TestServerlessLimitsRequestsAsTheLocalAppSyncDoes(t *testing.T) {
	if got, want := readServerless(t).AppSync.ResolverCountLimit, appsync.ResolverLimit; got != want {
		t.Errorf("got %d resolvers in one request, want %d", got, want)
	}
}

func TestServerlessPutsOutTheConfigurationOfAClient(t *testing.T) {
	named := func(name string) string { return "<" + name + ">" }
	output := os.Expand(readServerless(t).Resources.Outputs.Client.Value, named)
	var got client.Config
	if err := json.Unmarshal([]byte(output), &got); err != nil {
		t.Fatalf("%v in %s", err, output)
	}
	want := client.Config{
		GraphQL:  "<HttpApi.ApiEndpoint>/graphql",
		Realtime: "<GraphQlApi.GraphQLUrl>",
		Cognito: client.Cognito{
			Endpoint: "https://cognito-idp.<AWS::Region>.amazonaws.com/", Region: "<AWS::Region>",
			UserPoolID: "<UserPool>", ClientID: "<UserPoolClient>",
		},
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
