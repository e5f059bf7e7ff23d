package apigateway

import "claimcheck/sim/api"

const (
	actionInvoke = "execute-api:Invoke"
	// scopeService is the service in a signature's credential scope.
	scopeService = "execute-api"
)

// open is the authorization type NONE: nobody is asked, unless the API has a
// resource policy. Other types embed it and replace the phases they have.
type open struct{}

func (open) authenticate(*call) error { return nil }
func (open) precheck(*call) error     { return nil }
func (open) authorizer(*call) error   { return nil }

// authorize evaluates the resource policy on its own.
func (open) authorize(c *call) error { return c.authorizeAnonymous() }

// authorizeAnonymous is phase 6 where the caller is nobody to IAM: without a
// resource policy everyone passes; with one it must allow, and silence denies.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (c *call) authorizeAnonymous() error {
	if c.stage.deployment.policy == nil {
		return nil
	}
	decision := c.judgeAnonymous(func(a api.Authorization) api.Decision { return c.access.Authorize(c.span, a) })
	if c.span.Decide(RuleResourcePolicyAllow, decision.Allowed, "an Allow in the resource policy", verdict(decision)) {
		return nil
	}
	return c.refuseAnonymous(decision)
}

// judgeAnonymous asks the resource policy about a caller without AWS identity.
func (c *call) judgeAnonymous(authorize func(api.Authorization) api.Decision) api.Decision {
	return authorize(api.Authorization{
		Principal: api.Principal{Type: api.Anonymous}, Action: actionInvoke, Resource: c.arn(),
		ResourcePolicy: c.stage.deployment.policy, Keys: c.conditionKeys(),
	})
}

// refuseAnonymous words the resource policy's denial of a caller without AWS
// identity.
func (c *call) refuseAnonymous(decision api.Decision) error {
	reason := " because no resource-based policy allows the " + actionInvoke + " action"
	if decision.Explicit {
		reason = " with an explicit deny"
	}
	return deniedWith("User: anonymous is not authorized to perform: " + actionInvoke + " on resource: " + c.maskedARN() + reason)
}

// verdict names a decision as a learner meets it.
func verdict(d api.Decision) string {
	switch {
	case d.Allowed:
		return "allow"
	case d.Explicit:
		return "explicit deny"
	}
	return "no statement allows it (implicit deny)"
}
