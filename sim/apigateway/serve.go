package apigateway

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
	"claimcheck/sim/vtl"
)

// call is one request on its way through the phases.
type call struct {
	*Gateway
	span    *trace.Span
	request api.HTTPRequest
	// id is the request id, extendedID x-amz-apigw-id.
	id, extendedID string
	apiID          string
	// path is what follows the stage, as sent.
	path  string
	query url.Values

	api   *restAPI // phase 1
	stage *stage   // phase 1
	route          // phase 2
	guard guard    // phase 2
	// caller is what phases 3 to 6 find out.
	caller caller
	// context is $context, nil until a mapping template or a parameter needs it.
	context *vtl.Map
}

// caller is what is known of the sender, each part under one authorization type.
type caller struct {
	// principal has signed the request (AWS_IAM).
	principal api.Principal
	// claims are the token's, as an integration sees them (COGNITO_USER_POOLS, JWT).
	claims map[string]string
	// answer is the Lambda authorizer's (CUSTOM), and cachedFor the method that it
	// was given for, "" when it is fresh.
	answer    answer
	cachedFor string
}

// guard is an authorization type: phases 3 to 6 of its methods. A phase ends
// the request by returning a *refusal; any other error means that the
// simulation cannot run the request.
type guard interface {
	authenticate(c *call) error // phase 3
	precheck(c *call) error     // phase 4
	authorizer(c *call) error   // phase 5
	authorize(c *call) error    // phase 6
}

// guards are the authorization types by the name that a method gives.
func guards() map[string]guard {
	return map[string]guard{
		"NONE":               open{},
		"AWS_IAM":            signed{},
		"COGNITO_USER_POOLS": userPool{},
		"CUSTOM":             lambdaAuthorizer{},
		"JWT":                jwtAuthorizer{},
	}
}

func (g *Gateway) serve(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	c, err := g.newCall(span, request)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	response, err := c.run()
	var refused *refusal
	if errors.As(err, &refused) {
		return c.respond(refused)
	}
	return response, err
}

func (g *Gateway) newCall(span *trace.Span, request api.HTTPRequest) (*call, error) {
	address, err := url.Parse(request.URL)
	if err != nil {
		return nil, fmt.Errorf("%q is not a URL: %w", request.URL, err)
	}
	id, ok := g.apiID(address.Host)
	if !ok {
		return nil, fmt.Errorf("%q is not a host of API Gateway", address.Host)
	}
	if request.Header == nil {
		request.Header = api.Header{}
	}
	request.Method = strings.ToUpper(request.Method)
	return &call{
		Gateway: g, span: span, request: request, apiID: id,
		id: g.world.UUID(), extendedID: g.world.Token(15, api.Alphanumeric) + "=",
		path: address.EscapedPath(), query: address.Query(),
	}, nil
}

// run takes the request through the phases; the numbers are those of the
// package comment.
func (c *call) run() (api.HTTPResponse, error) {
	// 1
	for _, phase := range []func() error{c.findStage, c.filter, c.checkSize} {
		if err := phase(); err != nil {
			return api.HTTPResponse{}, err
		}
	}
	// 2
	if err := c.findMethod(); err != nil {
		return api.HTTPResponse{}, err
	}
	// 3 to 6
	for _, phase := range []func(*call) error{c.guard.authenticate, c.guard.precheck, c.guard.authorizer, c.guard.authorize} {
		if err := phase(c); err != nil {
			return api.HTTPResponse{}, err
		}
	}
	// 7
	if err := c.meter(); err != nil {
		return api.HTTPResponse{}, err
	}
	if err := c.throttle(); err != nil {
		return api.HTTPResponse{}, err
	}
	// 8
	if err := c.validate(); err != nil {
		return api.HTTPResponse{}, err
	}
	// 9
	response, err := c.method.integration.invoke(c)
	if err != nil {
		return api.HTTPResponse{}, err
	}
	// 10
	header := c.responseHeader()
	for _, name := range response.Header.Names() {
		header[name] = response.Header[name]
	}
	response.Header = header
	return response, nil
}

// The limits of a request, in bytes: its body, and its method ARN.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
const (
	maxBody      = 10485760
	maxMethodARN = 1600
)

// checkSize is the end of phase 1. Of requests that are nowhere near a limit
// nothing is recorded. AWS documents REQUEST_TOO_LARGE for 413, though
// https://github.com/koki-develop/lgtm-generator/issues/10 (2021) got the message
// as plain text whatever that response said. No type is documented for 414:
// DEFAULT_4XX is inferred. AWS has the limit of the ARN only where there is
// authorization or a resource policy; here every method has it.
func (c *call) checkSize() error {
	body, address := len(c.request.Body), len(c.arn())
	if body < maxBody/10 && address < maxMethodARN/2 {
		return nil
	}
	const wanted = "a body of at most 10485760 bytes, a method ARN of at most 1600"
	if c.span.Decide(RuleSize, body <= maxBody && address <= maxMethodARN, wanted, fmt.Sprintf("%d, %d", body, address)) {
		return nil
	}
	if body > maxBody {
		return &refusal{kind: requestTooLarge, message: "HTTP content length exceeded 10485760 bytes.", exception: "RequestTooLargeException"}
	}
	return &refusal{kind: default4XX, status: 414, message: "Request URI too long", exception: "RequestUriTooLongException"}
}

