package token

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// CheckShape refuses what a strict reader of RFC 7515 would, before any key is looked up: a token too long, one of
// another number of parts, one whose header or claims name a member twice (two readers might see two tokens), and any
// header member beyond alg, kid and typ. The last covers crit, b64, jwk, jku, x5u and x5c at once.
func CheckShape(raw string) error {
	if len(raw) > maxToken {
		return fmt.Errorf("token of %d bytes is longer than %d", len(raw), maxToken)
	}
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return fmt.Errorf("token has %d parts, not 3", len(parts))
	}
	header, err := members(parts[0])
	if err != nil {
		return fmt.Errorf("read header: %w", err)
	}
	for name := range header {
		if name != "alg" && name != "kid" && name != "typ" {
			return fmt.Errorf("header member %q is not allowed", name)
		}
	}
	if _, err := members(parts[1]); err != nil {
		return fmt.Errorf("read claims: %w", err)
	}
	return nil
}

// members decodes one part of a token into the names of its members. Only the top level is searched for repetition:
// no claim that is checked lies deeper.
func members(part string) (map[string]struct{}, error) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	names := make(map[string]struct{})
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		if _, twice := names[name]; twice {
			return nil, fmt.Errorf("member %q appears twice", name)
		}
		names[name] = struct{}{}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, errors.New("text after the JSON object")
	}
	return names, nil
}
