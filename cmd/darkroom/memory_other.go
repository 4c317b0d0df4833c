//go:build !linux

package main

import "runtime/debug"

// letGo gives back the memory that only the start has needed.
func letGo() { debug.FreeOSMemory() }
