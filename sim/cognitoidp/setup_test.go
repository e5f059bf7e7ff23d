package cognitoidp_test

import (
	"strings"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

// setupBehaviours are stories of what is set up inside a pool: groups, resource
// servers, domains and identity providers.
func setupBehaviours() []behaviour {
	return []behaviour{
		{"groups are changed, listed and deleted", groupsAreChangedListedAndDeleted},
		{"users are listed in pages", usersAreListedInPages},
		{"resource servers are changed, listed and deleted", resourceServersAreChangedListedAndDeleted},
		{"a domain is created and deleted before its pool", domainIsCreatedAndDeletedBeforeItsPool},
		{"a custom domain is described with its certificate", customDomainIsDescribedWithItsCertificate},
		{"identity providers are changed, listed and deleted", identityProvidersAreChangedListedAndDeleted},
		{"pools are tagged", poolsAreTagged},
		{"app clients have a style", clientsHaveAStyle},
	}
}

// in adds members to the input that names Pool.
func (a *account) in(members object) object {
	input := a.pool()
	for name, value := range members {
		input[name] = value
	}
	return input
}

// names are the values of one member in a list of structures.
func names(list any, member string) []any {
	var values []any
	for _, item := range list.([]any) {
		values = append(values, item.(object)[member])
	}
	return values
}

func (a *account) equal(what string, want, got any) {
	a.T.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		a.T.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html
func groupsAreChangedListedAndDeleted(a *account) {
	a.with(plainPool)
	for _, user := range []string{"ana", "bob", "eve"} {
		a.addUser(user)
	}
	for _, name := range []string{"writers", "editors"} {
		a.Must("CreateGroup", a.in(object{"GroupName": name, "Precedence": 5.0, "Description": "the " + name}))
	}
	for _, user := range []string{"eve", "ana"} {
		a.Must("AdminAddUserToGroup", a.in(object{"GroupName": "editors", "Username": user}))
	}
	a.wait(1e9)
	a.Must("UpdateGroup", a.in(object{"GroupName": "editors", "Precedence": 1.0}))
	group := a.Must("GetGroup", a.in(object{"GroupName": "editors"}))["Group"].(object)
	a.has(group, object{"Precedence": 1.0, "Description": "the editors", "UserPoolId": a.Ref("Pool")})
	if group["LastModifiedDate"] == group["CreationDate"] {
		a.T.Error("the group is not marked as modified")
	}
	first := a.Must("ListGroups", a.in(object{"Limit": 1.0}))
	second := a.Must("ListGroups", a.in(object{"Limit": 1.0, "NextToken": first["NextToken"]}))
	a.equal("groups", []any{"editors", "writers"}, append(names(first["Groups"], "GroupName"), names(second["Groups"], "GroupName")...))
	a.equal("members", []any{"ana", "eve"}, names(a.Must("ListUsersInGroup", a.in(object{"GroupName": "editors"}))["Users"], "Username"))
	a.Must("DeleteGroup", a.in(object{"GroupName": "editors"}))
	if groups := a.parse(a.signIn("ana")["AccessToken"]).Texts("cognito:groups"); len(groups) > 0 {
		a.T.Errorf("the token has the groups %v", groups)
	}
	a.equal("groups of ana", []any(nil), names(a.Must("AdminListGroupsForUser", a.user("ana"))["Groups"], "GroupName"))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func usersAreListedInPages(a *account) {
	a.with(plainPool)
	for _, user := range []string{"ana", "bob", "eve"} {
		a.addUser(user)
	}
	first := a.Must("ListUsers", a.in(object{"Limit": 2.0, "AttributesToGet": []any{"email"}}))
	second := a.Must("ListUsers", a.in(object{"Limit": 2.0, "PaginationToken": first["PaginationToken"]}))
	a.equal("users", []any{"ana", "bob", "eve"}, append(names(first["Users"], "Username"), names(second["Users"], "Username")...))
	ana := first["Users"].([]any)[0].(object)
	a.equal("attributes", []any{object{"Name": "email", "Value": "ana@example.com"}}, ana["Attributes"])
	if second["PaginationToken"] != nil {
		a.T.Errorf("after the last page comes %v", second["PaginationToken"])
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateResourceServer.html
func resourceServersAreChangedListedAndDeleted(a *account) {
	a.with(plainPool)
	server := func(scopes ...string) object {
		var list []any
		for _, scope := range scopes {
			list = append(list, object{"ScopeName": scope, "ScopeDescription": scope})
		}
		return a.in(object{"Identifier": "shop", "Name": "Shop", "Scopes": list})
	}
	a.Must("CreateResourceServer", server("read", "write"))
	client := a.in(object{
		"ClientName": "job", "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
		"AllowedOAuthFlows": []any{"client_credentials"}, "AllowedOAuthScopes": []any{"shop/write"},
	})
	a.Must("CreateUserPoolClient", client)
	a.Must("UpdateResourceServer", server("read"))
	a.Refused(cognitoidp.RuleScopeExists, "ScopeDoesNotExistException", "Invalid scope requested: shop/write", "CreateUserPoolClient", client)
	identifier := a.in(object{"Identifier": "shop"})
	described := a.Must("DescribeResourceServer", identifier)["ResourceServer"].(object)
	a.has(described, object{"Name": "Shop", "Scopes": []any{object{"ScopeName": "read", "ScopeDescription": "read"}}})
	a.equal("listed", []any{described}, a.Must("ListResourceServers", a.pool())["ResourceServers"])
	a.Must("DeleteResourceServer", identifier)
	a.equal("left", []any{}, a.Must("ListResourceServers", a.pool())["ResourceServers"])
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
func domainIsCreatedAndDeletedBeforeItsPool(a *account) {
	a.with(plainPool)
	domain := a.in(object{"Domain": "shop"})
	a.has(a.Must("CreateUserPoolDomain", domain), object{"CloudFrontDomain": nil, "ManagedLoginVersion": 1.0})
	a.has(a.Must("UpdateUserPoolDomain", a.in(object{"Domain": "shop", "ManagedLoginVersion": 2.0})), object{"ManagedLoginVersion": 2.0})
	described := a.Must("DescribeUserPoolDomain", object{"Domain": "shop"})["DomainDescription"].(object)
	a.has(described, object{"UserPoolId": a.Ref("Pool"), "Domain": "shop", "Status": "ACTIVE", "AWSAccountId": "123456789012", "ManagedLoginVersion": 2.0})
	a.has(a.describePool(a.Ref("Pool")), object{"Domain": "shop"})
	a.Must("DeleteUserPoolDomain", domain)
	a.equal("after it is deleted", object{}, a.Must("DescribeUserPoolDomain", object{"Domain": "shop"})["DomainDescription"])
	a.Must("DeleteUserPool", a.pool())
}

func customDomainIsDescribedWithItsCertificate(a *account) {
	a.with(plainPool)
	certificate := object{"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}
	created := a.Must("CreateUserPoolDomain", a.in(object{"Domain": "auth.example.com", "CustomDomainConfig": certificate}))
	if target, _ := created["CloudFrontDomain"].(string); !strings.HasSuffix(target, ".cloudfront.net") {
		a.T.Errorf("the alias points to %q", target)
	}
	a.has(a.Must("DescribeUserPoolDomain", object{"Domain": "auth.example.com"})["DomainDescription"].(object), object{"CustomDomainConfig": certificate})
	a.has(a.describePool(a.Ref("Pool")), object{"CustomDomain": "auth.example.com", "Domain": nil})
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateIdentityProvider.html
func identityProvidersAreChangedListedAndDeleted(a *account) {
	a.with(plainPool)
	google := a.in(object{"ProviderName": "Google"})
	created := a.Must("CreateIdentityProvider", a.in(object{
		"ProviderName": "Google", "ProviderType": "Google", "IdpIdentifiers": []any{"example.com"},
		"ProviderDetails":  object{"client_id": "1", "client_secret": "2", "authorize_scopes": "openid"},
		"AttributeMapping": object{"email": "email"},
	}))
	a.equal("described", created, a.Must("DescribeIdentityProvider", google))
	a.equal("found by identifier", created, a.Must("GetIdentityProviderByIdentifier", a.in(object{"IdpIdentifier": "example.com"})))
	updated := a.Must("UpdateIdentityProvider", a.in(object{"ProviderName": "Google", "AttributeMapping": object{"name": "name"}}))["IdentityProvider"].(object)
	a.has(updated, object{"AttributeMapping": object{"name": "name"}, "IdpIdentifiers": []any{"example.com"}})
	a.Refused(cognitoidp.RuleAttributeMapping, "InvalidParameterException", "Invalid attribute mapping: custom:plan is not in the schema.", "UpdateIdentityProvider",
		a.in(object{"ProviderName": "Google", "AttributeMapping": object{"custom:plan": "plan"}}))
	a.equal("after a refused update", updated, a.Must("DescribeIdentityProvider", google)["IdentityProvider"])
	a.equal("listed", []any{"Google"}, names(a.Must("ListIdentityProviders", a.pool())["Providers"], "ProviderName"))
	a.Must("UpdateIdentityProvider", a.in(object{
		"ProviderName": "Google", "IdpIdentifiers": []any{}, "ProviderDetails": object{"client_id": "3", "client_secret": "4", "authorize_scopes": "openid"},
	}))
	a.has(a.Must("DescribeIdentityProvider", google)["IdentityProvider"].(object), object{"IdpIdentifiers": nil})
	a.Must("DeleteIdentityProvider", google)
	a.equal("left", []any{}, a.Must("ListIdentityProviders", a.pool())["Providers"])
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html
func poolsAreTagged(a *account) {
	a.with(plainPool)
	arn := a.describePool(a.Ref("Pool"))["Arn"]
	a.Must("TagResource", object{"ResourceArn": arn, "Tags": object{"team": "shop", "stage": "test"}})
	a.Must("UntagResource", object{"ResourceArn": arn, "TagKeys": []any{"stage"}})
	a.equal("tags", object{"team": "shop"}, a.Must("ListTagsForResource", object{"ResourceArn": arn})["Tags"])
	a.Refused(cognitoidp.RulePoolExists, "ResourceNotFoundException", "User pool arn:none does not exist.", "ListTagsForResource", object{"ResourceArn": "arn:none"})
}

func setupRefusals() []refusal {
	in := func(members object) func(*account) object {
		return func(a *account) object { return a.in(members) }
	}
	const invalid, missing = "InvalidParameterException", "ResourceNotFoundException"
	return []refusal{
		{
			"reading no group", "https://github.com/aws-amplify/amplify-cli/issues/2214", "",
			cognitoidp.RuleGroupExists, missing, "Group not found.", "GetGroup", in(object{"GroupName": "editors"}),
		}, {
			"a search by a custom attribute", guide + "how-to-manage-user-accounts.html", "",
			cognitoidp.RuleUserFilter, invalid, "Users cannot be searched by custom:plan.", "ListUsers", in(object{"Filter": `custom:plan = "gold"`}),
		}, {
			"a list with an attribute that does not exist", reference + "API_ListUsers.html", "",
			cognitoidp.RuleAttributeSchema, invalid, "One or more requested attributes do not exist.", "ListUsers", in(object{"AttributesToGet": []any{"custom:plan"}}),
		}, {
			"reading no resource server", reference + "API_DescribeResourceServer.html", "",
			cognitoidp.RuleResourceServerExists, missing, "Resource server shop does not exist.", "DescribeResourceServer", in(object{"Identifier": "shop"}),
		}, {
			"deleting no domain", reference + "API_DeleteUserPoolDomain.html", "",
			cognitoidp.RuleDomainOwn, invalid, "No such domain or user pool exists.", "DeleteUserPoolDomain", in(object{"Domain": "shop"}),
		}, {
			"updating a domain to managed login on the Lite plan", guide + "cognito-sign-in-feature-plans.html",
			"\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {UserPoolTier: LITE}}\n  Domain: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: shop}}\n",
			cognitoidp.RulePlan, "FeatureUnavailableInTierException", "The following features need to be disabled for the LITE pricing tier configured: Managed login", "UpdateUserPoolDomain",
			in(object{"Domain": "shop", "ManagedLoginVersion": 2.0}),
		}, {
			"reading no identity provider", reference + "API_DescribeIdentityProvider.html", "",
			cognitoidp.RuleProviderExists, missing, "Identity provider Google does not exist.", "DescribeIdentityProvider", in(object{"ProviderName": "Google"}),
		}, {
			"an identifier of no identity provider", reference + "API_GetIdentityProviderByIdentifier.html", "",
			cognitoidp.RuleProviderExists, missing, "Identity provider example.com does not exist.", "GetIdentityProviderByIdentifier", in(object{"IdpIdentifier": "example.com"}),
		}, {
			"creating an identity provider without its client id", reference + "API_CreateIdentityProvider.html", "",
			cognitoidp.RuleProviderDetails, invalid, "Required parameter client_id is missing in ProviderDetails.", "CreateIdentityProvider",
			in(object{"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": object{}}),
		},
	}
}
