package dynamodb

import (
	"hash/fnv"
	"strings"
)

// Keys in bbolt are: two bytes of hash of the partition key, which scatter partitions as AWS does and cut a
// table into segments for parallel scans; the partition key; the sort key, if any. Each part is encoded so that
// bytes sort as DynamoDB sorts, and so that no part is a prefix of another.

// Order of the first byte of a number.
const (
	signNegative = 1
	signZero     = 2
	signPositive = 3
)

// appendKeyPart appends the order-preserving encoding of a key attribute: S, N or B.
func appendKeyPart(key []byte, v value) []byte {
	if v.kind == kindN {
		return appendNumberKey(key, v.number())
	}
	return append(appendEscaped(key, v.text), 0, 0)
}

// appendEscaped appends text with every zero byte followed by 0xFF, so that two zeros can end it.
func appendEscaped(key []byte, text string) []byte {
	for {
		zero := strings.IndexByte(text, 0)
		if zero < 0 {
			return append(key, text...)
		}
		key = append(append(key, text[:zero]...), 0, 0xFF)
		text = text[zero+1:]
	}
}

// appendNumberKey appends sign, exponent and digits by twos. All bits of a negative number are flipped.
func appendNumberKey(key []byte, n number) []byte {
	if n.digits == "" {
		return append(key, signZero)
	}
	sign, flip := byte(signPositive), byte(0)
	if n.negative {
		sign, flip = signNegative, 0xFF
	}
	key = append(key, sign, byte(n.point-1-minExponent)^flip)
	for i := 0; i < len(n.digits); i += 2 {
		pair := (n.digits[i] - '0') * 10
		if i+1 < len(n.digits) {
			pair += n.digits[i+1] - '0'
		}
		key = append(key, (pair+1)^flip)
	}
	return append(key, 0^flip)
}

// partitionPrefix is the part of a key that all items of one partition share.
func partitionPrefix(partition value) []byte {
	encoded := appendKeyPart(make([]byte, 2, 64), partition)
	hash := fnv.New32a()
	_, _ = hash.Write(encoded[2:]) // a hash never fails
	sum := hash.Sum32()
	sum ^= sum >> 16
	encoded[0], encoded[1] = byte(sum>>8), byte(sum)
	return encoded
}

// afterPrefix is the smallest key greater than every key that begins with prefix; nil when there is none.
func afterPrefix(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] != 0xFF {
			end := append([]byte(nil), prefix[:i+1]...)
			end[i]++
			return end
		}
	}
	return nil
}

// keyNames are the attributes that make a key; sort is empty where there is none.
type keyNames struct {
	Partition string
	Sort      string `json:",omitempty"`
}

func (k keyNames) list() []string {
	if k.Sort == "" {
		return []string{k.Partition}
	}
	return []string{k.Partition, k.Sort}
}

// of encodes the key attributes of an item known to have them.
func (k keyNames) of(it item) []byte {
	key := partitionPrefix(it[k.Partition])
	if k.Sort != "" {
		key = appendKeyPart(key, it[k.Sort])
	}
	return key
}

// pick returns only the key attributes of an item.
func (k keyNames) pick(it item) item {
	picked := make(item, 2)
	for _, name := range k.list() {
		if v, ok := it[name]; ok {
			picked[name] = v
		}
	}
	return picked
}
