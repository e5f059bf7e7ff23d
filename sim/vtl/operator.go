package vtl

import (
	"math"
)

// value is the opposite of a truth, or of a number.
func (u unary) value(r *run) (any, error) {
	value, err := u.of.value(r)
	if err != nil {
		return nil, err
	}
	if u.operator == "!" {
		return !truth(value), nil
	}
	switch n := value.(type) {
	case int64:
		return -n, nil
	case float64:
		return -n, nil
	}
	return nil, nil
}

// value of && and || leaves the right side alone where the left one decides.
// Arithmetic with something that is no number gives nothing, except + with a
// text, which joins.
func (b binary) value(r *run) (any, error) {
	if err := r.step(b.place); err != nil {
		return nil, err
	}
	left, err := b.left.value(r)
	if err != nil {
		return nil, err
	}
	if b.operator == "&&" && !truth(left) || b.operator == "||" && truth(left) {
		return truth(left), nil
	}
	right, err := b.right.value(r)
	if err != nil {
		return nil, err
	}
	switch b.operator {
	case "&&", "||":
		return truth(right), nil
	case "==":
		return same(left, right), nil
	case "!=":
		return !same(left, right), nil
	case "<", ">", "<=", ">=":
		return ordered(b.operator, left, right), nil
	}
	return r.arithmetic(b, left, right)
}

// same compares as Velocity does: numbers by value, texts by their characters,
// and values of different kinds by what they print.
func same(left, right any) bool {
	if left == nil || right == nil {
		return left == right
	}
	x, okX := decimal(left)
	y, okY := decimal(right)
	if okX && okY {
		return x == y
	}
	if _, ok := left.(Object); ok {
		return left == right
	}
	return Text(left) == Text(right)
}

func decimal(value any) (float64, bool) {
	switch n := value.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// ordered compares numbers; anything else is not in order.
func ordered(operator string, left, right any) bool {
	x, okX := decimal(left)
	y, okY := decimal(right)
	if !okX || !okY {
		return false
	}
	switch operator {
	case "<":
		return x < y
	case ">":
		return x > y
	case "<=":
		return x <= y
	}
	return x >= y
}

func (r *run) arithmetic(b binary, left, right any) (any, error) {
	_, leftText := left.(string)
	_, rightText := right.(string)
	if b.operator == "+" && (leftText || rightText) && left != nil && right != nil {
		joined := Text(left) + Text(right)
		if len(joined) > maxOutput {
			return nil, b.wrong("a text is larger than %d bytes", maxOutput)
		}
		return joined, nil
	}
	m, wholeM := left.(int64)
	n, wholeN := right.(int64)
	if wholeM && wholeN {
		return whole(b.operator, m, n), nil
	}
	x, okX := decimal(left)
	y, okY := decimal(right)
	if !okX || !okY {
		return nil, nil
	}
	return fraction(b.operator, x, y), nil
}

// whole is arithmetic of whole numbers; a division by zero gives nothing.
func whole(operator string, m, n int64) any {
	switch operator {
	case "+":
		return m + n
	case "-":
		return m - n
	case "*":
		return m * n
	}
	if n == 0 {
		return nil
	}
	if operator == "/" {
		return m / n
	}
	return m % n
}

func fraction(operator string, x, y float64) any {
	switch operator {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	}
	if y == 0 {
		return nil
	}
	if operator == "/" {
		return x / y
	}
	return math.Mod(x, y)
}
