package dynamodb

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/go-json-experiment/json"

	"github.com/darkroom/darkroom/gallery"
)

// facts are one string in an item, a form (application/x-www-form-urlencoded) without what is unknown. No expression looks
// into them. As thirty attributes they took longer to read than all the rest of an image, and as JSON, which DynamoDB's own
// JSON has to escape, a fifth of the time of a page.
type facts gallery.Facts

// IsZero tells that there is nothing to store.
func (f facts) IsZero() bool { return reflect.ValueOf(f).IsZero() }

// MarshalText writes the form.
func (f facts) MarshalText() ([]byte, error) {
	var form []byte
	for _, x := range allFacts {
		for _, value := range x.write((*gallery.Facts)(&f)) {
			if len(form) > 0 {
				form = append(form, '&')
			}
			form = appendEscaped(append(append(form, x.name...), '='), value)
		}
	}
	return form, nil
}

// appendEscaped is url.QueryEscape for what would be read as something else, or be escaped once more in DynamoDB's JSON.
func appendEscaped(form []byte, value string) []byte {
	for n := range len(value) {
		switch c := value[n]; {
		case c <= ' ' || c >= 0x7f || strings.IndexByte(`%&+;="\<>`, c) >= 0:
			form = fmt.Appendf(form, "%%%02X", c)
		default:
			form = append(form, c)
		}
	}
	return form
}

// UnmarshalDynamo reads the form. JSON and maps are from before there was any.
func (f *facts) UnmarshalDynamo(av types.AttributeValue) error {
	text, ok := av.(*types.AttributeValueMemberS)
	switch {
	case !ok:
		return attributevalue.Unmarshal(av, (*gallery.Facts)(f))
	case strings.HasPrefix(text.Value, "{"):
		if err := json.Unmarshal([]byte(text.Value), (*gallery.Facts)(f)); err != nil {
			return fmt.Errorf("read facts: %w", err)
		}
		return nil
	}
	return f.readForm(text.Value)
}

// readForm passes over the names that it does not know, as one reads what a newer program has written.
func (f *facts) readForm(form string) error {
	at := 0 // among all facts
	for rest, more := form, true; more; {
		var pair string
		pair, rest, more = strings.Cut(rest, "&")
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("read facts: %.100q is not a form", form)
		}
		known := false
		if at, known = factFrom(at, name); !known {
			continue
		}
		value, err := unescaped(value)
		if err == nil {
			err = allFacts[at].read((*gallery.Facts)(f), value)
		}
		if err != nil {
			return fmt.Errorf("read fact %s: %w", name, err)
		}
	}
	return nil
}

// unescaped is url.QueryUnescape for values of which most have nothing to unescape.
func unescaped(value string) (string, error) {
	if strings.IndexByte(value, '%') < 0 && strings.IndexByte(value, '+') < 0 {
		return value, nil
	}
	return url.QueryUnescape(value)
}
