// Package vtl is the Velocity Template Language as far as mapping templates
// use it: text, references with properties, methods and indexes, the
// directives #set, #if, #elseif, #else, #foreach, #break and #stop, comments,
// and #[[literal blocks]]#. It follows
// https://velocity.apache.org/engine/1.7/vtl-reference.html, with one
// difference that AWS made: a reference without a value prints nothing instead
// of its own source
// (https://sookocheff.com/post/api/checking-for-null-in-api-gateway/).
//
// The package owns the language, its values and the Java methods that text,
// lists and maps have. It refuses to know what $input or $util is: those are
// Objects that the caller brings.
package vtl

import (
	"fmt"
	"strings"
)

// The limits of one run. AWS allows 1,000 iterations of a #foreach
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
const (
	maxIterations = 1000
	maxSteps      = 200_000
	maxOutput     = 10 << 20
	maxDepth      = 100
)

// Template is a parsed template. It may be run many times.
type Template struct{ body []node }

// Error is what is wrong with a template, or what went wrong in a run of it.
type Error struct {
	// Line and Column count from 1; the column counts bytes.
	Line, Column int
	// Message is one phrase.
	Message string
	// Unsimulated is true for what Velocity has and this package does not.
	Unsimulated bool
	// Cause is the error of an Object, nil without one.
	Cause error
}

// Error is the message after its position.
func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Unwrap is the Cause.
func (e *Error) Unwrap() error { return e.Cause }

// Object is a value that the caller brings, such as $input.
type Object interface {
	// Get returns a property, nil for one that is not there.
	Get(name string) any
	// Call runs a method. Its error ends the run.
	Call(method string, arguments []any) (any, error)
}

// Parse reads a template. The error is an *Error.
func Parse(text string) (*Template, error) {
	p := &parser{text: text}
	body, end, err := p.block()
	if err != nil {
		return nil, err
	}
	if end.name != "" {
		return nil, end.wrong("#%s without #if or #foreach", end.name)
	}
	return &Template{body: body}, nil
}

// Constant returns what the template prints when it has no references and no
// directives.
func (t *Template) Constant() (string, bool) {
	var b strings.Builder
	for _, n := range t.body {
		plain, ok := n.(text)
		if !ok {
			return "", false
		}
		b.WriteString(string(plain))
	}
	return b.String(), true
}

// Run fills the template in. The values of variables are nil, bool, int64,
// float64, string, *List, *Map or Object; Value makes them. The error is an
// *Error.
func (t *Template) Run(variables map[string]any) (string, error) {
	r := &run{variables: map[string]any{}}
	for name, value := range variables {
		r.variables[name] = value
	}
	if _, err := r.block(t.body); err != nil {
		return "", err
	}
	if err := r.step(place{line: 1, column: 1}); err != nil {
		return "", err
	}
	return r.output.String(), nil
}

// run is one run of a template.
type run struct {
	variables map[string]any
	output    strings.Builder
	steps     int
}

// place is where in the template something stands.
type place struct{ line, column int }

func (p place) wrong(format string, args ...any) *Error {
	return &Error{Line: p.line, Column: p.column, Message: fmt.Sprintf(format, args...)}
}

// unsimulated is the error for what Velocity has and the package does not.
func (p place) unsimulated(format string, args ...any) *Error {
	e := p.wrong(format+": not simulated", args...)
	e.Unsimulated = true
	return e
}
