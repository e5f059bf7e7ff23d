package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/shape"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
	"claimcheck/sim/wire"
)

// Call runs one API operation as an SDK does, in the phases of serve. A service
// or member that AWS has and the simulation does not is an error that is no
// *awserr.Error.
func (d doors) Call(span *trace.Span, call api.Call) (map[string]any, error) {
	service, ok := d.account.services[call.Service]
	if !ok {
		return nil, fmt.Errorf("the service %q is not simulated", call.Service)
	}
	request, err := d.signed(service, call)
	if err != nil {
		return nil, err
	}
	to := doors{d.receiver(call, request)}
	service = to.account.services[call.Service]
	exchange := span.Open(d.account.lane(call.From), to.account.lane(service.Name), call.Service+":"+call.Operation, opening(request))
	output, err := to.serve(exchange, arrival{from: d.account, service: service, call: call, request: request, reader: sdk{}})
	response, wireErr := to.answer(service, call.Operation, output, err)
	exchange.Close(closing(response, errors.Join(err, wireErr)))
	return output, err
}

// arrival is one call on its way through the phases.
type arrival struct {
	// from is the account by whose doors the call came, and for which an AWS
	// service calls.
	from    *Account
	service api.Service
	call    api.Call
	// request is the call as it travels.
	request api.HTTPRequest
	reader  reader
}

// reader is who looks at a call first and refuses what is wrong with its form.
type reader interface {
	// unknown refuses an operation that the service does not have.
	unknown(s api.Service, operation string) error
	// check refuses an input that is not the operation's; none of the faults is
	// one of the simulation.
	check(span *trace.Span, s api.Service, operation string, faults []shape.Fault) error
}

// serve runs a call in numbered phases, as AWS does:
//
//  1. the operation exists
//  2. the input has the operation's shape
//  3. the caller is authenticated, unless the operation is public
//  4. IAM authorizes the caller, unless the operation is public
//  5. the service runs the operation
func (d doors) serve(span *trace.Span, a arrival) (map[string]any, error) {
	// 1
	operation, err := findOperation(span, a)
	if err != nil {
		return nil, err
	}
	// 2
	input, faults := operation.Decode(a.call.Input)
	for _, fault := range faults {
		if fault.Kind == shape.Unsimulated {
			return nil, fmt.Errorf("%s:%s: %s", a.call.Service, a.call.Operation, fault)
		}
	}
	if err := a.reader.check(span, a.service, a.call.Operation, faults); err != nil {
		return nil, err
	}
	if operation.Access != api.Signed {
		return operation.Run(api.Context{Span: span, Patience: a.call.Patience}, input)
	}
	// 3
	principal, err := d.authenticate(span, a)
	if err != nil {
		return nil, named(a.service, err)
	}
	// 4
	if err := d.authorize(span, a.service, operation, principal, input); err != nil {
		return nil, err
	}
	// 5
	return operation.Run(api.Context{Span: span, Principal: principal, Patience: a.call.Patience}, input)
}

func findOperation(span *trace.Span, a arrival) (api.Operation, error) {
	name, wanted := a.call.Operation, "an operation of "+a.service.Prefix
	if operation, ok := a.service.Operation(name); ok {
		span.Note(RuleOperation, true, wanted, name)
		return operation, nil
	}
	if slices.Contains(a.service.Unsimulated, name) {
		return api.Operation{}, fmt.Errorf("AWS has %s:%s, the simulation does not", a.service.Prefix, name)
	}
	span.Decide(RuleOperation, false, wanted, name)
	return api.Operation{}, a.reader.unknown(a.service, name)
}

// signed is the request as an SDK would send it.
func (d doors) signed(service api.Service, call api.Call) (api.HTTPRequest, error) {
	request, err := wire.Request(service, wire.Call{Operation: call.Operation, Input: call.Input})
	if err != nil {
		return api.HTTPRequest{}, err
	}
	request.From = call.From
	if call.Caller.Credentials == nil {
		return request, nil
	}
	err = sigv4.Sign(&request, *call.Caller.Credentials, service.Prefix, d.account.world.Region(), d.account.world.Now())
	return request, err
}

func (d doors) authenticate(span *trace.Span, a arrival) (api.Principal, error) {
	call := a.call
	if call.Caller.Principal != nil {
		return *call.Caller.Principal, nil
	}
	if call.Caller.Service == "" {
		return d.account.iam.Authenticate(span, a.request, call.Service)
	}
	keys := map[string][]string{}
	if call.Caller.SourceARN != "" {
		keys["aws:SourceArn"] = []string{call.Caller.SourceARN}
		keys["aws:SourceAccount"] = []string{a.from.ID()}
	}
	return api.Principal{Type: api.ServiceCaller, Service: call.Caller.Service, Account: a.from.ID(), Keys: keys}, nil
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
	if service.Denial != nil && service.Reticent && decision.Outside {
		return service.Denial("")
	}
	if service.Denial != nil {
		return service.Denial(decision.Message)
	}
	return awserr.New("AccessDeniedException", "%s", decision.Message)
}

// answer is what travels back. It is the zero response when nothing does.
func (d doors) answer(service api.Service, operation string, output map[string]any, err error) (api.HTTPResponse, error) {
	id := d.account.world.RequestID()
	if err == nil {
		return wire.Response(service, operation, output, id)
	}
	var refusal *awserr.Error
	if errors.As(err, &refusal) {
		return wire.Failure(service, refusal, id), nil
	}
	return api.HTTPResponse{}, nil
}

// opening is a request as a trace shows it.
func opening(request api.HTTPRequest) trace.Message {
	return trace.Message{Method: request.Method, URL: request.URL, Headers: shown(request.Header), Body: request.Body}
}

// closing is an answer as a trace shows it.
func closing(response api.HTTPResponse, err error) trace.Message {
	message := trace.Message{Status: response.Status, Headers: shown(response.Header), Body: response.Body}
	var refusal *awserr.Error
	switch {
	case err == nil:
	case errors.As(err, &refusal):
		message.Error = refusal.Code
	default:
		return trace.Message{Error: unanswered(err), Body: err.Error()}
	}
	return message
}

// shown are the headers worth a look: not those that are always the same.
func shown(h api.Header) map[string]string {
	headers := h.Flat()
	for _, name := range []string{"x-amzn-requestid", "x-amz-request-id", "x-amz-crc32", "content-length"} {
		delete(headers, name)
	}
	if strings.Contains(headers["content-type"], "json") || strings.Contains(headers["content-type"], "xml") {
		delete(headers, "content-type")
	}
	return headers
}
