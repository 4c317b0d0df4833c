package dynamodb

import (
	"bytes"
	"math/big"
	"strings"
	"testing"
)

func TestNumbersAreReadAndWrittenPlainly(t *testing.T) {
	tests := []struct{ in, want string }{
		{"0", "0"}, {"-0", "0"}, {"0.00e5", "0"}, {"1", "1"}, {"+1", "1"}, {"00042", "42"}, {"3.1400", "3.14"},
		{"1.5E2", "150"}, {"-1e-3", "-0.001"}, {".5", "0.5"}, {"5.", "5"}, {"100", "100"}, {"123.456e1", "1234.56"},
		{"1E-130", "0." + strings.Repeat("0", 129) + "1"}, {"9e125", "9" + strings.Repeat("0", 125)},
		{"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"},
		{"1" + strings.Repeat("0", 60), "1" + strings.Repeat("0", 60)},
	}
	for _, test := range tests {
		n, err := parseNumber(test.in)
		if err != nil || n.String() != test.want {
			t.Errorf("%s: got %s and %v, want %s", test.in, n, err, test.want)
		}
	}
}

func TestNumbersOutOfReachAreRefused(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "The parameter cannot be converted to a numeric value"},
		{"1e126", "Number overflow. Attempting to store a number with magnitude larger than supported range"},
		{"1e99999999999999999999", "Number overflow. Attempting to store a number with magnitude larger than supported range"},
		{"-1e-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range"},
		{strings.Repeat("1", 39), "Attempting to store more than 38 significant digits in a Number"},
	}
	for _, bad := range []string{
		"x", "1x", "--1", "1e", "1e+-1", "1.2.3", "e5", ".", "-", "1 ", "0x1", "NaN", "Infinity", "١",
	} {
		tests = append(tests, struct{ in, want string }{bad, "The parameter cannot be converted to a numeric value: " + bad})
	}
	for _, test := range tests {
		if _, err := parseNumber(test.in); err == nil || err.message != test.want {
			t.Errorf("%q: got %v, want %s", test.in, err, test.want)
		}
	}
}

// The figures were measured on AWS by the dynamodb-conformance project.
func TestNumbersCountTheirDigits(t *testing.T) {
	tests := []struct {
		in   string
		want int
	}{{"0", 1}, {"1", 2}, {"1E125", 2}, {"123456", 4}, {"3.14159", 5}, {"-1", 3}}
	for _, test := range tests {
		n, _ := scanNumber(test.in)
		if got := n.size(); got != test.want {
			t.Errorf("%s: got %d bytes, want %d", test.in, got, test.want)
		}
	}
}

// rational is the number that both of our forms must agree with.
func rational(t *testing.T, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("math/big cannot read %q", s)
	}
	return r
}

func FuzzNumbersSortAndAddLikeRationals(f *testing.F) {
	for _, s := range []string{"0", "1", "-1", "9.99", "10", "-0.001", "1e125", "-1e-130", "123456789", "99", "100", "1.0"} {
		f.Add(s, "1")
		f.Add(s, "-12.5e-7")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, errX := parseNumber(a)
		y, errY := parseNumber(b)
		if errX != nil || errY != nil {
			return
		}
		exactX, exactY := rational(t, x.String()), rational(t, y.String())
		if exactX.Cmp(rational(t, a)) != 0 {
			t.Fatalf("%s was read as %s", a, x)
		}
		got := bytes.Compare(appendNumberKey(nil, x), appendNumberKey(nil, y))
		if want := exactX.Cmp(exactY); got != want {
			t.Errorf("keys of %s and %s compare %d, want %d", x, y, got, want)
		}
		sum, err := x.plus(y)
		if err == nil && rational(t, sum.String()).Cmp(new(big.Rat).Add(exactX, exactY)) != 0 {
			t.Errorf("%s + %s = %s", x, y, sum)
		}
		if again, err := parseNumber(sum.String()); err == nil && again != sum {
			t.Errorf("%s reads as another number than it is", sum)
		}
	})
}

func FuzzKeysSortLikeTheirParts(f *testing.F) {
	f.Add("", "", "", "")
	f.Add("a", "b", "a\x00", "b")
	f.Add("a\x00\x00", "\xff", "a\x00", "\x00\xff")
	f.Fuzz(func(t *testing.T, p1, s1, p2, s2 string) {
		key := func(p, s string) []byte {
			return appendKeyPart(appendKeyPart(nil, value{kind: kindB, text: p}), value{kind: kindB, text: s})
		}
		want := strings.Compare(p1, p2)
		if want == 0 {
			want = strings.Compare(s1, s2)
		}
		if got := bytes.Compare(key(p1, s1), key(p2, s2)); got != want {
			t.Errorf("keys of %q %q and %q %q compare %d, want %d", p1, s1, p2, s2, got, want)
		}
		prefix := appendEscaped(nil, s1)
		got := bytes.HasPrefix(appendKeyPart(nil, value{kind: kindB, text: s2}), prefix)
		if want := strings.HasPrefix(s2, s1); got != want {
			t.Errorf("%q begins with %q: got %t, want %t", s2, s1, got, want)
		}
	})
}
