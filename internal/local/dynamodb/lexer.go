package dynamodb

import (
	"strings"
	"unicode/utf8"
)

type tokenKind byte

const (
	tokenEnd    tokenKind = iota
	tokenWord             // an attribute name, function or keyword
	tokenName             // #placeholder of a name
	tokenValue            // :placeholder of a value
	tokenNumber           // a list index
	tokenSymbol
)

// token is a piece of an expression: source[start:end].
type token struct {
	kind       tokenKind
	text       string
	start, end int
}

// symbols of all expressions; longer ones first.
var symbols = [...]string{"<>", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ".", ",", "+", "-"}

// lex cuts an expression into tokens, the last being tokenEnd. A character that begins none becomes a symbol
// that no grammar knows, so that the parser reports it in its place.
func lex(source string) []token {
	var tokens []token
	for at := 0; at < len(source); {
		if strings.IndexByte(" \t\r\n", source[at]) >= 0 {
			at++
			continue
		}
		kind, length := nextToken(source[at:])
		tokens = append(tokens, token{kind, source[at : at+length], at, at + length})
		at += length
	}
	return append(tokens, token{tokenEnd, "<EOF>", len(source), len(source)})
}

func nextToken(rest string) (tokenKind, int) {
	switch c := rest[0]; {
	case c >= '0' && c <= '9':
		return tokenNumber, span(rest, isDigit)
	case isWordByte(c):
		return tokenWord, span(rest, isWordByte)
	case c == '#' && len(rest) > 1 && isWordByte(rest[1]):
		return tokenName, 1 + span(rest[1:], isWordByte)
	case c == ':' && len(rest) > 1 && isWordByte(rest[1]):
		return tokenValue, 1 + span(rest[1:], isWordByte)
	}
	for _, symbol := range symbols {
		if strings.HasPrefix(rest, symbol) {
			return tokenSymbol, len(symbol)
		}
	}
	_, size := utf8.DecodeRuneInString(rest)
	return tokenSymbol, size
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWordByte(c byte) bool {
	return c == '_' || isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// span is the number of leading bytes that belong.
func span(s string, belongs func(byte) bool) int {
	for i := range len(s) {
		if !belongs(s[i]) {
			return i
		}
	}
	return len(s)
}
