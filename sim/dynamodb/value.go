package dynamodb

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"claimcheck/sim/awserr"
)

// kind is the name of an attribute value's data type, as AWS writes it.
type kind string

// The data types that are simulated; B and BS are not.
const (
	text      kind = "S"
	number    kind = "N"
	boolean   kind = "BOOL"
	null      kind = "NULL"
	list      kind = "L"
	document  kind = "M"
	textSet   kind = "SS"
	numberSet kind = "NS"
)

// value is one attribute value. Which field counts follows from kind: text for
// S and N (a number in DynamoDB's normal form), truth for BOOL, items for L,
// fields for M, set for SS and NS (sorted).
type value struct {
	kind   kind
	text   string
	truth  bool
	items  []value
	fields map[string]value
	set    []string
}

// item is a set of attributes by name.
type item map[string]value

// validation is DynamoDB's error for a request that it cannot make sense of.
func validation(format string, args ...any) *awserr.Error {
	return awserr.New("ValidationException", format, args...)
}

// parseItem reads attributes in the API's typed form.
func parseItem(tree map[string]any) (item, error) {
	parsed := item{}
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		v, err := parseValue(tree[name])
		if err != nil {
			return nil, err
		}
		parsed[name] = v
	}
	return parsed, nil
}

// parseValue reads one typed value, such as {"S": "ana"}.
func parseValue(tree any) (value, error) {
	typed, ok := tree.(map[string]any)
	if !ok {
		return value{}, serialization("a value such as {\"S\": …} was expected")
	}
	switch len(typed) {
	case 0:
		return value{}, validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	case 1:
		name := slices.Sorted(maps.Keys(typed))[0]
		return parseKind(kind(name), typed[name])
	}
	return value{}, validation("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
}

func serialization(message string) *awserr.Error {
	return awserr.New("SerializationException", "%s", message)
}

func parseKind(k kind, tree any) (value, error) {
	switch k {
	case text:
		s, ok := tree.(string)
		return value{kind: k, text: s}, unless(ok, tree, "String")
	case number:
		return parseNumberValue(tree)
	case boolean, null:
		b, ok := tree.(bool)
		if ok && k == null && !b {
			return value{}, validation("One or more parameter values were invalid: Null attribute value types must have the value of true")
		}
		return value{kind: k, truth: b}, unless(ok, tree, "Boolean")
	case list:
		return parseList(tree)
	case document:
		fields, ok := tree.(map[string]any)
		if !ok {
			return value{}, unless(false, tree, "Map")
		}
		parsed, err := parseItem(fields)
		return value{kind: k, fields: parsed}, err
	case textSet, numberSet:
		return parseSet(k, tree)
	case "B", "BS":
		return value{}, fmt.Errorf("binary attribute values (%s) are not simulated", k)
	}
	return value{}, validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
}

// unless is nil when ok, and otherwise the error for a JSON value of the wrong type.
func unless(ok bool, tree any, wanted string) error {
	if ok {
		return nil
	}
	found := "START_OBJECT"
	switch tree.(type) {
	case string:
		found = "STRING_VALUE"
	case float64, int:
		found = "NUMBER_VALUE"
	case bool:
		found = "TRUE_VALUE"
	case []any:
		found = "START_ARRAY"
	case nil:
		found = "NULL_VALUE"
	}
	return serialization(found + " cannot be converted to " + wanted)
}

func parseNumberValue(tree any) (value, error) {
	s, ok := tree.(string)
	if !ok {
		return value{}, unless(false, tree, "String")
	}
	normal, err := normalNumber(s)
	return value{kind: number, text: normal}, err
}

func parseList(tree any) (value, error) {
	trees, ok := tree.([]any)
	if !ok {
		return value{}, unless(false, tree, "List")
	}
	v := value{kind: list, items: []value{}}
	for _, t := range trees {
		parsed, err := parseValue(t)
		if err != nil {
			return value{}, err
		}
		v.items = append(v.items, parsed)
	}
	return v, nil
}

func parseSet(k kind, tree any) (value, error) {
	trees, ok := tree.([]any)
	if !ok {
		return value{}, unless(false, tree, "Set")
	}
	if len(trees) == 0 {
		name := map[kind]string{textSet: "string", numberSet: "number"}[k]
		return value{}, validation("One or more parameter values were invalid: An %s set  may not be empty", name)
	}
	v := value{kind: k}
	for _, t := range trees {
		s, ok := t.(string)
		if !ok {
			return value{}, unless(false, t, "String")
		}
		if k == numberSet {
			normal, err := normalNumber(s)
			if err != nil {
				return value{}, err
			}
			s = normal
		}
		if slices.Contains(v.set, s) {
			return value{}, validation("One or more parameter values were invalid: Input collection %v contains duplicates.", trees)
		}
		v.set = append(v.set, s)
	}
	sort.Strings(v.set)
	return v, nil
}

// normalNumber is a number as DynamoDB gives it back: without a sign of plus,
// leading and trailing zeros, or an exponent. Numbers have at most 38 digits
// and a magnitude below 10^126.
func normalNumber(s string) (string, error) {
	match := regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE]([+-]?\d{1,6}))?$`).FindStringSubmatch(strings.TrimSpace(s))
	if match == nil {
		return "", validation("The parameter cannot be converted to a numeric value: %s", s)
	}
	if exponent, _ := strconv.Atoi(match[3]); exponent > 125 || exponent < -130 {
		return "", validation("Number overflow. Attempting to store a number with magnitude larger than supported range")
	}
	r, ok := new(big.Rat).SetString(strings.TrimPrefix(strings.TrimSpace(s), "+"))
	if !ok {
		return "", validation("The parameter cannot be converted to a numeric value: %s", s)
	}
	return decimal(r)
}

// decimal writes a number that is known to have finitely many digits.
func decimal(r *big.Rat) (string, error) {
	digits := r.FloatString(168)
	if strings.Contains(digits, ".") {
		digits = strings.TrimSuffix(strings.TrimRight(digits, "0"), ".")
	}
	significant := strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(digits), "0")
	if len(significant) > 38 {
		return "", validation("Attempting to store more than 38 significant digits in a Number")
	}
	return digits, nil
}

// rational is the number that a normal form stands for.
func rational(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// tree is the value in the API's typed form.
func (v value) tree() map[string]any {
	switch v.kind {
	case text, number:
		return map[string]any{string(v.kind): v.text}
	case boolean, null:
		return map[string]any{string(v.kind): v.truth}
	case list:
		trees := make([]any, len(v.items))
		for i, t := range v.items {
			trees[i] = t.tree()
		}
		return map[string]any{string(v.kind): trees}
	case document:
		return map[string]any{string(v.kind): item(v.fields).tree()}
	}
	trees := make([]any, len(v.set))
	for i, s := range v.set {
		trees[i] = s
	}
	return map[string]any{string(v.kind): trees}
}

// tree is the item in the API's typed form, nil for a nil item.
func (it item) tree() map[string]any {
	if it == nil {
		return nil
	}
	trees := make(map[string]any, len(it))
	for name, v := range it {
		trees[name] = v.tree()
	}
	return trees
}

// clone is a copy that shares nothing with the item.
func (it item) clone() item {
	c := make(item, len(it))
	for name, v := range it {
		c[name] = v.clone()
	}
	return c
}

func (v value) clone() value {
	c := v
	c.set = append([]string(nil), v.set...)
	if v.kind == list {
		c.items = make([]value, len(v.items))
		for i, t := range v.items {
			c.items[i] = t.clone()
		}
	}
	if v.kind == document {
		c.fields = item(v.fields).clone()
	}
	return c
}
