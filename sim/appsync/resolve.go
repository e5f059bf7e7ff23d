package appsync

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"claimcheck/sim/appsync/resolverjs"
)

// resolve answers a field: with its resolver, or with the member of that name of
// the object around it. What goes wrong is added to the response's errors and
// the value is nil; err is an error of the simulation.
func (c *call) resolve(f *field, source any, path []any) (any, error) {
	r, ok := c.api.resolvers[f.parent.Name+"."+f.name]
	if !ok {
		return memberOf(source, f.name), nil
	}
	context, err := c.contextOf(f, source)
	if err != nil {
		return nil, err
	}
	e := &execution{call: c, field: f, path: path, context: context}
	value, err := e.run(r)
	var failed fieldError
	if errors.As(err, &failed) {
		c.fail(f, path, failed)
		return nil, nil
	}
	return value, err
}

// memberOf is the member of an object, nil where there is none.
func memberOf(source any, name string) any {
	if part, ok := source.(described); ok {
		return part.member(name)
	}
	members, _ := source.(map[string]any)
	return members[name]
}

// execution is one resolver at work on one field.
type execution struct {
	*call
	field *field
	path  []any
	// context is ctx without result and error.
	context map[string]any
}

// run takes a resolver through its steps. A pipeline's are: the resolver's
// request, then each function, then the resolver's response.
func (e *execution) run(r *resolver) (any, error) {
	switch {
	case r.pipeline:
		return e.pipeline(r)
	case r.code.empty():
		return e.direct(r.source)
	}
	return e.step(r.code, r.source)
}

// direct hands the whole context to a Lambda function; what it returns is the
// value, and an error of the function is the field's.
// https://docs.aws.amazon.com/appsync/latest/devguide/direct-lambda-reference.html
func (e *execution) direct(d *dataSource) (any, error) {
	value, err := e.invoke(d, e.context)
	if err == nil {
		e.span.Decide(RuleResolverError, true, e.name()+" without an error", "a result")
		return value, nil
	}
	return nil, e.refuse(err)
}

// refuse records an error that the field ends with.
func (e *execution) refuse(err error) error {
	var failed fieldError
	if errors.As(err, &failed) {
		e.span.Decide(RuleResolverError, false, e.name()+" without an error", abbreviate(cmp.Or(failed.errorType, "error")+": "+failed.message))
	}
	return err
}

func (e *execution) name() string { return e.field.parent.Name + "." + e.field.name }

// pipeline hands on what each step returned as ctx.prev.result.
func (e *execution) pipeline(r *resolver) (any, error) {
	before, early, err := e.half(r.code, resolverjs.Request, nil)
	if err != nil || early {
		return before, err
	}
	previous := before
	for _, f := range r.functions {
		e.context = with(e.context, map[string]any{"prev": map[string]any{"result": previous}})
		if previous, err = e.step(f.code, f.source); err != nil {
			return nil, err
		}
	}
	e.context = with(e.context, map[string]any{"prev": map[string]any{"result": previous}})
	value, _, err := e.half(r.code, resolverjs.Response, map[string]any{"result": previous})
	return value, err
}

// step is the round of one data source: request, the source, response. An error
// of the source is ctx.error, and the code decides what becomes of it; with
// templates of version 2017-02-28 it ends the field.
// https://github.com/aws/aws-appsync-community/issues/82
func (e *execution) step(c code, d *dataSource) (any, error) {
	request, early, err := e.half(c, resolverjs.Request, nil)
	if err != nil || early {
		return request, err
	}
	result, err := e.ask(d, request)
	var failed fieldError
	outcome := map[string]any{"result": result, "error": nil}
	switch members, _ := request.(map[string]any); {
	case errors.As(err, &failed) && members["version"] == "2017-02-28":
		return nil, e.refuse(err)
	case errors.As(err, &failed):
		outcome["error"] = map[string]any{"message": failed.message, "type": failed.errorType}
	case err != nil:
		return nil, err
	}
	value, _, err := e.half(c, resolverjs.Response, outcome)
	return value, err
}

// half runs the request or the response of a code with ctx. early is true when it
// called runtime.earlyReturn. Its error is a fieldError when the field ends with
// one.
func (e *execution) half(c code, f resolverjs.Function, more map[string]any) (value any, early bool, err error) {
	result, err := e.runHalf(c, f, with(e.context, more))
	if err != nil {
		return nil, false, fmt.Errorf("the resolver of %s: %w", e.name(), err)
	}
	for _, appended := range result.Appended {
		e.fail(e.field, e.path, codeError(appended))
	}
	if result.Stash != nil {
		e.context = with(e.context, map[string]any{"stash": result.Stash})
	}
	wanted := e.name() + ": " + string(f) + " lets the caller pass"
	switch result.Outcome {
	case resolverjs.Unauthorized:
		e.span.Decide(RuleResolverUnauthorized, false, wanted, "util.unauthorized()")
		return nil, false, fieldError{errorType: "Unauthorized", message: "Not Authorized to access " + e.field.name + " on type " + e.field.parent.Name}
	case resolverjs.Raised:
		return nil, false, e.refuse(codeError(result.Error))
	case resolverjs.Broke:
		e.span.Log("ERROR " + result.Error.Message)
		if result.Error.Type != "" {
			return nil, false, e.refuse(codeError(result.Error))
		}
		return nil, false, e.refuse(fieldError{errorType: "Code", message: "Runtime Error"})
	}
	e.span.Note(RuleResolverUnauthorized, true, wanted, "it returned")
	e.span.Note(RuleResolverError, true, e.name()+" without an error", string(f)+" returned")
	return result.Value, result.Outcome == resolverjs.Early, nil
}

// codeError is an error of util.error or util.appendError.
func codeError(e resolverjs.Error) fieldError {
	return fieldError{errorType: e.Type, message: e.Message, data: e.Data, info: e.Info}
}

// random gives n bytes in hexadecimal, the same in every run.
func (e *execution) random(n int) string {
	sum := sha256.Sum256([]byte(e.world.UUID()))
	return hex.EncodeToString(sum[:])[:2*min(n, len(sum))]
}
