package dynamodb

// badPath is DynamoDB's error for a path into something that is not there.
func badPath() error {
	return validation("The document path provided in the update expression is invalid for update")
}

// set puts a value where the path leads. Every part but the last must exist; a
// list index behind the end appends.
func (s path) set(it item, v value) error {
	fields := map[string]value(it)
	return s.change(fields, func(at place) { at.put(v) })
}

// remove takes away what the path leads to. Nothing there is no fault.
func (s path) remove(it item) error {
	return s.change(it, func(at place) { at.drop() })
}

// place is the last part of a path in its container.
type place struct {
	put  func(value)
	drop func()
}

// change walks to the last part of the path and changes the containers on the
// way back: values are copies.
func (s path) change(fields map[string]value, act func(place)) error {
	name := s[0].name
	if len(s) == 1 {
		act(place{put: func(v value) { fields[name] = v }, drop: func() { delete(fields, name) }})
		return nil
	}
	v, ok := fields[name]
	if !ok {
		return badPath()
	}
	err := s[1:].changeIn(&v, act)
	fields[name] = v
	return err
}

func (s path) changeIn(v *value, act func(place)) error {
	if s[0].name != "" {
		if v.kind != document {
			return badPath()
		}
		return s.change(v.fields, act)
	}
	i := s[0].index
	if v.kind != list {
		return badPath()
	}
	if len(s) > 1 {
		if i >= len(v.items) {
			return badPath()
		}
		return s[1:].changeIn(&v.items[i], act)
	}
	act(place{
		put: func(new value) {
			if i < len(v.items) {
				v.items[i] = new
			} else {
				v.items = append(v.items, new)
			}
		},
		drop: func() {
			if i < len(v.items) {
				v.items = append(v.items[:i], v.items[i+1:]...)
			}
		},
	})
	return nil
}
