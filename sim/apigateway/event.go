package apigateway

import (
	"net/url"
	"strings"

	"claimcheck/sim/api"
)

// proxyEvent is the input of a Lambda proxy integration, in the field order of
// AWS's example. Maps without entries are null, as AWS sends them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
type proxyEvent struct {
	Resource                        string              `json:"resource"`
	Path                            string              `json:"path"`
	HTTPMethod                      string              `json:"httpMethod"`
	Headers                         map[string]string   `json:"headers"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters"`
	PathParameters                  map[string]string   `json:"pathParameters"`
	StageVariables                  map[string]string   `json:"stageVariables"`
	RequestContext                  requestContext      `json:"requestContext"`
	Body                            *string             `json:"body"`
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`
}

type requestContext struct {
	ResourceID        string          `json:"resourceId"`
	Authorizer        map[string]any  `json:"authorizer"`
	ResourcePath      string          `json:"resourcePath"`
	HTTPMethod        string          `json:"httpMethod"`
	ExtendedRequestID string          `json:"extendedRequestId"`
	RequestTime       string          `json:"requestTime"`
	Path              string          `json:"path"`
	AccountID         string          `json:"accountId"`
	Protocol          string          `json:"protocol"`
	Stage             string          `json:"stage"`
	DomainPrefix      string          `json:"domainPrefix"`
	RequestTimeEpoch  int64           `json:"requestTimeEpoch"`
	RequestID         string          `json:"requestId"`
	Identity          requestIdentity `json:"identity"`
	DomainName        string          `json:"domainName"`
	DeploymentID      string          `json:"deploymentId"`
	APIID             string          `json:"apiId"`
}

// requestIdentity is filled for AWS_IAM; the Cognito fields only when the
// credentials came from an identity pool.
type requestIdentity struct {
	CognitoIdentityPoolID         *string `json:"cognitoIdentityPoolId"`
	AccountID                     *string `json:"accountId"`
	CognitoIdentityID             *string `json:"cognitoIdentityId"`
	Caller                        *string `json:"caller"`
	SourceIP                      string  `json:"sourceIp"`
	PrincipalOrgID                *string `json:"principalOrgId"`
	AccessKey                     *string `json:"accessKey"`
	CognitoAuthenticationType     *string `json:"cognitoAuthenticationType"`
	CognitoAuthenticationProvider *string `json:"cognitoAuthenticationProvider"`
	UserArn                       *string `json:"userArn"`
	UserAgent                     *string `json:"userAgent"`
	User                          *string `json:"user"`
}

func (c *call) proxyEvent() proxyEvent {
	headers := c.eventHeaders()
	return proxyEvent{
		Resource: c.resource.path, Path: c.path, HTTPMethod: c.request.Method,
		Headers: lastValues(headers), MultiValueHeaders: orNull(headers),
		QueryStringParameters: lastValues(c.query), MultiValueQueryStringParameters: orNull(c.query),
		PathParameters: orNull(c.parameters), StageVariables: orNull(c.stage.variables),
		RequestContext: c.requestContext(), Body: present(c.request.Body),
	}
}

func (c *call) requestContext() requestContext {
	now := c.world.Now().UTC()
	return requestContext{
		ResourceID: c.resource.id, Authorizer: c.eventAuthorizer(), ResourcePath: c.resource.path,
		HTTPMethod: c.request.Method, ExtendedRequestID: c.extendedID,
		RequestTime: now.Format("02/Jan/2006:15:04:05 -0700"), RequestTimeEpoch: now.UnixMilli(),
		Path: "/" + c.stage.name + strings.TrimSuffix(c.path, "/"), AccountID: c.world.Account(), Protocol: "HTTP/1.1",
		Stage: c.stage.name, DomainPrefix: c.apiID, DomainName: c.apiID + c.domain(),
		RequestID: c.id, Identity: c.identityContext(), DeploymentID: c.stage.deployment.id, APIID: c.apiID,
	}
}

// eventAuthorizer is what the authorizer found out: the claims of a user
// pool's token, or a Lambda authorizer's principalId and context. Without an
// authorizer it is claims and scopes, both null.
func (c *call) eventAuthorizer() map[string]any {
	switch c.guard.(type) {
	case userPool, jwtAuthorizer:
		return map[string]any{"claims": c.caller.claims}
	case lambdaAuthorizer:
		context := map[string]any{"principalId": c.caller.answer.principalID}
		for key, value := range c.caller.answer.context {
			context[key] = value
		}
		return context
	}
	return map[string]any{"claims": nil, "scopes": nil}
}

// identityContext fills $context.identity.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
func (c *call) identityContext() requestIdentity {
	p := c.caller.principal
	identity := requestIdentity{
		SourceIP: c.request.SourceIP, UserAgent: present(c.request.Header.Get("user-agent")),
		AccountID: present(p.Account), Caller: present(p.UserID), User: present(p.UserID),
		UserArn: present(p.ARN), AccessKey: present(p.AccessKeyID),
		CognitoIdentityID:     present(first(p.Keys["cognito-identity.amazonaws.com:sub"])),
		CognitoIdentityPoolID: present(first(p.Keys["cognito-identity.amazonaws.com:aud"])),
	}
	methods := p.Keys["cognito-identity.amazonaws.com:amr"]
	identity.CognitoAuthenticationType = present(first(methods))
	if len(methods) > 1 {
		identity.CognitoAuthenticationProvider = present(strings.Join(methods[1:], ","))
	}
	return identity
}

// eventHeaders are the request's headers and those that API Gateway adds. The
// HTTP door does not keep the case of names, so they have the one that HTTP/1.1
// clients usually send: Authorization, Content-Type.
func (c *call) eventHeaders() map[string][]string {
	headers := map[string][]string{
		"Host":              {c.apiID + c.domain()},
		"X-Forwarded-For":   {c.request.SourceIP},
		"X-Forwarded-Port":  {"443"},
		"X-Forwarded-Proto": {"https"},
	}
	for name, values := range c.request.Header {
		if name != "host" { // how the client reached the API is its own affair
			headers[canonical(name)] = values
		}
	}
	return headers
}

// canonical writes a header name with a capital after each hyphen.
func canonical(name string) string {
	parts := strings.Split(strings.ToLower(name), "-")
	for i, part := range parts {
		if part != "" {
			parts[i] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, "-")
}

// lastValues keeps the last value of each name.
func lastValues[M api.Header | url.Values | map[string][]string](multi M) map[string]string {
	var single map[string]string
	for name, values := range multi {
		if single == nil {
			single = make(map[string]string, len(multi))
		}
		if len(values) > 0 {
			single[name] = values[len(values)-1]
		}
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

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
