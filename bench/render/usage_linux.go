package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// ownUsage is what this process has used: seconds of CPU in user and kernel, and MiB of resident memory at the most. The
// kernel's ru_maxrss would not do for that: a process begins with its parent's.
func ownUsage() (cpu, peak float64, err error) {
	r, err := rusage(syscall.RUSAGE_SELF)
	if err != nil {
		return 0, 0, err
	}
	peak, err = peakOf(os.Getpid())
	return seconds(r), peak, err
}

// peakOf is the MiB of resident memory that a process has had at the most.
func peakOf(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	return parsePeak(status)
}

// childrensUsage is what the programs used that this process has run: CPU together, memory of the largest. This process
// must stay smaller than those.
func childrensUsage() (cpu, peak float64, err error) {
	r, err := rusage(syscall.RUSAGE_CHILDREN)
	return seconds(r), float64(r.Maxrss) / 1024, err
}

func rusage(who int) (r syscall.Rusage, err error) {
	if err := syscall.Getrusage(who, &r); err != nil {
		return r, fmt.Errorf("read CPU time: %w", err)
	}
	return r, nil
}

func seconds(r syscall.Rusage) float64 { return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9 }

// parsePeak finds the peak of resident memory in /proc/PID/status, in MiB.
func parsePeak(status []byte) (float64, error) {
	for line := range bytes.Lines(status) {
		if fields := bytes.Fields(line); len(fields) == 3 && string(fields[0]) == "VmHWM:" {
			kib, err := strconv.ParseUint(string(fields[1]), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("read the peak of memory: %w", err)
			}
			return float64(kib) / 1024, nil
		}
	}
	return 0, fmt.Errorf("read memory: the status has no VmHWM")
}
