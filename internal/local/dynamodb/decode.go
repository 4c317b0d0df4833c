package dynamodb

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// decode reads a request, which is well-formed, into a struct, as AWS reads it and encoding/json does not: members have just the names that their
// fields have, not others in capitals; a lone half of a surrogate pair is no text; and what is found wrong has AWS's words.
// Members that no field is named for are skipped, as they are there.
func decode(body []byte, into any) *apiError {
	d := decoder{rest: body}
	return d.value(reflect.ValueOf(into).Elem())
}

// decoder reads JSON that is known to be well-formed from the front.
type decoder struct{ rest []byte }

var rawMessage = reflect.TypeFor[json.RawMessage]()

func (d *decoder) value(v reflect.Value) *apiError {
	start := d.peek()
	switch {
	case v.Type() == rawMessage:
		v.SetBytes(d.skip())
		return nil
	case start == 'n':
		d.skip() // null is as nothing
		return nil
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(v.Elem())
	case start == '{' && v.Kind() == reflect.Struct:
		return d.structure(v)
	case start == '{' && v.Kind() == reflect.Map:
		return d.dictionary(v)
	case start == '{':
		return malformed("Start of structure or map found where not expected")
	case start == '[' && v.Kind() == reflect.Slice && !isBytes(v):
		return d.list(v)
	case start == '[':
		return malformed("Unrecognized collection type %s", javaType(v.Type()))
	}
	return d.scalar(v)
}

func isBytes(v reflect.Value) bool { return v.Type().Elem().Kind() == reflect.Uint8 }

// structure reads an object's members into the fields of their names.
func (d *decoder) structure(v reflect.Value) *apiError {
	return d.members(func(name string) *apiError {
		field, ok := v.Type().FieldByName(name)
		if !ok || field.Anonymous || !field.IsExported() {
			d.skip()
			return nil
		}
		return d.value(v.FieldByIndex(field.Index))
	})
}

func (d *decoder) dictionary(v reflect.Value) *apiError {
	v.Set(reflect.MakeMap(v.Type()))
	return d.members(func(name string) *apiError {
		element := reflect.New(v.Type().Elem()).Elem()
		err := d.value(element)
		v.SetMapIndex(reflect.ValueOf(name), element)
		return err
	})
}

// members visits an object's members; the visitor reads the value of each.
func (d *decoder) members(visit func(name string) *apiError) *apiError {
	d.rest = d.rest[1:]
	for d.peek() != '}' {
		name, err := d.text()
		if err != nil {
			return err
		}
		d.peek()
		d.rest = d.rest[1:] // the colon
		if err := visit(name); err != nil {
			return err
		}
		d.comma()
	}
	d.rest = d.rest[1:]
	return nil
}

func (d *decoder) list(v reflect.Value) *apiError {
	d.rest = d.rest[1:]
	v.Set(reflect.MakeSlice(v.Type(), 0, 4))
	for d.peek() != ']' {
		element := reflect.New(v.Type().Elem()).Elem()
		if d.peek() == 'n' && element.Kind() != reflect.Struct && element.Kind() != reflect.Map {
			return malformed("") // a set has no room for nothing
		}
		if err := d.value(element); err != nil {
			return err
		}
		v.Set(reflect.Append(v, element))
		d.comma()
	}
	d.rest = d.rest[1:]
	return nil
}

// scalar reads a string, number or boolean.
func (d *decoder) scalar(v reflect.Value) *apiError {
	isText := d.peek() == '"'
	switch {
	case v.Kind() == reflect.String && isText:
		text, err := d.text()
		v.SetString(text)
		return err
	case v.Kind() == reflect.Slice && isBytes(v):
		return d.bytes(v)
	case v.Kind() == reflect.Bool && (d.rest[0] == 't' || d.rest[0] == 'f'):
		v.SetBool(d.skip()[0] == 't')
		return nil
	case v.CanInt() && !isText && d.rest[0] != 't' && d.rest[0] != 'f':
		number, err := strconv.ParseInt(string(d.skip()), 10, 32)
		if err != nil {
			return malformed("")
		}
		v.SetInt(number)
		return nil
	}
	return mistyped(v, d.skip())
}

