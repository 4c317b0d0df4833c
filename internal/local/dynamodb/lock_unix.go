//go:build linux || darwin || freebsd || netbsd || dragonfly

package dynamodb

import (
	"errors"
	"math"
	"os"
	"syscall"
	"time"
)

// mapSizes are how much of the file bbolt shall map at once, the next where the system has not the addresses for one. It must
// never map anew while the pin is held, for that waits for all readers. Nothing is allocated by it. With the last there is no
// journal.
func mapSizes() []int { return []int{16 << 30 & math.MaxInt, 1 << 30, 0} }

// lock makes sure that no other process has the file open, as bbolt will once more: to it the same lock is no obstacle.
func lock(file *os.File) error {
	deadline := time.NewTimer(lockWait)
	defer deadline.Stop()
	again := time.NewTicker(lockWait / 20)
	defer again.Stop()
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-deadline.C:
			return err
		case <-again.C:
		}
	}
}
