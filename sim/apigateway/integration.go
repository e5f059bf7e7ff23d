package apigateway

import (
	"strings"

	"claimcheck/sim/api"
)

// integration is phase 9: what a method does with a request that got in. It
// ends the request with a *refusal when the back end fails it.
type integration interface {
	invoke(c *call) (api.HTTPResponse, error)
}

// newIntegration reads the Integration property. A method without one cannot
// be deployed; its integration is nil.
func newIntegration(p methodProperties) (integration, error) {
	if p.Integration == nil {
		return nil, nil
	}
	limit, err := timeoutOf(p.Integration)
	if err != nil {
		return nil, err
	}
	if p.Integration.Credentials == callersOwn && p.AuthorizationType != "AWS_IAM" {
		return nil, notSimulated("the caller's credentials on a method without AWS_IAM")
	}
	switch p.Integration.Type {
	case "AWS_PROXY":
		return newLambdaProxy(p.Integration, limit)
	case "HTTP_PROXY":
		return newHTTPProxy(p)
	case "MOCK":
		return newCustom(p, mockBackend{})
	case "HTTP":
		if err := checkEndpoint(p.Integration); err != nil {
			return nil, err
		}
		return newCustom(p, httpBackend{uri: p.Integration.Uri, verb: p.Integration.IntegrationHttpMethod})
	case "AWS":
		return newAWSIntegration(p, limit)
	}
	return nil, badRequest("Enumeration value for type must be non-empty")
}

// newAWSIntegration is a Lambda function that is not a proxy, or one action of
// another service.
// https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
func newAWSIntegration(p methodProperties, limit timeLimit) (integration, error) {
	i := p.Integration
	if err := checkServiceURI(i); err != nil {
		return nil, err
	}
	if _, ok := functionARN(i.Uri); ok {
		return newCustom(p, functionBackend{uri: i.Uri, verb: i.IntegrationHttpMethod, credentials: i.Credentials, limit: limit})
	}
	parts := strings.SplitN(i.Uri, ":", 6)
	name, isAction := strings.CutPrefix(parts[len(parts)-1], "action/")
	if !isAction || len(parts) < 6 {
		return nil, notSimulated("the Uri %s: want a function's invocations or SERVICE:action/NAME", i.Uri)
	}
	if i.Credentials == "" {
		return nil, notSimulated("an integration with %s without Credentials", parts[4])
	}
	return newCustom(p, actionBackend{service: parts[4], action: name, credentials: i.Credentials})
}

// checkServiceURI says what AWS has against the Uri of an AWS integration.
func checkServiceURI(i *integrationProperties) error {
	switch {
	case i.IntegrationHttpMethod == "":
		return badRequest("Enumeration value for HttpMethod must be non-empty")
	case !strings.HasPrefix(i.Uri, "arn:aws:apigateway:"):
		return badRequest("Invalid ARN specified in the request")
	case !strings.Contains(i.Uri, ":path/") && !strings.Contains(i.Uri, ":action/"):
		return badRequest("AWS ARN for integration must contain path or action")
	}
	if _, ok := functionARN(i.Uri); !ok && strings.Contains(i.Uri, ":lambda:path/") {
		return badRequest("Invalid function ARN or invalid uri")
	}
	if !isRole(i.Credentials) && i.Credentials != callersOwn {
		return notSimulated("Credentials %s: want the ARN of a role, or %s", i.Credentials, callersOwn)
	}
	return nil
}

// isRole reports the ARN of a role, or none.
func isRole(credentials string) bool {
	return credentials == "" || strings.HasPrefix(credentials, "arn:aws:iam::") && strings.Contains(credentials, ":role/")
}

func checkEndpoint(i *integrationProperties) error {
	if i.IntegrationHttpMethod == "" {
		return badRequest("Enumeration value for HttpMethod must be non-empty")
	}
	if !strings.HasPrefix(i.Uri, "https://") && !strings.HasPrefix(i.Uri, "http://") {
		return badRequest("Invalid HTTP endpoint specified for URI")
	}
	return nil
}
