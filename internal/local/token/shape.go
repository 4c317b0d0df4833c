package token

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// CheckShape refuses what a strict reader of RFC 7515 would, before any key is looked up: a token too long, one of
// another number of parts, one whose header or claims name a member twice (two readers might see two tokens), and any
// header member beyond alg, kid and typ. The last covers crit, b64, jwk, jku, x5u and x5c at once.
func CheckShape(raw string) error {
	if len(raw) > maxToken {
		return tooLong(raw)
	}
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return fmt.Errorf("token has %d parts, not 3", len(parts))
	}
	if err := checkHeader(parts[0]); err != nil {
		return fmt.Errorf("read header: %w", err)
	}
	if _, err := object(parts[1]); err != nil {
		return fmt.Errorf("read claims: %w", err)
	}
	return nil
}

func tooLong(raw string) error {
	return fmt.Errorf("token of %d bytes is longer than %d", len(raw), maxToken)
}

func checkHeader(part string) error {
	text, err := object(part)
	if err != nil {
		return err
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	if _, err := d.ReadToken(); err != nil { // {
		return err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		if n := name.String(); n != "alg" && n != "kid" && n != "typ" {
			return fmt.Errorf("member %q is not allowed", n)
		}
		if err := d.SkipValue(); err != nil {
			return err
		}
	}
	return nil
}

// object decodes one part of a token, which must be one JSON object that names no member twice, at any depth.
func object(part string) (jsontext.Value, error) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, err
	}
	if v := jsontext.Value(text); v.Kind() == '{' && v.IsValid() {
		return v, nil
	}
	return nil, errors.New("not one JSON object that names each member once")
}
