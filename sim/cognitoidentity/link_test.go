package cognitoidentity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidentity"
)

const (
	otherProvider = "cognito-idp.us-east-1.amazonaws.com/us-east-1_ZyXwVuTsR"
	otherClient   = "5h57kf5urk1ft4fl3mg5e62d9z"
)

// twoUserPools is an identity pool with guests and two user pools, whose keys
// are the same.
func twoUserPools() string {
	more := fmt.Sprintf("  - {ClientId: %s, ProviderName: %s}", otherClient, otherProvider)
	return fmt.Sprintf(template, true, more, "authenticated: '"+userRole+"', unauthenticated: '"+guests+"'")
}

// checkedPool asks the user pool about every token.
func checkedPool() string {
	return strings.Replace(closedPool(), "ServerSideTokenCheck: false", "ServerSideTokenCheck: true", 1)
}

func (a *account) other(user string) object {
	return object{otherProvider: a.idToken(object{"iss": "https://" + otherProvider, "aud": otherClient, "sub": user})}
}

func (a *account) both() object {
	return object{provider: a.idToken(nil), otherProvider: a.other("bea")[otherProvider]}
}

func (a *account) idOf(logins object) string {
	a.T.Helper()
	return a.Must("GetId", object{"IdentityPoolId": a.pool(), "Logins": logins})["IdentityId"].(string)
}

// merge makes two identities, merges them, and returns the one that stays and
// the one that goes.
func (a *account) merge() (parent, gone string) {
	a.T.Helper()
	parent, gone = a.idOf(a.logins(nil)), a.idOf(a.other("bea"))
	out := a.Must("GetCredentialsForIdentity", object{"IdentityId": gone, "Logins": a.both()})
	if out["IdentityId"] != parent {
		a.T.Fatalf("the merged identity is %v, the older is %s", out["IdentityId"], parent)
	}
	return parent, gone
}

