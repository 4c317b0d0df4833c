package publish_test

import (
	"flag"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
)

// The simulation drives the real handler over the real table engine, one step at a time. Between the two stands a network
// that holds every call until the driver lets it through, loses it, or loses its answer; the driver also kills
// invocations, abandons them, delivers again, splits batches and lets time pass. Everything happens in one bubble of
// synthetic time and in an order that the seed decides, so a failure can be had again:
//
//	go test ./functions/publish -run Simulation -seed N -steps 400
var (
	seed  = flag.Uint64("seed", 1, "of the first simulated world; 0 for one of the clock")
	steps = flag.Int("steps", 20_000, "to simulate, over all worlds")
)

// worldSteps is how long a world is driven before it is left to come to rest.
const worldSteps = 400

func TestSimulationOfCrashesRedeliveryAndOverlap(t *testing.T) {
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	synctest.Test(t, func(t *testing.T) {
		s := newStorage(t)
		var done, events int
		for n := uint64(0); done < *steps && !t.Failed(); n++ {
			w := newWorld(t, s, first+n)
			w.drive(worldSteps)
			w.rest()
			w.check()
			w.end()
			done += w.steps
			events += w.numbered()
			if t.Failed() {
				t.Logf("this world: -seed %d -steps %d", first+n, worldSteps)
			}
		}
		t.Logf("%d steps, %d events, from seed %d", done, events, first)
	})
}

// storage is the table engine, kept from world to world; their owners differ.
type storage struct {
	engine *engine.Engine
	tables dynamodb.Tables
}

func newStorage(t *testing.T) storage {
	t.Helper()
	e, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	s := storage{engine: e, tables: dynamodb.Tables{Images: "images", Feed: "feed", Users: "users"}}
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(config(&network{engine: e})), s.tables); err != nil {
		t.Fatal(err)
	}
	return s
}

func config(n *network) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://tables"), HTTPClient: n,
		Credentials: aws.CredentialsProviderFunc(staticKeys),
	}
}
