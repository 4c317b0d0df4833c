package conformance_test

import (
	"flag"
	"testing"
)

var (
	endpointFlag = flag.String("endpoint", "", "URL of another endpoint to test, in place of the oracle")
	streamsFlag  = flag.String("streams", "", "URL of its streams, where that is another")
	regionFlag   = flag.String("region", "us-east-1", "region that requests to it are signed for")
	accessFlag   = flag.String("access-key", "local", "id of the access key that they are signed with")
	secretFlag   = flag.String("secret-key", "local", "the key itself")
	sessionFlag  = flag.String("session-token", "", "token of temporary credentials")
)

// TestSuite runs every section against every endpoint. A section is a list of cases on tables of its own.
func TestSuite(t *testing.T) {
	sections := []struct {
		name string
		run  func(*section)
	}{
		{"tables", testTables},
		{"tables that cannot be made", testTablesRefused},
		{"values", testValues},
		{"numbers", testNumbers},
		{"numbers refused", testNumbersRefused},
		{"puts and deletes", testPutsAndDeletes},
		{"updates", testUpdates},
		{"updates refused", testUpdatesRefused},
		{"answers of updates", testUpdateAnswers},
		{"conditions", testConditions},
		{"conditions that fail", testFailedConditions},
		{"projections", testProjections},
		{"queries", testQueries},
		{"key order", testKeyOrder},
		{"near keys", testNearKeys},
		{"pages", testPages},
		{"large pages", testLargePages},
		{"scans", testScans},
		{"indexes", testIndexes},
		{"sparse index", testSparseIndex},
		{"batches", testBatches},
		{"transactions", testTransactions},
		{"cancelled transactions", testCancelled},
		{"transactional reads", testTransactGet},
		{"capacity", testCapacity},
		{"time to live", testTimeToLive},
		{"stream views", testStreamViews},
		{"stream silence", testStreamSilence},
		{"stream iterators", testStreamIterators},
		{"streams refused", testStreamsRefused},
		{"requests refused", testRequestsRefused},
		{"shapes refused", testShapesRefused},
		{"pages refused", testPagesRefused},
		{"key conditions refused", testKeyConditionsRefused},
		{"conditions refused", testConditionsRefused},
		{"update expressions refused", testUpdateExpressionsRefused},
		{"guregu/dynamo", testGuregu},
	}
	onEach(t, func(t *testing.T, c *cloud) {
		t.Cleanup(func() { c.checkFaults(t) })
		for _, s := range sections {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				s.run(&section{cloud: c, t: t, name: s.name})
			})
		}
	})
}

// onEach runs a test against the local engine, and against the other endpoint if there is one.
func onEach(t *testing.T, test func(*testing.T, *cloud)) {
	t.Run("darkroom", func(t *testing.T) {
		t.Parallel()
		test(t, openEngine(t))
	})
	t.Run("other", func(t *testing.T) {
		t.Parallel()
		test(t, openOther(t))
	})
}

// section is the part of the suite that is running.
type section struct {
	*cloud
	t    *testing.T
	name string
}

// run runs a case, unless the endpoint is known to fail it.
func (s *section) run(name string, test func(t *testing.T)) {
	s.t.Helper()
	s.t.Run(name, func(t *testing.T) {
		if why := s.faults.cases[[2]string{s.name, name}]; why != "" {
			s.met.Store([2]string{s.name, name}, true)
			t.Skipf("a known fault of %s: %s", s.cloud.name, why)
		}
		test(t)
	})
}

// checkFaults refuses a known fault of which there is no case, once all cases have run.
func (c *cloud) checkFaults(t *testing.T) {
	if flag.Lookup("test.run").Value.String() != "" || flag.Lookup("test.skip").Value.String() != "" {
		return
	}
	for fault := range c.faults.cases {
		if _, ok := c.met.Load(fault); !ok {
			t.Errorf("a fault is listed for the case %q of %q, which there is not", fault[1], fault[0])
		}
	}
}
