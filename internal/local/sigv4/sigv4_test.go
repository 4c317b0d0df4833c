package sigv4

import (
	"testing"
	"time"
)

func FuzzSignature(f *testing.F) {
	f.Add(Algorithm+" Credential=AKIDLOCAL/20261123/eu-central-1/appsync/aws4_request, "+
		"SignedHeaders=host;x-amz-date, Signature=00",
		"20261123T140141Z", "/graphql", "a=b&c")
	f.Fuzz(func(t *testing.T, authorization, date, path, query string) {
		c := map[string][]string{"authorization": {authorization}, "x-amz-date": {date}, "host": {"localhost"}}
		r := Request{Method: "POST", Path: path, Query: query, Header: func(n string) []string { return c[n] }}
		s := Identity{AccessKey: "AKIDLOCAL", SecretKey: "secret", Region: "eu-central-1", Service: "appsync"}
		if s.Check(r, time.Date(2026, 11, 23, 14, 1, 41, 0, time.UTC)) == nil {
			t.Error("accepted")
		}
	})
}
