package cognitoidp_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

func claimNames(token jwt.Token) []string {
	var names []string
	for name := range token.Claims {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Claim sets of an API sign-in: .../amazon-cognito-user-pools-using-the-id-token.html
// and .../amazon-cognito-user-pools-using-the-access-token.html
func TestTokensHaveCognitosClaims(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	result := a.signIn("ana")
	id, access := a.parse(result["IdToken"]), a.parse(result["AccessToken"])
	for _, row := range []struct {
		token jwt.Token
		want  string
	}{
		{id, "aud auth_time cognito:username email email_verified event_id exp iat iss jti origin_jti sub token_use"},
		{access, "auth_time client_id event_id exp iat iss jti origin_jti scope sub token_use username"},
	} {
		if diff := cmp.Diff(strings.Fields(row.want), claimNames(row.token)); diff != "" {
			t.Error(diff)
		}
	}
	issuer := "https://cognito-idp.us-east-1.amazonaws.com/" + a.Ref("Pool")
	for claim, want := range map[string]string{"token_use": "id", "aud": a.Ref("Client"), "iss": issuer, "cognito:username": "ana", "email": "ana@example.com"} {
		if got := id.Text(claim); got != want {
			t.Errorf("ID token: %s is %q, want %q", claim, got, want)
		}
	}
	for claim, want := range map[string]string{"token_use": "access", "client_id": a.Ref("Client"), "iss": issuer, "username": "ana", "scope": "aws.cognito.signin.user.admin"} {
		if got := access.Text(claim); got != want {
			t.Errorf("access token: %s is %q, want %q", claim, got, want)
		}
	}
	if id.Claims["email_verified"] != true {
		t.Errorf("email_verified is %v, want the boolean", id.Claims["email_verified"])
	}
	if id.Text("sub") != access.Text("sub") || id.Text("origin_jti") != access.Text("origin_jti") || id.Text("jti") == access.Text("jti") {
		t.Error("sub and origin_jti must be shared, jti must not")
	}
	expires, _ := id.Time("exp")
	if !expires.Equal(a.World.Clock.Add(time.Hour)) {
		t.Errorf("exp is %v", expires)
	}
}

// .../user-pool-settings-attributes.html: custom attributes are text, and only
// what the client may read appears.
func TestIDTokenCarriesWhatTheClientMayRead(t *testing.T) {
	a := deployed(t, strings.Replace(requiredNamePool, "UserPoolId: !Ref Pool,", "UserPoolId: !Ref Pool, ReadAttributes: [name, 'custom:plan'],", 1))
	a.Must("AdminCreateUser", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "UserAttributes": []any{
		attribute("name", "Ana"), attribute("email", "ana@example.com"), attribute("custom:plan", "7"), attribute("nickname", ""),
	}})
	a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": password, "Permanent": true})
	id := a.parse(a.signIn("ana")["IdToken"])
	got := map[string]any{}
	for _, name := range []string{"name", "custom:plan", "email", "nickname"} {
		if value, ok := id.Claims[name]; ok {
			got[name] = value
		}
	}
	if diff := cmp.Diff(map[string]any{"name": "Ana", "custom:plan": "7"}, got); diff != "" {
		t.Error(diff)
	}
}

// .../token-revocation.html
func TestRevocationOffLeavesOutJTI(t *testing.T) {
	a := deployed(t, strings.Replace(plainPool, "UserPoolId: !Ref Pool,", "UserPoolId: !Ref Pool, EnableTokenRevocation: false,", 1))
	a.addUser("ana")
	id := a.parse(a.signIn("ana")["IdToken"])
	for _, claim := range []string{"jti", "origin_jti"} {
		if _, ok := id.Claims[claim]; ok {
			t.Errorf("the token has %s", claim)
		}
	}
}

// .../API_TokenValidityUnitsType.html
func TestTokenLifetimesAreTheClients(t *testing.T) {
	a := deployed(t, strings.Replace(plainPool, "UserPoolId: !Ref Pool,", "UserPoolId: !Ref Pool, AccessTokenValidity: 300, IdTokenValidity: 1, RefreshTokenValidity: 2, TokenValidityUnits: {AccessToken: seconds, IdToken: days, RefreshToken: hours},", 1))
	a.addUser("ana")
	result := a.signIn("ana")
	if result["ExpiresIn"] != 300.0 {
		t.Errorf("ExpiresIn is %v", result["ExpiresIn"])
	}
	for member, want := range map[string]time.Duration{"AccessToken": 5 * time.Minute, "IdToken": 24 * time.Hour} {
		if expires, _ := a.parse(result[member]).Time("exp"); !expires.Equal(a.World.Clock.Add(want)) {
			t.Errorf("%s expires at %v", member, expires)
		}
	}
	a.wait(2 * time.Hour)
	a.Refused(cognitoidp.RuleRefreshExpiry, "NotAuthorizedException", "Refresh Token has expired", "InitiateAuth", a.refreshInput(result["RefreshToken"].(string)))
}

// .../amazon-cognito-user-pools-using-the-refresh-token.html
func TestRefreshKeepsTheSignInAndReturnsNoRefreshToken(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	first := a.signIn("ana")
	a.wait(61 * time.Minute)
	a.Must("CreateGroup", object{"UserPoolId": a.Ref("Pool"), "GroupName": "editors"})
	a.Must("AdminAddUserToGroup", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "GroupName": "editors"})
	input := a.refreshInput(first["RefreshToken"].(string))
	input["AuthFlow"] = "REFRESH_TOKEN"
	second := a.result(a.Must("InitiateAuth", input))
	if _, ok := second["RefreshToken"]; ok {
		t.Error("a refresh returned a refresh token")
	}
	before, after := a.parse(first["IdToken"]), a.parse(second["IdToken"])
	for _, claim := range []string{"auth_time", "origin_jti", "event_id", "sub"} {
		if diff := cmp.Diff(before.Claims[claim], after.Claims[claim]); diff != "" {
			t.Errorf("%s changed:\n%s", claim, diff)
		}
	}
	for _, claim := range []string{"iat", "exp", "jti"} {
		if cmp.Equal(before.Claims[claim], after.Claims[claim]) {
			t.Errorf("%s did not change", claim)
		}
	}
	if diff := cmp.Diff([]string{"editors"}, after.Texts("cognito:groups")); diff != "" {
		t.Errorf("groups are those of now:\n%s", diff)
	}
}

