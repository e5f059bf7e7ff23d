package cognitoidp_test

import (
	"github.com/google/go-cmp/cmp"
	"slices"

	"claimcheck/sim/cognitoidp"
)

// adminBehaviours are stories of whoever sets up pools and what is in them.
func adminBehaviours() []behaviour {
	return slices.Concat(poolBehaviours(), clientBehaviours(), setupBehaviours())
}

func poolBehaviours() []behaviour {
	return []behaviour{
		{"a pool is created and described", poolIsCreatedAndDescribed},
		{"an update resets what it leaves out", updateResetsWhatItLeavesOut},
		{"an update keeps what it repeats", updateKeepsWhatItRepeats},
		{"an update keeps the authenticator app", updateKeepsTheAuthenticatorApp},
		{"pools are listed in pages", poolsAreListedInPages},
		{"a pool is deleted with everything in it", poolIsDeletedWithEverythingInIt},
		{"custom attributes are added later", customAttributesAreAddedLater},
		{"values fit the schema", valuesFitTheSchema},
		{"messages have the pool's text", messagesHaveThePoolsText},
	}
}

func (a *account) pool() object { return object{"UserPoolId": a.Ref("Pool")} }

func (a *account) describePool(id any) object {
	a.T.Helper()
	return a.Must("DescribeUserPool", object{"UserPoolId": id})["UserPool"].(object)
}

