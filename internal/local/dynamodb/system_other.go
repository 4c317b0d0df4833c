//go:build !linux

package dynamodb

import (
	"os"

	"go.etcd.io/bbolt"
)

// shed does nothing here: only Linux can take pages of a mapped file out of a process's memory and keep them cached.
func shed(*bbolt.Tx) error { return nil }

func syncData(file *os.File) error { return file.Sync() }