func (d *decoder) bytes(v reflect.Value) *apiError {
	if d.peek() != '"' {
		return malformed("only base-64-encoded strings are convertible to bytes")
	}
	text, err := d.text()
	if err != nil {
		return err
	}
	raw, fault := base64.StdEncoding.DecodeString(text)
	if fault != nil || strings.ContainsAny(text, "\r\n") {
		return malformed("only base-64-encoded strings are convertible to bytes")
	}
	v.SetBytes(raw)
	return nil
}

// mistyped tells of a scalar where another was expected.
func mistyped(v reflect.Value, found []byte) *apiError {
	name := "NUMBER_VALUE"
	switch found[0] {
	case '"':
		name = "STRING_VALUE"
	case 't', 'f':
		name = strings.ToUpper(string(found)) + "_VALUE"
	}
	switch {
	case v.Kind() == reflect.String:
		return malformed("%s cannot be converted to String", name)
	case v.CanInt():
		return malformed("%s cannot be converted to Integer", name)
	case v.Kind() == reflect.Bool:
		return malformed("Unexpected token received from parser")
	default:
		return malformed("Unexpected field type")
	}
}

// javaType is a type's name in AWS's messages.
func javaType(t reflect.Type) string {
	const service, value = "com.amazonaws.dynamodb.v20120810.", "AttributeValue"
	switch {
	case t.Kind() == reflect.String:
		return "class java.lang.String"
	case t.Kind() == reflect.Bool:
		return "class java.lang.Boolean"
	case t.Kind() == reflect.Slice:
		return "class java.nio.ByteBuffer"
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.String:
		return "java.util.Map<java.lang.String, java.lang.String>"
	case t.Kind() == reflect.Map:
		return "java.util.Map<java.lang.String, " + service + value + ">"
	case t == reflect.TypeFor[wireValue]():
		return "class " + service + value
	case t.Kind() == reflect.Struct:
		return "class " + service + strings.ToUpper(t.Name()[:min(1, len(t.Name()))]) + t.Name()[min(1, len(t.Name())):]
	default:
		return "class java.lang.Integer"
	}
}

// peek skips white space and returns the byte that is next.
func (d *decoder) peek() byte {
	for strings.IndexByte(" \t\r\n", d.rest[0]) >= 0 {
		d.rest = d.rest[1:]
	}
	return d.rest[0]
}

func (d *decoder) comma() {
	if d.peek() == ',' {
		d.rest = d.rest[1:]
	}
}

// text reads a string.
func (d *decoder) text() (string, *apiError) {
	d.peek()
	raw := d.skip()
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil || hasLoneSurrogate(raw) {
		return "", malformed("")
	}
	return text, nil
}

// hasLoneSurrogate tells whether a quoted string escapes half of a character.
func hasLoneSurrogate(quoted []byte) bool {
	awaited := false // the second half
	for at := 0; at < len(quoted); at++ {
		isEscape := quoted[at] == '\\'
		if isEscape && quoted[at+1] == 'u' {
			code, _ := strconv.ParseUint(string(quoted[at+2:at+6]), 16, 16) // it is well-formed
			if isSecond := code&0xFC00 == 0xDC00; isSecond != awaited {
				return true
			}
			awaited = code&0xFC00 == 0xD800
			at += 5
			continue
		}
		if awaited {
			return true
		}
		if isEscape {
			at++
		}
	}
	return false
}

// skip reads any value and returns it as it is written.
func (d *decoder) skip() []byte {
	d.peek()
	at, depth := 0, 0
	for done := false; !done; done = depth == 0 {
		switch d.rest[at] {
		case '{', '[':
			depth++
			at++
		case '}', ']':
			depth--
			at++
		case '"':
			at += quotedLength(d.rest[at:])
		default:
			for at++; depth == 0 && at < len(d.rest) && strings.IndexByte(",]} \t\r\n", d.rest[at]) < 0; at++ {
			}
		}
	}
	skipped := d.rest[:at]
	d.rest = d.rest[at:]
	return skipped
}

// quotedLength is the length of the string at the front, quotes and all.
func quotedLength(s []byte) int {
	at := 1
	for ; s[at] != '"'; at++ {
		if s[at] == '\\' {
			at++
		}
	}
	return at + 1
}
