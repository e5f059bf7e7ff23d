package sim

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

// Send routes one HTTP request by its host to the site that answers for it. A
// host that no site answers for is an error: no such name resolves.
func (d doors) Send(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	address, err := url.Parse(request.URL)
	if err != nil || address.Host == "" {
		return api.HTTPResponse{}, fmt.Errorf("%q is no address: want https://host/path", request.URL)
	}
	if request.Header == nil {
		request.Header = api.Header{}
	}
	if service, ok := d.endpoint(request); ok {
		return d.receive(span, service, request)
	}
	to, site, ok := d.site(address)
	if !ok && strings.HasSuffix(address.Hostname(), ".invalid") {
		return api.HTTPResponse{}, api.UnreachableError{Host: address.Hostname()}
	}
	if !ok {
		return api.HTTPResponse{}, fmt.Errorf("no host of the simulated account is called %q", address.Host)
	}
	exchange := span.Open(d.account.lane(request.From), to.lane(site.Name), request.Method+" "+address.Path, trace.Message{
		Method: request.Method, URL: request.URL, Headers: request.Header.Flat(), Body: request.Body,
	})
	response, err := site.Serve(exchange, request)
	if err != nil {
		exchange.Close(trace.Message{Error: unanswered(err), Body: err.Error()})
		return api.HTTPResponse{}, err
	}
	exchange.Close(trace.Message{Status: response.Status, Headers: response.Header.Flat(), Body: response.Body})
	return response, nil
}

// unanswered says why an exchange has no response.
func unanswered(err error) string {
	if timeout := (api.TimeoutError{}); errors.As(err, &timeout) {
		return "Timeout"
	}
	return "NotSimulated"
}
