package resolvers

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// written is JSON that only has to be copied.
type written []byte

// MarshalGQL copies it.
func (w written) MarshalGQL(to io.Writer) { _, _ = to.Write(w) } // a writer of gqlgen's that fails has nobody to tell

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