// findStage is phase 1. A host without an API and a path without a stage are
// answered alike.
func (c *call) findStage() error {
	name, rest, _ := strings.Cut(strings.TrimPrefix(c.path, "/"), "/")
	found := "no API " + c.apiID
	if a, ok := c.apis[c.apiID]; ok {
		c.api, c.stage = a, a.stages[name]
		found = "no stage " + quoteShort(name)
	}
	switch {
	case c.stage == nil:
	case c.stage.deployment.closed:
		c.stage, found = nil, "the execute-api endpoint is disabled"
	default:
		c.stage = c.stage.next()
		found = "stage " + name + ", deployment " + c.stage.deployment.id
	}
	if !c.span.Decide(RuleStage, c.stage != nil, "first path segment names a stage", found) {
		return &refusal{kind: default4XX, status: 403, message: "Forbidden", exception: "ForbiddenException"}
	}
	c.path = "/" + rest
	return nil
}

// filter is the end of phase 1. A request that the web ACL blocks meets no
// policy and no authorizer, and needs no method to be there.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
func (c *call) filter() error {
	stage := "arn:aws:apigateway:" + c.world.Region() + "::/restapis/" + c.apiID + "/stages/" + c.stage.name
	allowed, custom := c.wall.Inspect(c.span, stage, c.request)
	if allowed {
		return nil
	}
	return &refusal{kind: wafFiltered, message: "Forbidden", exception: "ForbiddenException", custom: custom}
}

// findMethod is phase 2.
func (c *call) findMethod() error {
	line := c.request.Method + " " + c.path
	matched, ok := c.stage.deployment.root.match(segments(c.path), c.request.Method)
	if !ok {
		found := "no such method"
		if _, drafted := tree(c.api.draft, c.api.rootID).match(segments(c.path), c.request.Method); drafted {
			found = "defined, but not in deployment " + c.stage.deployment.id
		}
		c.span.Decide(RuleMethod, false, "a deployed method for "+line, found)
		return c.refuseRoute()
	}
	c.span.Decide(RuleMethod, true, "a deployed method for "+line, matched.method.verb+" "+matched.resource.path)
	c.route, c.guard = matched, guards()[matched.method.authorization]
	kind := matched.method.authorization
	c.span.Note(RuleAuthorization, kind != "NONE", "an authorization type other than NONE", kind)
	return nil
}

// refuseRoute answers a request for a method that does not exist as if it
// lacked a signature: an Authorization header that is not SigV4 is complained
// about in place of the missing method.
func (c *call) refuseRoute() error {
	r := &refusal{kind: missingAuthenticationToken, message: "Missing Authentication Token", exception: "MissingAuthenticationTokenException"}
	_, err := c.access.Authenticate(nil, c.request, scopeService)
	var unsigned *awserr.Error
	incomplete := errors.As(err, &unsigned) && unsigned.Code == codeIncompleteSignature
	found := "no Authorization header"
	if c.request.Header.Has("authorization") {
		found = quoteShort(c.request.Header.Get("authorization"))
	}
	c.span.Note(RuleRouteHeader, !incomplete, "a SigV4 Authorization header or none", found)
	if incomplete {
		r.message, r.exception = unsigned.Message, "IncompleteSignatureException"
	}
	return r
}

// arn is the method ARN of the request: API-ID/STAGE/VERB/PATH.
func (c *call) arn() string {
	return arn.New("execute-api", c.world.Region(), c.world.Account(),
		c.apiID+"/"+c.stage.name+"/"+c.request.Method+"/"+strings.TrimPrefix(c.path, "/"))
}

// maskedARN is the method ARN as denial messages print it, all but the last
// four digits of the account hidden.
// https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
func (c *call) maskedARN() string {
	account := c.world.Account()
	masked := strings.Repeat("*", max(0, len(account)-4)) + account[max(0, len(account)-4):]
	return strings.Replace(c.arn(), ":"+account+":", ":"+masked+":", 1)
}

// conditionKeys are what the request brings to a policy, whatever the
// authorization type.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
func (c *call) conditionKeys() map[string][]string {
	keys := map[string][]string{}
	if c.request.SourceIP != "" {
		keys["aws:SourceIp"] = []string{c.request.SourceIP}
	}
	for header, key := range map[string]string{"user-agent": "aws:UserAgent", "referer": "aws:Referer"} {
		if c.request.Header.Has(header) {
			keys[key] = []string{c.request.Header.Get(header)}
		}
	}
	return keys
}

func (c *call) responseHeader() api.Header {
	return api.Header{"x-amzn-requestid": {c.id}, "x-amz-apigw-id": {c.extendedID}}
}

// quoteShort quotes what was sent, cut to fit a table.
func quoteShort(text string) string {
	const most = 32
	if len(text) <= most {
		return strconv.Quote(text)
	}
	end := most
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return strconv.Quote(text[:end]) + "…"
}