func linkRefusals() []refusal {
	return []refusal{
		{
			"two users of one user pool for one identity", guide + "authentication-flow.html", twoUserPools(),
			cognitoidentity.RuleOneLogin, "ResourceConflictException", "Another login of " + provider + " is already linked to this identity.", "GetCredentialsForIdentity",
			func(a *account) object {
				mine := a.idOf(a.both())
				a.idOf(a.logins(object{"sub": "eve"}))
				return object{"IdentityId": mine, "Logins": object{
					provider: a.idToken(object{"sub": "eve"}), otherProvider: a.other("bea")[otherProvider],
				}}
			},
		}, {
			"an identity that was merged away", "https://github.com/aws-amplify/amplify-js/issues/6616", twoUserPools(),
			cognitoidentity.RuleIdentityLogin, "NotAuthorizedException", "Access to Identity 'IDENTITY' is forbidden.", "GetCredentialsForIdentity",
			func(a *account) object {
				_, gone := a.merge()
				return object{"IdentityId": gone, "Logins": a.both()}
			},
		}, {
			"a login that is not there to unlink", "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html", "",
			cognitoidentity.RuleIdentityLogin, "NotAuthorizedException", "Logins don't match. Please include at least one valid login for this identity or identity pool.", "UnlinkIdentity",
			func(a *account) object {
				return object{"IdentityId": a.identity(nil), "Logins": a.logins(nil), "LoginsToRemove": []any{otherProvider}}
			},
		}, {
			"a user who has been signed out, with a server-side check", "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html", checkedPool(),
			cognitoidentity.RuleServerSideCheck, "NotAuthorizedException", "Invalid login token. Token has been revoked.", "GetCredentialsForIdentity",
			func(a *account) object {
				id := a.identity(nil)
				a.Must("GetCredentialsForIdentity", object{"IdentityId": id, "Logins": a.logins(nil)})
				a.gone = "the user has been signed out"
				return object{"IdentityId": id, "Logins": a.logins(nil)}
			},
		}, {
			"no identity to delete", "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html", "",
			cognitoidentity.RuleDeletions, "InvalidParameterException", "1 validation error detected: Value at 'identityIdsToDelete' failed to satisfy constraint: Member must have length between 1 and 60", "DeleteIdentities",
			func(*account) object { return object{"IdentityIdsToDelete": []any{}} },
		}, {
			"a description of nothing", "https://github.com/aws-amplify/amplify-js/issues/2301", "",
			cognitoidentity.RuleIdentityExists, "ResourceNotFoundException", "Identity 'us-east-1:none' not found.", "DescribeIdentity",
			func(*account) object { return object{"IdentityId": "us-east-1:none"} },
		}, {
			"a social provider that the pool does not support", "https://github.com/aws-amplify/amplify-js/issues/2067", "",
			cognitoidentity.RuleTokenProvider, "NotAuthorizedException", "Token is not from a supported provider of this identity pool.", "GetId",
			func(a *account) object {
				return object{"IdentityPoolId": a.pool(), "Logins": object{"graph.facebook.com": "EAAB"}}
			},
		},
	}
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html
func TestWithoutAServerSideCheckATokenIsGoodUntilItsExp(t *testing.T) {
	a := deployed(t, closedPool())
	id := a.identity(nil)
	a.gone = "the user has been signed out"
	a.Must("GetCredentialsForIdentity", object{"IdentityId": id, "Logins": a.logins(nil)})
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
func TestLoginsOfTwoIdentitiesMergeThem(t *testing.T) {
	a := deployed(t, twoUserPools())
	parent, gone := a.merge()
	for _, logins := range []object{a.logins(nil), a.other("bea"), a.both()} {
		if got := a.idOf(logins); got != parent {
			t.Errorf("after the merge the identity is %s, want %s", got, parent)
		}
	}
	want := []any{provider, otherProvider}
	if diff := cmp.Diff(want, a.Must("DescribeIdentity", object{"IdentityId": parent})["Logins"]); diff != "" {
		t.Error(diff)
	}
	if left := a.Must("DescribeIdentity", object{"IdentityId": gone})["Logins"]; left != nil {
		t.Errorf("the identity that is gone has %v", left)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/switching-identities.html
func TestGuestWhoSignsInAsAKnownUserGetsTheUsersIdentity(t *testing.T) {
	a := deployed(t, twoUserPools())
	guest := a.guest()
	user := a.idOf(a.logins(nil))
	out := a.Must("GetOpenIdToken", object{"IdentityId": guest, "Logins": a.logins(nil)})
	if out["IdentityId"] != user {
		t.Errorf("the identity is %v, want the user's %s and not the guest's %s", out["IdentityId"], user, guest)
	}
	_, err := a.Run("GetCredentialsForIdentity", object{"IdentityId": guest})
	if err == nil || err.Error() != "NotAuthorizedException: Access to Identity '"+guest+"' is forbidden." {
		t.Errorf("the guest's identity: %v", err)
	}
}

func TestASecondProviderIsLinkedToTheIdentity(t *testing.T) {
	a := deployed(t, twoUserPools())
	id := a.idOf(a.logins(nil))
	a.Must("GetCredentialsForIdentity", object{"IdentityId": id, "Logins": a.both()})
	if got := a.idOf(a.other("bea")); got != id {
		t.Errorf("the other login has the identity %s, want %s", got, id)
	}
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html
func TestAnUnlinkedLoginMakesANewIdentityAndTheLastOneLosesTheOld(t *testing.T) {
	a := deployed(t, twoUserPools())
	id := a.idOf(a.both())
	a.Must("UnlinkIdentity", object{"IdentityId": id, "Logins": a.both(), "LoginsToRemove": []any{otherProvider}})
	if got := a.idOf(a.other("bea")); got == id {
		t.Error("the unlinked login still has the identity")
	}
	a.Must("UnlinkIdentity", object{"IdentityId": id, "Logins": a.logins(nil), "LoginsToRemove": []any{provider}})
	if _, err := a.Run("GetCredentialsForIdentity", object{"IdentityId": id, "Logins": a.logins(nil)}); err == nil {
		t.Error("an identity without logins gives credentials")
	}
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html
func TestADeletedIdentityIsGone(t *testing.T) {
	a := deployed(t, twoUserPools())
	id := a.idOf(a.logins(nil))
	a.Must("DeleteIdentities", object{"IdentityIdsToDelete": []any{id, "us-east-1:unknown"}})
	if _, err := a.Run("GetCredentialsForIdentity", object{"IdentityId": id, "Logins": a.logins(nil)}); err == nil {
		t.Error("a deleted identity gives credentials")
	}
	if got := a.idOf(a.logins(nil)); got == id {
		t.Error("the login has the deleted identity")
	}
}

func TestIdentitiesAreListedWithoutThoseThatAreDisabled(t *testing.T) {
	a := deployed(t, twoUserPools())
	parent, gone := a.merge()
	guest := a.guest()
	list := func(hide bool) []string {
		out := a.Must("ListIdentities", object{"IdentityPoolId": a.pool(), "MaxResults": 60.0, "HideDisabled": hide})
		var ids []string
		for _, i := range out["Identities"].([]any) {
			ids = append(ids, i.(object)["IdentityId"].(string))
		}
		return ids
	}
	if diff := cmp.Diff([]string{parent, gone, guest}, list(false)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{parent, guest}, list(true)); diff != "" {
		t.Error(diff)
	}
	first := a.Must("ListIdentities", object{"IdentityPoolId": a.pool(), "MaxResults": 2.0})
	second := a.Must("ListIdentities", object{"IdentityPoolId": a.pool(), "MaxResults": 2.0, "NextToken": first["NextToken"]})
	if n := len(second["Identities"].([]any)); n != 1 || second["NextToken"] != nil {
		t.Errorf("%d identities and NextToken %v on the second page, want 1 and none", n, second["NextToken"])
	}
}
