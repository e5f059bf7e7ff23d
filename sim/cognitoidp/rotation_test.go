package cognitoidp_test

import (
	"strings"
	"testing"
	"time"

	"claimcheck/sim/cognitoidp"
)

const rotatingPool = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH]
      RefreshTokenRotation: {Feature: ENABLED, RetryGracePeriodSeconds: 30}
`

func (a *account) tokensInput(refreshToken any) object {
	return object{"ClientId": a.Ref("Client"), "RefreshToken": refreshToken}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
func rotationReplacesTheRefreshToken(a *account) {
	a.with(rotatingPool)
	a.addUser("ana")
	first := a.signIn("ana")
	second := a.result(a.Must("GetTokensFromRefreshToken", a.tokensInput(first["RefreshToken"])))
	if second["RefreshToken"] == nil || second["RefreshToken"] == first["RefreshToken"] {
		a.T.Errorf("the refresh token is %v", second["RefreshToken"])
	}
	if a.parse(first["AccessToken"]).Text("origin_jti") != a.parse(second["AccessToken"]).Text("origin_jti") {
		a.T.Error("origin_jti changed")
	}
	a.wait(29 * time.Second)
	a.Must("GetTokensFromRefreshToken", a.tokensInput(first["RefreshToken"]))
	a.wait(time.Second)
	a.Refused(cognitoidp.RuleRotationReuse, "RefreshTokenReuseException", "Refresh token has already been used.", "GetTokensFromRefreshToken", a.tokensInput(first["RefreshToken"]))
	a.wait(30*24*time.Hour - 30*time.Second)
	a.Refused(cognitoidp.RuleRefreshExpiry, "NotAuthorizedException", "Refresh Token has expired", "GetTokensFromRefreshToken", a.tokensInput(second["RefreshToken"]))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
func refreshingWithoutRotation(a *account) {
	a.with(strings.Replace(plainPool, "UserPoolId: !Ref Pool,", "UserPoolId: !Ref Pool, GenerateSecret: true,", 1))
	a.addUser("ana")
	created, _ := a.Stack.Resource("Client")
	secret := created.Attributes["ClientSecret"]
	input := a.passwordInput("ana", password)
	input["AuthParameters"].(object)["SECRET_HASH"] = secretHash(secret, "ana", created.Ref)
	refresh := a.tokensInput(a.result(a.Must("InitiateAuth", input))["RefreshToken"])
	a.Refused(cognitoidp.RuleSecretHash, "NotAuthorizedException", "Invalid client secret.", "GetTokensFromRefreshToken", refresh)
	refresh["ClientSecret"] = secret
	if got := a.result(a.Must("GetTokensFromRefreshToken", refresh)); got["RefreshToken"] != nil {
		a.T.Errorf("a new refresh token without rotation: %v", got["RefreshToken"])
	}
}

// reach is what one act leaves alive.
type reach struct {
	// refresh is that sign-in's refresh token, others those of other sign-ins,
	// and access the sign-in's access token at Cognito.
	refresh, others, access bool
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
// That a changed password revokes nothing is inferred: no page says otherwise.
func TestWhatEachActRevokes(t *testing.T) {
	for _, test := range []struct {
		name string
		act  func(a *account, tokens object)
		want reach
	}{
		{"nothing", func(*account, object) {}, reach{true, true, true}},
		{"RevokeToken", func(a *account, tokens object) {
			a.Must("RevokeToken", object{"ClientId": a.Ref("Client"), "Token": tokens["RefreshToken"]})
		}, reach{refresh: false, others: true, access: false}},
		{"GlobalSignOut", func(a *account, tokens object) {
			a.Must("GlobalSignOut", object{"AccessToken": tokens["AccessToken"]})
		}, reach{}},
		{"AdminUserGlobalSignOut", func(a *account, _ object) { a.Must("AdminUserGlobalSignOut", a.user("ana")) }, reach{}},
		{"AdminDisableUser", func(a *account, _ object) {
			a.Must("AdminDisableUser", a.user("ana"))
			a.Must("AdminEnableUser", a.user("ana"))
		}, reach{}},
		{"ChangePassword", func(a *account, tokens object) {
			a.Must("ChangePassword", object{"AccessToken": tokens["AccessToken"], "PreviousPassword": password, "ProposedPassword": "N3w-Passw0rd"})
		}, reach{true, true, true}},
		{"ConfirmForgotPassword", func(a *account, _ object) {
			a.Must("ForgotPassword", a.forgotInput("ana"))
			a.Must("ConfirmForgotPassword", a.newPasswordInput("ana", a.code("ana"), "N3w-Passw0rd"))
		}, reach{true, true, true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := deployed(t, plainPool)
			a.addUser("ana")
			tokens, other := a.signIn("ana"), a.signIn("ana")
			test.act(a, tokens)
			works := func(operation string, input object) bool {
				_, err := a.Run(operation, input)
				return err == nil
			}
			got := reach{
				refresh: works("InitiateAuth", a.refreshInput(tokens["RefreshToken"].(string))),
				others:  works("InitiateAuth", a.refreshInput(other["RefreshToken"].(string))),
				access:  works("GetUser", object{"AccessToken": tokens["AccessToken"]}),
			}
			if got != test.want {
				t.Errorf("alive: %+v, want %+v", got, test.want)
			}
		})
	}
}
