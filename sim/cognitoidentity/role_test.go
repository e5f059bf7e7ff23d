package cognitoidentity_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidentity"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace/tracetest"
)

const (
	editors    = "arn:aws:iam::123456789012:role/editors"
	admins     = "arn:aws:iam::123456789012:role/admins"
	rolesPage  = guide + "role-based-access-control.html"
	setRoles   = "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html"
	mappingKey = provider + ":" + clientID
)

const secondAttachment = `
  More:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    DependsOn: Roles
    Properties: {IdentityPoolId: !Ref Pool, Roles: {authenticated: '` + userRole + `'}}
`

// mapped is a pool whose attachment has one role mapping under a static key.
func mapped(text string) string {
	more := "authenticated: '" + userRole + "'}, RoleMappings: {users: {IdentityProvider: '" + mappingKey + "', " + text + "}"
	return fmt.Sprintf(template, false, "", more)
}

func tokenMapped(resolution string) string {
	return mapped("Type: Token, AmbiguousRoleResolution: " + resolution)
}

func rulesMapped(resolution string) string {
	return mapped("Type: Rules, AmbiguousRoleResolution: " + resolution + ", RulesConfiguration: {Rules: [" +
		"{Claim: 'custom:team', MatchType: Equals, Value: red, RoleARN: '" + admins + "'}, " +
		"{Claim: 'custom:team', MatchType: StartsWith, Value: bl, RoleARN: '" + editors + "'}, " +
		"{Claim: 'custom:team', MatchType: Contains, Value: lu, RoleARN: '" + userRole + "'}]}")
}

// credentials signs in with the claims and returns the role that the pool
// asked STS for.
func (a *account) credentials(claims object, custom string) string {
	a.T.Helper()
	input := object{"IdentityId": a.identity(claims), "Logins": a.logins(claims)}
	if custom != "" {
		input["CustomRoleArn"] = custom
	}
	a.Must("GetCredentialsForIdentity", input)
	return a.calls[len(a.calls)-1].Input["RoleArn"].(string)
}

func expired(after time.Duration) string {
	now := tracetest.Start().Add(after).Unix()
	return fmt.Sprintf("Invalid login token. Token expired: %d >= %d", now, now)
}

func roleRefusals() []refusal {
	ask := func(claims object, custom string) func(a *account) object {
		return func(a *account) object {
			input := object{"IdentityId": a.identity(claims), "Logins": a.logins(claims)}
			if custom != "" {
				input["CustomRoleArn"] = custom
			}
			return input
		}
	}
	const denied = "The ambiguous role mapping rules for: " + mappingKey + " denied this request."
	return []refusal{
		{
			"a user in no group, and Deny", "https://github.com/aws-amplify/amplify-js/issues/8644", tokenMapped("Deny"),
			cognitoidentity.RuleAmbiguousRole, "NotAuthorizedException", denied, "GetCredentialsForIdentity", ask(nil, ""),
		}, {
			"two groups that tie, and Deny", rolesPage, tokenMapped("Deny"),
			cognitoidentity.RuleAmbiguousRole, "NotAuthorizedException", denied, "GetCredentialsForIdentity",
			ask(object{"cognito:roles": []any{editors, admins}}, ""),
		}, {
			"no rule that matches, and Deny", "https://github.com/aws-amplify/amplify-js/issues/3621", rulesMapped("Deny"),
			cognitoidentity.RuleAmbiguousRole, "NotAuthorizedException", denied, "GetCredentialsForIdentity",
			ask(object{"custom:team": "green"}, ""),
		}, {
			"a role that is not the token's", rolesPage, tokenMapped("AuthenticatedRole"),
			cognitoidentity.RuleCustomRole, "NotAuthorizedException", "Access to Role '" + admins + "' is forbidden.", "GetCredentialsForIdentity",
			ask(object{"cognito:roles": []any{editors}, "cognito:preferred_role": editors}, admins),
		}, {
			"a role of a rule that does not match", rolesPage, rulesMapped("AuthenticatedRole"),
			cognitoidentity.RuleCustomRole, "NotAuthorizedException", "Access to Role '" + admins + "' is forbidden.", "GetCredentialsForIdentity",
			ask(object{"custom:team": "blue"}, admins),
		}, {
			"the basic flow around role mappings", "https://github.com/aws-observability/aws-rum-web/issues/172", tokenMapped("Deny"),
			cognitoidentity.RuleClassicFlow, "InvalidParameterException", "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.", "GetOpenIdToken", ask(nil, ""),
		},
	}
}

