package main

import (
	"fmt"
	"syscall"
)

// cpuOf is how many µs of CPU each of some calls takes, whatever the runtime does meanwhile included.
func cpuOf(calls int, do func(i int) error) (float64, error) {
	before, err := cpuOfSelf()
	if err != nil {
		return 0, err
	}
	for i := range calls {
		if err := do(i); err != nil {
			return 0, err
		}
	}
	after, err := cpuOfSelf()
	return (after - before) / float64(calls), err
}

func cpuOfSelf() (float64, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read CPU time: %w", err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1000, nil
}

// peakOfSelf is the most memory that this process has had, in MiB.
func peakOfSelf() (float64, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	return float64(u.Maxrss) / 1024, nil
}
