package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"claimcheck/sim/awserr"
	"claimcheck/sim/shape"
	"claimcheck/sim/trace"
)

// Access is the authorization class of an operation.
type Access string

// The classes.
const (
	// Unsigned operations are public: no credentials, IAM policies never apply.
	Unsigned Access = "unsigned"
	// AccessToken operations carry a user's access token in the input.
	AccessToken Access = "access token"
	// Signed operations need SigV4 and an IAM decision.
	Signed Access = "signed"
)

// Service is one AWS service behind the API door.
type Service struct {
	// Prefix is the IAM prefix, such as "cognito-idp".
	Prefix string
	// Name is its lane in a trace, such as "Cognito user pool".
	Name trace.Actor
	// Host is the endpoint's host name.
	Host string
	// Protocol is how the service's calls look on the network. A service without
	// operations needs none.
	Protocol   Protocol
	Operations []Operation
	// Unsimulated are the operations that AWS has and the simulation does not.
	Unsimulated []string
	// Rules are the service's own.
	Rules []trace.Rule
	// InvalidInput is the code of an input that breaks the model's constraints;
	// "" is ValidationException, and ValidationError in Query.
	InvalidInput string
	// Denial shapes the refusal of a signed call into the service's own error.
	// When it is nil the door answers AccessDeniedException with status 400.
	Denial func(message string) error
	// Reticent is true for a service that tells callers from outside the account and
	// its organization no reason: Denial gets "".
	Reticent bool
	// Has reports whether this account has what an input names by an id or a name
	// without an account, such as a bucket. It finds the account that is meant where
	// there are several; nil means that nothing here is named so.
	Has func(input map[string]any) bool
	// SignatureError gives an error of a caller's signature the service's own
	// name. When it is nil IAM's stands.
	SignatureError func(*awserr.Error) *awserr.Error
}

// Operation finds an operation by its name.
func (s Service) Operation(name string) (Operation, bool) {
	for _, operation := range s.Operations {
		if operation.Name == name {
			return operation, true
		}
	}
	return Operation{}, false
}

// Operation is one API operation. Build it with Operate.
type Operation struct {
	Name   string
	Access Access
	// Route is the method and path of an operation of a REST protocol, with
	// members of the input in braces, such as "GET /{Bucket}/{Key+}": {Key+} may
	// hold slashes. Constant parameters may follow a "?".
	Route string
	// Input and Output are the struct types that describe what travels. In REST
	// protocols an http tag says where a member does:
	//
	//	http:"header=Content-Type"   in that header
	//	http:"headers=x-amz-meta-"   a map, in headers with that prefix
	//	http:"query=prefix"          in that parameter
	//	http:"payload"               as the body
	//	http:"status"                as the status of the response
	Input, Output reflect.Type
	// Target is what a signed operation is authorized against; nil means
	// resource "*" and nothing else.
	Target func(in any) Target
	// Action is the IAM action when it is not Prefix:Name.
	Action string

	decode func(tree map[string]any) (any, []shape.Fault)
	run    func(c Context, in any) (any, error)
}

// Target is what an operation acts on, for the IAM decision.
type Target struct {
	// Resource is the ARN; "" means "*".
	Resource string
	// Policy is the resource's own policy document as a tree, nil without one.
	Policy any
	// Keys are the condition keys the request brings, such as s3:prefix.
	Keys map[string][]string
}

// Context is what an operation knows of the call that it serves.
type Context struct {
	// Span is the open exchange.
	Span *trace.Span
	// Principal is who calls, already authenticated and authorized; it is the
	// zero Principal for unsigned operations.
	Principal Principal
	// Patience is the Call's.
	Patience time.Duration
}

// Operate describes an operation by the function that runs it. In and Out are
// struct types whose fields are AWS's members.
func Operate[In, Out any](name string, access Access, run func(Context, In) (Out, error)) Operation {
	return Operation{
		Name: name, Access: access, Input: reflect.TypeFor[In](), Output: reflect.TypeFor[Out](),
		decode: func(tree map[string]any) (any, []shape.Fault) {
			var in In
			faults := shape.Decode(tree, &in, shape.Exact)
			return in, faults
		},
		run: func(c Context, in any) (any, error) { return run(c, in.(In)) },
	}
}

// On sets what a signed operation is authorized against.
func On[In any](op Operation, target func(In) Target) Operation {
	op.Target = func(in any) Target { return target(in.(In)) }
	return op
}

// Routed gives an operation of a REST protocol its Route.
func Routed(route string, op Operation) Operation {
	op.Route = route
	return op
}

// Decode turns an input tree into the operation's input struct, or returns
// every fault.
func (o Operation) Decode(tree map[string]any) (any, []shape.Fault) {
	if tree == nil {
		tree = map[string]any{}
	}
	return o.decode(tree)
}

// Run runs the operation on a decoded input and returns its output as a tree.
func (o Operation) Run(c Context, in any) (map[string]any, error) {
	out, err := o.run(c, in)
	if err != nil {
		return nil, err
	}
	return Tree(out)
}

// Tree turns a struct into a tree of JSON values. Times become epoch seconds
// through Epoch.
func Tree(v any) (map[string]any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("output cannot be written as JSON: %w", err)
	}
	tree := map[string]any{}
	if err := json.Unmarshal(text, &tree); err != nil {
		return nil, fmt.Errorf("output is not a structure: %w", err)
	}
	return tree, nil
}

// Timestamp is a moment in whole seconds since 1970, as the JSON protocols write
// it. The XML protocols write it as ISO 8601, and headers as HTTP does.
type Timestamp int64

// Epoch is a time as a member of an output.
func Epoch(t time.Time) Timestamp { return Timestamp(t.Unix()) }

// Time is the moment in UTC.
func (t Timestamp) Time() time.Time { return time.Unix(int64(t), 0).UTC() }
