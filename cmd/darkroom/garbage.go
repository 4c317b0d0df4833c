package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// How much garbage may gather before it is collected: in per cent of what is in use, and in bytes of what is used and unused
// together. A cloud that only answers has little in use, some 10 MB, and most answers are garbage at once: going by per cent
// alone it would spend a third of its time looking for garbage. A cloud that develops photos has more in use than the floor,
// and goes by per cent.
const (
	litter = 200
	floor  = 96 << 20
)

// tidy has garbage collected as often as litter and floor say, from now on. Go has no setting for a floor; a memory limit is
// the opposite of one, and would leave no time for anything else while one HEIC file takes 500 MB.
func tidy() {
	debug.SetGCPercent(litter)
	afterEach(tune)
}

// afterEach has f called after every collection of garbage.
func afterEach(f func()) {
	// What nothing holds is found by each collection, and its finalizer makes the next.
	type sentinel struct{ _ [16]byte }
	var again func(*sentinel)
	again = func(*sentinel) {
		f()
		runtime.SetFinalizer(&sentinel{}, again)
	}
	runtime.SetFinalizer(&sentinel{}, again)
}

// tune sets what the collector is to wait for, from what was in use at its last run.
func tune() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetGCPercent(percent(live[0].Value.Uint64()))
}

// percent is what to set for so many bytes in use.
func percent(live uint64) int {
	if live == 0 {
		return litter
	}
	return max(litter, int(math.Ceil(100*(float64(floor)/float64(live)-1))))
}
