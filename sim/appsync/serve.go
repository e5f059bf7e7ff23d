package appsync

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// call is one request on its way through the phases.
type call struct {
	*AppSync
	span    *trace.Span
	request api.HTTPRequest
	id      string
	api     *graphQLAPI

	credential credential       // phase 2
	mode       mode             // phase 2
	caller     api.Principal    // phase 3, AWS_IAM only
	answer     authorizerAnswer // phase 3, AWS_LAMBDA only
	body       body             // phase 4
	document   document         // phases 4 and 5
	// entries are the errors of phase 7, verdicts what it has decided of a type's
	// fields, by "Type.field".
	entries  []entry
	verdicts map[string]bool
}

// failure ends a request with status 200 and nothing but errors.
type failure struct{ entries []entry }

// Error is the first entry's message.
func (f *failure) Error() string { return f.entries[0].message }

func (s *AppSync) serve(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("%q is no address", request.URL)
	}
	if request.Header == nil {
		request.Header = api.Header{}
	}
	a, ok := s.apiAt(address.Host)
	if !ok {
		return api.HTTPResponse{}, fmt.Errorf("%q is not a host of a GraphQL API", address.Host)
	}
	// 1
	if request.Method != "POST" || address.Path != "/graphql" {
		return api.HTTPResponse{}, fmt.Errorf("%s %s: only POST /graphql is simulated", request.Method, address.Path)
	}
	if a.schema == nil {
		return api.HTTPResponse{}, fmt.Errorf("the API %s has no schema: add an AWS::AppSync::GraphQLSchema", a.name)
	}
	c := &call{AppSync: s, span: span, request: request, id: s.world.UUID(), api: a}
	return c.answered(c.run())
}

// run takes the request through phases 2 to 7; the numbers are those of the
// package comment.
func (c *call) run() (*object, error) {
	for _, phase := range []func() error{
		c.selectMode,   // 2
		c.authenticate, // 3
		c.read,         // 4
		c.fit,          // 5
	} {
		if err := phase(); err != nil {
			return nil, err
		}
	}
	if c.document.operation.Operation == "subscription" {
		return nil, notSimulated("subscriptions")
	}
	// 6 and 7
	return c.execute()
}

// answered is the response to a request that was run.
func (c *call) answered(data *object, err error) (api.HTTPResponse, error) {
	var refused *refusal
	var failed *failure
	switch {
	case errors.As(err, &refused):
		response := refused.response()
		response.Header.Set("x-amzn-requestid", c.id)
		return response, nil
	case errors.As(err, &failed):
		c.entries = failed.entries
	case err != nil:
		return api.HTTPResponse{}, err
	}
	result := &object{}
	result.set("data", value(data))
	if len(c.entries) > 0 {
		list := make([]any, len(c.entries))
		for i, e := range c.entries {
			list[i] = e.tree()
		}
		result.set("errors", list)
	}
	response := jsonResponse(200, "", result)
	response.Header.Set("x-amzn-requestid", c.id)
	return response, nil
}

// value makes a nil object the JSON null.
func value(o *object) any {
	if o == nil {
		return nil
	}
	return o
}

func jsonResponse(status int, errorType string, tree any) api.HTTPResponse {
	text, err := json.Marshal(tree)
	if err != nil {
		text = []byte("{}")
	}
	header := api.Header{"content-type": {"application/json;charset=UTF-8"}}
	if errorType != "" {
		header.Set("x-amzn-errortype", errorType)
	}
	return api.HTTPResponse{Status: status, Header: header, Body: string(text)}
}

// headers are the request's, by lower-case name.
func (c *call) headers() map[string]string {
	headers := c.request.Header.Flat()
	headers["host"] = c.api.endpoint + c.domain()
	if c.request.SourceIP != "" {
		headers["x-forwarded-for"] = c.request.SourceIP
	}
	headers["x-forwarded-proto"], headers["x-forwarded-port"] = "https", "443"
	return headers
}

func (c *call) sourceIP() []any {
	if c.request.SourceIP == "" {
		return []any{}
	}
	return []any{c.request.SourceIP}
}
