package dynamodb

import (
	"fmt"
	"os"
)

// A file that is written where it had a hole, or past its end, must also sync where its blocks are. bbolt grows its
// file by holes; writing zeros there beforehand takes a quarter off every commit.
const (
	aheadStep = 4 << 20 // bytes written at a time
	aheadLeft = 1 << 20 // less than this before the end, and more is written
)

// growingFile is bbolt's file, kept written beyond what bbolt uses of it.
type growingFile struct {
	file *os.File
	size int64 // at least so large is the file
}

// open is for bbolt to open its file with.
func (g *growingFile) open(path string, flag int, mode os.FileMode) (*os.File, error) {
	file, err := os.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	g.file = file
	return file, nil
}

// reserve makes sure that the file has room beyond the used bytes. bbolt must not be writing at the same time. It
// may have grown the file itself, so the end is looked for anew before anything is written there.
func (g *growingFile) reserve(used int64) error {
	if g.size-used >= aheadLeft {
		return nil
	}
	info, err := g.file.Stat()
	if err != nil {
		return fmt.Errorf("size of table store: %w", err)
	}
	for g.size = info.Size(); g.size-used < aheadLeft; g.size += aheadStep {
		if _, err := g.file.WriteAt(make([]byte, aheadStep), g.size); err != nil {
			return fmt.Errorf("grow table store: %w", err)
		}
	}
	return nil
}
