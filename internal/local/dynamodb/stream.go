package dynamodb

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// streamLife is how long records are kept, and streams that were switched off.
const streamLife = 24 * time.Hour

// stream is the record of changes of one table. It has one shard, so that all its records are in one order.
type stream struct {
	ID       uint64 // names the stream's bucket
	Table    string
	Label    string
	ViewType string // KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES
	Keys     keyNames
	Created  time.Time
	Closed   time.Time // zero while the stream is enabled
}

func (s *stream) arn() string { return streamARN(s.Table, s.Label) }

func tableARN(name string) string {
	return fmt.Sprintf("arn:aws:dynamodb:%s:%s:table/%s", Region, Account, name)
}

func streamARN(table, label string) string { return tableARN(table) + "/stream/" + label }

func (s *stream) shardID() string {
	return fmt.Sprintf("shardId-%020d-%08x", s.Created.UnixMilli(), s.ID)
}

// Sequence numbers are counts from 1, shown as 21 digits with a leading 1, the least that AWS shows. All are of
// one length, so they sort as numbers and as text.
func sequenceText(n uint64) string { return fmt.Sprintf("1%020d", n) }

func parseSequence(s string) (uint64, bool) {
	if len(s) != 21 || s[0] != '1' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:], 10, 64)
	return n, err == nil && allDigits(s)
}

// streamRecord is one change as the stream tells it.
type streamRecord struct {
	name   string // INSERT, MODIFY or REMOVE
	at     time.Time
	expiry bool
	keys   item
	fresh  item // nil where the view type leaves it out, or there is none
	old    item
}

// Marks in a stored record.
const (
	markInsert = iota + 1
	markModify
	markRemove
)

// record appends the change to the table's stream, if it has one.
func (c *change) record(ed *editor) error {
	if c.table.StreamID == 0 {
		return nil
	}
	return ed.append(streamBucket(c.table.StreamID), c.storedRecord())
}

func (c *change) storedRecord() []byte {
	mark, whole := byte(markModify), c.after
	switch {
	case c.before == nil:
		mark = markInsert
	case c.after == nil:
		mark, whole = markRemove, c.before
	}
	expiry := byte(0)
	if c.expiry {
		expiry = 1
	}
	to := append(number64(uint64(c.at.UnixMilli())), mark, expiry)
	to = c.table.Keys.pick(whole).appendStored(to)
	view := c.table.ViewType
	to = appendImage(to, c.after, view == "NEW_IMAGE" || view == "NEW_AND_OLD_IMAGES")
	return appendImage(to, c.before, view == "OLD_IMAGE" || view == "NEW_AND_OLD_IMAGES")
}

func appendImage(to []byte, it item, wanted bool) []byte {
	if it == nil || !wanted {
		return append(to, 0)
	}
	return it.appendStored(append(to, 1))
}

func decodeRecord(stored []byte) (*streamRecord, error) {
	if len(stored) < 10 {
		return nil, errCorrupt
	}
	record := &streamRecord{at: timeOf(stored)}
	r := storedReader{rest: stored[8:]}
	switch r.octet() {
	case markInsert:
		record.name = "INSERT"
	case markModify:
		record.name = "MODIFY"
	default:
		record.name = "REMOVE"
	}
	record.expiry = r.octet() == 1
	record.keys = r.item(0)
	record.fresh = r.image()
	record.old = r.image()
	if r.bad {
		return nil, errCorrupt
	}
	return record, nil
}

func (r *storedReader) image() item {
	if r.octet() == 0 {
		return nil
	}
	return r.item(0)
}

// shownRecord is a record as GetRecords answers it.
type shownRecord struct {
	AwsRegion    string          `json:"awsRegion"`
	DynamoDB     shownChange     `json:"dynamodb"`
	EventID      string          `json:"eventID"`
	EventName    string          `json:"eventName"`
	EventSource  string          `json:"eventSource"`
	EventVersion string          `json:"eventVersion"`
	UserIdentity *streamIdentity `json:"userIdentity,omitempty"`
}

type shownChange struct {
	ApproximateCreationDateTime float64
	Keys                        item
	NewImage                    item `json:",omitempty"`
	OldImage                    item `json:",omitempty"`
	SequenceNumber              string
	SizeBytes                   int
	StreamViewType              string
}

// streamIdentity tells who made a change that was no client's.
type streamIdentity struct {
	PrincipalID string `json:"PrincipalId"`
	Type        string
}

func (s *stream) shown(sequence uint64, r *streamRecord) shownRecord {
	shown := shownRecord{
		AwsRegion: Region, EventID: s.eventID(sequence), EventName: r.name, EventSource: "aws:dynamodb",
		EventVersion: "1.1",
		DynamoDB: shownChange{
			ApproximateCreationDateTime: float64(r.at.Unix()),
			Keys:                        r.keys, NewImage: r.fresh, OldImage: r.old,
			SequenceNumber: sequenceText(sequence),
			SizeBytes:      r.keys.size() + r.fresh.size() + r.old.size(),
			StreamViewType: s.ViewType,
		},
	}
	if r.expiry {
		shown.UserIdentity = &streamIdentity{PrincipalID: "dynamodb.amazonaws.com", Type: "Service"}
	}
	return shown
}

// eventID is the same each time a record is read, and no other record's.
func (s *stream) eventID(sequence uint64) string {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(s.arn()), sequence))
	return hex.EncodeToString(sum[:16])
}
