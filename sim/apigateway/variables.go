package apigateway

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"

	"claimcheck/sim/vtl"
)

// variables are what a mapping template can use.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
func (c *call) variables(body string) (map[string]any, error) {
	context, err := c.contextVariable()
	return map[string]any{
		"input": inputVariable{body: body, parameters: c.templateParameters()},
		"util":  utilVariable{}, "context": context, "stageVariables": vtl.Value(orEmpty(c.stage.variables)),
	}, err
}

func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// contextVariable makes $context when it is first needed. The templates of one
// request share it: what one sets as an override, the integration finds.
func (c *call) contextVariable() (*vtl.Map, error) {
	if c.context != nil {
		return c.context, nil
	}
	text, err := json.Marshal(c.requestContext())
	if err != nil {
		return nil, fmt.Errorf("$context cannot be written as JSON: %w", err)
	}
	value, err := vtl.ParseJSON(string(text))
	if err != nil {
		return nil, fmt.Errorf("$context: %w", err)
	}
	context, ok := value.(*vtl.Map)
	if !ok {
		return nil, fmt.Errorf("$context is no object: %s", text)
	}
	if authorizer, ok := context.Get("authorizer").(*vtl.Map); ok {
		if claims, ok := authorizer.Get("claims").(*vtl.Map); ok {
			authorizer.Put("claims", claimsVariable{claims})
		}
	}
	request, response := vtl.NewMap(), vtl.NewMap()
	for _, place := range []string{"header", "querystring", "path"} {
		request.Put(place, vtl.NewMap())
	}
	response.Put("header", vtl.NewMap())
	context.Put("requestOverride", request)
	context.Put("responseOverride", response)
	c.context = context
	return context, nil
}

// claimsVariable is $context.authorizer.claims: its members are there, it alone
// prints nothing.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
type claimsVariable struct{ claims *vtl.Map }

// Get returns a claim.
func (v claimsVariable) Get(name string) any { return v.claims.Get(name) }

// Call is get alone.
func (v claimsVariable) Call(method string, arguments []any) (any, error) {
	if method == "get" && len(arguments) == 1 {
		return v.claims.Get(vtl.Text(arguments[0])), nil
	}
	return nil, notSimulated("$context.authorizer.claims.%s", method)
}

// templateParameters are $input.params(): maps path, querystring and header.
func (c *call) templateParameters() *vtl.Map {
	all := vtl.NewMap()
	all.Put("path", vtl.Value(orEmpty(c.parameters)))
	all.Put("querystring", vtl.Value(orEmpty(lastValues(c.query))))
	all.Put("header", vtl.Value(lastValues(c.eventHeaders())))
	return all
}

// inputVariable is $input: the body of the request, or of the back end's answer
// in a response template, and the request's parameters.
type inputVariable struct {
	body       string
	parameters *vtl.Map
}

// Get is $input.body.
func (v inputVariable) Get(name string) any {
	if name == "body" {
		return v.body
	}
	return nil
}

// Call is params, path and json.
func (v inputVariable) Call(method string, arguments []any) (any, error) {
	switch {
	case method == "params" && len(arguments) == 0:
		return v.parameters, nil
	case method == "params" && len(arguments) == 1:
		return v.parameter(vtl.Text(arguments[0])), nil
	case method == "path" && len(arguments) == 1:
		return v.path(vtl.Text(arguments[0]))
	case method == "json" && len(arguments) == 1:
		found, err := v.path(vtl.Text(arguments[0]))
		if found == nil {
			found = ""
		}
		return vtl.JSON(found), err
	}
	return nil, notSimulated("$input.%s with %d arguments", method, len(arguments))
}

// parameter looks in the path, then the query string, then the headers.
func (v inputVariable) parameter(name string) any {
	for _, place := range v.parameters.Keys() {
		values, ok := v.parameters.Get(place).(*vtl.Map)
		if !ok {
			continue
		}
		for _, key := range values.Keys() {
			if key == name || place == "header" && strings.EqualFold(key, name) {
				return values.Get(key)
			}
		}
	}
	return ""
}

// path applies a JSONPath to the body. An empty body is an empty object.
func (v inputVariable) path(text string) (any, error) {
	path, err := parsePath(text)
	if err != nil {
		return nil, err
	}
	root, err := vtl.ParseJSON(cmp.Or(v.body, "{}"))
	if err != nil {
		return nil, notSimulated("a JSONPath into a body that is no JSON: %s", err)
	}
	return path.find(root), nil
}

// utilVariable is $util.
type utilVariable struct{}

// Get returns nothing: $util has methods only.
func (utilVariable) Get(string) any { return nil }

// Call runs one of the six functions.
func (utilVariable) Call(method string, arguments []any) (any, error) {
	if len(arguments) != 1 {
		return nil, notSimulated("$util.%s with %d arguments", method, len(arguments))
	}
	text := vtl.Text(arguments[0])
	switch method {
	case "escapeJavaScript":
		return escapeJavaScript(text), nil
	case "parseJson":
		return vtl.ParseJSON(text)
	case "urlEncode":
		return url.QueryEscape(text), nil
	case "urlDecode":
		return url.QueryUnescape(text)
	case "base64Encode":
		return base64.StdEncoding.EncodeToString([]byte(text)), nil
	case "base64Decode":
		plain, err := base64.StdEncoding.DecodeString(text)
		return string(plain), err
	}
	return nil, notSimulated("$util.%s", method)
}

// escapeJavaScript escapes as Apache Commons does: quotes, the slash and the
// backslash, and all that is not printable ASCII. The single quote it escapes
// is what makes the result no JSON.
func escapeJavaScript(text string) string {
	var b strings.Builder
	short := map[rune]string{'\b': `\b`, '\n': `\n`, '\t': `\t`, '\f': `\f`, '\r': `\r`, '\'': `\'`, '"': `\"`, '\\': `\\`, '/': `\/`}
	for _, r := range text {
		switch {
		case short[r] != "":
			b.WriteString(short[r])
		case r >= 32 && r < 127:
			b.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04X`, unit)
			}
		}
	}
	return b.String()
}

// fillTemplate runs a mapping template. A fault in it is one of its author's.
func (c *call) fillTemplate(t *vtl.Template, body string) (string, error) {
	if text, ok := t.Constant(); ok {
		return text, nil
	}
	variables, err := c.variables(body)
	if err != nil {
		return "", err
	}
	text, err := t.Run(variables)
	var fault *vtl.Error
	if errors.As(err, &fault) {
		return "", fmt.Errorf("the mapping template of %s %s: %w", c.method.verb, c.resource.path, err)
	}
	return text, err
}
