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
	developer     = "login.example.com"
	developerPage = "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html"
	lookupPage    = "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html"
)

// developerPool is a pool with guests and a developer provider.
func developerPool() string {
	return fmt.Sprintf(template, true, "DeveloperProviderName: "+developer, "authenticated: '"+userRole+"', unauthenticated: '"+guests+"'")
}

// registered is the answer to a back end that registers a user of its own.
func (a *account) registered(user string, more object) object {
	a.T.Helper()
	return a.Must("GetOpenIdTokenForDeveloperIdentity", a.registration(user, more))
}

func (a *account) registration(user string, more object) object {
	input := object{"IdentityPoolId": a.pool(), "Logins": object{developer: user}}
	for name, value := range more {
		input[name] = value
	}
	return input
}

func own(out object) object { return object{"cognito-identity.amazonaws.com": out["Token"]} }

func developerRefusals() []refusal {
	return []refusal{
		{
			"the developer provider in a public call", "https://github.com/aws-amplify/aws-sdk-ios/issues/218", developerPool(),
			cognitoidentity.RulePublicProvider, "InvalidParameterException", "Please provide a valid public provider", "GetId",
			func(a *account) object {
				a.identity(nil)
				return object{"IdentityPoolId": a.pool(), "Logins": object{developer: "u1"}}
			},
		}, {
			"the pool's own token in GetId", "https://github.com/aws/aws-sdk-net/issues/420", developerPool(),
			cognitoidentity.RulePublicProvider, "NotAuthorizedException", "Invalid login token. Can't pass in a Cognito token.", "GetId",
			func(a *account) object {
				return object{"IdentityPoolId": a.pool(), "Logins": own(a.registered("u1", nil))}
			},
		}, {
			"a developer provider that the pool does not have", "https://github.com/danilop/LambdAuth/issues/32", developerPool(),
			cognitoidentity.RuleDeveloperProvider, "InvalidParameterException", "This identity pool does not support the specified developer provider.", "GetOpenIdTokenForDeveloperIdentity",
			func(a *account) object {
				return a.registration("u1", object{"Logins": object{"login.example.org": "u1"}})
			},
		}, {
			"a pool without a developer provider", "https://github.com/danilop/LambdAuth/issues/32", "",
			cognitoidentity.RuleDeveloperProvider, "InvalidParameterException", "This identity pool does not support the specified developer provider.", "GetOpenIdTokenForDeveloperIdentity",
			func(a *account) object { return a.registration("u1", nil) },
		}, {
			"a token for more than a day", developerPage, developerPool(),
			cognitoidentity.RuleDuration, "InvalidParameterException", "1 validation error detected: Value at 'tokenDuration' failed to satisfy constraint: Member must have value between 1 and 86400", "GetOpenIdTokenForDeveloperIdentity",
			func(a *account) object { return a.registration("u1", object{"TokenDuration": 86401.0}) },
		}, {
			"a tag without a value", developerPage, developerPool(),
			cognitoidentity.RuleTagMap, "InvalidParameterException", "1 validation error detected: Value at 'principalTags' failed to satisfy constraint: Map values must have length between 1 and 256", "GetOpenIdTokenForDeveloperIdentity",
			func(a *account) object { return a.registration("u1", object{"PrincipalTags": object{"team": ""}}) },
		}, {
			"a user of another identity", developerPage, developerPool(),
			cognitoidentity.RuleDeveloperUser, "DeveloperUserAlreadyRegisteredException", "The provided developer user identifier is already registered with Cognito under a different identity ID.", "GetOpenIdTokenForDeveloperIdentity",
			func(a *account) object {
				a.registered("u1", nil)
				return a.registration("u1", object{"IdentityId": a.guest()})
			},
		}, {
			"a user for somebody's identity without proof", "https://github.com/aws/aws-sdk-js/issues/2327", developerPool(),
			cognitoidentity.RuleIdentityLogin, "NotAuthorizedException", "Logins don't match. Please include at least one valid login for this identity or identity pool.", "GetOpenIdTokenForDeveloperIdentity",
			func(a *account) object { return a.registration("u1", object{"IdentityId": a.identity(nil)}) },
		}, {
			"a token about another identity", developerPage, developerPool(),
			cognitoidentity.RuleOwnToken, "NotAuthorizedException", "Logins don't match. Please include at least one valid login for this identity or identity pool.", "GetCredentialsForIdentity",
			func(a *account) object {
				return object{"IdentityId": a.registered("u2", nil)["IdentityId"], "Logins": own(a.registered("u1", nil))}
			},
		}, {
			"no JWT as the pool's own token", "https://github.com/aws-amplify/aws-sdk-android/issues/1431", developerPool(),
			cognitoidentity.RuleTokenJWT, "NotAuthorizedException", "Invalid login token. Not a Cognito token.", "GetCredentialsForIdentity",
			func(a *account) object {
				return object{"IdentityId": a.registered("u1", nil)["IdentityId"], "Logins": object{"cognito-identity.amazonaws.com": "opaque"}}
			},
		}, {
			"a user pool's token as the pool's own", "https://github.com/aws/aws-sdk-net/issues/1251", developerPool(),
			cognitoidentity.RuleTokenIssuer, "NotAuthorizedException", "Invalid login token. Issuer doesn't match providerName", "GetCredentialsForIdentity",
			func(a *account) object {
				return object{"IdentityId": a.registered("u1", nil)["IdentityId"], "Logins": object{"cognito-identity.amazonaws.com": a.idToken(nil)}}
			},
		}, {
			"a token in the pool's name by a stranger", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/91", developerPool(),
			cognitoidentity.RuleTokenSignature, "NotAuthorizedException", "Invalid login token. Couldn't verify signed token.", "GetCredentialsForIdentity",
			func(a *account) object {
				id := a.registered("u1", nil)["IdentityId"]
				forged := a.idToken(object{"iss": "https://cognito-identity.amazonaws.com", "aud": a.pool(), "sub": id})
				return object{"IdentityId": id, "Logins": object{"cognito-identity.amazonaws.com": forged}}
			},
		}, {
			"a token of a developer's user after 15 minutes", developerPage, developerPool(),
			cognitoidentity.RuleTokenExpiry, "NotAuthorizedException", expired(15 * time.Minute), "GetCredentialsForIdentity",
			func(a *account) object {
				out := a.registered("u1", nil)
				a.World.Clock = a.World.Clock.Add(15 * time.Minute)
				return object{"IdentityId": out["IdentityId"], "Logins": own(out)}
			},
		}, {
			"neither identity nor user to look up", lookupPage, developerPool(),
			cognitoidentity.RuleDeveloperUser, "InvalidParameterException", "Either IdentityId or DeveloperUserIdentifier must be provided.", "LookupDeveloperIdentity",
			func(a *account) object { return object{"IdentityPoolId": a.pool()} },
		}, {
			"a user who is not registered", lookupPage, developerPool(),
			cognitoidentity.RuleDeveloperUser, "ResourceNotFoundException", "Developer user identifier 'u1' not found.", "LookupDeveloperIdentity",
			func(a *account) object { return object{"IdentityPoolId": a.pool(), "DeveloperUserIdentifier": "u1"} },
		}, {
			"a user and another identity", lookupPage, developerPool(),
			cognitoidentity.RuleDeveloperUser, "ResourceConflictException", "The developer user identifier is not registered under this identity ID.", "LookupDeveloperIdentity",
			func(a *account) object {
				a.registered("u1", nil)
				return object{"IdentityPoolId": a.pool(), "DeveloperUserIdentifier": "u1", "IdentityId": a.guest()}
			},
		}, {
			"a user of another identity to unlink", "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkDeveloperIdentity.html", developerPool(),
			cognitoidentity.RuleDeveloperUser, "ResourceConflictException", "The developer user identifier is not registered under this identity ID.", "UnlinkDeveloperIdentity",
			func(a *account) object {
				return object{"IdentityPoolId": a.pool(), "IdentityId": a.guest(), "DeveloperProviderName": developer, "DeveloperUserIdentifier": "u1"}
			},
		}, {
			"a developer's user to merge with nobody", "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html", developerPool(),
			cognitoidentity.RuleDeveloperUser, "ResourceNotFoundException", "Developer user identifier 'u2' not found.", "MergeDeveloperIdentities",
			func(a *account) object {
				a.registered("u1", nil)
				return a.merger("u1", "u2")
			},
		},
	}
}

