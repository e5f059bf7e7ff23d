package appsync

import (
	"errors"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// actionGraphQL is the one action of the data plane.
const actionGraphQL = "appsync:GraphQL"

// checkSignature is phase 3 for AWS_IAM. Its checks are those of IAM.
// https://github.com/aws-amplify/amplify-js/issues/3447
func (c *call) checkSignature() error {
	caller, err := c.access.Authenticate(c.span, c.request, "appsync")
	var refused *awserr.Error
	if errors.As(err, &refused) {
		return &refusal{status: 403, errorType: strings.TrimSuffix(refused.Code, "Exception") + "Exception", message: refused.Message}
	}
	c.caller = caller
	return err
}

// authorizeSigned is phase 6. Only the fields of the operation's root are asked
// for; what a policy says about fields further down was not seen to matter.
// https://github.com/aws-amplify/amplify-category-api/issues/2457
func (c *call) authorizeSigned(fields []*field) error {
	if c.mode.kind != modeIAM {
		return nil
	}
	for _, f := range fields {
		resource := c.arnOf(c.api, "/types/"+f.parent.Name+"/fields/"+f.name)
		decision := c.access.Authorize(c.span, api.Authorization{Principal: c.caller, Action: actionGraphQL, Resource: resource})
		found := "allowed"
		if !decision.Allowed {
			found = "not allowed"
		}
		if !c.span.Decide(RuleIAMPolicy, decision.Allowed, actionGraphQL+" on "+f.parent.Name+"."+f.name, found) {
			return unauthorized("Permission denied")
		}
	}
	return nil
}

// iamIdentity is ctx.identity of a signed request.
// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html
func (c *call) iamIdentity() map[string]any {
	identity := map[string]any{
		"accountId": c.caller.Account, "cognitoIdentityPoolId": nil, "cognitoIdentityId": nil, "sourceIp": c.sourceIP(),
		"username": c.caller.UserID, "userArn": c.caller.ARN, "cognitoIdentityAuthType": nil, "cognitoIdentityAuthProvider": nil,
	}
	const prefix = "cognito-identity.amazonaws.com:"
	for member, key := range map[string]string{"cognitoIdentityPoolId": "aud", "cognitoIdentityId": "sub"} {
		if values := c.caller.Keys[prefix+key]; len(values) > 0 {
			identity[member] = values[0]
		}
	}
	if amr := c.caller.Keys[prefix+"amr"]; len(amr) > 0 {
		identity["cognitoIdentityAuthType"] = amr[0]
		if len(amr) > 1 {
			identity["cognitoIdentityAuthProvider"] = quotedList(amr[1:])
		}
	}
	return identity
}

// quotedList is how AppSync writes the providers: "A","B:CognitoSignIn:SUB".
func quotedList(values []string) string {
	return `"` + strings.Join(values, `","`) + `"`
}
