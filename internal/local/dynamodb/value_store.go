package dynamodb

import (
	"encoding/binary"
	"errors"
)

// In the file an item is its number of attributes, then each name and value, in the order of names; a value is
// its kind, then its content; texts carry their length. Lengths and numbers are varints. Equal items are equal
// bytes.

// errCorrupt is returned for stored bytes that no engine wrote.
var errCorrupt = errors.New("stored item is corrupt")

func (it item) encode() []byte {
	return it.appendStored(make([]byte, 0, 512))
}

func (it item) appendStored(to []byte) []byte {
	to = binary.AppendUvarint(to, uint64(len(it)))
	for _, name := range it.names() {
		to = it[name].appendStored(appendText(to, name))
	}
	return to
}

func (v value) appendStored(to []byte) []byte {
	to = append(to, byte(v.kind))
	switch v.kind {
	case kindS, kindN, kindB:
		to = appendText(to, v.text)
	case kindBOOL:
		flag := byte(0)
		if v.flag {
			flag = 1
		}
		to = append(to, flag)
	case kindL:
		to = binary.AppendUvarint(to, uint64(len(v.list)))
		for _, element := range v.list {
			to = element.appendStored(to)
		}
	case kindM:
		to = v.dict.appendStored(to)
	case kindSS, kindNS, kindBS:
		to = binary.AppendUvarint(to, uint64(len(v.set)))
		for _, element := range v.set {
			to = appendText(to, element)
		}
	}
	return to
}

func appendText(to []byte, s string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

// decodeItem reads what encode wrote. The item keeps nothing of the bytes. nil stands for no item.
func decodeItem(stored []byte) (item, error) {
	if stored == nil {
		return nil, nil
	}
	r := storedReader{rest: stored}
	it := r.item(0)
	if r.bad || len(r.rest) > 0 {
		return nil, errCorrupt
	}
	return it, nil
}

// storedReader reads stored bytes from the front; after a fault it is bad and reads nothing.
type storedReader struct {
	rest []byte
	bad  bool
}

func (r *storedReader) item(depth int) item {
	count := r.count()
	it := make(item, count)
	for range count {
		name := r.text()
		it[name] = r.value(depth)
	}
	return it
}

func (r *storedReader) value(depth int) value {
	v := value{kind: kind(r.octet())}
	if depth > maxDepth {
		r.bad = true
	}
	if r.bad {
		return v
	}
	switch v.kind {
	case kindS, kindN, kindB:
		v.text = r.text()
	case kindBOOL:
		v.flag = r.octet() == 1
	case kindNULL:
	case kindL:
		v.list = make([]value, r.count())
		for i := range v.list {
			v.list[i] = r.value(depth + 1)
		}
	case kindM:
		v.dict = r.item(depth + 1)
	case kindSS, kindNS, kindBS:
		v.set = make([]string, r.count())
		for i := range v.set {
			v.set[i] = r.text()
		}
	default:
		r.bad = true
	}
	return v
}

func (r *storedReader) octet() byte {
	if r.bad || len(r.rest) == 0 {
		r.bad = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

// count reads a number of elements; each takes at least a byte, so more than what is left is a fault.
func (r *storedReader) count() int {
	n, size := binary.Uvarint(r.rest)
	if r.bad || size <= 0 || n > uint64(len(r.rest)-size) {
		r.bad = true
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *storedReader) text() string { return string(r.bytes()) }

// bytes are the file's own, for as long as the transaction lasts.
func (r *storedReader) bytes() []byte {
	n := r.count()
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
