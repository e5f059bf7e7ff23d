package cognitoidentity_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidentity"
	"claimcheck/sim/jwt"
)

const (
	corporate    = "login.example.com/realm"
	corporateARN = "arn:aws:iam::123456789012:oidc-provider/" + corporate
	oidcPage     = guide + "open-id.html"
)

// corporatePool takes logins of an OpenID Connect provider beside those of the
// user pool, and maps their roles.
func corporatePool() string {
	more := "authenticated: '" + userRole + "'}, RoleMappings: {'" + corporateARN + "': {Type: Rules, AmbiguousRoleResolution: AuthenticatedRole, " +
		"RulesConfiguration: {Rules: [{Claim: dept, MatchType: Equals, Value: IT, RoleARN: '" + admins + "'}]}}"
	arns := "OpenIdConnectProviderARNs: ['arn:aws:iam::123456789012:oidc-provider/gone.example.com', '" + corporateARN + "', none]"
	return fmt.Sprintf(template, false, arns, more)
}

func (a *account) corporateLogin(changes object) object {
	claims := object{"iss": "https://" + corporate, "aud": "portal", "sub": "p-7"}
	for name, value := range changes {
		claims[name] = value
	}
	return object{corporate: a.idToken(claims)}
}

func oidcRefusals() []refusal {
	ask := func(logins func(a *account) object) func(a *account) object {
		return func(a *account) object { return object{"IdentityPoolId": a.pool(), "Logins": logins(a)} }
	}
	with := func(changes object) func(a *account) object {
		return ask(func(a *account) object { return a.corporateLogin(changes) })
	}
	exp := time.Date(2026, time.March, 2, 8, 55, 0, 0, time.UTC).Unix()
	return []refusal{
		{"no JWT of an OpenID Connect provider", "https://github.com/jonsaw/amazon-cognito-identity-dart/issues/85", corporatePool(), cognitoidentity.RuleTokenJWT, "NotAuthorizedException",
			"Invalid login token. Not a valid OpenId Connect identity token.", "GetId", ask(func(*account) object { return object{corporate: "opaque"} })},
		{"a user pool's token under an OpenID Connect provider's key", oidcPage, corporatePool(), cognitoidentity.RuleTokenIssuer, "NotAuthorizedException",
			"Invalid login token. Issuer doesn't match providerName", "GetId", ask(func(a *account) object { return object{corporate: a.idToken(nil)} })},
		{"another client of the provider", "https://github.com/aws-amplify/amplify-js/issues/6287", corporatePool(), cognitoidentity.RuleOIDCAudience, "NotAuthorizedException",
			"Invalid login token. Incorrect token audience.", "GetId", with(object{"aud": "other"})},
		{"azp counts before aud", oidcPage, corporatePool(), cognitoidentity.RuleOIDCAudience, "NotAuthorizedException",
			"Invalid login token. Incorrect token audience.", "GetId", with(object{"azp": "other"})},
		{"five minutes after exp", oidcPage, corporatePool(), cognitoidentity.RuleTokenExpiry, "NotAuthorizedException",
			fmt.Sprintf("Invalid login token. Token expired: %d >= %d", exp+300, exp), "GetId", with(object{"exp": exp})},
		{"an issuer that publishes no keys", oidcPage, corporatePool(), cognitoidentity.RuleTokenSignature, "NotAuthorizedException",
			"Invalid login token. Couldn't verify signed token.", "GetId", ask(func(a *account) object {
				a.discovery = "{}"
				return a.corporateLogin(nil)
			})},
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/open-id.html
func TestOpenIDConnectTokensLogIn(t *testing.T) {
	for name, claims := range map[string]object{
		"aud":                  nil,
		"one aud of several":   {"aud": []any{"other", "portal"}},
		"azp beside other aud": {"aud": "other", "azp": "portal"},
		"in the grace":         {"exp": time.Date(2026, time.March, 2, 8, 56, 0, 0, time.UTC).Unix()},
	} {
		t.Run(name, func(t *testing.T) {
			a := deployed(t, corporatePool())
			if first, again := a.idOf(a.corporateLogin(claims)), a.idOf(a.corporateLogin(claims)); first != again {
				t.Errorf("one login has the identities %s and %s", first, again)
			}
		})
	}
}

// The key of the mapping is the provider's ARN:
// https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
func TestOpenIDConnectClaimsAreMappedToRoles(t *testing.T) {
	a := deployed(t, corporatePool())
	for dept, want := range map[string]string{"IT": admins, "HR": userRole} {
		logins := a.corporateLogin(object{"dept": dept})
		a.Must("GetCredentialsForIdentity", object{"IdentityId": a.idOf(logins), "Logins": logins})
		input := a.calls[len(a.calls)-1].Input
		if input["RoleArn"] != want {
			t.Errorf("%s has the role %v", dept, input["RoleArn"])
		}
		token, err := jwt.Parse(input["WebIdentityToken"].(string))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"authenticated", corporate}, token.Texts("amr")); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOIDCProviderThatIAMDoesNotHaveIsNoVerdict(t *testing.T) {
	a := deployed(t, corporatePool())
	a.notSimulated("GetId", object{"IdentityPoolId": a.pool(), "Logins": object{"gone.example.com": a.idToken(object{"iss": "https://gone.example.com"})}})
}
