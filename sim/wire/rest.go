package wire

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// restRequest puts each member where the operation's route and tags say.
// Source: https://smithy.io/2.0/spec/http-bindings.html
func restRequest(s api.Service, operation api.Operation, input map[string]any) (api.HTTPRequest, error) {
	method, target, _ := strings.Cut(operation.Route, " ")
	template, constants, _ := strings.Cut(target, "?")
	host, template := hostOf(s, template, input)
	path, err := fill(template, input)
	if err != nil {
		return api.HTTPRequest{}, fmt.Errorf("%s: %w", operation.Name, err)
	}
	r := api.HTTPRequest{Method: method, Header: api.Header{}}
	query, err := url.ParseQuery(constants)
	if err != nil {
		return api.HTTPRequest{}, fmt.Errorf("%s: %w", operation.Route, err)
	}
	for _, m := range members(operation.Input) {
		if value, ok := input[m.name]; ok {
			place(&r, query, m, value)
		}
	}
	if err := writeBody(s, operation, input, &r); err != nil {
		return api.HTTPRequest{}, err
	}
	r.URL = "https://" + host + path
	if len(query) > 0 {
		r.URL += "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	}
	return r, nil
}

// hostOf puts the member that SDKs put there before the host, where it can be
// part of a host's name, and takes it from the path.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
func hostOf(s api.Service, template string, input map[string]any) (host, path string) {
	name, _ := input[s.Protocol.HostMember].(string)
	if s.Protocol.HostMember == "" || !isLabel(name) {
		return s.Host, template
	}
	path = strings.TrimPrefix(template, "/{"+s.Protocol.HostMember+"}")
	return name + "." + s.Host, "/" + strings.TrimPrefix(path, "/")
}

// isLabel reports whether a text can be one label of a host's name.
func isLabel(text string) bool {
	return text != "" && len(text) <= 63 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" &&
		!strings.HasPrefix(text, "-") && !strings.HasSuffix(text, "-")
}

// fill writes the path of a template, such as "/{Bucket}/{Key+}".
func fill(template string, input map[string]any) (string, error) {
	path := template
	for _, label := range labels(template) {
		name := strings.TrimSuffix(label, "+")
		text, _ := input[name].(string)
		if text == "" {
			return "", fmt.Errorf("the path needs %s as text", name)
		}
		escaped := escape(text)
		if label != name {
			escaped = strings.ReplaceAll(escaped, "%2F", "/")
		}
		path = strings.Replace(path, "{"+label+"}", escaped, 1)
	}
	return path, nil
}

func labels(template string) []string {
	var list []string
	for _, part := range strings.Split(template, "{")[1:] {
		label, _, _ := strings.Cut(part, "}")
		list = append(list, label)
	}
	return list
}

// escape writes text for a path: all but unreserved characters are escaped.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

func place(r *api.HTTPRequest, query url.Values, m member, value any) {
	if tree, ok := value.(map[string]any); ok && m.place == "headers" {
		for key, part := range tree {
			if text, ok := toText(part, nil, httpDate); ok {
				r.Header.Set(m.key+key, text)
			}
		}
		return
	}
	text, ok := toText(value, m.of, httpDate)
	if !ok {
		return
	}
	switch m.place {
	case "header":
		r.Header.Set(m.key, text)
	case "query":
		query.Set(m.key, text)
	case "payload":
		r.Body = text
	}
}

// parseREST finds the operation whose route the request takes.
func parseREST(s api.Service, r api.HTTPRequest, address *url.URL) (Call, error) {
	path := address.EscapedPath()
	if label, ok := strings.CutSuffix(address.Host, "."+s.Host); ok && s.Protocol.HostMember != "" {
		path = "/" + label + path
	}
	query := address.Query()
	for _, operation := range s.Operations {
		input, ok := match(operation.Route, r.Method, path, query)
		if !ok {
			continue
		}
		for _, m := range members(operation.Input) {
			if value, ok := placed(r, query, m); ok {
				input[m.name] = value
			}
		}
		return Call{operation.Name, input}, readBody(s, operation, r, input)
	}
	return Call{}, fmt.Errorf("%s %s is no operation of %s that is simulated", r.Method, address.Path, s.Name)
}

// match reads the members in the path of a request that takes the route.
func match(route, method, path string, query url.Values) (map[string]any, bool) {
	verb, target, ok := strings.Cut(route, " ")
	if !ok || verb != method {
		return nil, false
	}
	template, constants, _ := strings.Cut(target, "?")
	fixed, err := url.ParseQuery(constants)
	if err != nil {
		return nil, false
	}
	for name := range fixed {
		if query.Get(name) != fixed.Get(name) {
			return nil, false
		}
	}
	return matchPath(strings.Split(template, "/")[1:], strings.TrimPrefix(path, "/"))
}

func matchPath(template []string, path string) (map[string]any, bool) {
	input := map[string]any{}
	for i, part := range template {
		segment, rest, more := strings.Cut(path, "/")
		name, isLabel := strings.CutPrefix(part, "{")
		name = strings.TrimSuffix(name, "}")
		if strings.HasSuffix(name, "+") {
			name, segment, rest, more = strings.TrimSuffix(name, "+"), path, "", false
		}
		text, err := url.PathUnescape(segment)
		if err != nil || text == "" || !isLabel && text != part || !more && i < len(template)-1 {
			return nil, false
		}
		if isLabel {
			input[name] = text
		}
		path = rest
	}
	return input, path == ""
}

func placed(r api.HTTPRequest, query url.Values, m member) (any, bool) {
	switch m.place {
	case "header":
		return fromText(r.Header.Get(m.key), m.of), r.Header.Has(m.key)
	case "headers":
		return prefixed(r.Header, m.key)
	case "query":
		return fromText(query.Get(m.key), m.of), query.Has(m.key)
	case "payload":
		return r.Body, r.Body != ""
	}
	return nil, false
}

func prefixed(h api.Header, prefix string) (map[string]any, bool) {
	found := map[string]any{}
	for _, name := range h.Names() {
		if key, ok := strings.CutPrefix(name, prefix); ok {
			found[key] = h.Get(name)
		}
	}
	return found, len(found) > 0
}

func restResponse(s api.Service, operation api.Operation, output map[string]any, requestID string) (api.HTTPResponse, error) {
	out := api.HTTPResponse{Status: 200, Header: api.Header{requestHeader(s): {requestID}}}
	var rest []member
	for _, m := range members(operation.Output) {
		value, ok := output[m.name]
		switch {
		case m.place == "":
			rest = append(rest, m)
		case ok:
			answer(&out, m, value)
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	if s.Protocol.Encoding == api.RESTJSON {
		body, err := jsonResponse(s, keep(output, rest), requestID)
		body.Status = out.Status
		maps.Copy(body.Header, out.Header)
		return body, err
	}
	d := document{layout: isoMillis, flat: true}
	d.open(rootName(operation), s.Protocol.Namespace)
	d.members(output, rest)
	d.close()
	out.Header.Set(contentType, "application/xml")
	out.Body = xmlHead + d.String()
	return out, nil
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// requestHeader is the header of the request id.
func requestHeader(s api.Service) string {
	if s.Protocol.Encoding == api.RESTXML {
		return "x-amz-request-id"
	}
	return requestIDHeader
}

func keep(output map[string]any, list []member) map[string]any {
	kept := map[string]any{}
	for name, value := range output {
		if slices.ContainsFunc(list, func(m member) bool { return m.name == name }) {
			kept[name] = value
		}
	}
	return kept
}

// rootName is the name of an answer's document: what the root tag of a blank
// field of the output says.
func rootName(operation api.Operation) string {
	if t := solid(operation.Output); t.Kind() == reflect.Struct {
		if field, ok := t.FieldByName("_"); ok {
			return field.Tag.Get("root")
		}
	}
	return operation.Name + "Result"
}

func answer(out *api.HTTPResponse, m member, value any) {
	if number, ok := value.(float64); ok && m.place == "status" {
		out.Status = int(number)
		return
	}
	r := api.HTTPRequest{Header: out.Header}
	place(&r, nil, m, value)
	if m.place == "payload" {
		out.Body = r.Body
	}
}

// objectFailure is S3's document of a refusal.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
func objectFailure(refusal *awserr.Error, requestID string) api.HTTPResponse {
	d := document{}
	d.open("Error", "")
	d.text("Code", refusal.Code)
	d.text("Message", refusal.Message)
	d.text("RequestId", requestID)
	d.close()
	return api.HTTPResponse{
		Status: refusal.Status, Body: xmlHead + d.String(),
		Header: api.Header{contentType: {"application/xml"}, "x-amz-request-id": {requestID}},
	}
}
