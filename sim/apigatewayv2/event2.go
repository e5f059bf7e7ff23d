package apigatewayv2

import (
	"encoding/json"
	"strconv"
	"strings"
)

// event2 is the input of a Lambda function, payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type event2 struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        context2          `json:"requestContext"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	StageVariables        map[string]string `json:"stageVariables,omitempty"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

// context2 is requestContext in payload format 2.0. An authorizer's event has
// none in Authorizer.
type context2 struct {
	AccountID    string         `json:"accountId"`
	APIID        string         `json:"apiId"`
	Authorizer   map[string]any `json:"authorizer,omitempty"`
	DomainName   string         `json:"domainName"`
	DomainPrefix string         `json:"domainPrefix"`
	HTTP         contextHTTP    `json:"http"`
	RequestID    string         `json:"requestId"`
	RouteKey     string         `json:"routeKey"`
	Stage        string         `json:"stage"`
	Time         string         `json:"time"`
	TimeEpoch    int64          `json:"timeEpoch"`
}

type contextHTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// contextJWT holds every claim as text; scopes is null where the route asks for
// none.
type contextJWT struct {
	Claims map[string]string `json:"claims"`
	Scopes []string          `json:"scopes"`
}

// contextIAM is who has signed the request.
// https://pkg.go.dev/github.com/aws/aws-lambda-go/events#APIGatewayV2HTTPRequestContextAuthorizerIAMDescription
type contextIAM struct {
	AccessKey       string           `json:"accessKey"`
	AccountID       string           `json:"accountId"`
	CallerID        string           `json:"callerId"`
	CognitoIdentity *contextIdentity `json:"cognitoIdentity"`
	PrincipalOrgID  string           `json:"principalOrgId"`
	UserArn         string           `json:"userArn"`
	UserID          string           `json:"userId"`
}

// contextIdentity is the identity of an identity pool behind the credentials.
type contextIdentity struct {
	AMR            []string `json:"amr"`
	IdentityID     string   `json:"identityId"`
	IdentityPoolID string   `json:"identityPoolId"`
}

// authorizerEvent2 is the input of a Lambda authorizer, payload format 2.0.
type authorizerEvent2 struct {
	Version               string            `json:"version"`
	Type                  string            `json:"type"`
	RouteArn              string            `json:"routeArn"`
	IdentitySource        []string          `json:"identitySource"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        context2          `json:"requestContext"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	StageVariables        map[string]string `json:"stageVariables,omitempty"`
}

func (c *call) event2() event2 {
	asked := c.authorizerEvent2(nil)
	e := event2{
		Version: asked.Version, RouteKey: asked.RouteKey, RawPath: asked.RawPath, RawQueryString: asked.RawQueryString,
		Cookies: asked.Cookies, Headers: asked.Headers, QueryStringParameters: asked.QueryStringParameters,
		RequestContext: asked.RequestContext, PathParameters: asked.PathParameters, StageVariables: asked.StageVariables,
		Body: c.request.Body,
	}
	e.RequestContext.Authorizer = c.authorizer2()
	return e
}

func (c *call) authorizerEvent2(identities []string) authorizerEvent2 {
	headers := c.eventHeaders().Flat()
	delete(headers, "cookie")
	e := authorizerEvent2{
		Version: "2.0", Type: "REQUEST", RouteArn: c.arn(), IdentitySource: identities,
		RouteKey: c.route.key, RawPath: c.path, RawQueryString: c.query.Encode(), Cookies: c.cookies(), Headers: headers,
		PathParameters: c.parameters, StageVariables: c.stage.variables, RequestContext: c.context2(),
	}
	if len(c.query) > 0 {
		e.QueryStringParameters = map[string]string{}
		for name, values := range c.query {
			e.QueryStringParameters[name] = strings.Join(values, ",")
		}
	}
	return e
}

// cookies are those of the request, which format 2.0 takes out of the headers.
func (c *call) cookies() []string {
	text := c.request.Header.Get("cookie")
	if text == "" {
		return nil
	}
	return strings.Split(text, "; ")
}

func (c *call) context2() context2 {
	now := c.world.Now().UTC()
	return context2{
		AccountID: c.world.Account(), APIID: c.api.id, DomainName: c.api.id + c.domain(), DomainPrefix: c.api.id,
		HTTP: contextHTTP{
			Method: c.request.Method, Path: c.path, Protocol: "HTTP/1.1", SourceIP: c.request.SourceIP,
			UserAgent: c.request.Header.Get("user-agent"),
		},
		RequestID: c.id, RouteKey: c.route.key, Stage: c.stage.name, Time: now.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
	}
}

// authorizer2 is requestContext.authorizer: one member, named after the kind of
// authorizer, nil for a route without one.
func (c *call) authorizer2() map[string]any {
	switch c.route.authorization {
	case "JWT":
		return map[string]any{"jwt": contextJWT{Claims: claimTexts(c.caller.token.claims), Scopes: c.caller.token.scopes}}
	case "CUSTOM":
		return map[string]any{"lambda": c.caller.answer.context}
	case "AWS_IAM":
		return map[string]any{"iam": c.contextIAM()}
	}
	return nil
}

func (c *call) contextIAM() contextIAM {
	p := c.caller.principal
	iam := contextIAM{AccessKey: p.AccessKeyID, AccountID: p.Account, CallerID: p.UserID, UserArn: p.ARN, UserID: p.UserID}
	if id := p.Keys["cognito-identity.amazonaws.com:sub"]; len(id) > 0 {
		iam.CognitoIdentity = &contextIdentity{
			AMR: p.Keys["cognito-identity.amazonaws.com:amr"], IdentityID: id[0],
			IdentityPoolID: strings.Join(p.Keys["cognito-identity.amazonaws.com:aud"], ","),
		}
	}
	return iam
}

// claimTexts writes claims as an HTTP API passes them on: numbers and booleans
// as text, lists in brackets separated by spaces, nested values as JSON, null
// left out. https://github.com/DefinitelyTyped/DefinitelyTyped/pull/75458
func claimTexts(claims map[string]any) map[string]string {
	texts := map[string]string{}
	for name, value := range claims {
		if value != nil {
			texts[name] = claimText(value)
		}
	}
	return texts
}

func claimText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = claimText(item)
		}
		return "[" + strings.Join(items, " ") + "]"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}
