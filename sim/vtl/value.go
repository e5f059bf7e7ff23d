package vtl

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// List is a list that methods can change.
type List struct{ Items []any }

// Map is a map that keeps its keys in the order in which they came, as the
// members of a JSON object do in a template.
type Map struct {
	keys []string
	of   map[string]any
}

// NewMap returns a map without entries.
func NewMap() *Map { return &Map{of: map[string]any{}} }

// Get returns the value of a key, nil when it is not there.
func (m *Map) Get(key string) any { return m.of[key] }

// Put sets the value of a key; a new key comes last.
func (m *Map) Put(key string, value any) {
	if _, ok := m.of[key]; !ok {
		m.keys = append(m.keys, key)
	}
	m.of[key] = value
}

// Keys returns the keys in their order.
func (m *Map) Keys() []string { return slices.Clone(m.keys) }

func (m *Map) remove(key string) any {
	value := m.of[key]
	delete(m.of, key)
	m.keys = slices.DeleteFunc(m.keys, func(k string) bool { return k == key })
	return value
}

func (m *Map) values() []any {
	values := make([]any, len(m.keys))
	for i, key := range m.keys {
		values[i] = m.of[key]
	}
	return values
}

// Value makes a template's value of a tree of JSON values. Keys of Go maps come
// in alphabetical order; ParseJSON keeps theirs.
func Value(tree any) any {
	switch v := tree.(type) {
	case map[string]any:
		m := NewMap()
		for _, key := range slices.Sorted(maps.Keys(v)) {
			m.Put(key, Value(v[key]))
		}
		return m
	case map[string]string:
		m := NewMap()
		for _, key := range slices.Sorted(maps.Keys(v)) {
			m.Put(key, v[key])
		}
		return m
	case []any:
		list := &List{Items: make([]any, len(v))}
		for i, item := range v {
			list.Items[i] = Value(item)
		}
		return list
	case int:
		return int64(v)
	case json.Number:
		return number(v)
	}
	return tree
}

// ParseJSON reads JSON text. Whole numbers become int64 and others float64.
func ParseJSON(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	value, err := decode(d, 0)
	if err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more follows after the JSON value")
	}
	return value, nil
}

func decode(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("more than %d levels of nesting", maxDepth)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Number:
		return number(t), nil
	case json.Delim:
		if t == '{' {
			return decodeMap(d, depth)
		}
		return decodeList(d, depth)
	}
	return token, nil
}

func decodeMap(d *json.Decoder, depth int) (any, error) {
	m := NewMap()
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := decode(d, depth+1)
		if err != nil {
			return nil, err
		}
		m.Put(fmt.Sprint(key), value)
	}
	_, err := d.Token()
	return m, err
}

func decodeList(d *json.Decoder, depth int) (any, error) {
	list := &List{}
	for d.More() {
		item, err := decode(d, depth+1)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, item)
	}
	_, err := d.Token()
	return list, err
}

func number(n json.Number) any {
	if whole, err := n.Int64(); err == nil {
		return whole
	}
	decimal, err := n.Float64()
	if err != nil {
		return n.String()
	}
	return decimal
}

// JSON writes a value as JSON text, null for an Object. What would be larger
// than a run may print is cut off.
func JSON(value any) string {
	var p printer
	p.json(value)
	return p.String()
}

// Text is a value as a template prints it: as Java's toString does, so that a
// map is {a=1} and no JSON. Nothing prints as nothing. What would be larger than
// a run may print is cut off.
func Text(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	var p printer
	if value != nil {
		p.java(value)
	}
	return p.String()
}

// printer writes values. It stops when it has written too much, because a list
// can hold itself.
type printer struct {
	strings.Builder
	depth int
}

// enter goes into a list or map, unless it is too deep or too much.
func (p *printer) enter() bool {
	p.depth++
	return p.depth <= maxDepth && p.Len() <= maxOutput
}

func (p *printer) json(value any) {
	defer func(before int) { p.depth = before }(p.depth)
	if !p.enter() {
		return
	}
	switch v := value.(type) {
	case *Map:
		p.WriteByte('{')
		for i, key := range v.keys {
			p.between(i, ",")
			p.scalar(key)
			p.WriteByte(':')
			p.json(v.of[key])
		}
		p.WriteByte('}')
	case *List:
		p.WriteByte('[')
		for i, item := range v.Items {
			p.between(i, ",")
			p.json(item)
		}
		p.WriteByte(']')
	case float64:
		p.WriteString(double(v))
	case string, bool, int64:
		p.scalar(v)
	default:
		p.WriteString("null")
	}
}

func (p *printer) between(i int, sign string) {
	if i > 0 {
		p.WriteString(sign)
	}
}

// scalar leaves <, > and & as they are.
func (p *printer) scalar(value any) {
	var one strings.Builder
	encoder := json.NewEncoder(&one)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		one.WriteString("null")
	}
	p.WriteString(strings.TrimSuffix(one.String(), "\n"))
}

// java writes a value as toString does; nothing is null in a list or map.
func (p *printer) java(value any) {
	defer func(before int) { p.depth = before }(p.depth)
	if !p.enter() {
		return
	}
	switch v := value.(type) {
	case *Map:
		p.WriteByte('{')
		for i, key := range v.keys {
			p.between(i, ", ")
			p.WriteString(key + "=")
			p.java(v.of[key])
		}
		p.WriteByte('}')
	case *List:
		p.WriteByte('[')
		for i, item := range v.Items {
			p.between(i, ", ")
			p.java(item)
		}
		p.WriteByte(']')
	case nil:
		p.WriteString("null")
	case string:
		p.WriteString(v)
	case bool:
		p.WriteString(strconv.FormatBool(v))
	case int64:
		p.WriteString(strconv.FormatInt(v, 10))
	case float64:
		p.WriteString(double(v))
	}
}

// double writes a number as Java's Double.toString does.
// https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/lang/Double.html#toString(double)
func double(f float64) string {
	switch size := math.Abs(f); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64), "+") + "inity"
	case size != 0 && (size < 1e-3 || size >= 1e7):
		digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', -1, 64), "E")
		power, err := strconv.Atoi(exponent)
		if err != nil {
			return digits
		}
		return withPoint(digits) + "E" + strconv.Itoa(power)
	}
	return withPoint(strconv.FormatFloat(f, 'f', -1, 64))
}

func withPoint(digits string) string {
	if strings.Contains(digits, ".") {
		return digits
	}
	return digits + ".0"
}
