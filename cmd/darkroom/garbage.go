package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// How much garbage may gather before it is collected. A cloud that only answers has not much more than little in use, and most
// of what it makes is garbage at once: going by per cent alone it would spend a third of its time looking for garbage, so it
// waits until it has floor, garbage included. A cloud that develops photos has more in use than that, and waits for litter per
// cent of what is beyond little.
const (
	floor  = 32 << 20
	little = 8 << 20
	litter = 200
)

// tidy has garbage collected as often as that, from now on. Go has no setting for a floor; a memory limit is the opposite of
// one, and would leave no time for anything else while one HEIC file takes 500 MB.
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
func tune() { debug.SetGCPercent(percent(read("/gc/heap/live:bytes"))) }

// percent is what to set for so many bytes in use.
func percent(live uint64) int {
	if live == 0 {
		return litter
	}
	used := float64(live)
	garbage := max(floor-used, litter*(used-little)/100)
	return int(math.Ceil(100 * garbage / used))
}

// made is how many bytes this process has ever made, garbage included.
func made() uint64 { return read("/gc/heap/allocs:bytes") }

// read asks the runtime for one of its numbers.
func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
