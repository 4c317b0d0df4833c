// Package sigv4 checks the signatures by which AWS's clients say who they are.
package sigv4

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Algorithm begins every Authorization header that is a signature.
const Algorithm = "AWS4-HMAC-SHA256"

const (
	stampFormat = "20060102T150405Z"
	skew        = 5 * time.Minute // how far a signer's clock may be off, and how long a signature lives
)

// Identity is the one identity that may sign, for one service.
type Identity struct {
	AccessKey, SecretKey, Region, Service string
}

// Request is what a signature covers. AppSync's realtime protocol signs requests that are never sent, so this is not an
// http.Request.
type Request struct {
	Method, Path, Query string
	Header              func(name string) (values []string) // by lower-case name
	Body                []byte
}

// Reason is why a signature is refused.
type Reason int

// The reasons. Services have different names for them.
const (
	Incomplete Reason = iota // it is not a signature, or not a whole one
	UnknownKey
	Mismatch // it is another request's, or too old
)

// Error is a refusal; its message may be told to the caller.
type Error struct {
	Reason  Reason
	Message string
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

func refusal(reason Reason, message string) error { return &Error{Reason: reason, Message: message} }

// signature is a parsed Authorization header.
type signature struct {
	accessKey, date, region, service string
	headers                          []string
	sum                              []byte
}

// Check refuses a request that this identity did not sign, or signed too long ago. Every error is an *Error.
func (s Identity) Check(r Request, now time.Time) error {
	sig, ok := parseSignature(only(r.Header("authorization")))
	if !ok {
		return refusal(Incomplete, "Authorization header is not a complete AWS4-HMAC-SHA256 signature.")
	}
	if s.AccessKey == "" || sig.accessKey != s.AccessKey {
		return refusal(UnknownKey, "The security token included in the request is invalid.")
	}
	if sig.region != s.Region || sig.service != s.Service {
		return refusal(Mismatch, "Credential should be scoped to "+s.Region+"/"+s.Service+".")
	}
	stamp := only(r.Header("x-amz-date"))
	at, err := time.Parse(stampFormat, stamp)
	if err != nil || !strings.HasPrefix(stamp, sig.date) || !slices.Contains(sig.headers, "host") {
		return refusal(Incomplete, "A signature needs X-Amz-Date, of its credential's day, and a signed Host.")
	}
	if age := now.Sub(at); age > skew || age < -skew {
		return refusal(Mismatch, "Signature expired, or not yet current: it was made at "+stamp+".")
	}
	if !hmac.Equal(sig.sum, s.sum(sig, stamp, canonical(r, sig.headers))) {
		return refusal(Mismatch, "The request signature we calculated does not match the signature you provided.")
	}
	return nil
}

// sum computes the signature of a canonical request.
func (s Identity) sum(sig signature, stamp string, canonical []byte) []byte {
	scope := strings.Join([]string{sig.date, sig.region, sig.service, "aws4_request"}, "/")
	hashed := sha256.Sum256(canonical)
	toSign := strings.Join([]string{Algorithm, stamp, scope, hex.EncodeToString(hashed[:])}, "\n")
	key := []byte("AWS4" + s.SecretKey)
	for _, part := range []string{sig.date, sig.region, sig.service, "aws4_request", toSign} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return key
}

// canonical writes a request as it is signed. The body's hash is always that of the bytes received: a hash that the
// caller only claims is worth nothing.
func canonical(r Request, headers []string) []byte {
	var b bytes.Buffer
	b.WriteString(r.Method + "\n" + escape(r.Path, true) + "\n" + canonicalQuery(r.Query) + "\n")
	for _, name := range headers {
		values := slices.Clone(r.Header(name))
		for i, v := range values {
			values[i] = strings.Join(strings.Fields(v), " ")
		}
		b.WriteString(name + ":" + strings.Join(values, ",") + "\n")
	}
	body := sha256.Sum256(r.Body)
	b.WriteString("\n" + strings.Join(headers, ";") + "\n" + hex.EncodeToString(body[:]))
	return b.Bytes()
}

func canonicalQuery(raw string) string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return raw
	}
	var pairs []string
	for name, all := range values {
		for _, v := range all {
			pairs = append(pairs, escape(name, false)+"="+escape(v, false))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// escape percent-encodes everything but RFC 3986's unreserved characters, and the slash where it separates.
func escape(s string, slash bool) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
		if plain || slash && c == '/' {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
	}
	return b.String()
}

// parseSignature reads "AWS4-HMAC-SHA256 Credential=…/date/region/service/aws4_request, SignedHeaders=…, Signature=…".
func parseSignature(header string) (signature, bool) {
	rest, ok := strings.CutPrefix(header, Algorithm+" ")
	if !ok {
		return signature{}, false
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	scope := strings.Split(fields["Credential"], "/")
	sum, err := hex.DecodeString(fields["Signature"])
	if len(scope) != 5 || scope[4] != "aws4_request" || err != nil || len(scope[1]) != len("20060102") {
		return signature{}, false
	}
	return signature{
		accessKey: scope[0], date: scope[1], region: scope[2], service: scope[3],
		headers: strings.Split(strings.ToLower(fields["SignedHeaders"]), ";"),
		sum:     sum,
	}, true
}

// only is the value of a header that is sent once; sent twice, it could be read in two ways.
func only(values []string) string {
	if len(values) != 1 {
		return ""
	}
	return values[0]
}
