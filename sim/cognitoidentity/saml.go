package cognitoidentity

import (
	"cmp"
	"fmt"
	"strings"

	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
	"claimcheck/sim/trace"
)

// samlRoles is the attribute with the roles of a user.
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/saml-identity-provider.html
const samlRoles = "https://aws.amazon.com/SAML/Attributes/Role"

func isSAML(provider string) bool { return strings.Contains(provider, ":saml-provider/") }

// verifySAML verifies the response of a SAML provider, whose ARN is the key in
// Logins:
//
//  1. it is a SAML response
//  2. the entity in the provider's metadata issued it
//  3. a key in the metadata signed it
//  4. it is for AWS
//  5. it has not expired
//
// That these are checked is documented, AWS's words are not: they are those for
// tokens.
//
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/saml-identity-provider.html
func (s *IdentityPools) verifySAML(span *trace.Span, provider, raw string) (proof, error) {
	response, err := saml.Read(raw)
	said := response.Assertion
	if !span.Decide(RuleAssertion, err == nil, "a SAML response in base64", faultOr(err, "an assertion about "+said.NameID)) { // 1
		return proof{}, notAuthorized("Invalid login token. Not a valid SAML assertion.")
	}
	known, ok := s.access.SAMLProvider(provider)
	if !ok {
		return proof{}, fmt.Errorf("the account has no %s: AWS documents no outcome", provider)
	}
	if !span.Decide(RuleTokenIssuer, said.Issuer == known.Issuer, "issued by "+known.Issuer, cmp.Or(said.Issuer, "none")) { // 2
		return proof{}, notAuthorized("Invalid login token. Issuer doesn't match providerName")
	}
	fault := response.Verify(known.Certificates...)
	if !span.Decide(RuleTokenSignature, fault == nil, "a signature by a key in the metadata", faultOr(fault, "it is valid")) { // 3
		return proof{}, notAuthorized("Invalid login token. Couldn't verify signed token.")
	}
	if !span.Decide(RuleAssertion, said.ForAWS(), saml.AWSRecipient+" and "+saml.AWSEntity, cmp.Or(said.Recipient, "none")+", "+strings.Join(said.Audiences, ", ")) { // 4
		return proof{}, notAuthorized("Invalid login token. Incorrect token audience.")
	}
	now := s.world.Now()
	if !span.Decide(RuleTokenExpiry, now.Before(said.NotOnOrAfter), "an assertion before its NotOnOrAfter", said.NotOnOrAfter.Format("2006-01-02 15:04:05")) { // 5
		return proof{}, notAuthorized("Invalid login token. Token expired: %d >= %d", now.Unix(), said.NotOnOrAfter.Unix())
	}
	return proof{login{provider, said.NameID}, jwt.Token{Claims: attributesOf(said)}, provider}, nil
}

// attributesOf are the attributes of an assertion as claims.
func attributesOf(said saml.Assertion) map[string]any {
	claims := map[string]any{}
	for _, a := range said.Attributes {
		if len(a.Values) == 1 {
			claims[a.Name] = a.Values[0]
			continue
		}
		list := make([]any, len(a.Values))
		for n, value := range a.Values {
			list[n] = value
		}
		claims[a.Name] = list
	}
	return claims
}

// rolesOf are the roles in an assertion's attribute Role, each of which stands
// there beside the ARN of the SAML provider.
func rolesOf(token jwt.Token) []string {
	var roles []string
	for _, pair := range token.Texts(samlRoles) {
		for _, at := range strings.Split(pair, ",") {
			if at = strings.TrimSpace(at); strings.Contains(at, ":role/") {
				roles = append(roles, at)
			}
		}
	}
	return roles
}

func faultOr(err error, found string) string {
	if err != nil {
		return err.Error()
	}
	return found
}
