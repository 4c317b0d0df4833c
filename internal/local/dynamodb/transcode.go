package dynamodb

import (
	"encoding/base64"
	"strconv"
)

// The pages of a query are most of what the engine writes. Where nothing is filtered out or left away, an item goes from
// the file to the wire as it lies there, and is never taken apart into maps and strings: for a page of 50 images that is
// the difference between 1.4 and 0.2 ms.

// transcode appends a stored item to JSON and tells the item's size as AWS counts it.
func transcode(to, stored []byte) (wire []byte, size int, err error) {
	r := transcoder{storedReader{rest: stored}}
	wire, size = r.item(to, 0)
	if r.bad || len(r.rest) > 0 {
		return to, 0, errCorrupt
	}
	return wire, size, nil
}

// transcoder reads stored bytes from the front, as storedReader does, and writes what it reads.
type transcoder struct{ storedReader }

func (r *transcoder) item(to []byte, depth int) (wire []byte, size int) {
	to = append(to, '{')
	for i := range r.count() {
		if i > 0 {
			to = append(to, ',')
		}
		name := r.bytes()
		to = append(appendJSONString(to, name), ':')
		var n int
		to, n = r.value(to, depth)
		size += len(name) + n
	}
	return append(to, '}'), size
}

func (r *transcoder) value(to []byte, depth int) (wire []byte, size int) {
	k := kind(r.octet())
	if depth > maxDepth || k <= kindNone || k >= kindMany {
		r.bad = true
	}
	if r.bad {
		return to, 0
	}
	to = append(append(append(to, `{"`...), k.String()...), `":`...)
	switch k {
	case kindS, kindN, kindB:
		to, size = r.scalar(to, k)
	case kindBOOL:
		to, size = strconv.AppendBool(to, r.octet() == 1), 1
	case kindNULL:
		to, size = append(to, "true"...), 1
	case kindL:
		to, size = r.list(to, 3, func(to []byte) ([]byte, int) {
			to, n := r.value(to, depth+1)
			return to, 1 + n
		})
	case kindM:
		start := r.rest
		to, size = r.item(to, depth+1)
		size += 3 + (&storedReader{rest: start}).count()
	case kindSS, kindNS, kindBS:
		to, size = r.list(to, 0, func(to []byte) ([]byte, int) { return r.scalar(to, k.element()) })
	}
	return append(to, '}'), size
}

// list writes as many elements as are told first; size is that of an empty one.
func (r *transcoder) list(to []byte, size int, element func([]byte) ([]byte, int)) ([]byte, int) {
	to = append(to, '[')
	for i := range r.count() {
		if i > 0 {
			to = append(to, ',')
		}
		var n int
		to, n = element(to)
		size += n
	}
	return append(to, ']'), size
}

func (r *transcoder) scalar(to []byte, k kind) ([]byte, int) {
	text := r.bytes()
	switch k {
	case kindB:
		to = append(base64.StdEncoding.AppendEncode(append(to, '"'), text), '"')
	case kindN:
		n, err := parseNumber(string(text))
		r.bad = r.bad || err != nil
		return appendJSONString(to, text), n.size()
	default:
		to = appendJSONString(to, text)
	}
	return to, len(text)
}
