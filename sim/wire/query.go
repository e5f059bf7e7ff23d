package wire

import (
	"cmp"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

const requestIDHeader = "x-amzn-requestid"

// queryRequest writes a form: the action, the API's version, and a parameter for
// each scalar of the input, its path in the parameter's name.
// Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
func queryRequest(s api.Service, c Call) api.HTTPRequest {
	flat := map[string]string{}
	for name, value := range c.Input {
		flatten(flat, name, value)
	}
	body := "Action=" + url.QueryEscape(c.Operation) + "&Version=" + url.QueryEscape(s.Protocol.Version)
	for _, name := range slices.Sorted(maps.Keys(flat)) {
		body += "&" + url.QueryEscape(name) + "=" + url.QueryEscape(flat[name])
	}
	return api.HTTPRequest{Method: "POST", URL: "https://" + s.Host + "/", Header: api.Header{contentType: {formType}}, Body: body}
}

func flatten(into map[string]string, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, part := range v {
			flatten(into, name+"."+key, part)
		}
	case []any:
		if len(v) == 0 {
			into[name] = ""
		}
		for i, item := range v {
			flatten(into, name+".member."+strconv.Itoa(i+1), item)
		}
	default:
		if text, ok := toText(v, nil, ""); ok {
			into[name] = text
		}
	}
}

// parseQuery reads a form, from the body or, as AWS also takes it, from the
// query string.
func parseQuery(s api.Service, r api.HTTPRequest, address *url.URL) (Call, error) {
	text := address.RawQuery
	if r.Method == "POST" {
		text = r.Body
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return Call{}, awserr.New("MalformedQueryString", "The query string contains a syntax error")
	}
	name, version := form.Get("Action"), form.Get("Version")
	if name == "" {
		return Call{}, awserr.New("MissingAction", "The request must contain the parameter Action.")
	}
	if version != s.Protocol.Version {
		return Call{}, awserr.New("InvalidAction", "Could not find operation %s for version %s", name, cmp.Or(version, "NO_VERSION_SPECIFIED"))
	}
	for _, parameter := range []string{"Action", "Version"} {
		form.Del(parameter)
	}
	return Call{name, structure(branches(form), find(s, name).Input)}, nil
}

// branch is a part of an input, taken from parameters whose names begin alike.
type branch struct {
	text     string
	children map[string]*branch
}

// deepest is how many names one parameter may put together; no input goes so deep.
const deepest = 16

// branches is a form as a tree: "Tags.member.1.Key" is four names.
func branches(form url.Values) *branch {
	root := &branch{children: map[string]*branch{}}
	for name, values := range form {
		at := root
		for _, part := range strings.SplitN(name, ".", deepest) {
			next, ok := at.children[part]
			if !ok {
				next = &branch{children: map[string]*branch{}}
				at.children[part] = next
			}
			at = next
		}
		at.text = values[0]
	}
	return root
}

// structure is a branch as a structure of the type. A parameter that the
// structure does not have is text, for the operation's decoder to name.
func structure(b *branch, t reflect.Type) map[string]any {
	known := map[string]reflect.Type{}
	for _, m := range members(t) {
		known[m.name] = m.of
	}
	tree := map[string]any{}
	for name, child := range b.children {
		if of, ok := known[name]; ok {
			tree[name] = child.value(of)
			continue
		}
		tree[name] = child.text
	}
	return tree
}

func (b *branch) value(t reflect.Type) any {
	switch kind(t) {
	case reflect.Struct:
		return structure(b, t)
	case reflect.Slice:
		return b.list(solid(t).Elem())
	default:
		return fromText(b.text, t)
	}
}

// list takes the items in the order of their numbers, whatever these are.
func (b *branch) list(item reflect.Type) []any {
	numbered := map[int]*branch{}
	if under, ok := b.children["member"]; ok {
		for name, child := range under.children {
			if n, err := strconv.Atoi(name); err == nil {
				numbered[n] = child
			}
		}
	}
	items := []any{}
	for _, n := range slices.Sorted(maps.Keys(numbered)) {
		items = append(items, numbered[n].value(item))
	}
	return items
}

func queryResponse(s api.Service, operation api.Operation, output map[string]any, requestID string) api.HTTPResponse {
	d := document{layout: isoSeconds}
	d.open(operation.Name+"Response", s.Protocol.Namespace)
	if len(members(operation.Output)) > 0 {
		d.open(operation.Name+"Result", "")
		d.members(output, members(operation.Output))
		d.close()
	}
	d.open("ResponseMetadata", "")
	d.text("RequestId", requestID)
	d.close()
	d.close()
	return api.HTTPResponse{Status: 200, Header: queryHeader(requestID), Body: d.String()}
}

// queryFailure is the document of a refusal.
// Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
func queryFailure(s api.Service, refusal *awserr.Error, requestID string) api.HTTPResponse {
	d := document{}
	d.open("ErrorResponse", s.Protocol.Namespace)
	d.open("Error", "")
	d.text("Type", fault(refusal.Status))
	d.text("Code", refusal.Code)
	d.text("Message", refusal.Message)
	d.close()
	d.text("RequestId", requestID)
	d.close()
	return api.HTTPResponse{Status: refusal.Status, Header: queryHeader(requestID), Body: d.String()}
}

// fault says whose it is.
func fault(status int) string {
	if status >= 500 {
		return "Receiver"
	}
	return "Sender"
}

func queryHeader(requestID string) api.Header {
	return api.Header{contentType: {"text/xml"}, requestIDHeader: {requestID}}
}
