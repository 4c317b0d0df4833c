package resolvers

import (
	"bytes"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// written is JSON that only has to be copied, once.
type written struct {
	json *bytes.Buffer
	idle *sync.Pool // that it goes back to, unless it is huge
}

// MarshalGQL copies it, and lets go of it: a second call would find nothing, and fail.
func (w *written) MarshalGQL(to io.Writer) {
	json := w.json
	w.json = nil
	_, _ = to.Write(json.Bytes()) // a writer of gqlgen's that fails has nobody to tell
	if json.Cap() <= 1<<20 {
		json.Reset()
		w.idle.Put(json)
	}
}

func writeNumber[V int | int64](out *bytes.Buffer, n V) {
	out.Write(strconv.AppendInt(out.AvailableBuffer(), int64(n), 10))
}

func writeBool(out *bytes.Buffer, b bool) {
	out.Write(strconv.AppendBool(out.AvailableBuffer(), b))
}

func writeTime(out *bytes.Buffer, t time.Time) {
	out.WriteByte('"')
	out.Write(t.AppendFormat(out.AvailableBuffer(), time.RFC3339Nano))
	out.WriteByte('"')
}

// writeText writes what has nothing to escape, which is nearly all there is, in one piece.
func writeText[S ~string](out *bytes.Buffer, s S) {
	for n := range len(s) {
		if escaped[s[n]] {
			graphql.MarshalString(string(s)).MarshalGQL(out)
			return
		}
	}
	out.WriteByte('"')
	out.WriteString(string(s))
	out.WriteByte('"')
}

// escaped are the bytes that JSON does not take as they are.
var escaped = func() (table [256]bool) {
	for c := range ' ' {
		table[c] = true
	}
	table['"'], table['\\'] = true, true
	return table
}()

func writeTexts(out *bytes.Buffer, all []string) {
	out.WriteByte('[')
	for n, s := range all {
		if n > 0 {
			out.WriteByte(',')
		}
		writeText(out, s)
	}
	out.WriteByte(']')
}
