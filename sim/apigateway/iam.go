package apigateway

import (
	"errors"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// signed is the authorization type AWS_IAM.
type signed struct{ open }

// authenticate is phase 3. Its checks are those of IAM.
func (signed) authenticate(c *call) error {
	principal, err := c.access.Authenticate(c.span, c.request, scopeService)
	var refused *awserr.Error
	if errors.As(err, &refused) {
		return unsigned(refused)
	}
	c.caller.principal = principal
	return err
}

// authorize is phase 6: the caller's policies and the resource policy together,
// either being enough inside one account and both being needed across accounts.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (signed) authorize(c *call) error {
	decision := c.access.Authorize(c.span, api.Authorization{
		Principal: c.caller.principal, Action: actionInvoke, Resource: c.arn(),
		ResourcePolicy: c.stage.deployment.policy, Keys: c.conditionKeys(),
	})
	if decision.Allowed {
		return nil
	}
	return deniedWith(strings.ReplaceAll(decision.Message, c.arn(), c.maskedARN()))
}

// codeIncompleteSignature is IAM's code for an Authorization header that is not SigV4.
const codeIncompleteSignature = "IncompleteSignature"

// unsigned turns IAM's refusal of a signature into API Gateway's answer:
// https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
func unsigned(err *awserr.Error) *refusal {
	r := &refusal{kind: default4XX, status: 403, message: err.Message, exception: strings.TrimSuffix(err.Code, "Exception") + "Exception"}
	switch err.Code {
	case "MissingAuthenticationToken", "MissingAuthenticationTokenException":
		r.kind, r.exception = missingAuthenticationToken, "MissingAuthenticationTokenException"
		r.message = "Missing Authentication Token"
	case codeIncompleteSignature:
		r.kind = missingAuthenticationToken
	case "SignatureDoesNotMatch", "SignatureExpired", "SignatureNotYetCurrent", "InvalidSignatureException":
		r.kind, r.exception = invalidSignature, "InvalidSignatureException"
	case "ExpiredToken", "ExpiredTokenException":
		r.kind = expiredToken
	case "InvalidClientTokenId", "UnrecognizedClientException":
		r.exception = "AccessDeniedException"
	}
	return r
}
