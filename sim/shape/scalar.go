package shape

import (
	"math"
	"strconv"
	"strings"
)

func (d *decoder) text(tree any) (string, bool) {
	if s, ok := tree.(string); ok {
		return s, true
	}
	if d.mode == Exact {
		return "", false
	}
	return scalarText(tree)
}

// scalarText writes a scalar as CloudFormation reads it into a text.
func scalarText(tree any) (string, bool) {
	switch v := tree.(type) {
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case int:
		return strconv.Itoa(v), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

func (d *decoder) boolean(tree any) (value, ok bool) {
	if b, isBool := tree.(bool); isBool {
		return b, true
	}
	s, isText := tree.(string)
	if !isText || d.mode == Exact {
		return false, false
	}
	s = strings.ToLower(s)
	return s == "true", s == "true" || s == "false"
}

func (d *decoder) number(tree any) (float64, bool) {
	switch v := tree.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case string:
		if d.mode == Exact {
			return 0, false
		}
		f, err := strconv.ParseFloat(v, 64)
		return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	}
	return 0, false
}
