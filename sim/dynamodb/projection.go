package dynamodb

import (
	"errors"

	"claimcheck/sim/trace"
)

// readProjection reads a ProjectionExpression, the last expression of its
// request: placeholders that are then unused are a fault. Without one the
// whole item is picked.
func readProjection(span *trace.Span, expression string, given *placeholders) (pick func(item) item, err error) {
	if expression == "" {
		return func(it item) item { return it }, expressionFault(span, "", given.unused())
	}
	p := newParser("ProjectionExpression", expression, given)
	paths := []path{p.path()}
	for p.accept(",") {
		paths = append(paths, p.path())
	}
	if err := p.end(); err != nil {
		return nil, expressionFault(span, expression, err)
	}
	if err := given.unused(); err != nil {
		return nil, expressionFault(span, expression, err)
	}
	for _, at := range paths {
		for _, s := range at {
			if s.name == "" {
				return nil, errors.New("list elements in a ProjectionExpression are not simulated")
			}
		}
	}
	return func(it item) item { return project(it, paths) }, expressionFault(span, expression, nil)
}

// project keeps what the paths lead to.
func project(it item, paths []path) item {
	if it == nil {
		return nil
	}
	kept := item{}
	for _, at := range paths {
		v, ok := at.in(it)
		if !ok {
			continue
		}
		into := kept
		for _, s := range at[:len(at)-1] {
			next, ok := into[s.name]
			if !ok {
				next = value{kind: document, fields: item{}}
				into[s.name] = next
			}
			into = next.fields
		}
		into[at[len(at)-1].name] = v.clone()
	}
	return kept
}
