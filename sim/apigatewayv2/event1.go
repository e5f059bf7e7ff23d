package apigatewayv2

import (
	"cmp"
	"maps"
	"strings"

	"claimcheck/sim/api"
)

// event1 is the input of a Lambda function, payload format 1.0. It is a REST
// API's event but for these: header names are in lower case, resourceId is
// null, and path begins with the stage where the URL does.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type event1 struct {
	Version                         string              `json:"version"`
	Resource                        string              `json:"resource"`
	Path                            string              `json:"path"`
	HTTPMethod                      string              `json:"httpMethod"`
	Headers                         map[string]string   `json:"headers"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters"`
	RequestContext                  context1            `json:"requestContext"`
	PathParameters                  map[string]string   `json:"pathParameters"`
	StageVariables                  map[string]string   `json:"stageVariables"`
	Body                            *string             `json:"body"`
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`
}

type context1 struct {
	AccountID         string         `json:"accountId"`
	APIID             string         `json:"apiId"`
	Authorizer        map[string]any `json:"authorizer"`
	DomainName        string         `json:"domainName"`
	DomainPrefix      string         `json:"domainPrefix"`
	ExtendedRequestID string         `json:"extendedRequestId"`
	HTTPMethod        string         `json:"httpMethod"`
	Identity          identity1      `json:"identity"`
	Path              string         `json:"path"`
	Protocol          string         `json:"protocol"`
	RequestID         string         `json:"requestId"`
	RequestTime       string         `json:"requestTime"`
	RequestTimeEpoch  int64          `json:"requestTimeEpoch"`
	ResourceID        *string        `json:"resourceId"`
	ResourcePath      string         `json:"resourcePath"`
	Stage             string         `json:"stage"`
}

// identity1 is filled for AWS_IAM; the Cognito fields only when the credentials
// came from an identity pool.
type identity1 struct {
	AccessKey                     *string `json:"accessKey"`
	AccountID                     *string `json:"accountId"`
	Caller                        *string `json:"caller"`
	CognitoAuthenticationProvider *string `json:"cognitoAuthenticationProvider"`
	CognitoAuthenticationType     *string `json:"cognitoAuthenticationType"`
	CognitoIdentityID             *string `json:"cognitoIdentityId"`
	CognitoIdentityPoolID         *string `json:"cognitoIdentityPoolId"`
	PrincipalOrgID                *string `json:"principalOrgId"`
	SourceIP                      string  `json:"sourceIp"`
	User                          *string `json:"user"`
	UserAgent                     *string `json:"userAgent"`
	UserArn                       *string `json:"userArn"`
}

// authorizerEvent1 is the input of a Lambda authorizer, payload format 1.0. The
// values of the identity sources stand in two members, joined by commas.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
type authorizerEvent1 struct {
	Version               string            `json:"version"`
	Type                  string            `json:"type"`
	MethodArn             string            `json:"methodArn"`
	IdentitySource        string            `json:"identitySource"`
	AuthorizationToken    string            `json:"authorizationToken"`
	Resource              string            `json:"resource"`
	Path                  string            `json:"path"`
	HTTPMethod            string            `json:"httpMethod"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters"`
	PathParameters        map[string]string `json:"pathParameters"`
	StageVariables        map[string]string `json:"stageVariables"`
	RequestContext        askingContext1    `json:"requestContext"`
}

// askingContext1 is the request context before anybody has authorized.
type askingContext1 struct {
	Path         string          `json:"path"`
	AccountID    string          `json:"accountId"`
	ResourceID   *string         `json:"resourceId"`
	Stage        string          `json:"stage"`
	RequestID    string          `json:"requestId"`
	Identity     askingIdentity1 `json:"identity"`
	ResourcePath string          `json:"resourcePath"`
	HTTPMethod   string          `json:"httpMethod"`
	APIID        string          `json:"apiId"`
}

type askingIdentity1 struct {
	SourceIP string `json:"sourceIp"`
}

func (c *call) event1() event1 {
	headers := c.eventHeaders()
	return event1{
		Version: "1.0", Resource: c.resource1(), Path: c.path, HTTPMethod: c.request.Method,
		Headers: lastValues(headers), MultiValueHeaders: headers,
		QueryStringParameters: lastValues(c.query), MultiValueQueryStringParameters: orNull(c.query),
		RequestContext: c.context1(), PathParameters: orNull(c.parameters), StageVariables: orNull(c.stage.variables),
		Body: present(c.request.Body),
	}
}

