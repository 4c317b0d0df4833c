//go:build !linux

package main

import (
	"errors"
	"time"
)

var errNotLinux = errors.New("what another process used is told by Linux only")

func cpuOf(int) (time.Duration, error) { return 0, errNotLinux }

func peakOf(int) (float64, error) { return 0, errNotLinux }