// .../cognito-user-pools-user-groups.html
func TestGroupsAndRolesOfAUser(t *testing.T) {
	const readers, editors = "arn:aws:iam::123456789012:role/readers", "arn:aws:iam::123456789012:role/editors"
	group := func(name string, precedence any, role string) object {
		g := object{"GroupName": name}
		if precedence != nil {
			g["Precedence"] = precedence
		}
		if role != "" {
			g["RoleArn"] = role
		}
		return g
	}
	for _, row := range []struct {
		name      string
		groups    []object
		roles     []string
		preferred string
	}{
		{"groups without roles", []object{group("a", nil, ""), group("b", 1, "")}, nil, ""},
		{"the lowest precedence wins", []object{group("a", 5, readers), group("b", 0, editors)}, []string{readers, editors}, editors},
		{"no precedence ranks last", []object{group("a", nil, readers), group("b", 9, editors)}, []string{readers, editors}, editors},
		{"a tie of two roles has no winner", []object{group("a", 1, readers), group("b", 1, editors)}, []string{readers, editors}, ""},
		{"a tie of one role has one", []object{group("a", 1, readers), group("b", 1, readers)}, []string{readers}, readers},
		{"the only role wins", []object{group("a", nil, readers), group("b", 0, "")}, []string{readers}, readers},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := deployed(t, plainPool)
			a.addUser("ana")
			for _, g := range row.groups {
				g["UserPoolId"] = a.Ref("Pool")
				a.Must("CreateGroup", g)
				a.Must("AdminAddUserToGroup", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "GroupName": g["GroupName"]})
			}
			result := a.signIn("ana")
			id, access := a.parse(result["IdToken"]), a.parse(result["AccessToken"])
			for _, token := range []jwt.Token{id, access} {
				if diff := cmp.Diff([]string{"a", "b"}, token.Texts("cognito:groups")); diff != "" {
					t.Error(diff)
				}
			}
			if diff := cmp.Diff(row.roles, id.Texts("cognito:roles")); diff != "" {
				t.Error(diff)
			}
			if got := id.Text("cognito:preferred_role"); got != row.preferred {
				t.Errorf("preferred role is %q, want %q", got, row.preferred)
			}
			if access.Claims["cognito:roles"] != nil || access.Claims["cognito:preferred_role"] != nil {
				t.Error("the access token has roles")
			}
		})
	}
}

func TestTraceShowsWhoWroteEachClaim(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	a.Must("CreateGroup", object{"UserPoolId": a.Ref("Pool"), "GroupName": "editors"})
	a.Must("AdminAddUserToGroup", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "GroupName": "editors"})
	a.signIn("ana")
	var from []string
	for _, e := range a.Last.Events {
		if e.Kind == trace.Minted && e.Token.Name == "IdToken" {
			for _, c := range e.Token.Claims {
				from = append(from, c.Name+": "+c.From)
			}
		}
	}
	want := []string{
		"token_use: Cognito", "sub: user attribute", "cognito:username: user attribute", "email: user attribute",
		"email_verified: user attribute", "cognito:groups: group membership", "aud: app client settings", "iss: Cognito",
		"auth_time: this sign-in", "iat: this sign-in", "exp: app client settings", "event_id: this sign-in",
		"origin_jti: this sign-in", "jti: this sign-in",
	}
	if diff := cmp.Diff(want, from); diff != "" {
		t.Error(diff)
	}
}

