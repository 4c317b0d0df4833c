package appsync

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

const (
	sigAlgorithm = "AWS4-HMAC-SHA256"
	sigService   = "appsync"
	sigTime      = "20060102T150405Z"
	sigSkew      = 5 * time.Minute // how far a signer's clock may be off, and how long a signature lives
)

// signer is the one IAM identity there is.
type signer struct {
	accessKey, secretKey, region string
}

// signedRequest is what a signature covers. The realtime protocol signs requests that are never sent, so this is not an
// http.Request.
type signedRequest struct {
	method, path, query string
	header              func(name string) (values []string) // by lower-case name
	body                []byte
}

// signature is a parsed Authorization header.
type signature struct {
	accessKey, date, region, service string
	headers                          []string
	sum                              []byte
}

// check refuses a request that this identity did not sign, or signed too long ago.
func (s signer) check(r signedRequest, now time.Time) error {
	sig, ok := parseSignature(first(r.header("authorization")))
	if !ok {
		return refusal(typeNoSignature, "Authorization header is not a complete AWS4-HMAC-SHA256 signature.")
	}
	if s.accessKey == "" || sig.accessKey != s.accessKey {
		return refusal(typeUnknownKey, "The security token included in the request is invalid.")
	}
	if sig.region != s.region || sig.service != sigService {
		return refusal(typeBadSignature, "Credential should be scoped to "+s.region+"/"+sigService+".")
	}
	stamp := first(r.header("x-amz-date"))
	at, err := time.Parse(sigTime, stamp)
	if err != nil || !strings.HasPrefix(stamp, sig.date) || !slices.Contains(sig.headers, "host") {
		return refusal(typeNoSignature, "A signature needs X-Amz-Date, of its credential's day, and a signed Host.")
	}
	if age := now.Sub(at); age > sigSkew || age < -sigSkew {
		return refusal(typeBadSignature, "Signature expired, or not yet current: it was made at "+stamp+".")
	}
	if !hmac.Equal(sig.sum, s.sum(sig, stamp, canonical(r, sig.headers))) {
		return refusal(typeBadSignature, "The request signature we calculated does not match the signature you provided.")
	}
	return nil
}

// sum computes the signature of a canonical request.
func (s signer) sum(sig signature, stamp string, canonical []byte) []byte {
	scope := strings.Join([]string{sig.date, sig.region, sig.service, "aws4_request"}, "/")
	hashed := sha256.Sum256(canonical)
	toSign := strings.Join([]string{sigAlgorithm, stamp, scope, hex.EncodeToString(hashed[:])}, "\n")
	key := []byte("AWS4" + s.secretKey)
	for _, part := range []string{sig.date, sig.region, sig.service, "aws4_request", toSign} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return key
}

// canonical writes a request as it is signed. The body's hash is always that of the bytes received: a hash that the
// caller only claims is worth nothing.
func canonical(r signedRequest, headers []string) []byte {
	var b bytes.Buffer
	b.WriteString(r.method + "\n" + escape(r.path, true) + "\n" + canonicalQuery(r.query) + "\n")
	for _, name := range headers {
		values := slices.Clone(r.header(name))
		for i, v := range values {
			values[i] = strings.Join(strings.Fields(v), " ")
		}
		b.WriteString(name + ":" + strings.Join(values, ",") + "\n")
	}
	body := sha256.Sum256(r.body)
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
	rest, ok := strings.CutPrefix(header, sigAlgorithm+" ")
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

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