func (a *account) merger(source, destination string) object {
	return object{"IdentityPoolId": a.pool(), "DeveloperProviderName": developer, "SourceUserIdentifier": source, "DestinationUserIdentifier": destination}
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html:
// the token is passed through to STS.
func TestDevelopersUserTradesTheTokenForCredentials(t *testing.T) {
	a := deployed(t, developerPool())
	out := a.registered("u1", object{"PrincipalTags": object{"team": "blue"}, "TokenDuration": 60.0})
	credentials := a.Must("GetCredentialsForIdentity", object{"IdentityId": out["IdentityId"], "Logins": own(out)})
	if credentials["IdentityId"] != out["IdentityId"] || a.calls[0].Input["RoleArn"] != userRole || a.calls[0].Input["WebIdentityToken"] != out["Token"] {
		t.Errorf("got %v, STS was asked with %v", credentials, a.calls[0].Input)
	}
	token, err := jwt.Parse(out["Token"].(string))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"authenticated", developer, developer + ":" + a.pool() + ":u1"}
	if diff := cmp.Diff(want, token.Texts("amr")); diff != "" {
		t.Error(diff)
	}
	if exp, _ := token.Time("exp"); exp.Sub(a.World.Clock) != time.Minute {
		t.Errorf("exp is %v", exp)
	}
	tags := object{"principal_tags": object{"team": []any{"blue"}}}
	if diff := cmp.Diff(tags, token.Claims["https://aws.amazon.com/tags"]); diff != "" {
		t.Error(diff)
	}
}

