package dynamodb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The journal makes a write durable by one append and one sync, where bbolt alone would write a dozen pages all over its file
// and sync twice. bbolt's own commits are not synced while there is a journal. This is why no crash loses anything:
//
//  1. The journal begins with the base: bbolt's two meta pages as they were when its file was last synced. The root of all
//     that was there then is in them.
//  2. From then on a read transaction of the base, the pin, stays open. bbolt reuses no page that a reader can still see, so
//     every page of the base stays in the file as it is, in whatever order the system writes the others back.
//  3. Each commit is appended to the journal, and synced, before bbolt commits it, hence before anyone sees it or is told.
//  4. Opening writes the base's meta pages back, which makes the file what it was when synced, whatever came to it since; then
//     it makes the journal's commits again, and has bbolt sync that.
//  5. The journal begins anew only after bbolt's file has been synced. The new base goes into the slot that the last one is
//     not in, so that a torn base leaves the one before it, with its records.
//
// A record counts when its checksum, which begins with the number of the base, is right. The first that does not is the end:
// it was torn, so nobody has been told of it, or it is of a base before.
//
//	slot 0, slot 1: magic, number of the base, length of the meta pages, checksum, meta pages
//	then records:   length of the edits, checksum, edits
const (
	journalMagic    = "darkroom journal"
	journalSlot     = 256 << 10 // two pages of any size have room in it
	journalStart    = 2 * journalSlot
	journalHeader   = len(journalMagic) + 8 + 4 + 4
	recordHeader    = 8
	journalFull     = 2 << 20 // bytes of records, after which it begins anew
	journalCommits  = 1000    // as many commits as bbolt may well keep the replaced pages of
	journalReserved = journalFull + journalFull/4
)

var checksums = crc32.MakeTable(crc32.Castagnoli)

// journal is the file beside bbolt's. Only the holder of the turn uses it.
type journal struct {
	file    *os.File
	base    uint64 // counts the bases
	tail    int64  // where the next record goes
	last    int64  // where the one before it begins
	commits int
}

func journalPath(path string) string { return path + ".journal" }

// readJournal returns the base that counts, and the edits of each commit since. nil is no journal, or one of which not even
// the first base was written whole, so that nothing was built on it.
func readJournal(path string) (metas []byte, commits [][]byte, err error) {
	raw, err := os.ReadFile(journalPath(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read journal: %w", err)
	}
	number := uint64(0)
	for slot := range 2 {
		n, pages := parseBase(raw[min(len(raw), slot*journalSlot):])
		if n > number {
			number, metas = n, pages
		}
	}
	if metas == nil {
		return nil, nil, nil
	}
	return metas, parseRecords(raw[min(len(raw), journalStart):], number), nil
}

// parseBase reads a slot; one that was not written whole has the number 0.
func parseBase(slot []byte) (number uint64, metas []byte) {
	if len(slot) < journalHeader || !bytes.HasPrefix(slot, []byte(journalMagic)) {
		return 0, nil
	}
	fields := slot[len(journalMagic):journalHeader]
	number, length := binary.BigEndian.Uint64(fields), binary.BigEndian.Uint32(fields[8:])
	if int(length) > min(journalSlot, len(slot))-journalHeader {
		return 0, nil
	}
	metas = slot[journalHeader:][:length]
	if binary.BigEndian.Uint32(fields[12:]) != checksum(number, metas) {
		return 0, nil
	}
	return number, metas
}

func parseRecords(raw []byte, number uint64) (commits [][]byte) {
	for len(raw) > recordHeader {
		length := int64(binary.BigEndian.Uint32(raw))
		if length == 0 || length > int64(len(raw)-recordHeader) {
			break
		}
		edits := raw[recordHeader:][:length]
		if binary.BigEndian.Uint32(raw[4:]) != checksum(number, edits) {
			break
		}
		commits = append(commits, edits)
		raw = raw[recordHeader+length:]
	}
	return commits
}

func checksum(number uint64, content []byte) uint32 {
	return crc32.Update(crc32.Checksum(number64(number), checksums), checksums, content)
}

// createJournal makes the file anew, with room for records, since a sync takes twice as long where the file grows.
func createJournal(path string) (*journal, error) {
	file, err := os.OpenFile(journalPath(path), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	if err := errors.Join(reserve(file), syncFolder(filepath.Dir(path))); err != nil {
		return nil, fmt.Errorf("create journal: %w", errors.Join(err, file.Close()))
	}
	return &journal{file: file}, nil
}

// reserve writes noughts where records will be.
func reserve(file *os.File) error {
	noughts := make([]byte, 64<<10)
	for at := int64(journalStart); at < journalStart+journalReserved; at += int64(len(noughts)) {
		if _, err := file.WriteAt(noughts, at); err != nil {
			return err
		}
	}
	return nil
}

// syncFolder makes a new file's name durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// begin makes bbolt's file as it is the base. The file must have been synced.
func (j *journal) begin(file io.ReaderAt, pageSize int) error {
	slot := make([]byte, journalHeader+2*pageSize)
	metas := slot[journalHeader:]
	if _, err := file.ReadAt(metas, 0); err != nil {
		return fmt.Errorf("read meta pages: %w", err)
	}
	number := j.base + 1
	header := append(slot[:0], journalMagic...)
	header = binary.BigEndian.AppendUint64(header, number)
	header = binary.BigEndian.AppendUint32(header, uint32(len(metas)))
	binary.BigEndian.AppendUint32(header, checksum(number, metas))
	if _, err := j.file.WriteAt(slot, int64(number%2)*journalSlot); err != nil {
		return fmt.Errorf("begin journal: %w", err)
	}
	if err := syncData(j.file); err != nil {
		return fmt.Errorf("begin journal: %w", err)
	}
	j.base, j.tail, j.last, j.commits = number, journalStart, journalStart, 0
	return nil
}

// append makes a commit's record durable: its edits, after the eight bytes that are their header.
func (j *journal) append(record []byte) error {
	binary.BigEndian.PutUint32(record, uint32(len(record)-recordHeader))
	binary.BigEndian.PutUint32(record[4:], checksum(j.base, record[recordHeader:]))
	if _, err := j.file.WriteAt(record, j.tail); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	if err := syncData(j.file); err != nil {
		return fmt.Errorf("sync journal: %w", err)
	}
	j.last, j.tail = j.tail, j.tail+int64(len(record))
	j.commits++
	return nil
}

// takeBack removes the last record, of a commit that bbolt could not make.
func (j *journal) takeBack() error {
	if _, err := j.file.WriteAt(make([]byte, recordHeader), j.last); err != nil {
		return fmt.Errorf("take a record back: %w", err)
	}
	if err := syncData(j.file); err != nil {
		return fmt.Errorf("take a record back: %w", err)
	}
	j.tail = j.last
	return nil
}

func (j *journal) full() bool {
	return j.tail-journalStart >= journalFull || j.commits >= journalCommits
}

// dropJournal deletes a journal that has been made again, where there will be none.
func dropJournal(path string) error {
	err := os.Remove(journalPath(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	return err
}

// close closes the file, and deletes it where bbolt's has been synced without it.
func (j *journal) close(needless bool) error {
	err := j.file.Close()
	if needless && err == nil {
		err = errors.Join(os.Remove(j.file.Name()), syncFolder(filepath.Dir(j.file.Name())))
	}
	return err
}
