package apigateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
)

// responseType is one of the gateway response types, which an author may
// reshape one by one.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
type responseType string

// The gateway response types.
const (
	accessDenied               responseType = "ACCESS_DENIED"
	apiConfigurationError      responseType = "API_CONFIGURATION_ERROR"
	authorizerConfiguration    responseType = "AUTHORIZER_CONFIGURATION_ERROR"
	authorizerFailure          responseType = "AUTHORIZER_FAILURE"
	badRequestBody             responseType = "BAD_REQUEST_BODY"
	badRequestParameters       responseType = "BAD_REQUEST_PARAMETERS"
	default4XX                 responseType = "DEFAULT_4XX"
	default5XX                 responseType = "DEFAULT_5XX"
	expiredToken               responseType = "EXPIRED_TOKEN"
	integrationFailure         responseType = "INTEGRATION_FAILURE"
	integrationTimeout         responseType = "INTEGRATION_TIMEOUT"
	invalidAPIKey              responseType = "INVALID_API_KEY"
	invalidSignature           responseType = "INVALID_SIGNATURE"
	missingAuthenticationToken responseType = "MISSING_AUTHENTICATION_TOKEN"
	quotaExceeded              responseType = "QUOTA_EXCEEDED"
	requestTooLarge            responseType = "REQUEST_TOO_LARGE"
	resourceNotFound           responseType = "RESOURCE_NOT_FOUND"
	throttled                  responseType = "THROTTLED"
	unauthorized               responseType = "UNAUTHORIZED"
	unsupportedMediaType       responseType = "UNSUPPORTED_MEDIA_TYPE"
	wafFiltered                responseType = "WAF_FILTERED"
)

// defaultStatus is the status of each type; the two DEFAULT types have none.
func defaultStatus() map[responseType]int {
	return map[responseType]int{
		accessDenied: 403, apiConfigurationError: 500, authorizerConfiguration: 500, authorizerFailure: 500,
		badRequestBody: 400, badRequestParameters: 400, default4XX: 0, default5XX: 0, expiredToken: 403,
		integrationFailure: 504, integrationTimeout: 504, invalidAPIKey: 403, invalidSignature: 403,
		missingAuthenticationToken: 403, quotaExceeded: 429, requestTooLarge: 413, resourceNotFound: 404,
		throttled: 429, unauthorized: 401, unsupportedMediaType: 415, wafFiltered: 403,
	}
}

// refusal is an answer that the gateway gives itself. It is an error so that a
// phase can end the request by returning it.
type refusal struct {
	kind responseType
	// status is set where the type's default is not the status.
	status int
	// message is "" where AWS answers with null.
	message string
	// exception is x-amzn-errortype.
	exception string
	// faults are what a validator found wrong with the body.
	faults []string
	// custom is a web ACL's own response, nil for none. It wins over gateway
	// responses.
	custom *api.HTTPResponse
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%s: %s", r.kind, r.message)
}

func unauthorizedWith(message string) *refusal {
	return &refusal{kind: unauthorized, message: message, exception: "UnauthorizedException"}
}

func deniedWith(message string) *refusal {
	return &refusal{kind: accessDenied, message: message, exception: "AccessDeniedException"}
}

// misconfigured is the answer to an authorizer that cannot be used:
// https://github.com/aws/chalice/issues/670
func misconfigured() *refusal {
	return &refusal{kind: authorizerConfiguration, exception: "AuthorizerConfigurationException"}
}

// failed is the answer when the integration does not work: 500, or 502 for an
// answer that is malformed.
func failed(status int) *refusal {
	return &refusal{kind: default5XX, status: status, message: "Internal server error", exception: "InternalServerErrorException"}
}

// unmapped is the answer when no integration response fits the back end's answer.
func unmapped() *refusal {
	return &refusal{kind: apiConfigurationError, message: "Internal server error", exception: "InternalServerErrorException"}
}

// gatewayResponse reshapes the answers of one type.
type gatewayResponse struct {
	// status is 0 when it is not set.
	status int
	// headers are mapping expressions by lower-case name.
	headers map[string]string
	// templates are by content type.
	templates map[string]string
}

// respond turns a refusal into the response: the gateway response set for its
// type, or for DEFAULT_4XX or DEFAULT_5XX, or the default of the type.
func (c *call) respond(r *refusal) (api.HTTPResponse, error) {
	response := api.HTTPResponse{Status: r.status, Header: c.responseHeader(), Body: r.body()}
	if response.Status == 0 {
		response.Status = defaultStatus()[r.kind]
	}
	response.Header.Set("content-type", "application/json")
	response.Header.Set("x-amzn-errortype", r.exception)
	if r.custom != nil {
		for _, name := range r.custom.Header.Names() {
			response.Header[name] = r.custom.Header[name]
		}
		response.Status, response.Body = r.custom.Status, r.custom.Body
		return response, nil
	}
	custom, ok := c.gatewayResponse(r.kind, response.Status)
	if !ok {
		return response, nil
	}
	if custom.status != 0 {
		response.Status = custom.status
	}
	if _, err := c.contextVariable(); err != nil {
		return response, err
	}
	for _, name := range slices.Sorted(maps.Keys(custom.headers)) {
		response.Header.Set(name, c.responseValue(custom.headers[name], r))
	}
	if len(custom.templates) > 0 {
		kind := "application/json"
		if _, has := custom.templates[kind]; !has {
			kind = slices.Sorted(maps.Keys(custom.templates))[0]
		}
		response.Header.Set("content-type", kind)
		response.Body = c.fill(custom.templates[kind], r)
	}
	return response, nil
}

