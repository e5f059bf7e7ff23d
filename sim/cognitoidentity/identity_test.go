package cognitoidentity_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidentity"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const guide = "https://docs.aws.amazon.com/cognito/latest/developerguide/"

// refusal is a call that AWS refuses, and why.
type refusal struct {
	name, source string
	// template is closedPool when it is empty.
	template string
	rule     trace.RuleID
	// In the message IDENTITY stands for the input's IdentityId.
	code, message string
	operation     string
	input         func(a *account) object
}

func refusals() []refusal {
	return slices.Concat(loginRefusals(), identityRefusals(), linkRefusals(), developerRefusals(), roleRefusals(), settingRefusals(), oidcRefusals(), poolRefusals(), socialRefusals(), samlRefusals())
}

func loginRefusals() []refusal {
	logins := func(make func(a *account) object) func(*account) object {
		return func(a *account) object {
			return object{"IdentityPoolId": a.pool(), "Logins": make(a)}
		}
	}
	exp := tracetest.Start().Unix()
	return []refusal{
		{
			"an unknown pool", "https://github.com/aws-amplify/amplify-js/issues/14117", "",
			cognitoidentity.RulePoolExists, "ResourceNotFoundException", "IdentityPool 'us-east-1:none' not found.", "GetId",
			func(*account) object { return object{"IdentityPoolId": "us-east-1:none"} },
		}, {
			"nobody, without guests", "https://github.com/aws/aws-sdk-js-v3/issues/3113", "",
			cognitoidentity.RuleGuests, "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.", "GetId",
			func(a *account) object { return object{"IdentityPoolId": a.pool()} },
		}, {
			"the refresh token", "https://github.com/aws-amplify/aws-sdk-android/issues/1431", "",
			cognitoidentity.RuleTokenJWT, "NotAuthorizedException", "Invalid login token. Not a Cognito token.", "GetId",
			logins(func(*account) object { return object{provider: "a.b.c.d.e"} }),
		}, {
			"the ID token under another provider's key", "https://github.com/aws/aws-sdk-js/issues/3947", "",
			cognitoidentity.RuleTokenIssuer, "NotAuthorizedException", "Invalid login token. Issuer doesn't match providerName", "GetId",
			logins(func(a *account) object { return object{"accounts.google.com": a.idToken(nil)} }),
		}, {
			"the issuer's URL as key", "https://github.com/aws/aws-sdk-js/issues/3947", "",
			cognitoidentity.RuleTokenIssuer, "NotAuthorizedException", "Invalid login token. Issuer doesn't match providerName", "GetId",
			logins(func(a *account) object { return object{"https://" + provider: a.idToken(nil)} }),
		}, {
			"the access token", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/7", "",
			cognitoidentity.RuleTokenAudience, "NotAuthorizedException", "Invalid login token. Missing a required claim: aud", "GetId",
			logins(func(a *account) object {
				return a.logins(object{"aud": nil, "client_id": clientID, "token_use": "access"})
			}),
		}, {
			"a token of an app client that is not configured", "https://github.com/aws-amplify/amplify-js/issues/2067", "",
			cognitoidentity.RuleTokenProvider, "NotAuthorizedException", "Token is not from a supported provider of this identity pool.", "GetId",
			logins(func(a *account) object { return a.logins(object{"aud": "other"}) }),
		}, {
			"a token of a user pool that is not configured", "https://github.com/aws-amplify/amplify-js/issues/2067", "",
			cognitoidentity.RuleTokenProvider, "NotAuthorizedException", "Token is not from a supported provider of this identity pool.", "GetId",
			logins(func(a *account) object {
				const other = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"
				return object{other: a.idToken(object{"iss": "https://" + other})}
			}),
		}, {
			"a token signed by a stranger", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/91", "",
			cognitoidentity.RuleTokenSignature, "NotAuthorizedException", "Invalid login token. Couldn't verify signed token.", "GetId",
			logins(func(a *account) object {
				token := a.logins(nil)
				a.key = jwt.DevelopmentKey(1, "key", jwt.RS256)
				return token
			}),
		}, {
			"a token of a key that is gone", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/91", "",
			cognitoidentity.RuleTokenSignature, "NotAuthorizedException", "Invalid login token. Couldn't verify signed token.", "GetId",
			logins(func(a *account) object {
				token := a.logins(nil)
				a.key = jwt.DevelopmentKey(0, "new", jwt.RS256)
				return token
			}),
		}, {
			"a token of a user pool that is gone", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/91",
			strings.ReplaceAll(closedPool(), "us-east-1_AbCdEfGhI", "us-east-1_Gone"),
			cognitoidentity.RuleTokenSignature, "NotAuthorizedException", "Invalid login token. Couldn't verify signed token.", "GetId",
			logins(func(a *account) object {
				const gone = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Gone"
				return object{gone: a.idToken(object{"iss": "https://" + gone})}
			}),
		}, {
			"an expired token", "https://github.com/aws-amplify/amplify-js/issues/14348", "",
			cognitoidentity.RuleTokenExpiry, "NotAuthorizedException", fmt.Sprintf("Invalid login token. Token expired: %d >= %d", exp, exp), "GetId",
			logins(func(a *account) object { return a.logins(object{"exp": exp}) }),
		},
	}
}

