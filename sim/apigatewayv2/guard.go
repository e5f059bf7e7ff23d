package apigatewayv2

import (
	"errors"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

const (
	actionInvoke = "execute-api:Invoke"
	// scopeService is the service in a signature's credential scope.
	scopeService = "execute-api"
)

// guard is an authorization type: phase 4 of its routes. It ends the request by
// returning a *refusal; any other error means that the simulation cannot run it.
type guard interface {
	admit(c *call) error
}

// guards are the authorization types by the name that a route gives.
func guards() map[string]guard {
	return map[string]guard{"NONE": everybody{}, "JWT": jwtAuthorizer{}, "CUSTOM": lambdaAuthorizer{}, "AWS_IAM": signed{}}
}

// everybody is the authorization type NONE.
type everybody struct{}

func (everybody) admit(*call) error { return nil }

// signed is the authorization type AWS_IAM. It makes IAM's checks:
//
//  1. the request carries a SigV4 signature of valid credentials
//  2. the caller's own policies allow execute-api:Invoke
//
// There is no resource policy that could allow instead, and every refusal is
// 403 Forbidden.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
type signed struct{}

func (signed) admit(c *call) error {
	// 1
	principal, err := c.access.Authenticate(c.span, c.request, scopeService)
	var refused *awserr.Error
	if errors.As(err, &refused) {
		return &refusal{status: 403}
	}
	if err != nil {
		return err
	}
	// 2
	c.caller.principal = principal
	decision := c.access.Authorize(c.span, api.Authorization{
		Principal: principal, Action: actionInvoke, Resource: c.arn(), Keys: c.conditionKeys(),
	})
	if !decision.Allowed {
		return &refusal{status: 403}
	}
	return nil
}
