package apigateway

import "strings"

// requestEvent is the input of a REQUEST authorizer: the request without its
// body.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
type requestEvent struct {
	Type                            string               `json:"type"`
	MethodArn                       string               `json:"methodArn"`
	Resource                        string               `json:"resource"`
	Path                            string               `json:"path"`
	HTTPMethod                      string               `json:"httpMethod"`
	Headers                         map[string]string    `json:"headers"`
	MultiValueHeaders               map[string][]string  `json:"multiValueHeaders"`
	QueryStringParameters           map[string]string    `json:"queryStringParameters"`
	MultiValueQueryStringParameters map[string][]string  `json:"multiValueQueryStringParameters"`
	PathParameters                  map[string]string    `json:"pathParameters"`
	StageVariables                  map[string]string    `json:"stageVariables"`
	RequestContext                  requestAskingContext `json:"requestContext"`
}

// requestAskingContext is the request context before anybody has authorized.
type requestAskingContext struct {
	ResourceID   string                `json:"resourceId"`
	ResourcePath string                `json:"resourcePath"`
	HTTPMethod   string                `json:"httpMethod"`
	Path         string                `json:"path"`
	AccountID    string                `json:"accountId"`
	Stage        string                `json:"stage"`
	RequestID    string                `json:"requestId"`
	Identity     requestAskingIdentity `json:"identity"`
	APIID        string                `json:"apiId"`
}

type requestAskingIdentity struct {
	SourceIP  string  `json:"sourceIp"`
	UserAgent *string `json:"userAgent"`
}

func (c *call) requestEvent() requestEvent {
	whole := c.proxyEvent()
	asked := whole.RequestContext
	return requestEvent{
		Type: "REQUEST", MethodArn: c.arn(), Resource: whole.Resource, Path: whole.Path, HTTPMethod: whole.HTTPMethod,
		Headers: whole.Headers, MultiValueHeaders: whole.MultiValueHeaders,
		QueryStringParameters: whole.QueryStringParameters, MultiValueQueryStringParameters: whole.MultiValueQueryStringParameters,
		PathParameters: whole.PathParameters, StageVariables: whole.StageVariables,
		RequestContext: requestAskingContext{
			ResourceID: asked.ResourceID, ResourcePath: asked.ResourcePath, HTTPMethod: asked.HTTPMethod, Path: asked.Path,
			AccountID: asked.AccountID, Stage: asked.Stage, RequestID: asked.RequestID, APIID: asked.APIID,
			Identity: requestAskingIdentity{SourceIP: c.request.SourceIP, UserAgent: asked.Identity.UserAgent},
		},
	}
}

// sources makes check 1 for a REQUEST authorizer and returns what its answer is
// cached by: the values of all identity sources in their order. While caching is
// off the sources are not looked at and the function is always asked.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
func (c *call) sources(a authorizer) (string, error) {
	if a.ttl == 0 {
		return "", nil
	}
	values := make([]string, len(a.sources))
	for i, source := range a.sources {
		values[i] = source.read(c)
		found := quoteShort(values[i])
		if values[i] == "" {
			found = "nothing"
		}
		if !c.span.Decide(RuleLambdaIdentitySource, values[i] != "", "a value in the "+source.String(), found) {
			return "", unauthorizedToken()
		}
	}
	return strings.Join(values, "\x00"), nil
}
