package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// How large what is in use may become, garbage included, before garbage is collected. A cloud that only answers has up to
// little in use, and most of what it makes is garbage at once: going by per cent alone it would spend a third of its time
// looking for garbage, so it waits for floor. One that develops photos makes garbage faster than it answers, and has more in
// use; it waits for ceiling, or, when that is not much more than it uses, for litter per cent of it. Between the two it goes
// by steep: each byte in use makes room for so many.
const (
	floor   = 32 << 20
	little  = 16 << 20
	steep   = 6
	ceiling = 96 << 20
	litter  = 200
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
	if live == 0 || live >= ceiling/(1+litter/100) {
		return litter
	}
	used := float64(live)
	size := min(max(floor, floor+steep*(used-little)), ceiling)
	return int(math.Ceil(100 * (size/used - 1)))
}

// made is how many bytes this process has ever made, garbage included.
func made() uint64 { return read("/gc/heap/allocs:bytes") }

// read asks the runtime for one of its numbers.
func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