func identityRefusals() []refusal {
	noRole := strings.Replace(closedPool(), "authenticated: '"+userRole+"'", "", 1)
	return []refusal{
		{
			"an unknown identity", "https://github.com/aws-amplify/amplify-js/issues/2301", "",
			cognitoidentity.RuleIdentityExists, "ResourceNotFoundException", "Identity 'us-east-1:none' not found.", "GetCredentialsForIdentity",
			func(*account) object { return object{"IdentityId": "us-east-1:none"} },
		}, {
			"a user's identity without login", "https://github.com/aws-amplify/amplify-js/issues/6616", "",
			cognitoidentity.RuleIdentityLogin, "NotAuthorizedException", "Access to Identity 'IDENTITY' is forbidden.", "GetCredentialsForIdentity",
			func(a *account) object { return object{"IdentityId": a.identity(nil)} },
		}, {
			"another user's identity", "https://github.com/aws-amplify/amplify-js/issues/2443", "",
			cognitoidentity.RuleIdentityLogin, "NotAuthorizedException", "Logins don't match. Please include at least one valid login for this identity or identity pool.", "GetCredentialsForIdentity",
			func(a *account) object {
				a.identity(object{"sub": "eve"})
				return object{"IdentityId": a.identity(nil), "Logins": a.logins(object{"sub": "eve"})}
			},
		}, {
			"an identity with a login of no identity", "https://github.com/aws-amplify/amplify-js/issues/2443", "",
			cognitoidentity.RuleIdentityLogin, "NotAuthorizedException", "Logins don't match. Please include at least one valid login for this identity or identity pool.", "GetCredentialsForIdentity",
			func(a *account) object {
				return object{"IdentityId": a.identity(nil), "Logins": a.logins(object{"sub": "eve"})}
			},
		}, {
			"a bad token for credentials", "https://github.com/amazon-archives/amazon-cognito-identity-js/issues/7", "",
			cognitoidentity.RuleTokenAudience, "NotAuthorizedException", "Invalid login token. Missing a required claim: aud", "GetCredentialsForIdentity",
			func(a *account) object {
				return object{"IdentityId": a.identity(nil), "Logins": a.logins(object{"aud": nil})}
			},
		}, {
			"a pool without the role", "https://github.com/amazon-archives/amazon-cognito-auth-js/issues/196", noRole,
			cognitoidentity.RuleRoleConfigured, "InvalidIdentityPoolConfigurationException", "Invalid identity pool configuration. Check assigned IAM roles for this pool.", "GetCredentialsForIdentity",
			func(a *account) object { return object{"IdentityId": a.identity(nil), "Logins": a.logins(nil)} },
		}, {
			"a role that does not trust the pool", guide + "role-trust-and-permissions.html", "",
			cognitoidentity.RuleRoleAssumable, "InvalidIdentityPoolConfigurationException", "Invalid identity pool configuration. Check assigned IAM roles for this pool.", "GetCredentialsForIdentity",
			func(a *account) object {
				a.refusal = awserr.WithStatus(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
				return object{"IdentityId": a.identity(nil), "Logins": a.logins(nil)}
			},
		}, {
			"the basic flow where it is off", "https://github.com/aws/aws-cli/issues/7652", fmt.Sprintf(template, false, "AllowClassicFlow: false", "authenticated: '"+userRole+"'"),
			cognitoidentity.RuleClassicFlow, "InvalidParameterException", "Basic (classic) flow is not enabled, please use enhanced flow.", "GetOpenIdToken",
			func(a *account) object { return object{"IdentityId": a.identity(nil), "Logins": a.logins(nil)} },
		}, {
			"the basic flow for an unknown identity", "https://github.com/aws-amplify/amplify-js/issues/2301", "",
			cognitoidentity.RuleIdentityExists, "ResourceNotFoundException", "Identity 'us-east-1:none' not found.", "GetOpenIdToken",
			func(*account) object { return object{"IdentityId": "us-east-1:none"} },
		},
	}
}

func runRefusal(t *testing.T, r refusal, cover *tracetest.Coverage) {
	a := newAccount(t)
	a.Cover = cover
	text := r.template
	if text == "" {
		text = closedPool()
	}
	if err := a.Deploy(text); err != nil {
		t.Fatal(err)
	}
	input := r.input(a)
	id, _ := input["IdentityId"].(string)
	a.Refused(r.rule, r.code, strings.ReplaceAll(r.message, "IDENTITY", id), r.operation, input)
}

func TestRefusals(t *testing.T) {
	for _, r := range refusals() {
		t.Run(r.name, func(t *testing.T) { runRefusal(t, r, &tracetest.Coverage{}) })
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	cover := &tracetest.Coverage{}
	for _, r := range refusals() {
		runRefusal(t, r, cover)
	}
	a := newAccount(t)
	a.Cover = cover
	if err := a.Deploy(openPool()); err != nil {
		t.Fatal(err)
	}
	a.Must("GetCredentialsForIdentity", object{"IdentityId": a.guest()})
	a.Must("GetOpenIdToken", object{"IdentityId": a.guest()})
	a.Must("DeleteIdentities", object{"IdentityIdsToDelete": []any{a.guest()}})
	for _, run := range successes() {
		a := newAccount(t)
		a.Cover = cover
		if err := a.Deploy(run.template); err != nil {
			t.Fatal(err)
		}
		run.calls(a)
	}
	a = newAccount(t)
	a.Cover = cover
	if err := a.Deploy(closedPool() + secondAttachment); err == nil {
		t.Error("two role attachments are deployed")
	}
	cover.Require(t, cognitoidentity.Rules())
}

// success is what makes rules hold that no refusal gets to.
type success struct {
	template string
	calls    func(a *account)
}

func successes() []success {
	return []success{
		{twoUserPools(), func(a *account) {
			a.merge()
		}},
		{tokenMapped("AuthenticatedRole"), func(a *account) {
			a.credentials(object{"cognito:preferred_role": editors, "cognito:roles": []any{editors, admins}}, admins)
			a.credentials(nil, "")
		}},
		{rulesMapped("Deny"), func(a *account) {
			a.credentials(object{"custom:team": "blue"}, "")
			a.Must("SetIdentityPoolRoles", object{"IdentityPoolId": a.pool(), "Roles": object{"authenticated": userRole}})
		}},
		{photosPool, poolIsUpdated},
		{photosPool, poolsAreListed},
		{corporatePool(), func(a *account) { a.idOf(a.corporateLogin(nil)) }},
		{socialPool(), func(a *account) {
			a.idOf(a.socialLogin("graph.facebook.com", "app-7"))
			a.idOf(a.samlLogin("ana"))
		}},
		{tagged("PrincipalTags: {team: 'custom:team', city: 'custom:city'}"), func(a *account) {
			a.credentials(object{"custom:team": "blue", "cognito:groups": []any{"Editors"}}, "")
		}},
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
func TestIdentityIsTheSameForOneLogin(t *testing.T) {
	a := deployed(t, closedPool())
	first := a.identity(nil)
	a.World.Clock = a.World.Clock.Add(30 * time.Minute)
	if again := a.identity(nil); again != first {
		t.Errorf("the second GetId gives %s, the first gave %s", again, first)
	}
	if other := a.identity(object{"sub": "eve"}); other == first {
		t.Error("two users have one identity")
	}
	if !strings.HasPrefix(first, "us-east-1:") || strings.Contains(first, sub) {
		t.Errorf("identity id %s", first)
	}
}

func TestEachGuestIsANewIdentity(t *testing.T) {
	a := deployed(t, openPool())
	if first, second := a.guest(), a.guest(); first == second {
		t.Error("two guests have one identity")
	}
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
func TestUserGetsCredentialsOfTheAuthenticatedRole(t *testing.T) {
	a := deployed(t, openPool())
	identity := a.identity(nil)
	out := a.Must("GetCredentialsForIdentity", object{"IdentityId": identity, "Logins": a.logins(nil)})
	want := object{"IdentityId": identity, "Credentials": object{
		"AccessKeyId": "ASIAEXAMPLE", "SecretKey": "secret", "SessionToken": "session",
		"Expiration": float64(a.World.Clock.Add(time.Hour).Unix()),
	}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	input := a.calls[0].Input
	if input["RoleArn"] != userRole || input["RoleSessionName"] != "CognitoIdentityCredentials" || len(input) != 3 {
		t.Errorf("STS was asked with %v", input)
	}
	if a.calls[0].From != "Identity pool" {
		t.Errorf("STS was asked by %s", a.calls[0].From)
	}
}

// The token's claims: https://speakerdeck.com/player/fcca686ecc42459fa57423156ce7561f
// and, for amr, https://github.com/anomalyco/guide/pull/706
func TestTokenForSTSIsAboutTheIdentity(t *testing.T) {
	a := deployed(t, closedPool())
	identity := a.identity(nil)
	a.Must("GetCredentialsForIdentity", object{"IdentityId": identity, "Logins": a.logins(nil)})
	token, err := jwt.Parse(a.calls[0].Input["WebIdentityToken"].(string))
	if err != nil {
		t.Fatal(err)
	}
	want := object{
		"iss": "https://cognito-identity.amazonaws.com", "aud": a.pool(), "sub": identity,
		"amr": []any{"authenticated", provider, provider + ":CognitoSignIn:" + sub},
		"https://cognito-identity.amazonaws.com/identity-pool-arn": "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/" + a.pool(),
		"iat": float64(a.World.Clock.Unix()), "exp": float64(a.World.Clock.Add(10 * time.Minute).Unix()),
	}
	if diff := cmp.Diff(want, token.Claims); diff != "" {
		t.Error(diff)
	}
	if token.Algorithm != "RS512" {
		t.Errorf("alg is %s", token.Algorithm)
	}
	keys, err := jwt.ParseKeySet(a.get("GET", "https://cognito-identity.amazonaws.com/.well-known/jwks_uri").Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Verify(token); err != nil {
		t.Error(err)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
func TestGuestGetsTheOtherRoleNarrowedBySessionPolicies(t *testing.T) {
	a := deployed(t, openPool())
	a.Must("GetCredentialsForIdentity", object{"IdentityId": a.guest()})
	input := a.calls[0].Input
	if input["RoleArn"] != guests {
		t.Errorf("role %v", input["RoleArn"])
	}
	inline := input["Policy"].(string)
	var document struct{ Statement []struct{ Action []string } }
	if err := json.Unmarshal([]byte(inline), &document); err != nil {
		t.Fatal(err)
	}
	actions := strings.Join(document.Statement[0].Action, " ")
	if !strings.Contains(actions, "s3:*") || strings.Contains(actions, "ssm:") || len(inline) > 2048 {
		t.Errorf("session policy of %d characters: %s", len(inline), inline)
	}
	token, err := jwt.Parse(input["WebIdentityToken"].(string))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"unauthenticated"}, token.Texts("amr")); diff != "" {
		t.Error(diff)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/switching-identities.html
func TestGuestWhoSignsInKeepsTheIdentity(t *testing.T) {
	a := deployed(t, openPool())
	guest := a.guest()
	a.Must("GetCredentialsForIdentity", object{"IdentityId": guest, "Logins": a.logins(nil)})
	if got := a.identity(nil); got != guest {
		t.Errorf("the user's identity is %s, the guest's was %s", got, guest)
	}
}

func TestFailureOfSTSToRunIsNoVerdict(t *testing.T) {
	a := deployed(t, closedPool())
	identity := a.identity(nil)
	a.refusal = errors.New("not simulated")
	a.notSimulated("GetCredentialsForIdentity", object{"IdentityId": identity, "Logins": a.logins(nil)})
}

// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html
func TestBasicFlowHandsOutTheToken(t *testing.T) {
	a := deployed(t, closedPool())
	identity := a.identity(nil)
	out := a.Must("GetOpenIdToken", object{"IdentityId": identity, "Logins": a.logins(nil)})
	token, err := jwt.Parse(out["Token"].(string))
	if err != nil {
		t.Fatal(err)
	}
	if out["IdentityId"] != identity || token.Text("sub") != identity || len(a.calls) != 0 {
		t.Errorf("got %v", out)
	}
}

func TestCallsAreTheSameWithoutARecorder(t *testing.T) {
	run := func(span func(*trace.Recorder) *trace.Span) object {
		a := deployed(t, closedPool())
		input := object{"IdentityPoolId": a.pool(), "Logins": a.logins(nil)}
		for _, op := range a.pools.Service().Operations {
			if op.Name == "GetId" {
				in, _ := op.Decode(input)
				out, err := op.Run(api.Context{Span: span(a.World.Recorder())}, in)
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
		}
		return nil
	}
	with := run(func(r *trace.Recorder) *trace.Span { return r.Flow() })
	without := run(func(*trace.Recorder) *trace.Span { return nil })
	if diff := cmp.Diff(with, without); diff != "" {
		t.Error(diff)
	}
}

func (a *account) get(method, url string) api.HTTPResponse {
	a.T.Helper()
	response, err := a.pools.Site().Serve(nil, api.HTTPRequest{Method: method, URL: url})
	if err != nil {
		a.T.Fatal(err)
	}
	return response
}

func TestSiteAnswersOnlyForItsDocuments(t *testing.T) {
	a := newAccount(t)
	const host = "https://cognito-identity.amazonaws.com"
	for _, row := range []struct {
		method, url string
		status      int
	}{
		{"GET", host + "/.well-known/jwks_uri", 200},
		{"GET", host + "/.well-known/openid-configuration", 200},
		{"GET", host + "/", 404},
		{"POST", host + "/.well-known/jwks_uri", 400},
		{"GET", "https://%", 400},
	} {
		if got := a.get(row.method, row.url).Status; got != row.status {
			t.Errorf("%s %s: %d, want %d", row.method, row.url, got, row.status)
		}
	}
	site := a.pools.Site()
	if !site.Hosts("cognito-identity.amazonaws.com") || site.Hosts("cognito-identity.us-east-1.amazonaws.com") {
		t.Error("the site answers for other hosts than its own")
	}
}

func TestRolesOfNoPoolAreRefused(t *testing.T) {
	a := newAccount(t)
	err := a.Deploy(`
Resources:
  Roles: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: 'us-east-1:none'}}
`)
	var refusal *awserr.Error
	if !errors.As(err, &refusal) || !strings.Contains(err.Error(), "IdentityPool 'us-east-1:none' not found.") {
		t.Errorf("deployed: %v", err)
	}
}

func TestPoolHasAName(t *testing.T) {
	for properties, want := range map[string]string{"IdentityPoolName: photos": "photos", "": "Pool_"} {
		created, _ := deployed(t, fmt.Sprintf(template, false, properties, "")).Stack.Resource("Pool")
		if got := created.Attributes["Name"]; !strings.HasPrefix(got, want) {
			t.Errorf("name %q, want %q", got, want)
		}
	}
}

func TestNoOperationIsBothSimulatedAndNot(t *testing.T) {
	service := newAccount(t).pools.Service()
	seen := map[string]bool{}
	for _, name := range service.Unsimulated {
		seen[name] = true
	}
	for _, op := range service.Operations {
		if seen[op.Name] {
			t.Errorf("%s: twice", op.Name)
		}
	}
	if got := len(seen) + len(service.Operations); got != 23 {
		t.Errorf("%d operations, AWS has 23", got)
	}
}

// https://github.com/boto/botocore/blob/develop/botocore/data/cognito-identity/2014-06-30/service-2.json
func TestFourOperationsArePublicAndTheOthersAreForDevelopers(t *testing.T) {
	var public []string
	for _, op := range deployed(t, closedPool()).pools.Service().Operations {
		if op.Access == api.Unsigned {
			public = append(public, op.Name)
		}
	}
	slices.Sort(public)
	if diff := cmp.Diff([]string{"GetCredentialsForIdentity", "GetId", "GetOpenIdToken", "UnlinkIdentity"}, public); diff != "" {
		t.Error(diff)
	}
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitoidentity.html
func TestDevelopersOperationsAreAuthorizedAgainstThePool(t *testing.T) {
	for _, op := range newAccount(t).pools.Service().Operations {
		if op.Target == nil {
			continue
		}
		const arn = "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/us-east-1:p"
		in, _ := op.Decode(object{"IdentityPoolId": "us-east-1:p", "ResourceArn": arn})
		if got := op.Target(in).Resource; got != arn {
			t.Errorf("%s is authorized against %s", op.Name, got)
		}
	}
}
