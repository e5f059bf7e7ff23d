package dynamodb

import (
	"strconv"
	"strings"
)

// compare orders two values of the same ordered type, texts by their UTF-8 bytes.
func compare(a, b value) (order int, ok bool) {
	switch {
	case a.kind != b.kind:
		return 0, false
	case a.kind == text:
		return strings.Compare(a.text, b.text), true
	case a.kind == number:
		return rational(a.text).Cmp(rational(b.text)), true
	}
	return 0, false
}

// equal compares two values of any type.
func equal(a, b value) bool {
	if a.kind != b.kind || a.text != b.text || a.truth != b.truth || len(a.items) != len(b.items) ||
		len(a.fields) != len(b.fields) || len(a.set) != len(b.set) {
		return false
	}
	for i := range a.items {
		if !equal(a.items[i], b.items[i]) {
			return false
		}
	}
	for name := range a.fields {
		if other, ok := b.fields[name]; !ok || !equal(a.fields[name], other) {
			return false
		}
	}
	for i := range a.set {
		if a.set[i] != b.set[i] {
			return false
		}
	}
	return true
}

// size is the size function: bytes of a text, members of a set, list or map.
func size(v value, ok bool) (value, bool) {
	n := 0
	switch v.kind {
	case text:
		n = len(v.text)
	case textSet, numberSet:
		n = len(v.set)
	case list:
		n = len(v.items)
	case document:
		n = len(v.fields)
	default:
		return value{}, false
	}
	return value{kind: number, text: strconv.Itoa(n)}, ok
}
