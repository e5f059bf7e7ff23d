package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/shape"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
)

// The rules of the API door itself.
const (
	RuleOperation trace.RuleID = "aws.no-such-operation"
	RuleInput     trace.RuleID = "aws.input"
)

func doorRules() []trace.Rule {
	return []trace.Rule{{
		ID:         RuleOperation,
		Statement:  "A service has a closed list of operations; a command that names another one does not exist.",
		Source:     "https://docs.aws.amazon.com/general/latest/gr/CommonErrors.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleInput,
		Statement:  "An SDK refuses an input with a missing, unknown or mistyped member before anything is sent.",
		Source:     "https://docs.aws.amazon.com/boto3/latest/guide/error-handling.html",
		Confidence: trace.Documented,
	}}
}

// Call runs one API operation in numbered phases, as AWS does:
//
//  1. the operation exists
//  2. the input has the operation's shape (an SDK checks this before it sends)
//  3. the caller is authenticated, unless the operation is public
//  4. IAM authorizes the caller, unless the operation is public
//  5. the service runs the operation
//
// A service or member that AWS has and the simulation does not is an error that
// is no *awserr.Error.
func (d doors) Call(span *trace.Span, call api.Call) (map[string]any, error) {
	service, ok := d.account.services[call.Service]
	if !ok {
		return nil, fmt.Errorf("the service %q is not simulated", call.Service)
	}
	body, err := json.Marshal(call.Input)
	if err != nil {
		return nil, fmt.Errorf("the input cannot be written as JSON: %w", err)
	}
	request, err := d.signed(service, call, string(body))
	if err != nil {
		return nil, err
	}
	exchange := span.Open(call.From, service.Name, call.Service+":"+call.Operation, trace.Message{Headers: shown(request.Header), Body: string(body)})
	output, err := d.serve(exchange, service, call, request)
	closeCall(exchange, output, err)
	return output, err
}

func (d doors) serve(span *trace.Span, service api.Service, call api.Call, request api.HTTPRequest) (map[string]any, error) {
	// 1
	operation, err := findOperation(span, service, call.Operation)
	if err != nil {
		return nil, err
	}
	// 2
	input, faults := operation.Decode(call.Input)
	if err := checkInput(span, call, faults); err != nil {
		return nil, err
	}
	if operation.Access != api.Signed {
		return operation.Run(api.Context{Span: span, Patience: call.Patience}, input)
	}
	// 3
	principal, err := d.authenticate(span, call, request)
	if err != nil {
		return nil, named(service, err)
	}
	// 4
	if err := d.authorize(span, service, operation, principal, input); err != nil {
		return nil, err
	}
	// 5
	return operation.Run(api.Context{Span: span, Principal: principal, Patience: call.Patience}, input)
}

func findOperation(span *trace.Span, service api.Service, name string) (api.Operation, error) {
	for _, operation := range service.Operations {
		if operation.Name == name {
			span.Note(RuleOperation, true, "an operation of "+service.Prefix, name)
			return operation, nil
		}
	}
	for _, other := range service.Unsimulated {
		if other == name {
			return api.Operation{}, fmt.Errorf("AWS has %s:%s, the simulation does not", service.Prefix, name)
		}
	}
	span.Decide(RuleOperation, false, "an operation of "+service.Prefix, name)
	return api.Operation{}, awserr.New("InvalidAction", "The action or operation requested is invalid: %s", name)
}

func checkInput(span *trace.Span, call api.Call, faults []shape.Fault) error {
	for _, fault := range faults {
		if fault.Kind == shape.Unsimulated {
			return fmt.Errorf("%s:%s: %s", call.Service, call.Operation, fault)
		}
	}
	wanted := "members of " + call.Operation
	if len(faults) == 0 {
		span.Note(RuleInput, true, wanted, "all known, all types right")
		return nil
	}
	texts := make([]string, len(faults))
	for i, fault := range faults {
		texts[i] = fault.String()
	}
	span.Decide(RuleInput, false, wanted, texts[0])
	return awserr.New("ParamValidationError", "Parameter validation failed: %s", strings.Join(texts, "; "))
}

// signed builds the request as an SDK would send it.
func (d doors) signed(service api.Service, call api.Call, body string) (api.HTTPRequest, error) {
	request := api.HTTPRequest{
		From: call.From, Method: "POST", URL: "https://" + service.Host + "/", Body: body,
		Header: service.JSON.Header(call.Operation),
	}
	if call.Caller.Credentials == nil {
		return request, nil
	}
	err := sigv4.Sign(&request, *call.Caller.Credentials, service.Prefix, d.account.world.Region(), d.account.world.Now())
	return request, err
}

func (d doors) authenticate(span *trace.Span, call api.Call, request api.HTTPRequest) (api.Principal, error) {
	if call.Caller.Service == "" {
		return d.account.iam.Authenticate(span, request, call.Service)
	}
	keys := map[string][]string{}
	if call.Caller.SourceARN != "" {
		keys["aws:SourceArn"] = []string{call.Caller.SourceARN}
		keys["aws:SourceAccount"] = []string{d.account.world.Account()}
	}
	return api.Principal{Type: api.ServiceCaller, Service: call.Caller.Service, Account: d.account.world.Account(), Keys: keys}, nil
}

// named is an error of a signature under the service's own name for it.
func named(service api.Service, err error) error {
	var refusal *awserr.Error
	if service.SignatureError == nil || !errors.As(err, &refusal) {
		return err
	}
	return service.SignatureError(refusal)
}

func (d doors) authorize(span *trace.Span, service api.Service, operation api.Operation, principal api.Principal, input any) error {
	target := api.Target{}
	if operation.Target != nil {
		target = operation.Target(input)
	}
	if target.Resource == "" {
		target.Resource = "*"
	}
	action := operation.Action
	if action == "" {
		action = service.Prefix + ":" + operation.Name
	}
	decision := d.account.iam.Authorize(span, api.Authorization{
		Principal: principal, Action: action, Resource: target.Resource, ResourcePolicy: target.Policy, Keys: target.Keys,
	})
	if decision.Allowed {
		return nil
	}
	if service.Denial != nil {
		return service.Denial(decision.Message)
	}
	return awserr.New("AccessDeniedException", "%s", decision.Message)
}

// shown are the request headers worth a look.
func shown(h api.Header) map[string]string {
	headers := h.Flat()
	delete(headers, "content-type")
	return headers
}

func closeCall(span *trace.Span, output map[string]any, err error) {
	if span == nil {
		return
	}
	if err == nil {
		body, marshalErr := json.Marshal(output)
		if marshalErr != nil {
			body = []byte("{}")
		}
		span.Close(trace.Message{Status: 200, Body: string(body)})
		return
	}
	if timeout := (api.TimeoutError{}); errors.As(err, &timeout) {
		span.Close(trace.Message{Error: "Timeout", Body: err.Error()})
		return
	}
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		span.Close(trace.Message{Error: "NotSimulated", Body: err.Error()})
		return
	}
	body, marshalErr := json.Marshal(map[string]string{"__type": refusal.Code, "message": refusal.Message})
	if marshalErr != nil {
		body = []byte("{}")
	}
	span.Close(trace.Message{Status: refusal.Status, Error: refusal.Code, Body: string(body)})
}
