package sim

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
	"claimcheck/sim/wire"
)

// globalSTS is the endpoint that STS has beside the Region's own.
// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
const globalSTS = "sts.amazonaws.com"

// Receive runs one HTTP request of a client that is not the simulation's. It is
// Send, but for one thing: what the simulation cannot run is an answer too, with
// status 501 and the reason, in the form of the endpoint.
func (a *Account) Receive(span *trace.Span, request api.HTTPRequest) api.HTTPResponse {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	response, err := doors{a}.Send(span, request)
	if err == nil {
		return response
	}
	service, _ := doors{a}.endpoint(request)
	return wire.Failure(service, awserr.WithStatus(501, "NotSimulated", "%s", err), a.world.RequestID())
}

// receive runs an API call that came as a request, in the phases of serve.
func (d doors) receive(span *trace.Span, service api.Service, request api.HTTPRequest) (api.HTTPResponse, error) {
	call, err := wire.Parse(service, request)
	read := api.Call{From: request.From, Service: service.Prefix, Operation: call.Operation, Input: call.Input}
	to := doors{d.receiver(read, request)}
	service = to.account.services[service.Prefix]
	exchange := span.Open(d.account.lane(request.From), to.account.lane(service.Name), title(service, call, request), opening(request))
	var output map[string]any
	if err == nil {
		output, err = to.serve(exchange, arrival{from: d.account, service: service, call: read, request: request, reader: network{}})
	}
	response, wireErr := to.answer(service, call.Operation, output, err)
	err = errors.Join(err, wireErr)
	exchange.Close(closing(response, err))
	if errors.As(err, new(*awserr.Error)) {
		return response, nil
	}
	return response, err
}

func title(service api.Service, call wire.Call, request api.HTTPRequest) string {
	if call.Operation == "" {
		return request.Method + " " + service.Prefix
	}
	return service.Prefix + ":" + call.Operation
}

// endpoint is the service whose API a request is for. What a service has a site
// for is not: S3's objects, and the documents that JSON services publish.
func (d doors) endpoint(request api.HTTPRequest) (api.Service, bool) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return api.Service{}, false
	}
	for _, service := range d.account.services {
		if !answersAt(service, address.Host) {
			continue
		}
		published := service.Protocol.Encoding == api.JSON && request.Method == "GET"
		return service, service.Protocol.Encoding != api.RESTXML && !published
	}
	return api.Service{}, false
}

// answersAt reports whether a host is the service's endpoint.
func answersAt(s api.Service, host string) bool {
	switch {
	case s.Protocol.HostMember != "":
		return host == s.Host || strings.HasSuffix(host, "."+s.Host)
	case s.Prefix == "sts":
		return host == s.Host || host == globalSTS
	}
	return host == s.Host
}

// Endpoint is the host of AWS that a request is for which came to one address
// that stands for all endpoints. It is found by the first of these that says it:
//
//  1. the target of AWS JSON
//  2. the service that the signature is for
//  3. the version of a Query call
//  4. the path of a document that Cognito publishes
//
// Everything else is for S3, with the bucket in the path.
func (a *Account) Endpoint(r api.HTTPRequest) string {
	address, err := url.Parse(r.URL)
	if err != nil {
		return ""
	}
	for _, says := range []func(api.Service) bool{targeted(r), signedFor(r, address), versioned(r, address)} {
		for _, service := range a.services {
			if says(service) {
				return service.Host
			}
		}
	}
	switch before, _, published := strings.Cut(address.Path, "/.well-known/"); {
	case published && before == "":
		return "cognito-identity.amazonaws.com"
	case published && !strings.Contains(strings.TrimPrefix(before, "/"), "/"):
		return a.services["cognito-idp"].Host
	}
	return a.services["s3"].Host
}

func targeted(r api.HTTPRequest) func(api.Service) bool {
	target := r.Header.Get("x-amz-target")
	return func(s api.Service) bool {
		return s.Protocol.Target != "" && strings.HasPrefix(target, s.Protocol.Target+".")
	}
}

func signedFor(r api.HTTPRequest, address *url.URL) func(api.Service) bool {
	scope := strings.Split(address.Query().Get("X-Amz-Credential"), "/")
	if _, credential, ok := strings.Cut(r.Header.Get("authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(credential, ",")
		scope = strings.Split(credential, "/")
	}
	return func(s api.Service) bool { return len(scope) == 5 && scope[3] == s.Prefix }
}

func versioned(r api.HTTPRequest, address *url.URL) func(api.Service) bool {
	text := address.RawQuery
	if r.Method == "POST" {
		text = r.Body
	}
	parts := strings.Split(text, "&")
	return func(s api.Service) bool {
		return s.Protocol.Encoding == api.Query && slices.Contains(parts, "Version="+s.Protocol.Version)
	}
}
