package cognitoidentity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidentity"
)

const apiReference = "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/"

// photosPool is closedPool with settings that an update can lose.
const photosPool = `
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties:
      IdentityPoolName: photos
      AllowUnauthenticatedIdentities: true
      AllowClassicFlow: true
      DeveloperProviderName: login.example
      CognitoIdentityProviders: [{ClientId: ` + clientID + `, ProviderName: ` + provider + `, ServerSideTokenCheck: false}]
`

func poolRefusals() []refusal {
	update := func(members object) func(*account) object {
		return func(a *account) object {
			input := object{"IdentityPoolId": a.pool(), "IdentityPoolName": "photos", "AllowUnauthenticatedIdentities": true}
			for name, value := range members {
				input[name] = value
			}
			return input
		}
	}
	const invalid = "InvalidParameterException"
	return []refusal{
		{
			"a pool's name with a slash", apiReference + "API_CreateIdentityPool.html", "",
			cognitoidentity.RulePoolName, invalid, `1 validation error detected: Value 'a/b' at 'identityPoolName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w\s+=,.@-]+`, "CreateIdentityPool",
			func(*account) object {
				return object{"IdentityPoolName": "a/b", "AllowUnauthenticatedIdentities": false}
			},
		}, {
			"a developer provider's name of 101 characters", apiReference + "API_CreateIdentityPool.html", "",
			cognitoidentity.RulePoolName, invalid, "1 validation error detected: Value '" + longName + "' at 'developerProviderName' failed to satisfy constraint: Member must have length less than or equal to 100", "UpdateIdentityPool",
			update(object{"DeveloperProviderName": longName}),
		}, {
			"another developer provider", apiReference + "API_UpdateIdentityPool.html", photosPool,
			cognitoidentity.RuleDeveloperKept, invalid, "DeveloperProviderName cannot be changed once it is set.", "UpdateIdentityPool",
			update(object{"DeveloperProviderName": "login.other"}),
		}, {
			"updating no pool", apiReference + "API_UpdateIdentityPool.html", "",
			cognitoidentity.RulePoolExists, "ResourceNotFoundException", "IdentityPool 'us-east-1:none' not found.", "UpdateIdentityPool",
			update(object{"IdentityPoolId": "us-east-1:none"}),
		}, {
			"deleting no pool", apiReference + "API_DeleteIdentityPool.html", "",
			cognitoidentity.RulePoolExists, "ResourceNotFoundException", "IdentityPool 'us-east-1:none' not found.", "DeleteIdentityPool",
			func(*account) object { return object{"IdentityPoolId": "us-east-1:none"} },
		}, {
			"tags of no pool", apiReference + "API_ListTagsForResource.html", "",
			cognitoidentity.RulePoolExists, "ResourceNotFoundException", "IdentityPool 'arn:none' not found.", "ListTagsForResource",
			func(*account) object { return object{"ResourceArn": "arn:none"} },
		}, {
			"a page of 61", apiReference + "API_ListIdentityPools.html", "",
			cognitoidentity.RulePage, invalid, "1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60", "ListIdentityPools",
			func(*account) object { return object{"MaxResults": 61.0} },
		}, {
			"a page of none", apiReference + "API_ListIdentityPools.html", "",
			cognitoidentity.RulePage, invalid, "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1", "ListIdentityPools",
			func(*account) object { return object{"MaxResults": 0.0} },
		}, {
			"a page that nobody asked for", apiReference + "API_ListIdentityPools.html", "",
			cognitoidentity.RulePage, invalid, "Invalid pagination token.", "ListIdentityPools",
			func(*account) object { return object{"MaxResults": 1.0, "NextToken": "page-7"} },
		},
	}
}