func (c *call) gatewayResponse(kind responseType, status int) (gatewayResponse, bool) {
	if c.stage == nil {
		return gatewayResponse{}, false
	}
	fallback := default4XX
	if status >= 500 {
		fallback = default5XX
	}
	for _, k := range []responseType{kind, fallback} {
		if custom, ok := c.stage.deployment.responses[k]; ok {
			return custom, true
		}
	}
	return gatewayResponse{}, false
}

// body is the default body. A policy's denial spells Message with a capital M
// (https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden),
// and the answer for an integration that fails has a space after the colon.
func (r *refusal) body() string {
	switch r.kind {
	case accessDenied:
		return `{"Message":` + quote(r.message) + `}`
	case default5XX, apiConfigurationError, integrationTimeout, integrationFailure:
		return `{"message": ` + quote(r.message) + `}`
	}
	return `{"message":` + r.quoted() + `}`
}

// quoted is $context.error.messageString.
func (r *refusal) quoted() string {
	if r.message == "" {
		return "null"
	}
	return quote(r.message)
}

// templateVariable matches what a gateway response may be filled in with. Its
// templates are plain substitution, not VTL.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
func templateVariable() *regexp.Regexp {
	return regexp.MustCompile(`\$(context|stageVariables|method\.request\.(header|querystring|path))(\.[A-Za-z0-9_-]+)+`)
}

// fill replaces the variables in a template; what is not there leaves nothing.
func (c *call) fill(template string, r *refusal) string {
	return templateVariable().ReplaceAllStringFunc(template, func(variable string) string {
		return c.responseValue(variable[1:], r)
	})
}

// responseValue is what a header of a gateway response is set to.
func (c *call) responseValue(expression string, r *refusal) string {
	switch expression {
	case "context.error.messageString":
		return r.quoted()
	case "context.error.message":
		return r.message
	case "context.error.responseType":
		return string(r.kind)
	case "context.error.validationErrorString":
		return r.validation()
	}
	value, err := c.requestSource(expression)
	if err != nil {
		return ""
	}
	return value
}

// validation is $context.error.validationErrorString.
func (r *refusal) validation() string {
	if len(r.faults) == 0 {
		return ""
	}
	return "[" + strings.Join(r.faults, ", ") + "]"
}

// newGatewayResponse reads the properties of a gateway response.
func newGatewayResponse(p gatewayResponseProperties) (gatewayResponse, error) {
	response := gatewayResponse{headers: map[string]string{}, templates: maps.Clone(p.ResponseTemplates)}
	if p.StatusCode != "" {
		status, err := strconv.Atoi(p.StatusCode)
		if err != nil {
			return gatewayResponse{}, badRequest("Invalid status code: %s", p.StatusCode)
		}
		response.status = status
	}
	for _, target := range slices.Sorted(maps.Keys(p.ResponseParameters)) {
		name, ok := strings.CutPrefix(target, "gatewayresponse.header.")
		source := p.ResponseParameters[target]
		_, isLiteral := literal(source)
		if !ok || !isLiteral && templateVariable().FindString("$"+source) != "$"+source {
			return gatewayResponse{}, notSimulated("ResponseParameters %s: %s: only headers, with a literal in single quotes, a context.NAME, stageVariables.NAME or method.request.PLACE.NAME", target, source)
		}
		response.headers[strings.ToLower(name)] = source
	}
	for _, kind := range slices.Sorted(maps.Keys(p.ResponseTemplates)) {
		if rest := templateVariable().ReplaceAllString(p.ResponseTemplates[kind], ""); strings.Contains(rest, "$") {
			return gatewayResponse{}, notSimulated("ResponseTemplates %s: a variable other than $context.NAME, $stageVariables.NAME and $method.request.PLACE.NAME", kind)
		}
	}
	return response, nil
}

// literal returns the text of a static mapping value, 'text'.
func literal(value string) (string, bool) {
	if len(value) < 2 || value[0] != '\'' || value[len(value)-1] != '\'' {
		return "", false
	}
	return value[1 : len(value)-1], true
}

// quote writes text as a JSON string and leaves <, > and & as they are.
func quote(text string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
