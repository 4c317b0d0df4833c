//go:build unix

package appsync

import "syscall"

// tryWrite makes one attempt to write, without waiting. An error shows at the next write that waits.
func tryWrite(raw syscall.RawConn, b []byte) int {
	n := 0
	_ = raw.Write(func(fd uintptr) bool {
		n, _ = syscall.Write(int(fd), b)
		return true
	})
	return max(n, 0)
}
