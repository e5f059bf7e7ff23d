package apigateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
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
	// headers are literals by lower-case name.
	headers map[string]string
	// templates are by content type.
	templates map[string]string
}

// respond turns a refusal into the response: the gateway response set for its
// type, or for DEFAULT_4XX or DEFAULT_5XX, or the default of the type.
func (c *call) respond(r *refusal) api.HTTPResponse {
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
		return response
	}
	custom, ok := c.gatewayResponse(r.kind, response.Status)
	if !ok {
		return response
	}
	if custom.status != 0 {
		response.Status = custom.status
	}
	for _, name := range slices.Sorted(maps.Keys(custom.headers)) {
		response.Header.Set(name, custom.headers[name])
	}
	if len(custom.templates) > 0 {
		kind := "application/json"
		if _, has := custom.templates[kind]; !has {
			kind = slices.Sorted(maps.Keys(custom.templates))[0]
		}
		response.Header.Set("content-type", kind)
		response.Body = c.fill(custom.templates[kind], r)
	}
	return response
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

// templateVariables are the variables that a gateway response's template may
// use in the simulation. Templates are plain substitution, not VTL.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
func templateVariables() []string {
	return []string{
		"$context.error.messageString", "$context.error.message", "$context.error.responseType",
		"$context.requestId", "$context.stage", "$context.httpMethod",
	}
}

func (c *call) fill(template string, r *refusal) string {
	values := map[string]string{
		"$context.error.messageString": r.quoted(), "$context.error.message": r.message,
		"$context.error.responseType": string(r.kind), "$context.requestId": c.id,
		"$context.stage": c.stage.name, "$context.httpMethod": c.request.Method,
	}
	pairs := make([]string, 0, 2*len(values))
	for _, name := range templateVariables() {
		pairs = append(pairs, name, values[name])
	}
	return strings.NewReplacer(pairs...).Replace(template)
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
		literal, isLiteral := literal(p.ResponseParameters[target])
		if !ok || !isLiteral {
			return gatewayResponse{}, notSimulated("ResponseParameters %s: %s: only headers with a literal in single quotes", target, p.ResponseParameters[target])
		}
		response.headers[strings.ToLower(name)] = literal
	}
	for _, kind := range slices.Sorted(maps.Keys(p.ResponseTemplates)) {
		rest := p.ResponseTemplates[kind]
		for _, name := range templateVariables() {
			rest = strings.ReplaceAll(rest, name, "")
		}
		if strings.Contains(rest, "$") {
			return gatewayResponse{}, notSimulated("ResponseTemplates %s: a variable other than %s", kind, strings.Join(templateVariables(), ", "))
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