// has expects members of a structure; nil is for one that is left out.
func (a *account) has(in object, want object) {
	a.T.Helper()
	for name, value := range want {
		if diff := cmp.Diff(value, in[name]); diff != "" {
			a.T.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A pool has AWS's defaults where CreateUserPool says nothing:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
func poolIsCreatedAndDescribed(a *account) {
	created := a.Must("CreateUserPool", object{
		"PoolName": "shop", "UsernameAttributes": []any{"email"}, "UserPoolTags": object{"team": "shop"},
		"Schema": []any{object{"Name": "plan", "AttributeDataType": "String"}},
	})["UserPool"].(object)
	id := created["Id"].(string)
	described := a.describePool(id)
	if diff := cmp.Diff(created, described); diff != "" {
		a.T.Errorf("created and described differ (-created +described):\n%s", diff)
	}
	a.has(described, object{
		"Name": "shop", "Arn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/" + id,
		"MfaConfiguration": "OFF", "DeletionProtection": "INACTIVE", "UserPoolTier": "ESSENTIALS",
		"UsernameAttributes": []any{"email"}, "EstimatedNumberOfUsers": 0.0, "UserPoolTags": object{"team": "shop"},
		"Policies": object{
			"PasswordPolicy": object{
				"MinimumLength": 8.0, "RequireLowercase": true, "RequireUppercase": true, "RequireNumbers": true, "RequireSymbols": true,
				"TemporaryPasswordValidityDays": 7.0,
			},
			"SignInPolicy": object{"AllowedFirstAuthFactors": []any{"PASSWORD"}},
		},
	})
	names := map[any]object{}
	for _, item := range described["SchemaAttributes"].([]any) {
		names[item.(object)["Name"]] = item.(object)
	}
	a.has(names["custom:plan"], object{"AttributeDataType": "String", "Mutable": true, "Required": false})
	a.has(names["sub"], object{"Mutable": false, "Required": true})
	a.has(names["email_verified"], object{"AttributeDataType": "Boolean"})
	a.has(names["updated_at"], object{"AttributeDataType": "Number"})
}

// guardedPool has settings that an update can lose.
const guardedPool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: guarded
      AutoVerifiedAttributes: [email]
      DeletionProtection: ACTIVE
      AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}
      Policies: {PasswordPolicy: {MinimumLength: 12}}
`

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-updating.html
func updateResetsWhatItLeavesOut(a *account) {
	a.with(guardedPool)
	a.Must("UpdateUserPool", object{"UserPoolId": a.Ref("Pool"), "AutoVerifiedAttributes": []any{"email"}})
	var lost []string
	for _, check := range a.check(cognitoidp.RuleUpdateResets) {
		if check.Held {
			a.T.Errorf("held: %s", check.Found)
		}
		lost = append(lost, check.Wanted)
	}
	want := []string{"AdminCreateUserConfig sent again to keep it", "DeletionProtection sent again to keep it", "Policies sent again to keep it"}
	if diff := cmp.Diff(want, lost); diff != "" {
		a.T.Errorf("lost (-want +got):\n%s", diff)
	}
	after := a.describePool(a.Ref("Pool"))
	a.has(after, object{"Name": "guarded", "DeletionProtection": "INACTIVE", "AdminCreateUserConfig": nil, "AutoVerifiedAttributes": []any{"email"}})
}

func updateKeepsWhatItRepeats(a *account) {
	a.with(guardedPool)
	before := a.describePool(a.Ref("Pool"))
	again := object{"UserPoolId": a.Ref("Pool"), "PoolName": "renamed"}
	for _, name := range []string{"AutoVerifiedAttributes", "DeletionProtection", "AdminCreateUserConfig", "Policies"} {
		again[name] = before[name]
	}
	a.wait(1e9)
	a.Must("UpdateUserPool", again)
	if checks := a.check(cognitoidp.RuleUpdateResets); len(checks) != 1 || !checks[0].Held {
		a.T.Errorf("checks: %v", checks)
	}
	after := a.describePool(a.Ref("Pool"))
	if after["LastModifiedDate"] == before["LastModifiedDate"] {
		a.T.Error("the pool is not marked as modified")
	}
	before["Name"], before["LastModifiedDate"] = "renamed", after["LastModifiedDate"]
	if diff := cmp.Diff(before, after); diff != "" {
		a.T.Errorf("before and after (-want +got):\n%s", diff)
	}
}

// Factors of SetUserPoolMfaConfig are no members of UpdateUserPool:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
func updateKeepsTheAuthenticatorApp(a *account) {
	a.with(mfaPool("OPTIONAL", "SOFTWARE_TOKEN_MFA, SMS_MFA"))
	a.Must("UpdateUserPool", a.pool())
	a.has(a.Must("GetUserPoolMfaConfig", a.pool()), object{
		"MfaConfiguration": "OFF", "SoftwareTokenMfaConfiguration": object{"Enabled": true}, "SmsMfaConfiguration": nil,
	})
}

func poolsAreListedInPages(a *account) {
	for _, name := range []string{"first", "second", "third"} {
		a.Must("CreateUserPool", object{"PoolName": name})
		a.wait(1e9)
	}
	var names []any
	input := object{"MaxResults": 2.0}
	for range 2 {
		out := a.Must("ListUserPools", input)
		for _, p := range out["UserPools"].([]any) {
			names = append(names, p.(object)["Name"])
		}
		input["NextToken"] = out["NextToken"]
	}
	if diff := cmp.Diff([]any{"first", "second", "third"}, names); diff != "" || input["NextToken"] != nil {
		a.T.Errorf("names, then %v (-want +got):\n%s", input["NextToken"], diff)
	}
}

func poolIsDeletedWithEverythingInIt(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	tokens := a.signIn("ana")
	a.Must("DeleteUserPool", a.pool())
	if out := a.Must("ListUserPools", object{"MaxResults": 60.0}); len(out["UserPools"].([]any)) != 0 {
		a.T.Errorf("pools left: %v", out)
	}
	a.Refused(cognitoidp.RuleAccessTokenValid, "NotAuthorizedException", "Invalid Access Token", "GetUser", object{"AccessToken": tokens["AccessToken"]})
	a.Refused(cognitoidp.RuleClientExists, "ResourceNotFoundException", "User pool client "+a.Ref("Client")+" does not exist.", "InitiateAuth", a.passwordInput("ana", password))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html
func customAttributesAreAddedLater(a *account) {
	a.with(plainPool)
	a.addUser("ana")
	a.Must("AddCustomAttributes", object{"UserPoolId": a.Ref("Pool"), "CustomAttributes": []any{
		object{"Name": "plan"}, object{"Name": "badge", "AttributeDataType": "Number", "Mutable": false},
	}})
	badge := a.user("ana")
	badge["UserAttributes"] = []any{attribute("custom:badge", "7"), attribute("custom:plan", "gold")}
	a.Must("AdminUpdateUserAttributes", badge)
	described := a.describePool(a.Ref("Pool"))["SchemaAttributes"].([]any)
	i := slices.IndexFunc(described, func(item any) bool { return item.(object)["Name"] == "custom:badge" })
	a.has(described[i].(object), object{"AttributeDataType": "Number", "Mutable": false})
}

func adminRefusals() []refusal {
	return slices.Concat(poolRefusals(), clientRefusals(), setupRefusals(), schemaRefusals(), textRefusals())
}

func poolRefusals() []refusal {
	pool := func(change object) func(*account) object {
		return func(a *account) object {
			input := a.pool()
			for name, value := range change {
				input[name] = value
			}
			return input
		}
	}
	attributes := func(item object) func(*account) object { return pool(object{"CustomAttributes": []any{item}}) }
	const invalid = "InvalidParameterException"
	return []refusal{
		{
			"creating a pool with a short password", reference + "API_PasswordPolicyType.html", "",
			cognitoidp.RuleSettingRange, invalid, "1 validation error detected: Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6", "CreateUserPool",
			func(*account) object {
				return object{"PoolName": "shop", "Policies": object{"PasswordPolicy": object{"MinimumLength": 5.0}}}
			},
		}, {
			"creating a pool that requires a custom attribute", "https://github.com/hashicorp/terraform-provider-aws/issues/18430", "",
			cognitoidp.RuleCustomOptional, invalid, "Required custom attributes are not supported currently.", "CreateUserPool",
			func(*account) object {
				return object{"PoolName": "shop", "Schema": []any{object{"Name": "plan", "Required": true}}}
			},
		}, {
			"describing no pool", reference + "API_DescribeUserPool.html", "",
			cognitoidp.RulePoolExists, "ResourceNotFoundException", "User pool us-east-1_None does not exist.", "DescribeUserPool",
			pool(object{"UserPoolId": "us-east-1_None"}),
		}, {
			"an update to text messages that nothing sends", guide + "user-pool-settings-mfa.html", mfaPool("ON", "SMS_MFA"),
			cognitoidp.RuleMFAMeans, invalid, "SMS configuration and Auto verification for phone_number are required when MFA is required/optional", "UpdateUserPool",
			pool(object{"MfaConfiguration": "ON"}),
		}, {
			"an update to a plan without the pool's features", "https://github.com/hashicorp/terraform-provider-aws/pull/40734", "",
			cognitoidp.RulePlan, "FeatureUnavailableInTierException", "The following features need to be disabled for the LITE pricing tier configured: Threat Protection", "UpdateUserPool",
			pool(object{"UserPoolTier": "LITE", "UserPoolAddOns": object{"AdvancedSecurityMode": "AUDIT"}}),
		}, {
			"an update that keeps what waits and drops what is verified", "https://github.com/ekristen/aws-nuke/issues/477",
			"\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {AutoVerifiedAttributes: [email], UserAttributeUpdateSettings: {AttributesRequireVerificationBeforeUpdate: [email]}}}\n",
			cognitoidp.RuleVerifiedFirst, invalid, "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes", "UpdateUserPool",
			pool(object{"DeletionProtection": "INACTIVE"}),
		}, {
			"deleting a protected pool", "https://github.com/localstack/localstack/issues/11947",
			"\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {DeletionProtection: ACTIVE}}\n",
			cognitoidp.RuleDeletionProtection, invalid, "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.", "DeleteUserPool",
			pool(nil),
		}, {
			"deleting a pool with a domain", "https://github.com/hashicorp/terraform-provider-aws/issues/16479",
			plainPool + "  Domain: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: shop}}\n",
			cognitoidp.RuleDomainFirst, invalid, "User pool cannot be deleted. It has a domain configured that should be deleted first.", "DeleteUserPool",
			pool(nil),
		}, {
			"adding a required attribute", "https://github.com/hashicorp/terraform-provider-aws/issues/18430", "",
			cognitoidp.RuleCustomOptional, invalid, "Required custom attributes are not supported currently.", "AddCustomAttributes",
			attributes(object{"Name": "plan", "Required": true}),
		}, {
			"adding an attribute that is there", "https://github.com/jmaleonard/serverless-cognito-add-custom-attributes/issues/3",
			"\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {Schema: [{Name: plan}]}}\n",
			cognitoidp.RuleCustomFree, invalid, "custom:plan: Existing attribute already has name custom:plan.", "AddCustomAttributes",
			attributes(object{"Name": "plan"}),
		}, {
			"a page that nobody asked for", reference + "API_ListUserPools.html", "",
			cognitoidp.RulePage, invalid, "Invalid pagination token.", "ListUserPools",
			func(*account) object { return object{"MaxResults": 1.0, "NextToken": "page-7"} },
		}, {
			"a page of 61", reference + "API_ListUserPools.html", "",
			cognitoidp.RuleSettingRange, invalid, "1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60", "ListUserPools",
			func(*account) object { return object{"MaxResults": 61.0} },
		},
	}
}