func TestOwnTokenBesideOtherLoginsIsNoVerdict(t *testing.T) {
	a := deployed(t, developerPool())
	out := a.registered("u1", nil)
	logins := a.logins(nil)
	logins["cognito-identity.amazonaws.com"] = out["Token"]
	a.notSimulated("GetCredentialsForIdentity", object{"IdentityId": out["IdentityId"], "Logins": logins})
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html
func TestDevelopersUserHasOneIdentityAndTakesOverAGuests(t *testing.T) {
	a := deployed(t, developerPool())
	guest := a.guest()
	if got := a.registered("u1", object{"IdentityId": guest})["IdentityId"]; got != guest {
		t.Errorf("the guest's identity became %v", got)
	}
	if got := a.registered("u1", nil)["IdentityId"]; got != guest {
		t.Errorf("the second time the identity is %v", got)
	}
	logins := a.logins(nil)
	logins[developer] = "u1"
	if got := a.registered("u1", object{"Logins": logins})["IdentityId"]; got != guest {
		t.Errorf("with another login the identity is %v", got)
	}
	if got := a.identity(nil); got != guest {
		t.Errorf("the other login's identity is %v", got)
	}
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html
func TestMergedDevelopersUsersAreLookedUpTogether(t *testing.T) {
	a := deployed(t, developerPool())
	gone, stays := a.registered("u2", nil)["IdentityId"], a.registered("u1", nil)["IdentityId"]
	for range 2 {
		if got := a.Must("MergeDeveloperIdentities", a.merger("u2", "u1"))["IdentityId"]; got != stays {
			t.Fatalf("merged into %v, want %v", got, stays)
		}
	}
	want := object{"IdentityId": stays, "DeveloperUserIdentifierList": []any{"u1", "u2"}}
	for _, by := range []object{{"IdentityId": stays}, {"DeveloperUserIdentifier": "u2"}} {
		by["IdentityPoolId"] = a.pool()
		if diff := cmp.Diff(want, a.Must("LookupDeveloperIdentity", by)); diff != "" {
			t.Error(diff)
		}
	}
	out := a.Must("LookupDeveloperIdentity", object{"IdentityPoolId": a.pool(), "IdentityId": stays, "DeveloperUserIdentifier": "u2"})
	if diff := cmp.Diff(object{"IdentityId": stays, "DeveloperUserIdentifierList": []any{"u2"}}, out); diff != "" {
		t.Error(diff)
	}
	if _, err := a.Run("GetCredentialsForIdentity", object{"IdentityId": gone}); err == nil {
		t.Error("the identity that was merged away gives credentials")
	}
	a.Must("UnlinkDeveloperIdentity", object{"IdentityPoolId": a.pool(), "IdentityId": stays, "DeveloperProviderName": developer, "DeveloperUserIdentifier": "u2"})
	if got := a.registered("u2", nil)["IdentityId"]; got == stays || got == gone {
		t.Errorf("an unlinked user gets the identity %v again", got)
	}
}
