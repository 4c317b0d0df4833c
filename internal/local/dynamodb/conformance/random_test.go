package conformance_test

import (
	"context"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

var (
	seedFlag  = flag.Uint64("seed", 1, "what random requests begin with; 0 is another each time")
	stepsFlag = flag.Int("steps", 1200, "how many random requests to make")
)

// maxDifferences is how many differences are told before the rest of a sequence is given up.
const maxDifferences = 5

// TestRandomRequests gives two endpoints one sequence of requests, and compares every answer and what their streams tell.
// The other endpoint must be one that reads its indexes at once.
func TestRandomRequests(t *testing.T) {
	other := openOther(t)
	ours := openEngine(t)
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("-seed %d -steps %d", seed, *stepsFlag)
	random := rand.New(rand.NewPCG(seed, 0))
	sort := []string{"N", "S", "B"}[random.IntN(3)]
	table := ours.table(t, "S"+sort, randomTable)
	in := tableInput(table, "S"+sort, randomTable)
	if _, err := other.db.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	other.awaitTable(t, table)
	d := &differ{
		t: t, sides: [2]*side{{cloud: ours}, {cloud: other}},
		script: &script{Rand: random, table: table, sort: sort},
	}
	for _, s := range d.sides {
		s.tail = s.openTail(t, table)
	}
	for step := range *stepsFlag {
		if d.step(); d.differences == maxDifferences {
			t.Fatalf("gave up after %d steps", step+1)
		}
	}
	d.compareStreams()
	d.compare(d.script.scan())
	t.Logf("%d of %d answers were errors; excused: %v", d.errors, *stepsFlag, d.excused)
	if t.Failed() {
		t.Logf("repeat it with -run RandomRequests -seed %d -steps %d", seed, *stepsFlag)
	}
}

// differ asks two endpoints the same.
type differ struct {
	t           *testing.T
	sides       [2]*side // ours, and the other
	script      *script
	differences int
	errors      int
	excused     map[string]int // how often, by reason
}

// side is one of the two endpoints.
type side struct {
	*cloud
	tail *tail
}

func (d *differ) step() {
	if d.script.IntN(25) == 0 {
		d.compareStreams()
		return
	}
	d.compare(d.script.request())
}

// both does something on either side at once.
func (d *differ) both(do func(ctx context.Context, s *side) error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	var errs [2]error
	var working sync.WaitGroup
	for i, s := range d.sides {
		working.Go(func() { errs[i] = do(ctx, s) })
	}
	working.Wait()
	for i, err := range errs {
		if err != nil {
			d.t.Fatalf("%s: %v", d.sides[i].name, err)
		}
	}
}

// compare asks both sides the same. Where they differ, what the request may have written is deleted on both, so that what
// follows can be compared.
func (d *differ) compare(r request) {
	d.t.Helper()
	var answers [2]answer
	d.both(func(ctx context.Context, s *side) (err error) {
		a, err := s.ask(ctx, r)
		if s == d.sides[0] {
			answers[0] = a
		} else {
			answers[1] = a
		}
		return err
	})
	ours, theirs := answers[0], answers[1]
	if ours.kind != "" {
		d.errors++
	}
	if same(ours, theirs) {
		return
	}
	if why := d.sides[1].faults.excuse(r, ours, theirs); why != "" {
		d.excuse(why)
	} else {
		d.differences++
		body, _ := json.Marshal(r.body) // it is made of what can be encoded
		d.t.Errorf("%s %s\n    ours   %s\n    theirs %s", r.operation, body, ours, theirs)
	}
	d.forget(r)
	if r.body["ClientRequestToken"] != nil {
		d.script.newToken() // one side has used it, the other perhaps not
	}
}

func (d *differ) excuse(why string) {
	if d.excused == nil {
		d.excused = map[string]int{}
	}
	d.excused[why]++
}

// forget deletes what a request may have written, and reads the streams beyond it.
func (d *differ) forget(r request) {
	d.t.Helper()
	d.both(func(ctx context.Context, s *side) error {
		for _, key := range r.writes {
			in := request{operation: "DeleteItem", body: object{"TableName": d.script.table, "Key": key}}
			if _, err := s.ask(ctx, in); err != nil {
				return err
			}
		}
		_, err := s.tail.read(ctx)
		return err
	})
}

// compareStreams compares what the streams told since they were last read, item by item: that is what AWS keeps in order.
func (d *differ) compareStreams() {
	d.t.Helper()
	var told [2]map[string][]string
	d.both(func(ctx context.Context, s *side) (err error) {
		records, err := s.tail.read(ctx)
		if s == d.sides[0] {
			told[0] = records
		} else {
			told[1] = records
		}
		return err
	})
	if !reflect.DeepEqual(told[0], told[1]) {
		d.differences++
		d.t.Errorf("streams differ\n    ours   %v\n    theirs %v", told[0], told[1])
	}
}

// ask sends a request, and if it is one for pages those that follow, as one answer.
func (c *cloud) ask(ctx context.Context, r request) (answer, error) {
	body, err := json.Marshal(r.body)
	if err != nil {
		return answer{}, err
	}
	a, err := c.post(ctx, tableService+r.operation, body)
	if err != nil || !r.allPages || a.kind != "" {
		return a.normal(), err
	}
	whole := a
	for next := a.body["LastEvaluatedKey"]; next != nil; next = a.body["LastEvaluatedKey"] {
		follow := object{}
		for name, value := range r.body {
			follow[name] = value
		}
		follow["ExclusiveStartKey"] = next
		if body, err = json.Marshal(follow); err != nil {
			return answer{}, err
		}
		if a, err = c.post(ctx, tableService+r.operation, body); err != nil || a.kind != "" {
			return a, err
		}
		whole.add(a)
	}
	delete(whole.body, "LastEvaluatedKey")
	whole.sort()
	return whole.normal(), nil
}

// randomTable has all that makes answers differ: two global indexes, a local one, and a stream of both images.
func randomTable(in *sdk.CreateTableInput) {
	in.AttributeDefinitions = append(in.AttributeDefinitions, define("N", "l")...)
	in.LocalSecondaryIndexes = []types.LocalSecondaryIndex{{
		IndexName: aws.String("byl"), KeySchema: schema("p", "l"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
	}}
	withIndex("byg", "g", "h", types.ProjectionTypeKeysOnly)(in)
	withIndex("byk", "k", "", types.ProjectionTypeInclude, "a")(in)
	withStream(types.StreamViewTypeNewAndOldImages)(in)
}
