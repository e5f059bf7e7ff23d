package cognitoidp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// functions stand for Lambda behind the account's doors. A function without a
// handler returns its event as it came.
type functions struct {
	t        testing.TB
	handlers map[string]func(event object) (any, error)
	// late is how many calls of a function go unanswered.
	late map[string]int
	// denied are functions that may not be invoked, and roles not assumed.
	denied map[string]bool
	// web answers for hosts outside AWS, nil when there are none.
	web func(api.HTTPRequest) api.HTTPResponse
}

func newFunctions(t testing.TB) *functions {
	return &functions{t: t, handlers: map[string]func(object) (any, error){}, late: map[string]int{}, denied: map[string]bool{}}
}

// payloadText is what a function returned, as it is.
type payloadText string

const functionPrefix = "arn:aws:lambda:us-east-1:123456789012:function:"

// Call answers lambda:Invoke, and sts:AssumeRole, as the API door does.
func (f *functions) Call(span *trace.Span, call api.Call) (map[string]any, error) {
	payload, _ := call.Input["Payload"].(string)
	function, _ := call.Input["FunctionName"].(string)
	name := strings.TrimPrefix(function, functionPrefix)
	exchange := span.Open(call.From, "Lambda", call.Service+":"+call.Operation, trace.Message{Body: payload})
	defer exchange.Close(trace.Message{Status: 200})
	if call.Caller.Service != "cognito-idp.amazonaws.com" || !strings.HasPrefix(call.Caller.SourceARN, "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_") {
		f.t.Errorf("%s is invoked by %v", name, call.Caller)
	}
	if role, ok := call.Input["RoleArn"].(string); ok {
		name = role
	}
	switch {
	case f.denied[name]:
		return nil, awserr.WithStatus(403, "AccessDeniedException", "User is not authorized")
	case f.late[name] > 0:
		f.late[name]--
		return nil, api.TimeoutError{After: call.Patience}
	}
	if call.Service == "sts" {
		return map[string]any{}, nil
	}
	var event object
	if err := json.Unmarshal([]byte(payload), &event); err != nil {
		f.t.Fatalf("%s: %v", name, err)
	}
	var returned any = event
	if handler := f.handlers[name]; handler != nil {
		var err error
		if returned, err = handler(event); err != nil {
			return map[string]any{"FunctionError": "Unhandled", "Payload": `{"errorType":"Error","errorMessage":` + quoted(err.Error()) + `}`}, nil
		}
	}
	if raw, ok := returned.(payloadText); ok {
		return map[string]any{"StatusCode": float64(200), "Payload": string(raw)}, nil
	}
	return map[string]any{"StatusCode": float64(200), "Payload": quoted(returned)}, nil
}

// Send is the door that triggers never use: it leads to identity providers.
func (f *functions) Send(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	if f.web != nil {
		return f.web(request), nil
	}
	return api.HTTPResponse{}, errors.New("no site answers")
}

func quoted(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// triggerPool is a pool with a function of the same name for each trigger, and
// further properties.
func triggerPool(properties string, triggers ...string) string {
	config := make([]string, len(triggers))
	for i, name := range triggers {
		config[i] = name + ": '" + functionPrefix + name + "'"
	}
	return `
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {` + strings.Join(config, ", ") + `}, ` + properties + `}}` + allFlows
}

const allFlows = `
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_CUSTOM_AUTH, ALLOW_USER_SRP_AUTH]
`

// on sets what a function does with an event.
func (a *account) on(function string, handler func(event object) (any, error)) {
	a.functions.handlers[function] = handler
}

// answers lets a function return its event with the given response.
func (a *account) answers(function string, response object) {
	a.on(function, func(event object) (any, error) {
		event["response"] = response
		return event, nil
	})
}

// throws lets a function throw.
func (a *account) throws(function, message string) {
	a.on(function, func(object) (any, error) { return nil, errors.New(message) })
}

// asked are the events that functions got in the latest call.
func (a *account) asked() []object {
	a.T.Helper()
	var events []object
	for _, e := range a.Last.Events {
		if e.Kind != trace.Request || e.Title != "lambda:Invoke" {
			continue
		}
		var event object
		if err := json.Unmarshal([]byte(e.Message.Body), &event); err != nil {
			a.T.Fatal(err)
		}
		events = append(events, event)
	}
	return events
}

// askedOf is the request part of the one event of the latest call.
func (a *account) askedOf(source string) object {
	a.T.Helper()
	for _, event := range a.asked() {
		if event["triggerSource"] == source {
			request, _ := event["request"].(object)
			return request
		}
	}
	a.T.Fatalf("no event %s", source)
	return nil
}
