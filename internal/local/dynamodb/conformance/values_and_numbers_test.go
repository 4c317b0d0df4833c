package conformance_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func testValues(s *section) {
	table := s.table(s.t, "S")
	deep := list()
	for range 30 {
		deep = list(deep)
	}
	tests := []struct {
		name  string
		value types.AttributeValue
	}{
		{"a string", str("é\n\"<>& \x00 \U0001f600")},
		{"an empty string", str("")},
		{"bytes", bin("\x00\xff\xfe")},
		{"no bytes", bin("")},
		{"true", boolean(true)},
		{"false", boolean(false)},
		{"null", null()},
		{"a set of strings", strs("y", "x", "")},
		{"a set of numbers", nums("-1", "2", "0.5")},
		{"a set of bytes", bins("\x00", "\x01\x02")},
		{"a list of everything", list(str("a"), num("1"), list(), dict(row{}), null())},
		{"an empty list", list()},
		{"an empty map", dict(row{})},
		{"a map within a map", dict(row{"deep": dict(row{"er": num("0.0001")}), "naïve key": str("ünïcode")})},
		{"lists nested thirty-one deep", deep},
		{"a string of 300 KB", str(strings.Repeat("x", 300<<10))},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			stored := row{"p": str(test.name), "v": test.value}
			s.put(t, table, stored)
			if got, want := show(s.get(t, table, row{"p": str(test.name)})), show(stored); got != want {
				t.Errorf("got  %.300s\nwant %.300s", got, want)
			}
		})
	}
	s.run("an item that is not there", func(t *testing.T) {
		if got := s.get(t, table, row{"p": str("absent")}); got != nil {
			t.Errorf("got %s, want nil", show(got))
		}
	})
}

func testNumbers(s *section) {
	table := s.table(s.t, "S")
	tests := []struct{ in, want string }{
		{"0", "0"},
		{"-0", "0"},
		{"+1", "1"},
		{"00042", "42"},
		{"3.1400", "3.14"},
		{"1.5E2", "150"},
		{"-1e-3", "-0.001"},
		{"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"},
		{"-0.12345678901234567890123456789012345678", "-0.12345678901234567890123456789012345678"},
		{"1234567890123456789.1234567890123456789", "1234567890123456789.1234567890123456789"},
		{"9.9999999999999999999999999999999999999E+125", strings.Repeat("9", 38) + strings.Repeat("0", 88)},
		{"1E-130", "0." + strings.Repeat("0", 129) + "1"},
		{"1" + strings.Repeat("0", 60), "1" + strings.Repeat("0", 60)},
	}
	for _, test := range tests {
		s.run(test.in, func(t *testing.T) {
			s.put(t, table, row{"p": str(test.in), "n": num(test.in)})
			if got := showValue(s.get(t, table, row{"p": str(test.in)})["n"]); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	s.run("are exact to the last of 38 digits", func(t *testing.T) {
		s.put(t, table, row{"p": str("sum"), "n": num("99999999999999999999999999999999999998")})
		got, err := s.update(t, table, row{"p": str("sum")}, "SET n = n + :one", row{":one": num("1")})
		if err != nil || showValue(got["n"]) != strings.Repeat("9", 38) {
			t.Errorf("got %s and %v", show(got), err)
		}
	})
	s.run("keep their digits when they are subtracted", func(t *testing.T) {
		s.put(t, table, row{"p": str("rest"), "n": num("0.1")})
		got, err := s.update(t, table, row{"p": str("rest")}, "SET n = n - :v", row{":v": num("0.3")})
		if err != nil || showValue(got["n"]) != "-0.2" {
			t.Errorf("got %s and %v", show(got), err)
		}
	})
}

func testNumbersRefused(s *section) {
	table := s.table(s.t, "S")
	const (
		digits    = "Attempting to store more than 38 significant digits in a Number"
		overflow  = "Number overflow. Attempting to store a number with magnitude larger than supported range"
		underflow = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
	)
	tests := []struct{ name, in, want string }{
		{"39 digits", "1" + strings.Repeat("2", 38), digits},
		{"39 digits around a point", "123456789012345678901234567890.123456789", digits},
		{"too large", "1E126", overflow},
		{"too large below nought", "-1E126", overflow},
		{"too small", "1E-131", underflow},
		{"a word", "one", "The parameter cannot be converted to a numeric value: one"},
		{"nothing", "", "The parameter cannot be converted to a numeric value"},
		{"not a number", "NaN", "The parameter cannot be converted to a numeric value: NaN"},
		{"hexadecimal", "0x10", "The parameter cannot be converted to a numeric value: 0x10"},
		{"two points", "1.2.3", "The parameter cannot be converted to a numeric value: 1.2.3"},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			_, err := s.db.PutItem(t.Context(), &sdk.PutItemInput{
				TableName: aws.String(table), Item: row{"p": str("a"), "n": num(test.in)},
			})
			s.wantError(t, err, "ValidationException", test.want)
		})
	}
}
