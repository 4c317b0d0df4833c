package dynamodb

import (
	"fmt"
	"os"
	"syscall"

	"go.etcd.io/bbolt"
)

// shedAbove is the size of file, in bytes, of which the mapped pages are let go again.
const shedAbove = 16 << 20

// shed takes the file's pages out of the process's memory. bbolt reads through a map of the whole file, so that
// what was read once counts as resident for ever; shed pages stay in the system's cache, and come back when they
// are touched. The transaction keeps the map where it is.
func shed(tx *bbolt.Tx) error {
	if tx.Size() < shedAbove {
		return nil
	}
	_, _, fault := syscall.Syscall(syscall.SYS_MADVISE, tx.DB().Info().Data, uintptr(tx.Size()), syscall.MADV_DONTNEED)
	if fault != 0 {
		return fmt.Errorf("shed mapped pages: %w", fault)
	}
	return nil
}

// syncData makes what was written to a file durable, without its times.
func syncData(file *os.File) error { return syscall.Fdatasync(int(file.Fd())) }
