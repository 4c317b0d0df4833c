//go:build !linux

package main

import "runtime/debug"

// letGo gives back the memory that is not needed now.
func letGo() { debug.FreeOSMemory() }
