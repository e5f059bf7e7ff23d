// Package wire is how calls of AWS services look on the network, both ways: the
// request that an SDK sends and the answer it gets, in the protocol that the
// service speaks. It owns AWS JSON, Query, REST-XML and REST-JSON, and the form
// of an error in each. It refuses to know what any operation does, who calls,
// and whether an input is complete: what it reads is as strict as the protocol.
//
// Sources: https://smithy.io/2.0/aws/protocols/index.html, and for S3
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
package wire

import (
	"fmt"
	"net/url"
	"reflect"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/shape"
)

const (
	contentType  = "content-type"
	targetHeader = "x-amz-target"
	formType     = "application/x-www-form-urlencoded"
)

// Call is what a request asks for.
type Call struct {
	Operation string
	// Input is a tree of JSON values.
	Input map[string]any
}

// Request is a call as an SDK sends it, but for the signature. Members that the
// operation does not have are left out by the REST protocols, which have no
// place for them; an operation that the service does not have is sent as if it
// had. An error means that the input cannot be written at all.
func Request(s api.Service, c Call) (api.HTTPRequest, error) {
	operation := find(s, c.Operation)
	switch {
	case s.Protocol.Encoding == api.Query:
		return queryRequest(s, c), nil
	case operation.Route != "":
		return restRequest(s, operation, c.Input)
	default:
		return jsonRequest(s, c)
	}
}

// Parse reads a request as the service does. An error is an *awserr.Error when
// the protocol has an answer to such a request; any other means that no
// operation which the simulation has is asked for.
func Parse(s api.Service, r api.HTTPRequest) (Call, error) {
	address, err := url.Parse(r.URL)
	if err != nil {
		return Call{}, fmt.Errorf("%q is no address: %w", r.URL, err)
	}
	switch s.Protocol.Encoding {
	case api.Query:
		return parseQuery(s, r, address)
	case api.RESTXML, api.RESTJSON:
		return parseREST(s, r, address)
	default:
		return parseJSON(s, r)
	}
}

// Response is the answer to an operation that ran. The request id is AWS's name
// for the call, which some protocols write into the answer.
func Response(s api.Service, operation string, output map[string]any, requestID string) (api.HTTPResponse, error) {
	switch s.Protocol.Encoding {
	case api.Query:
		return queryResponse(s, find(s, operation), output, requestID), nil
	case api.RESTXML, api.RESTJSON:
		return restResponse(s, find(s, operation), output, requestID)
	default:
		return jsonResponse(s, output, requestID)
	}
}

// Failure is the answer to a call that is refused, in the form that makes SDKs
// raise the error's own type.
func Failure(s api.Service, refusal *awserr.Error, requestID string) api.HTTPResponse {
	switch s.Protocol.Encoding {
	case api.Query:
		return queryFailure(s, refusal, requestID)
	case api.RESTXML:
		return objectFailure(refusal, requestID)
	default:
		return jsonFailure(s, refusal, requestID)
	}
}

// find is an operation of the service. One that it does not have is only a name.
func find(s api.Service, name string) api.Operation {
	for _, operation := range s.Operations {
		if operation.Name == name {
			return operation
		}
	}
	return api.Operation{Name: name}
}

// UnknownOperation is how the service refuses an operation that it does not
// have.
// Sources: https://github.com/aws/aws-cli/issues/37 (observed),
// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
func UnknownOperation(s api.Service, name string) *awserr.Error {
	if s.Protocol.Encoding == api.Query {
		return awserr.New("InvalidAction", "Could not find operation %s for version %s", name, s.Protocol.Version)
	}
	return awserr.New("UnknownOperationException", "")
}

// Mistyped is how the service refuses a member of another type than its own.
// Sources: https://github.com/aws-amplify/amplify-js/issues/5165,
// https://github.com/floci-io/floci/pull/2869 (both observed); what Query and
// REST services say is inferred.
func Mistyped(s api.Service, fault shape.Fault) *awserr.Error {
	switch {
	case s.Protocol.Encoding != api.JSON:
		return awserr.New("MalformedInput", "%s", fault)
	case fault.Wanted == reflect.Slice || fault.Wanted == reflect.Map || fault.Wanted == reflect.Struct:
		return awserr.New("SerializationException", "Unexpected field type")
	}
	return awserr.New("SerializationException", "Start of structure or map found where not expected.")
}
