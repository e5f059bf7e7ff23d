package policy

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// operator is a condition operator without set operator and IfExists.
type operator struct {
	// mode is how values are compiled.
	mode mode
	// negated operators hold when no value of the policy equals.
	negated bool
	null    bool
	compile func(value template) (operand, error)
}

const null = "Null"

// operators are all condition operators by name.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func operators() map[string]operator {
	const like = wildcards | variables
	const arns = wildcards | segments | variables
	return map[string]operator{
		"StringEquals":              {mode: variables, compile: text},
		"StringNotEquals":           {mode: variables, compile: text, negated: true},
		"StringEqualsIgnoreCase":    {mode: variables | foldCase, compile: text},
		"StringNotEqualsIgnoreCase": {mode: variables | foldCase, compile: text, negated: true},
		"StringLike":                {mode: like, compile: text},
		"StringNotLike":             {mode: like, compile: text, negated: true},

		"NumericEquals":            {compile: number(func(order int) bool { return order == 0 })},
		"NumericNotEquals":         {compile: number(func(order int) bool { return order == 0 }), negated: true},
		"NumericLessThan":          {compile: number(func(order int) bool { return order < 0 })},
		"NumericLessThanEquals":    {compile: number(func(order int) bool { return order <= 0 })},
		"NumericGreaterThan":       {compile: number(func(order int) bool { return order > 0 })},
		"NumericGreaterThanEquals": {compile: number(func(order int) bool { return order >= 0 })},

		"DateEquals":            {compile: date(func(order int) bool { return order == 0 })},
		"DateNotEquals":         {compile: date(func(order int) bool { return order == 0 }), negated: true},
		"DateLessThan":          {compile: date(func(order int) bool { return order < 0 })},
		"DateLessThanEquals":    {compile: date(func(order int) bool { return order <= 0 })},
		"DateGreaterThan":       {compile: date(func(order int) bool { return order > 0 })},
		"DateGreaterThanEquals": {compile: date(func(order int) bool { return order >= 0 })},

		"Bool":         {compile: boolean},
		null:           {compile: boolean, null: true},
		"BinaryEquals": {compile: binary},
		"IpAddress":    {compile: address},
		"NotIpAddress": {compile: address, negated: true},

		"ArnEquals":    {mode: arns, compile: arnLike},
		"ArnLike":      {mode: arns, compile: arnLike},
		"ArnNotEquals": {mode: arns, compile: arnLike, negated: true},
		"ArnNotLike":   {mode: arns, compile: arnLike, negated: true},
	}
}

// text compares text; whether case and wildcards count is in the mode.
func text(value template) (operand, error) {
	fold := value.mode&foldCase != 0
	return func(found string, c *Context) bool {
		if fold {
			found = strings.ToLower(found)
		}
		return value.matches(found, c)
	}, nil
}

// arnLike compares the six fields of ARNs one by one, so that a * stays within
// its field. The value "*" is every ARN.
func arnLike(value template) (operand, error) {
	if value.source == "*" {
		return func(string, *Context) bool { return true }, nil
	}
	return func(found string, c *Context) bool {
		return strings.Count(found, ":") >= 5 && value.matches(found, c)
	}, nil
}

// number compares the request's value with the policy's. What is no number
// equals nothing.
func number(holds func(order int) bool) func(template) (operand, error) {
	return func(value template) (operand, error) {
		limit, err := strconv.ParseFloat(strings.TrimSpace(value.source), 64)
		if err != nil {
			return never, nil
		}
		return func(found string, _ *Context) bool {
			f, err := strconv.ParseFloat(strings.TrimSpace(found), 64)
			return err == nil && holds(order(f, limit))
		}, nil
	}
}

func order(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func never(string, *Context) bool { return false }

// date compares times: ISO 8601 or seconds since 1970.
func date(holds func(order int) bool) func(template) (operand, error) {
	return func(value template) (operand, error) {
		limit, ok := parseDate(value.source)
		if !ok {
			return nil, fmt.Errorf("%q is no ISO 8601 date and no number of seconds", value.source)
		}
		return func(found string, _ *Context) bool {
			at, ok := parseDate(found)
			return ok && holds(at.Compare(limit))
		}, nil
	}
}

// parseDate reads the W3C forms of ISO 8601, or epoch seconds.
func parseDate(s string) (time.Time, bool) {
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) != len("2006") {
		return time.Unix(seconds, 0).UTC(), true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02", "2006-01", "2006"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func boolean(value template) (operand, error) {
	return func(found string, _ *Context) bool { return strings.EqualFold(found, value.source) }, nil
}

// binary compares bytes; both sides are base64.
func binary(value template) (operand, error) {
	wanted, err := base64.StdEncoding.DecodeString(value.source)
	if err != nil {
		return never, nil
	}
	return func(found string, _ *Context) bool {
		bytes, err := base64.StdEncoding.DecodeString(found)
		return err == nil && string(bytes) == string(wanted)
	}, nil
}

// address looks whether the request's address lies in a range. An address
// without a prefix length is a range of one.
func address(value template) (operand, error) {
	prefix, ok := parseRange(value.source)
	if !ok {
		return never, nil
	}
	return func(found string, _ *Context) bool {
		a, err := netip.ParseAddr(found)
		return err == nil && prefix.Contains(a.Unmap())
	}, nil
}

func parseRange(s string) (netip.Prefix, bool) {
	if prefix, err := netip.ParsePrefix(s); err == nil {
		return prefix.Masked(), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}
