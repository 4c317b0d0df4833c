package gateway

import (
	"encoding/json"
	"testing"
)

// FuzzInterpret holds the reading of answers to encoding/json's: what is JSON to one is JSON to the other, and has a status
// or not.
func FuzzInterpret(f *testing.F) {
	for _, seed := range []string{
		`{"statusCode":200,"headers":{"a":"b"},"cookies":["c"],"body":"a\"ü\\","isBase64Encoded":false}`, `{}`, `[]`, `null`, ` "x" `,
		`{"body":"x"}`, `{"statusCode":null}`, `{"a":1}{`, `{"a":1} 2`, `{"statusCode":200,}`, `{"statusCode":200`, `{"statusCode":2,"statusCode":201}`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		in, err := members(answer)
		if valid := json.Valid(answer); valid != (err == nil) {
			t.Fatalf("%q: %v, valid JSON is %v", answer, err, valid)
		}
		var object map[string]json.RawMessage
		if err != nil || json.Unmarshal(answer, &object) != nil {
			return
		}
		if got, want := string(in.statusCode), string(object["statusCode"]); got != want {
			t.Errorf("%q: status %q, want %q", answer, got, want)
		}
	})
}
