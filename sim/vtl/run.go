package vtl

import "math"

// flow says how a run goes on after a node.
type flow int

const (
	onward flow = iota
	leave       // out of the innermost #foreach
	stop        // to the end
)

// step counts what a run does, so that every run ends.
func (r *run) step(at place) error {
	if r.steps++; r.steps > maxSteps {
		return at.wrong("the template takes more than %d steps", maxSteps)
	}
	if r.output.Len() > maxOutput {
		return at.wrong("the output is larger than %d bytes", maxOutput)
	}
	return nil
}

func (r *run) block(nodes []node) (flow, error) {
	for _, n := range nodes {
		next, err := n.render(r)
		if err != nil || next != onward {
			return next, err
		}
	}
	return onward, nil
}

func (t text) render(r *run) (flow, error) {
	r.output.WriteString(string(t))
	return onward, nil
}

func (j jump) render(*run) (flow, error) { return flow(j), nil }

// render prints a backslash for every two; one that is left over prints the
// reference's source.
func (p printed) render(r *run) (flow, error) {
	if err := r.step(p.place); err != nil {
		return onward, err
	}
	for range p.slashes / 2 {
		r.output.WriteByte('\\')
	}
	if p.slashes%2 == 1 {
		r.output.WriteString(p.source)
		return onward, nil
	}
	value, err := p.value(r)
	if err == nil {
		r.output.WriteString(Text(value))
	}
	return onward, err
}

func (a assignment) render(r *run) (flow, error) {
	if err := r.step(a.place); err != nil {
		return onward, err
	}
	value, err := a.value.value(r)
	if err != nil {
		return onward, err
	}
	return onward, r.set(a.target, value)
}

// set gives a variable, a property or an item a value. As in Velocity, what
// cannot take it is left as it is.
func (r *run) set(target reference, value any) error {
	if len(target.steps) == 0 {
		r.variables[target.name] = value
		return nil
	}
	last := len(target.steps) - 1
	holder, err := reference{place: target.place, name: target.name, steps: target.steps[:last]}.value(r)
	if err != nil {
		return err
	}
	var key any
	switch s := target.steps[last].(type) {
	case property:
		key = s.name
	case index:
		if key, err = s.of.value(r); err != nil {
			return err
		}
	}
	switch h := holder.(type) {
	case *Map:
		h.Put(Text(key), value)
	case *List:
		if i, ok := position(key, len(h.Items)); ok {
			h.Items[i] = value
		}
	}
	return nil
}

func (b branches) render(r *run) (flow, error) {
	for _, one := range b {
		if one.condition != nil {
			value, err := one.condition.value(r)
			if err != nil {
				return onward, err
			}
			if !truth(value) {
				continue
			}
		}
		return r.block(one.body)
	}
	return onward, nil
}

// render runs the body for each item of a list or value of a map; $foreach has
// the iteration.
func (l loop) render(r *run) (flow, error) {
	list, err := l.list.value(r)
	if err != nil {
		return onward, err
	}
	items := itemsOf(list)
	if len(items) > maxIterations {
		return onward, l.wrong("#foreach runs at most %d times, found %d items", maxIterations, len(items))
	}
	outer := map[string]any{}
	for _, name := range []string{l.variable, "foreach", "velocityCount"} {
		outer[name] = r.variables[name]
	}
	next := onward
	for i, item := range items {
		if err := r.step(l.place); err != nil {
			return onward, err
		}
		r.variables[l.variable] = item
		r.variables["foreach"] = iteration(i, len(items), outer["foreach"])
		r.variables["velocityCount"] = int64(i + 1)
		if next, err = r.block(l.body); err != nil {
			return onward, err
		}
		if next != onward {
			break
		}
	}
	for name, value := range outer {
		r.variables[name] = value
	}
	if next == leave {
		next = onward
	}
	return next, nil
}