// resource1 is the path of the route's key, $default for that route.
func (c *call) resource1() string { return cmp.Or(c.route.path(), c.route.key) }

func (c *call) context1() context1 {
	now := c.world.Now().UTC()
	return context1{
		AccountID: c.world.Account(), APIID: c.api.id, Authorizer: c.authorizer1(),
		DomainName: c.api.id + c.domain(), DomainPrefix: c.api.id, ExtendedRequestID: c.id,
		HTTPMethod: c.request.Method, Identity: c.identity1(), Path: c.path, Protocol: "HTTP/1.1", RequestID: c.id,
		RequestTime: now.Format("02/Jan/2006:15:04:05 -0700"), RequestTimeEpoch: now.UnixMilli(),
		ResourcePath: c.resource1(), Stage: c.stage.name,
	}
}

// authorizer1 is requestContext.authorizer: claims and scopes of a JWT, a Lambda
// authorizer's principalId and context, and otherwise claims and scopes, both
// null.
func (c *call) authorizer1() map[string]any {
	switch c.route.authorization {
	case "JWT":
		return map[string]any{"claims": claimTexts(c.caller.token.claims), "scopes": c.caller.token.scopes}
	case "CUSTOM":
		context := map[string]any{}
		if c.caller.answer.principalID != "" {
			context["principalId"] = c.caller.answer.principalID
		}
		maps.Copy(context, c.caller.answer.context)
		return context
	}
	return map[string]any{"claims": nil, "scopes": nil}
}

func (c *call) identity1() identity1 {
	iam := c.contextIAM()
	identity := identity1{
		AccessKey: present(iam.AccessKey), AccountID: present(iam.AccountID), Caller: present(iam.CallerID),
		User: present(iam.UserID), UserArn: present(iam.UserArn),
		SourceIP: c.request.SourceIP, UserAgent: present(c.request.Header.Get("user-agent")),
	}
	if known := iam.CognitoIdentity; known != nil && len(known.AMR) > 0 {
		identity.CognitoIdentityID, identity.CognitoIdentityPoolID = present(known.IdentityID), present(known.IdentityPoolID)
		identity.CognitoAuthenticationType = present(known.AMR[0])
		identity.CognitoAuthenticationProvider = present(strings.Join(known.AMR[1:], ","))
	}
	return identity
}

func (c *call) authorizerEvent1(identities []string) authorizerEvent1 {
	identity := strings.Join(identities, ",")
	return authorizerEvent1{
		Version: "1.0", Type: "REQUEST", MethodArn: c.arn(), IdentitySource: identity, AuthorizationToken: identity,
		Resource: c.resource1(), Path: c.path, HTTPMethod: c.request.Method, Headers: lastValues(c.eventHeaders()),
		QueryStringParameters: lastValues(c.query), PathParameters: c.parameters, StageVariables: c.stage.variables,
		RequestContext: askingContext1{
			Path: c.path, AccountID: c.world.Account(), Stage: c.stage.name, RequestID: c.id,
			Identity: askingIdentity1{SourceIP: c.request.SourceIP}, ResourcePath: c.resource1(),
			HTTPMethod: c.request.Method, APIID: c.api.id,
		},
	}
}

// eventHeaders are the request's headers and those that API Gateway adds, all
// in lower case.
func (c *call) eventHeaders() api.Header {
	headers := c.request.Header.Clone()
	headers.Set("host", c.api.id+c.domain())
	headers.Set("x-forwarded-for", c.request.SourceIP)
	headers.Set("x-forwarded-port", "443")
	headers.Set("x-forwarded-proto", "https")
	return headers
}

// lastValues keeps the last value of each name, nil for no names.
func lastValues(multi map[string][]string) map[string]string {
	var single map[string]string
	for name, values := range multi {
		if len(values) == 0 {
			continue
		}
		if single == nil {
			single = map[string]string{}
		}
		single[name] = values[len(values)-1]
	}
	return single
}

func orNull[V any](m map[string]V) map[string]V {
	if len(m) == 0 {
		return nil
	}
	return m
}

func present(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