// settingRefusals are those of whoever configures a pool.
func settingRefusals() []refusal {
	set := func(mappings object) func(a *account) object {
		return func(a *account) object {
			return object{"IdentityPoolId": a.pool(), "Roles": object{"authenticated": userRole}, "RoleMappings": mappings}
		}
	}
	one := func(m object) func(a *account) object { return set(object{mappingKey: m}) }
	rule := func(value string) object {
		return object{"Claim": "custom:team", "MatchType": "Equals", "Value": value, "RoleARN": editors}
	}
	rules := func(list ...any) object {
		return object{"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": object{"Rules": list}}
	}
	many := object{}
	for n := range 11 {
		many[fmt.Sprint(n)] = object{"Type": "Token", "AmbiguousRoleResolution": "Deny"}
	}
	incomplete := func(fault string) string {
		return "The role mapping for " + mappingKey + " is not valid: " + fault + "."
	}
	const code, page = "InvalidParameterException", "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_RoleMapping.html"
	return []refusal{
		{"roles of no pool", "https://github.com/aws-amplify/amplify-js/issues/14117", "", cognitoidentity.RulePoolExists, "ResourceNotFoundException", "IdentityPool 'us-east-1:none' not found.", "SetIdentityPoolRoles",
			func(*account) object { return object{"IdentityPoolId": "us-east-1:none", "Roles": object{}} }},
		{"a mapping key without the app client", "https://github.com/aws/aws-cdk/issues/22951", "", cognitoidentity.RuleMappingProvider, code, "(" + provider + ") is not a valid RoleMapping ProviderName or is not a configured provider.", "SetIdentityPoolRoles",
			set(object{provider: object{"Type": "Token", "AmbiguousRoleResolution": "Deny"}})},
		{"a mapping key of another app client", "https://github.com/aws/aws-cdk/issues/22951", "", cognitoidentity.RuleMappingProvider, code, "(" + provider + ":other) is not a valid RoleMapping ProviderName or is not a configured provider.", "SetIdentityPoolRoles",
			set(object{provider + ":other": object{"Type": "Token", "AmbiguousRoleResolution": "Deny"}})},
		{"a mapping that does not say what happens without a role", page, "", cognitoidentity.RuleMappingComplete, code, incomplete("AmbiguousRoleResolution is missing"), "SetIdentityPoolRoles", one(object{"Type": "Token"})},
		{"rules without rules", page, "", cognitoidentity.RuleMappingComplete, code, incomplete("RulesConfiguration is missing"), "SetIdentityPoolRoles", one(object{"Type": "Rules", "AmbiguousRoleResolution": "Deny"})},
		{"rules beside the token's role", page, "", cognitoidentity.RuleMappingComplete, code, incomplete("RulesConfiguration is for the type Rules"), "SetIdentityPoolRoles",
			one(object{"Type": "Token", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": object{"Rules": []any{rule("a")}}})},
		{"26 rules", rolesPage, "", cognitoidentity.RuleMappingComplete, code, incomplete("26 rules, and the most is 25"), "SetIdentityPoolRoles",
			func(a *account) object {
				var list []any
				for n := range 26 {
					list = append(list, rule(fmt.Sprint(n)))
				}
				return one(rules(list...))(a)
			}},
		{"a value that is too long", "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MappingRule.html", "", cognitoidentity.RuleMappingComplete, code,
			incomplete("rule 2 wants a claim of 1 to 64 and a value of 1 to 128 characters"), "SetIdentityPoolRoles", one(rules(rule("a"), rule(strings.Repeat("a", 129))))},
		{"mappings for eleven providers", setRoles, "", cognitoidentity.RuleMappingComplete, code,
			"1 validation error detected: Value at 'roleMappings' failed to satisfy constraint: Map value must satisfy constraint: Member must have length less than or equal to 10", "SetIdentityPoolRoles", set(many)},
		{"a role that the caller may not pass", "https://github.com/boto/boto3/issues/73", "", cognitoidentity.RulePassRole, "NotAuthorizedException", "Access to Role '" + editors + "' is forbidden.", "SetIdentityPoolRoles",
			func(a *account) object {
				a.forbidden = editors
				return one(rules(rule("a")))(a)
			}},
		{"a role's name instead of its ARN", "https://github.com/aws/aws-sdk-js/issues/908", "", cognitoidentity.RulePassRole, "NotAuthorizedException", "Access to Role 'editors' is forbidden.", "SetIdentityPoolRoles",
			func(a *account) object {
				return object{"IdentityPoolId": a.pool(), "Roles": object{"unauthenticated": "editors"}}
			}},
		{"a principal tag with too long a name", guide + "using-afac-with-cognito-identity-pools.html", "", cognitoidentity.RuleTagMap, code,
			"1 validation error detected: Value at 'principalTags' failed to satisfy constraint: Map keys must have length between 1 and 128", "SetPrincipalTagAttributeMap",
			func(a *account) object {
				return object{"IdentityPoolId": a.pool(), "IdentityProviderName": provider, "PrincipalTags": object{strings.Repeat("k", 129): "sub"}}
			}},
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
func TestRoleIsChosenByTheMapping(t *testing.T) {
	both := []any{editors, admins}
	for name, row := range map[string]struct {
		template string
		claims   object
		custom   string
		want     string
	}{
		"groups without a mapping change nothing": {closedPool(), object{"cognito:groups": []any{"Admins"}, "cognito:roles": []any{admins}, "cognito:preferred_role": admins}, "", userRole},
		"the preferred role":                      {tokenMapped("Deny"), object{"cognito:roles": both, "cognito:preferred_role": admins}, "", admins},
		"no role, AuthenticatedRole":              {tokenMapped("AuthenticatedRole"), nil, "", userRole},
		"a tie, AuthenticatedRole":                {tokenMapped("AuthenticatedRole"), object{"cognito:roles": both}, "", userRole},
		"a tie, and the app chooses":              {tokenMapped("Deny"), object{"cognito:roles": both}, editors, editors},
		"a role other than the preferred":         {tokenMapped("Deny"), object{"cognito:roles": both, "cognito:preferred_role": admins}, editors, editors},
		"Equals":                                  {rulesMapped("Deny"), object{"custom:team": "red"}, "", admins},
		"the first of two rules that match":       {rulesMapped("Deny"), object{"custom:team": "blue"}, "", editors},
		"the second, on demand":                   {rulesMapped("Deny"), object{"custom:team": "blue"}, userRole, userRole},
		"Contains":                                {rulesMapped("Deny"), object{"custom:team": "glue"}, "", userRole},
		"case counts":                             {rulesMapped("AuthenticatedRole"), object{"custom:team": "RED"}, "", userRole},
		"no claim, AuthenticatedRole":             {rulesMapped("AuthenticatedRole"), nil, "", userRole},
		"NotEqual":                                {oneRule("NotEqual", "custom:team", "red"), object{"custom:team": "blue"}, "", editors},
		"NotEqual, the same":                      {oneRule("NotEqual", "custom:team", "red"), object{"custom:team": "red"}, "", userRole},
		"NotEqual without the claim":              {oneRule("NotEqual", "custom:team", "red"), nil, "", userRole},
		"Contains in a list":                      {oneRule("Contains", "cognito:groups", "Editors"), object{"cognito:groups": []any{"Admins", "Editors"}}, "", editors},
		"Contains in another list":                {oneRule("Contains", "cognito:groups", "Editors"), object{"cognito:groups": []any{"Subeditors"}}, "", userRole},
		"a boolean":                               {oneRule("Equals", "email_verified", "true"), object{"email_verified": true}, "", editors},
		"a number":                                {oneRule("Equals", "level", "7"), object{"level": 7}, "", editors},
	} {
		t.Run(name, func(t *testing.T) {
			if got := deployed(t, row.template).credentials(row.claims, row.custom); got != row.want {
				t.Errorf("the role is %s, want %s", got, row.want)
			}
		})
	}
}

func oneRule(match, claim, value string) string {
	return mapped(fmt.Sprintf("Type: Rules, AmbiguousRoleResolution: AuthenticatedRole, RulesConfiguration: {Rules: [{Claim: '%s', MatchType: %s, Value: '%s', RoleARN: '%s'}]}", claim, match, value, editors))
}

func TestWhatAWSLeavesOpenAboutRolesIsNoVerdict(t *testing.T) {
	for name, row := range map[string]struct {
		template string
		claims   object
		custom   string
	}{
		"Equals on a list":                {oneRule("Equals", "cognito:groups", "Editors"), object{"cognito:groups": []any{"Editors"}}, ""},
		"a structure":                     {oneRule("Equals", "address", "Bern"), object{"address": object{"city": "Bern"}}, ""},
		"CustomRoleArn without a mapping": {closedPool(), nil, editors},
	} {
		t.Run(name, func(t *testing.T) {
			a := deployed(t, row.template)
			a.notSimulated("GetCredentialsForIdentity", object{"IdentityId": a.identity(nil), "Logins": a.logins(row.claims), "CustomRoleArn": row.custom})
		})
	}
}

func TestTwoLoginsWithMappingsAreNoVerdict(t *testing.T) {
	a := deployed(t, twoUserPools())
	mapping := object{"Type": "Token", "AmbiguousRoleResolution": "Deny"}
	a.Must("SetIdentityPoolRoles", object{"IdentityPoolId": a.pool(), "Roles": object{}, "RoleMappings": object{
		mappingKey: mapping, otherProvider + ":" + otherClient: mapping,
	}})
	a.notSimulated("GetCredentialsForIdentity", object{"IdentityId": a.idOf(a.both()), "Logins": a.both()})
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html
func TestSettingRolesReplacesThem(t *testing.T) {
	a := deployed(t, tokenMapped("Deny"))
	mappings := object{mappingKey: object{"Type": "Rules", "AmbiguousRoleResolution": "AuthenticatedRole", "RulesConfiguration": object{"Rules": []any{
		object{"Claim": "sub", "MatchType": "Equals", "Value": sub, "RoleARN": editors},
	}}}}
	a.Must("SetIdentityPoolRoles", object{"IdentityPoolId": a.pool(), "Roles": object{"unauthenticated": guests}, "RoleMappings": mappings})
	want := object{"IdentityPoolId": a.pool(), "Roles": object{"unauthenticated": guests}, "RoleMappings": mappings}
	if diff := cmp.Diff(want, a.Must("GetIdentityPoolRoles", object{"IdentityPoolId": a.pool()})); diff != "" {
		t.Error(diff)
	}
	if got := a.credentials(nil, ""); got != editors {
		t.Errorf("the role is %s", got)
	}
}

// https://github.com/aws/aws-cdk/issues/27411
func TestAPoolHasOneRoleAttachment(t *testing.T) {
	a := newAccount(t)
	err := a.Deploy(closedPool() + secondAttachment)
	var refusal *awserr.Error
	if !errors.As(err, &refusal) || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("deployed: %v", err)
	}
}

// tagged is a pool with attributes for access control.
func tagged(properties string) string {
	return closedPool() + `
  Tags:
    Type: AWS::Cognito::IdentityPoolPrincipalTag
    Properties:
      IdentityPoolId: !Ref Pool
      IdentityProviderName: ` + provider + `
      ` + properties + "\n"
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html
func TestClaimsBecomePrincipalTagsInTheTokenForSTS(t *testing.T) {
	for name, row := range map[string]struct {
		properties string
		want       any
	}{
		"own tags":         {"PrincipalTags: {team: 'custom:team', verified: email_verified, city: 'custom:city'}", object{"principal_tags": object{"team": []any{"blue"}, "verified": []any{"true"}}}},
		"the defaults":     {"UseDefaults: true", object{"principal_tags": object{"client": []any{clientID}, "username": []any{sub}}}},
		"none that exists": {"PrincipalTags: {city: 'custom:city'}", nil},
		"none":             {"UseDefaults: false", nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := deployed(t, tagged(row.properties))
			claims := object{"custom:team": "blue", "email_verified": true}
			a.credentials(claims, "")
			basic := a.Must("GetOpenIdToken", object{"IdentityId": a.identity(claims), "Logins": a.logins(claims)})
			for _, raw := range []any{a.calls[0].Input["WebIdentityToken"], basic["Token"]} {
				token, err := jwt.Parse(raw.(string))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(row.want, token.Claims["https://aws.amazon.com/tags"]); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetPrincipalTagAttributeMap.html
func TestTagMapIsReadAsItWasSet(t *testing.T) {
	a := deployed(t, closedPool())
	at := object{"IdentityPoolId": a.pool(), "IdentityProviderName": provider}
	with := func(name string, value any) object {
		in := object{name: value}
		for k, v := range at {
			in[k] = v
		}
		return in
	}
	a.Must("SetPrincipalTagAttributeMap", with("PrincipalTags", object{"team": "custom:team"}))
	want := with("PrincipalTags", object{"team": "custom:team"})
	want["UseDefaults"] = false
	if diff := cmp.Diff(want, a.Must("GetPrincipalTagAttributeMap", at)); diff != "" {
		t.Error(diff)
	}
	want = with("PrincipalTags", object{"client": "aud", "username": "sub"})
	want["UseDefaults"] = true
	if diff := cmp.Diff(want, a.Must("SetPrincipalTagAttributeMap", with("UseDefaults", true))); diff != "" {
		t.Error(diff)
	}
}

func TestWhatAWSLeavesOpenAboutTagsIsNoVerdict(t *testing.T) {
	a := deployed(t, tagged("PrincipalTags: {groups: 'cognito:groups', long: 'custom:long'}"))
	for _, claims := range []object{{"cognito:groups": []any{"Editors"}}, {"custom:long": strings.Repeat("x", 460)}} {
		a.notSimulated("GetCredentialsForIdentity", object{"IdentityId": a.identity(nil), "Logins": a.logins(claims)})
	}
	a.notSimulated("SetPrincipalTagAttributeMap", object{"IdentityPoolId": a.pool(), "IdentityProviderName": "accounts.google.com"})
	social := deployed(t, socialPool())
	social.notSimulated("SetPrincipalTagAttributeMap", object{"IdentityPoolId": social.pool(), "IdentityProviderName": companyARN, "UseDefaults": true})
	a.notSimulated("SetPrincipalTagAttributeMap", object{"IdentityPoolId": a.pool(), "IdentityProviderName": provider, "UseDefaults": true, "PrincipalTags": object{"a": "b"}})
}