func iteration(i, n int, parent any) *Map {
	m := NewMap()
	m.Put("index", int64(i))
	m.Put("count", int64(i+1))
	m.Put("hasNext", i+1 < n)
	m.Put("first", i == 0)
	m.Put("last", i+1 == n)
	m.Put("parent", parent)
	return m
}

// itemsOf is what #foreach goes through.
func itemsOf(value any) []any {
	switch v := value.(type) {
	case *List:
		return append([]any(nil), v.Items...)
	case *Map:
		return v.values()
	}
	return nil
}

// truth is what #if makes of a value: only null and false are not true, so an
// empty text is.
func truth(value any) bool {
	held, isBool := value.(bool)
	return value != nil && (!isBool || held)
}

func (l literal) value(*run) (any, error) { return l.of, nil }

func (i interpolated) value(r *run) (any, error) {
	inner := &run{variables: r.variables, steps: r.steps}
	_, err := inner.block(i.body)
	r.steps = inner.steps
	return inner.output.String(), err
}

func (l listing) value(r *run) (any, error) {
	items, err := r.all(l.items)
	return &List{Items: items}, err
}

func (r *run) all(expressions []expression) ([]any, error) {
	values := make([]any, len(expressions))
	for i, e := range expressions {
		var err error
		if values[i], err = e.value(r); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// value is the whole numbers from one end to the other, in either direction.
func (s span) value(r *run) (any, error) {
	ends, err := r.all([]expression{s.from, s.to})
	if err != nil {
		return nil, err
	}
	from, ok := ends[0].(int64)
	to, okTo := ends[1].(int64)
	if !ok || !okTo {
		return nil, nil
	}
	if math.Abs(float64(to)-float64(from)) > maxIterations {
		return nil, s.wrong("a range has at most %d numbers", maxIterations)
	}
	list, step := &List{}, int64(1)
	if to < from {
		step = -1
	}
	for n := from; ; n += step {
		list.Items = append(list.Items, n)
		if n == to {
			return list, nil
		}
	}
}

func (m mapping) value(r *run) (any, error) {
	keys, err := r.all(m.keys)
	if err != nil {
		return nil, err
	}
	values, err := r.all(m.values)
	if err != nil {
		return nil, err
	}
	made := NewMap()
	for i, key := range keys {
		made.Put(Text(key), values[i])
	}
	return made, nil
}

// value follows the steps; a step from nothing leads to nothing.
func (f reference) value(r *run) (any, error) {
	if err := r.step(f.place); err != nil {
		return nil, err
	}
	value := r.variables[f.name]
	for _, s := range f.steps {
		if value == nil {
			return nil, nil
		}
		var err error
		switch s := s.(type) {
		case property:
			value = get(value, s.name)
		case index:
			var key any
			if key, err = s.of.value(r); err == nil {
				value = at(value, key)
			}
		case call:
			value, err = r.call(value, s)
		}
		if err != nil {
			return nil, err
		}
	}
	return value, nil
}

func get(value any, name string) any {
	switch v := value.(type) {
	case Object:
		return v.Get(name)
	case *Map:
		return v.Get(name)
	}
	return nil
}

// at is value[key].
func at(value, key any) any {
	list, ok := value.(*List)
	if !ok {
		return get(value, Text(key))
	}
	if i, ok := position(key, len(list.Items)); ok {
		return list.Items[i]
	}
	return nil
}

// position is the index that a key means in a list of n items; a negative one
// counts from the end.
func position(key any, n int) (int, bool) {
	i, ok := key.(int64)
	if i < 0 {
		i += int64(n)
	}
	return int(i), ok && i >= 0 && i < int64(n)
}

func (r *run) call(value any, c call) (any, error) {
	arguments, err := r.all(c.arguments)
	if err != nil {
		return nil, err
	}
	object, isObject := value.(Object)
	if !isObject {
		return c.method(value, arguments)
	}
	result, err := object.Call(c.name, arguments)
	if err != nil {
		return nil, &Error{Line: c.line, Column: c.column, Message: c.name + ": " + err.Error(), Cause: err}
	}
	return result, nil
}
