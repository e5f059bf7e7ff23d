package appsync

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// session is the credentials of a data source's service role until expires.
type session struct {
	credentials *api.Credentials
	expires     time.Time
}

// ask sends a request, as resolver code returned it, to a data source. Its error
// is a fieldError when the source refuses.
func (e *execution) ask(d *dataSource, request any) (any, error) {
	members, isMap := request.(map[string]any)
	switch d.kind {
	case sourceNone:
		return members["payload"], nil
	case sourceLambda:
		if !isMap || members["operation"] != "Invoke" {
			return nil, fmt.Errorf("%s: a request to a Lambda data source wants operation Invoke, found %v", e.name(), members["operation"])
		}
		if kind := members["invocationType"]; kind != nil && kind != "RequestResponse" {
			return nil, notSimulated("invocationType %v of a Lambda data source", kind)
		}
		return e.invoke(d, members["payload"])
	}
	if !isMap {
		return nil, fmt.Errorf("%s: the request to the table %s is no object", e.name(), d.table)
	}
	return e.table(d, members)
}

// invoke calls a data source's function with its service role.
// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-reference-lambda-js.html
func (e *execution) invoke(d *dataSource, event any) (any, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, fmt.Errorf("the event cannot be written as JSON: %w", err)
	}
	output, err := e.callAs(d, api.Call{
		From: Actor, Service: "lambda", Operation: "Invoke",
		Input: map[string]any{"FunctionName": d.function, "Payload": string(payload)},
	}, "Lambda")
	if err != nil {
		return nil, err
	}
	text := textOf(output["Payload"])
	if _, failed := output["FunctionError"]; failed {
		return nil, fieldError{errorType: "Lambda:Unhandled", message: errorMessage(text)}
	}
	var value any
	if err := json.Unmarshal([]byte(cmp.Or(text, "null")), &value); err != nil {
		return nil, fmt.Errorf("the function %s answered %q, which is no JSON", d.function, text)
	}
	return value, nil
}

// callAs runs an AWS operation with the service role of a data source. A refusal
// is a fieldError whose type begins with the source's prefix.
func (e *execution) callAs(d *dataSource, call api.Call, prefix string) (map[string]any, error) {
	credentials, err := e.assume(d)
	if err != nil {
		return nil, err
	}
	call.Caller = api.Caller{Credentials: credentials}
	output, err := e.doors.Call(e.span, call)
	var refused *awserr.Error
	if errors.As(err, &refused) {
		return nil, fieldError{errorType: prefix + ":" + refused.Code, message: refused.Message}
	}
	return output, err
}

// assume takes on the service role, or the credentials of the last time while
// they are valid.
// https://docs.aws.amazon.com/appsync/latest/devguide/attaching-a-data-source.html
func (e *execution) assume(d *dataSource) (*api.Credentials, error) {
	if now := e.world.Now(); d.session.credentials != nil && now.Before(d.session.expires) {
		return d.session.credentials, nil
	}
	credentials, expires, refused, err := api.Assume(e.doors, e.span, Actor, api.Caller{Service: principal},
		map[string]any{"RoleArn": d.role, "RoleSessionName": "APPSYNC_ASSUME_ROLE"})
	if err != nil {
		return nil, err
	}
	if !e.span.Decide(RuleServiceRole, refused == nil, "a role that "+principal+" may assume", abbreviate(d.role)) {
		return nil, fieldError{errorType: "Unauthorized", message: "Unable to assume role " + d.role}
	}
	d.session = session{credentials: &credentials, expires: expires}
	return d.session.credentials, nil
}