// What a learner must see of email and groups in each token.
func TestNotesSayWhichTokenTellsWhat(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	a.signIn("ana")
	want := []trace.Check{
		{Rule: cognitoidp.RuleTokenAttributes, Wanted: "user attributes in the ID token", Found: "email, email_verified", Held: true},
		{Rule: cognitoidp.RuleTokenAttributes, Wanted: "user attributes in the access token", Found: "no user attributes"},
	}
	if diff := cmp.Diff(want, a.check(cognitoidp.RuleTokenAttributes)); diff != "" {
		t.Error(diff)
	}
	want = []trace.Check{
		{Rule: cognitoidp.RuleTokenGroups, Wanted: "cognito:groups in the ID token", Found: "the user is in no group"},
		{Rule: cognitoidp.RuleTokenGroups, Wanted: "cognito:groups in the access token", Found: "the user is in no group"},
	}
	if diff := cmp.Diff(want, a.check(cognitoidp.RuleTokenGroups)); diff != "" {
		t.Error(diff)
	}
}

// .../API_GetUser.html
func TestGetUserReturnsReadableAttributesAndNoGroups(t *testing.T) {
	a := deployed(t, strings.Replace(plainPool, "UserPoolId: !Ref Pool,", "UserPoolId: !Ref Pool, ReadAttributes: [email],", 1))
	a.addUser("ana")
	a.Must("CreateGroup", object{"UserPoolId": a.Ref("Pool"), "GroupName": "editors"})
	a.Must("AdminAddUserToGroup", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "GroupName": "editors"})
	result := a.signIn("ana")
	out := a.Must("GetUser", object{"AccessToken": result["AccessToken"]})
	want := object{"Username": "ana", "UserAttributes": []any{
		attribute("sub", a.parse(result["IdToken"]).Text("sub")), attribute("email", "ana@example.com"),
	}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
}

// .../token-revocation.html: only this sign-in ends.
func TestRevokeTokenEndsOneSignIn(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	first, second := a.signIn("ana"), a.signIn("ana")
	a.Must("RevokeToken", object{"Token": first["RefreshToken"], "ClientId": a.Ref("Client")})
	a.Refused(cognitoidp.RuleRefreshAlive, "NotAuthorizedException", "Refresh Token has been revoked", "InitiateAuth", a.refreshInput(first["RefreshToken"].(string)))
	a.Refused(cognitoidp.RuleAccessTokenAlive, "NotAuthorizedException", "Access Token has been revoked", "GetUser", object{"AccessToken": first["AccessToken"]})
	a.Must("GetUser", object{"AccessToken": second["AccessToken"]})
}

// .../API_AdminDisableUser.html
func TestEnablingAUserRevivesNoToken(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	result := a.signIn("ana")
	a.Must("AdminDisableUser", a.user("ana"))
	a.Must("AdminEnableUser", a.user("ana"))
	a.Refused(cognitoidp.RuleAccessTokenAlive, "NotAuthorizedException", "Access Token has been revoked", "GetUser", object{"AccessToken": result["AccessToken"]})
	a.signIn("ana")
}

// .../amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
func TestAnIndependentVerifierAcceptsTokensWithThePoolsKeys(t *testing.T) {
	a := deployed(t, plainPool)
	a.addUser("ana")
	result := a.signIn("ana")
	issuer := "https://cognito-idp.us-east-1.amazonaws.com/" + a.Ref("Pool")
	var configuration struct{ Issuer, JWKS_URI string }
	if err := json.Unmarshal([]byte(a.get("GET", issuer+"/.well-known/openid-configuration").Body), &configuration); err != nil {
		t.Fatal(err)
	}
	if configuration.Issuer != issuer {
		t.Errorf("issuer is %s", configuration.Issuer)
	}
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(a.get("GET", configuration.JWKS_URI).Body), &keys); err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"IdToken", "AccessToken"} {
		token, err := josejwt.ParseSigned(result[member].(string), []jose.SignatureAlgorithm{jose.RS256})
		if err != nil {
			t.Fatal(err)
		}
		var claims josejwt.Claims
		if err := token.Claims(keys, &claims); err != nil {
			t.Errorf("%s: %v", member, err)
		}
		if err := claims.ValidateWithLeeway(josejwt.Expected{Issuer: issuer, Time: a.World.Clock}, 0); err != nil {
			t.Errorf("%s: %v", member, err)
		}
	}
}

func TestSiteAnswersOnlyForItsDocuments(t *testing.T) {
	a := deployed(t, plainPool)
	host := "https://cognito-idp.us-east-1.amazonaws.com"
	for _, row := range []struct {
		method, url string
		status      int
	}{
		{"GET", host + "/" + a.Ref("Pool") + "/.well-known/jwks.json", 200},
		{"GET", host + "/us-east-1_None/.well-known/jwks.json", 404},
		{"GET", host + "/" + a.Ref("Pool"), 400},
		{"POST", host + "/" + a.Ref("Pool") + "/.well-known/jwks.json", 400},
		{"GET", "https://%", 400},
	} {
		if got := a.get(row.method, row.url).Status; got != row.status {
			t.Errorf("%s %s: %d, want %d", row.method, row.url, got, row.status)
		}
	}
	site := a.pools.Site()
	if !site.Hosts("cognito-idp.us-east-1.amazonaws.com") || site.Hosts("cognito-idp.eu-west-1.amazonaws.com") {
		t.Error("the site answers for other hosts than its own")
	}
}
