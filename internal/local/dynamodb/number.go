package dynamodb

import (
	"math/big"
	"strconv"
	"strings"
)

// Limits of DynamoDB's number: 38 significant digits, magnitudes from 1E-130 to 9.9…E+125.
const (
	maxDigits   = 38
	maxExponent = 125
	minExponent = -130
)

// number is an exact decimal: 0.digits × 10^point. digits neither begin nor end with a zero; zero has none.
type number struct {
	negative bool
	digits   string
	point    int
}

// parseNumber reads a decimal of any usual notation and checks DynamoDB's limits.
func parseNumber(s string) (number, *apiError) {
	if s == "" {
		return number{}, invalid("The parameter cannot be converted to a numeric value")
	}
	n, ok := scanNumber(s)
	if !ok {
		return number{}, invalid("The parameter cannot be converted to a numeric value: %s", s)
	}
	return n, n.check()
}

func scanNumber(s string) (number, bool) {
	var n number
	if s[0] == '-' || s[0] == '+' {
		n.negative = s[0] == '-'
		s = s[1:]
	}
	mantissa, exponent, hasExponent := s, "0", false
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent, hasExponent = s[:i], s[i+1:], true
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || !allDigits(whole) || !allDigits(fraction) {
		return n, false
	}
	shift, ok := scanExponent(exponent)
	if hasExponent && !ok {
		return n, false
	}
	return n.normalized(whole+fraction, len(whole)+shift), true
}

// scanExponent reads a signed exponent; one too long for any number is clamped to what cannot be in range.
func scanExponent(s string) (int, bool) {
	digits := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(s, "+"), "-"), "0")
	if s == "" || !allDigits(digits) || strings.HasPrefix(s, "+-") || s == "+" || s == "-" {
		return 0, false
	}
	if len(digits) > 9 {
		digits = "999999999"
	}
	value, _ := strconv.Atoi("0" + digits)
	if s[0] == '-' {
		return -value, true
	}
	return value, true
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// normalized gives n the digits and point, without zeros at either end.
func (n number) normalized(digits string, point int) number {
	trimmed := strings.TrimLeft(digits, "0")
	n.point = point - (len(digits) - len(trimmed))
	n.digits = strings.TrimRight(trimmed, "0")
	if n.digits == "" {
		return number{}
	}
	return n
}

func (n number) check() *apiError {
	exponent := n.point - 1
	switch {
	case n.digits == "":
		return nil
	case exponent > maxExponent:
		return invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case exponent < minExponent:
		return invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	case len(n.digits) > maxDigits:
		return invalid("Attempting to store more than 38 significant digits in a Number")
	}
	return nil
}

// String writes the number as DynamoDB answers it: plain decimal, no exponent, no superfluous zero.
func (n number) String() string {
	sign := ""
	if n.negative {
		sign = "-"
	}
	switch {
	case n.digits == "":
		return "0"
	case n.point <= 0:
		return sign + "0." + strings.Repeat("0", -n.point) + n.digits
	case n.point >= len(n.digits):
		return sign + n.digits + strings.Repeat("0", n.point-len(n.digits))
	default:
		return sign + n.digits[:n.point] + "." + n.digits[n.point:]
	}
}

// plus adds exactly, then checks the limits.
func (n number) plus(other number) (number, *apiError) {
	scale := min(n.point-len(n.digits), other.point-len(other.digits))
	sum := new(big.Int).Add(n.scaled(scale), other.scaled(scale))
	digits := new(big.Int).Abs(sum).String()
	result := number{negative: sum.Sign() < 0}.normalized(digits, len(digits)+scale)
	return result, result.check()
}

// minus subtracts exactly, then checks the limits.
func (n number) minus(other number) (number, *apiError) {
	other.negative = !other.negative
	return n.plus(other)
}

// scaled is the number divided by 10^scale, which must leave an integer.
func (n number) scaled(scale int) *big.Int {
	if n.digits == "" {
		return new(big.Int)
	}
	value, _ := new(big.Int).SetString(n.digits, 10)
	zeros := big.NewInt(int64(n.point - len(n.digits) - scale))
	value.Mul(value, new(big.Int).Exp(big.NewInt(10), zeros, nil))
	if n.negative {
		value.Neg(value)
	}
	return value
}

// size is what the number counts in an item, in bytes: one, and one for every two digits begun on either side
// of the point, and one for a minus.
func (n number) size() int {
	if n.digits == "" {
		return 1
	}
	whole := min(max(n.point, 0), len(n.digits))
	size := 1 + (whole+1)/2 + (len(n.digits)-whole+1)/2
	if n.negative {
		size++
	}
	return size
}