const longName = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// poolIsUpdated loses a setting and then none; roles are no settings.
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html
func poolIsUpdated(a *account) {
	a.Must("SetIdentityPoolRoles", object{"IdentityPoolId": a.pool(), "Roles": object{"authenticated": userRole}})
	described := a.Must("DescribeIdentityPool", object{"IdentityPoolId": a.pool()})
	a.same("sent again", described, a.Must("UpdateIdentityPool", described))
	a.same("resets of what is sent again", []string{"every setting to keep sent again: none is lost"}, a.resets())

	after := a.Must("UpdateIdentityPool", object{"IdentityPoolId": a.pool(), "IdentityPoolName": "photos", "AllowUnauthenticatedIdentities": true})
	a.same("resets", []string{
		"AllowClassicFlow sent again to keep it: left out: true becomes the default",
		"CognitoIdentityProviders sent again to keep it: left out: [{\"ClientId\":\"" + clientID[:25] + "… becomes the default",
	}, a.resets())
	a.same("the developer provider", "login.example", after["DeveloperProviderName"])
	a.same("the roles", object{"authenticated": userRole}, a.Must("GetIdentityPoolRoles", object{"IdentityPoolId": a.pool()})["Roles"])
}

// resets are what the latest call noted about settings that were left out.
func (a *account) resets() []string {
	var found []string
	for _, c := range a.Last.Checks(0) {
		if c.Rule == cognitoidentity.RuleUpdateResets {
			found = append(found, c.Wanted+": "+c.Found)
		}
	}
	return found
}

func (a *account) same(what string, want, got any) {
	a.T.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		a.T.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// poolsAreListed makes two more and reads the list in pages.
func poolsAreListed(a *account) {
	for _, name := range []string{"second", "third"} {
		a.Must("CreateIdentityPool", object{"IdentityPoolName": name, "AllowUnauthenticatedIdentities": false})
	}
	var names []any
	input := object{"MaxResults": 2.0}
	for range 2 {
		out := a.Must("ListIdentityPools", input)
		for _, p := range out["IdentityPools"].([]any) {
			names = append(names, p.(object)["IdentityPoolName"])
		}
		input["NextToken"] = out["NextToken"]
	}
	a.same("names", []any{"photos", "second", "third"}, names)
	a.same("the token after the last page", nil, input["NextToken"])
}

func TestPoolsAreUpdatedAndListed(t *testing.T) {
	t.Run("update", func(t *testing.T) { poolIsUpdated(deployed(t, photosPool)) })
	t.Run("list", func(t *testing.T) { poolsAreListed(deployed(t, photosPool)) })
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CreateIdentityPool.html
func TestACreatedPoolWorksAsADeployedOne(t *testing.T) {
	a := newAccount(t)
	created := a.Must("CreateIdentityPool", object{
		"IdentityPoolName": "photos", "AllowUnauthenticatedIdentities": false, "SupportedLoginProviders": object{"graph.facebook.com": "7"},
		"CognitoIdentityProviders": []any{object{"ClientId": clientID, "ProviderName": provider, "ServerSideTokenCheck": false}},
	})
	id := created["IdentityPoolId"]
	a.same("described", created, a.Must("DescribeIdentityPool", object{"IdentityPoolId": id}))
	a.Must("SetIdentityPoolRoles", object{"IdentityPoolId": id, "Roles": object{"authenticated": userRole}})
	identity := a.Must("GetId", object{"IdentityPoolId": id, "Logins": a.logins(nil)})["IdentityId"]
	a.Must("GetCredentialsForIdentity", object{"IdentityId": identity, "Logins": a.logins(nil)})
	a.Must("DeleteIdentityPool", object{"IdentityPoolId": id})
	a.Refused(cognitoidentity.RuleIdentityExists, "ResourceNotFoundException", "Identity '"+identity.(string)+"' not found.", "GetCredentialsForIdentity", object{"IdentityId": identity, "Logins": a.logins(nil)})
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_TagResource.html
func TestPoolsAreTagged(t *testing.T) {
	a := deployed(t, closedPool())
	arn := "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/" + a.pool()
	a.Must("TagResource", object{"ResourceArn": arn, "Tags": object{"team": "photos", "stage": "test"}})
	a.Must("UntagResource", object{"ResourceArn": arn, "TagKeys": []any{"stage"}})
	a.same("tags", object{"team": "photos"}, a.Must("ListTagsForResource", object{"ResourceArn": arn})["Tags"])
	a.same("tags of the pool", object{"team": "photos"}, a.Must("DescribeIdentityPool", object{"IdentityPoolId": a.pool()})["IdentityPoolTags"])
}
