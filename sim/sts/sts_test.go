package sts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
	"claimcheck/sim/sts"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	reader  = "arn:aws:iam::123456789012:role/Reader"
	missing = "arn:aws:iam::123456789012:role/None"
	issuer  = "https://cognito-identity.amazonaws.com"

	device        = "arn:aws:iam::123456789012:mfa/ana"
	buildIssuer   = "https://build.example.com/acme"
	buildProvider = "arn:aws:iam::123456789012:oidc-provider/build.example.com/acme"
)

// directory has one role and trusts signed-in users of one identity pool.
// An action that is forbidden is refused to everybody.
type directory struct {
	issued    []api.SessionRequest
	refusal   error
	forbidden string
	asked     []api.Authorization
	users     []api.UserSessionRequest
	// trusting are the keys that the trust policy was asked about last.
	trusting map[string][]string
	// loose is a trust policy without conditions.
	loose bool
	// certificate is the SAML provider's.
	certificate []byte
}

func (d *directory) Authorize(_ *trace.Span, a api.Authorization) api.Decision {
	d.asked = append(d.asked, a)
	return api.Decision{Allowed: a.Action != d.forbidden, Message: "no " + a.Action}
}

func (d *directory) TrustLooksAt(_ string, keys ...string) bool {
	return !d.loose && cmp.Equal([]string{"cognito-identity.amazonaws.com:aud", "cognito-identity.amazonaws.com:amr"}, keys)
}

func (d *directory) AccountOfKey(id string) (string, bool) { return "444455556666", id == "AKIA7" }

func (d *directory) MFA(_ api.Principal, serial, code string) (has, right bool) {
	return serial == device, code == "123456"
}

func (d *directory) IssueUserSession(r api.UserSessionRequest) (api.Session, error) {
	d.users = append(d.users, r)
	return api.Session{
		Credentials: api.Credentials{AccessKeyID: "ASIA2", SecretAccessKey: "secret", SessionToken: "token"},
		Principal:   api.Principal{ARN: "arn:aws:sts::123456789012:federated-user/" + r.Name, UserID: "123456789012:" + r.Name},
		Expires:     tracetest.Start().Add(r.Duration),
	}, d.refusal
}

func (d *directory) IdentityProvider(issuer string) (api.IdentityProvider, bool) {
	return api.IdentityProvider{ARN: buildProvider, ClientIDs: []string{"sts.amazonaws.com"}}, issuer == buildIssuer
}

func (d *directory) Role(arn string) (api.Role, bool) {
	return api.Role{ARN: reader, Name: "Reader", ID: "AROA1", TrustPolicy: "the trust policy", MaxSession: 2 * time.Hour}, arn == reader
}

func (d *directory) TrustsWebIdentity(_ *trace.Span, action, role, provider string, keys map[string][]string) api.Decision {
	pool := provider == "cognito-identity.amazonaws.com" && cmp.Equal(keys[provider+":aud"], []string{"us-east-1:pool"})
	social := provider == "graph.facebook.com" || provider == "www.amazon.com" || provider == "accounts.google.com"
	build := provider == buildProvider && cmp.Equal(keys["build.example.com/acme:sub"], []string{"repo:acme/app"})
	d.trusting = keys
	return api.Decision{Allowed: role == reader && action != d.forbidden && (pool || build || social || provider == corporate)}
}

func (d *directory) IssueSession(r api.SessionRequest) (api.Session, error) {
	d.issued = append(d.issued, r)
	return api.Session{
		Credentials: api.Credentials{AccessKeyID: "ASIA1", SecretAccessKey: "secret", SessionToken: "token"},
		Principal:   api.Principal{ARN: "arn:aws:sts::123456789012:assumed-role/Reader/" + r.Name, UserID: "AROA1:" + r.Name},
		Expires:     tracetest.Start().Add(r.Duration),
	}, d.refusal
}

// doors answer two requests: for the keys of issuers, and for the discovery
// document of one.
type doors struct {
	api.Doors
	body      string
	discovery string
	err       error
	sent      []api.HTTPRequest
	// status is that of every answer, 200 when it is 0.
	status int
}

func (d *doors) Send(_ *trace.Span, r api.HTTPRequest) (api.HTTPResponse, error) {
	d.sent = append(d.sent, r)
	if d.status != 0 {
		return api.HTTPResponse{Status: d.status}, d.err
	}
	if strings.HasSuffix(r.URL, "/.well-known/openid-configuration") {
		return api.HTTPResponse{Status: 200, Body: d.discovery}, d.err
	}
	return api.HTTPResponse{Status: 200, Body: d.body}, d.err
}

type fixture struct {
	*testing.T
	world     *apitest.World
	directory *directory
	doors     *doors
	service   api.Service
	recorder  *trace.Recorder
}

func key(n int) jwt.Key { return jwt.DevelopmentKey(n, "us-east-1-1", "RS512") }

// keySet is that of every issuer.
func (f *fixture) keySet() string {
	f.Helper()
	keys, err := jwt.MarshalKeySet(key(0))
	if err != nil {
		f.Fatal(err)
	}
	return keys
}

func setUp(t *testing.T) *fixture {
	w := apitest.NewWorld()
	f := &fixture{T: t, world: w, directory: &directory{}, doors: &doors{discovery: `{"jwks_uri": "https://build.example.com/keys"}`}, recorder: w.Recorder()}
	f.doors.body = f.keySet()
	f.service = sts.New(w, f.doors, f.directory).Service()
	return f
}

// run calls an operation and returns its exchange.
func (f *fixture) run(caller api.Principal, name string, input map[string]any) (map[string]any, int, error) {
	f.Helper()
	span := f.recorder.Flow().Open("Test", "STS", name, trace.Message{})
	for _, op := range f.service.Operations {
		if op.Name != name {
			continue
		}
		in, faults := op.Decode(input)
		if len(faults) > 0 {
			f.Fatalf("%s: %v", name, faults)
		}
		out, err := op.Run(api.Context{Span: span, Principal: caller}, in)
		_, silent := op.Run(api.Context{Principal: caller}, in)
		if diff := cmp.Diff(err, silent, cmp.Comparer(func(a, b error) bool { return (a == nil) == (b == nil) })); diff != "" {
			f.Errorf("without a recorder: %s", diff)
		}
		return out, span.Exchange(), err
	}
	f.Fatalf("no operation %s", name)
	return nil, 0, nil
}

// token is one of an identity pool, with claims changed; nil removes one.
func (f *fixture) token(k jwt.Key, changes map[string]any) string {
	f.Helper()
	claims := map[string]any{
		"iss": issuer, "aud": "us-east-1:pool", "sub": "us-east-1:1111", "amr": []any{"authenticated", "cognito-idp.us-east-1.amazonaws.com/pool"},
		"iat": f.world.Now().Unix(), "exp": f.world.Now().Add(10 * time.Minute).Unix(),
	}
	for name, value := range changes {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
	raw, err := jwt.Sign(claims, k)
	if err != nil {
		f.Fatal(err)
	}
	return raw
}

func (f *fixture) webIdentity(token string, changes map[string]any) map[string]any {
	input := map[string]any{"RoleArn": reader, "RoleSessionName": "CognitoIdentityCredentials", "WebIdentityToken": token}
	for name, value := range changes {
		input[name] = value
	}
	return input
}

func TestWebIdentityGetsCredentialsOfTheRole(t *testing.T) {
	f := setUp(t)
	out, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), nil), nil))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"Credentials": map[string]any{"AccessKeyId": "ASIA1", "SecretAccessKey": "secret", "SessionToken": "token",
			"Expiration": float64(tracetest.Start().Add(time.Hour).Unix())},
		"AssumedRoleUser":             map[string]any{"AssumedRoleId": "AROA1:CognitoIdentityCredentials", "Arn": "arn:aws:sts::123456789012:assumed-role/Reader/CognitoIdentityCredentials"},
		"SubjectFromWebIdentityToken": "us-east-1:1111", "Provider": "cognito-identity.amazonaws.com", "Audience": "us-east-1:pool",
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	session := api.SessionRequest{RoleARN: reader, Name: "CognitoIdentityCredentials", Duration: time.Hour, Keys: map[string][]string{
		"cognito-identity.amazonaws.com:aud": {"us-east-1:pool"},
		"cognito-identity.amazonaws.com:sub": {"us-east-1:1111"},
		"cognito-identity.amazonaws.com:amr": {"authenticated", "cognito-idp.us-east-1.amazonaws.com/pool"},
		"aws:FederatedProvider":              {"cognito-identity.amazonaws.com"},
	}}
	if diff := cmp.Diff(session, f.directory.issued[0]); diff != "" {
		t.Error(diff)
	}
	if got := f.doors.sent[0]; got.URL != issuer+"/.well-known/jwks_uri" || got.From != "STS" || got.Method != "GET" {
		t.Errorf("keys are fetched with %+v", got)
	}
}

// foreign are the claims of an identity pool of another account.
func foreign() map[string]any {
	return map[string]any{"https://cognito-identity.amazonaws.com/identity-pool-arn": "arn:aws:cognito-identity:us-east-1:444455556666:identitypool/us-east-1:pool"}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func TestAPoolOfAnotherAccountIsTrustedByAudAndAmr(t *testing.T) {
	f := setUp(t)
	input := f.webIdentity(f.token(key(0), foreign()), nil)
	if _, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", input); err != nil {
		t.Error(err)
	}
	f.directory.loose = true
	_, exchange, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", input)
	if diff := cmp.Diff(error(awserr.WithStatus(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")), err); diff != "" {
		t.Error(diff)
	}
	if got := tracetest.Decider(f.recorder.Trace(), exchange); got != sts.RuleForeignPool {
		t.Errorf("decided by %q", got)
	}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func TestAnIssuerThatDoesNotAnswer(t *testing.T) {
	f := setUp(t)
	f.doors.status = 503
	_, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), build(nil)), nil))
	want := awserr.New("IDPCommunicationError", "The identity provider at %s could not be reached.", buildIssuer+"/.well-known/openid-configuration")
	if diff := cmp.Diff(error(want), err); diff != "" {
		t.Error(diff)
	}
}

func TestSessionPoliciesAndDurationAreHandedOn(t *testing.T) {
	f := setUp(t)
	more := map[string]any{"DurationSeconds": 900.0, "Policy": "{}", "PolicyArns": []any{map[string]any{"arn": "a"}, map[string]any{"arn": "b"}}}
	if _, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), nil), more)); err != nil {
		t.Fatal(err)
	}
	got := f.directory.issued[0]
	if got.Policy != "{}" || cmp.Diff([]string{"a", "b"}, got.PolicyARNs) != "" || got.Duration != 15*time.Minute {
		t.Errorf("asked for %+v", got)
	}
}

// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
// https://github.com/aws-amplify/amplify-js/issues/9704, https://github.com/aws-actions/configure-aws-credentials/issues/280,
// https://github.com/aws/aws-sdk-js-v3/issues/3052, https://github.com/aws/aws-sdk-java-v2/issues/5709,
// https://github.com/mozilla-iam/mozilla-aws-cli/issues/146,
// https://github.com/goldstack/goldstack/pull/425, https://github.com/kreuzwerker/awsu/issues/27
func TestWebIdentityIsRefused(t *testing.T) {
	const constraint = "failed to satisfy constraint: Member must "
	f := setUp(t)
	good := f.token(key(0), nil)
	for name, tt := range map[string]struct {
		input   map[string]any
		rule    trace.RuleID
		refusal *awserr.Error
	}{
		"opaque token":     {f.webIdentity("opaque", nil), sts.RuleTokenIsJWT, awserr.New("InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")},
		"another issuer":   {f.webIdentity(f.token(key(0), map[string]any{"iss": "https://cognito-idp.us-east-1.amazonaws.com/pool"}), nil), sts.RuleTokenProvider, awserr.New("InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://cognito-idp.us-east-1.amazonaws.com/pool")},
		"another key":      {f.webIdentity(f.token(key(1), nil), nil), sts.RuleTokenSignature, awserr.New("InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements")},
		"too old":          {f.webIdentity(f.token(key(0), map[string]any{"iat": tracetest.Start().Unix() - 86401}), nil), sts.RuleTokenExpiry, awserr.New("ExpiredTokenException", "Token too old: 86401")},
		"expired":          {f.webIdentity(f.token(key(0), map[string]any{"exp": tracetest.Start().Unix()}), nil), sts.RuleTokenExpiry, awserr.New("ExpiredTokenException", "Token expired: current date/time 1772442000 must be before the expiration date/time 1772442000")},
		"another pool":     {f.webIdentity(f.token(key(0), map[string]any{"aud": "us-east-1:other"}), nil), "", awserr.WithStatus(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")},
		"no such role":     {f.webIdentity(good, map[string]any{"RoleArn": missing}), "", awserr.WithStatus(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")},
		"too short":        {f.webIdentity(good, map[string]any{"DurationSeconds": 600.0}), sts.RuleParameters, awserr.New("ValidationError", "1 validation error detected: Value '600' at 'durationSeconds' %shave value greater than or equal to 900", constraint)},
		"too long ever":    {f.webIdentity(good, map[string]any{"DurationSeconds": 43201.0}), sts.RuleParameters, awserr.New("ValidationError", "1 validation error detected: Value '43201' at 'durationSeconds' %shave value less than or equal to 43200", constraint)},
		"too long":         {f.webIdentity(good, map[string]any{"DurationSeconds": 7201.0}), sts.RuleSessionDuration, awserr.New("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")},
		"one letter":       {f.webIdentity(good, map[string]any{"RoleSessionName": "a"}), sts.RuleParameters, awserr.New("ValidationError", "1 validation error detected: Value 'a' at 'roleSessionName' %shave length greater than or equal to 2", constraint)},
		"a name too long":  {f.webIdentity(good, map[string]any{"RoleSessionName": strings.Repeat("a", 65)}), sts.RuleParameters, awserr.New("ValidationError", "1 validation error detected: Value '%s' at 'roleSessionName' %shave length less than or equal to 64", strings.Repeat("a", 65), constraint)},
		"a name of spaces": {f.webIdentity(good, map[string]any{"RoleSessionName": "a b"}), sts.RuleParameters, awserr.New("ValidationError", `1 validation error detected: Value 'a b' at 'roleSessionName' %ssatisfy regular expression pattern: [\w+=,.@-]*`, constraint)},
	} {
		t.Run(name, func(t *testing.T) {
			_, exchange, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", tt.input)
			if diff := cmp.Diff(error(tt.refusal), err); diff != "" {
				t.Error(diff)
			}
			if got := tracetest.Decider(f.recorder.Trace(), exchange); got != tt.rule {
				t.Errorf("decided by %q, want %q", got, tt.rule)
			}
		})
	}
	if len(f.directory.issued) != 0 {
		t.Errorf("%d sessions were issued", len(f.directory.issued))
	}
}

func TestWebIdentityThatCannotBeSimulatedIsNoVerdict(t *testing.T) {
	f := setUp(t)
	f.doors.err = errors.New("no such host")
	if _, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), nil), nil)); !errors.Is(err, f.doors.err) {
		t.Errorf("keys that cannot be fetched: %v", err)
	}
}

func TestKeysThatCannotBeReadVerifyNothing(t *testing.T) {
	f := setUp(t)
	f.doors.body = "not found"
	_, exchange, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), nil), nil))
	if got := tracetest.Decider(f.recorder.Trace(), exchange); err == nil || got != sts.RuleTokenSignature {
		t.Errorf("decided by %q: %v", got, err)
	}
}

func TestTokenWithoutExpiryIsExpired(t *testing.T) {
	f := setUp(t)
	_, exchange, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), map[string]any{"exp": nil}), nil))
	if got := tracetest.Decider(f.recorder.Trace(), exchange); err == nil || got != sts.RuleTokenExpiry {
		t.Errorf("decided by %q: %v", got, err)
	}
}

func assume(changes map[string]any) map[string]any {
	input := map[string]any{"RoleArn": reader, "RoleSessionName": "list"}
	for name, value := range changes {
		input[name] = value
	}
	return input
}

func lambda() api.Principal {
	return api.Principal{Type: api.ServiceCaller, Service: "lambda.amazonaws.com"}
}

func TestServiceAssumesARole(t *testing.T) {
	f := setUp(t)
	out, _, err := f.run(lambda(), "AssumeRole", assume(nil))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"Credentials": map[string]any{"AccessKeyId": "ASIA1", "SecretAccessKey": "secret", "SessionToken": "token",
			"Expiration": float64(tracetest.Start().Add(time.Hour).Unix())},
		"AssumedRoleUser": map[string]any{"AssumedRoleId": "AROA1:list", "Arn": "arn:aws:sts::123456789012:assumed-role/Reader/list"},
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html
func TestARolesMaximumDoesNotLimitSessionsOfAWSServices(t *testing.T) {
	f := setUp(t)
	if _, _, err := f.run(lambda(), "AssumeRole", assume(map[string]any{"DurationSeconds": 21600.0})); err != nil {
		t.Error(err)
	}
}

// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
// https://github.com/kreuzwerker/awsu/issues/27, https://github.com/aws/eks-anywhere/pull/9485
func TestAssumeRoleIsRefused(t *testing.T) {
	f := setUp(t)
	chained := api.Principal{Type: api.AssumedRole, ARN: "arn:aws:sts::123456789012:assumed-role/Other/s"}
	for name, tt := range map[string]struct {
		caller  api.Principal
		input   map[string]any
		refusal *awserr.Error
	}{
		"too short":          {lambda(), assume(map[string]any{"DurationSeconds": 899.0}), awserr.New("ValidationError", "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900")},
		"longer than a role": {ana(), assume(map[string]any{"DurationSeconds": 7201.0}), awserr.New("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")},
		"chained":            {chained, assume(map[string]any{"DurationSeconds": 3601.0}), awserr.New("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")},
		"no such role":       {chained, assume(map[string]any{"RoleArn": missing}), awserr.WithStatus(403, "AccessDenied", "User: %s is not authorized to perform: sts:AssumeRole on resource: %s", chained.ARN, missing)},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := f.run(tt.caller, "AssumeRole", tt.input)
			if diff := cmp.Diff(error(tt.refusal), err); diff != "" {
				t.Error(diff)
			}
		})
	}
	f.directory.refusal = awserr.New("MalformedPolicyDocument", "Syntax errors in policy.")
	for name, input := range map[string]map[string]any{"AssumeRole": assume(nil), "AssumeRoleWithWebIdentity": f.webIdentity(f.token(key(0), nil), nil)} {
		if _, _, err := f.run(lambda(), name, input); !errors.Is(err, f.directory.refusal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAssumeRoleIsAuthorizedByTheTrustPolicy(t *testing.T) {
	f := setUp(t)
	for _, op := range f.service.Operations {
		if op.Name != "AssumeRole" {
			continue
		}
		in, _ := op.Decode(assume(map[string]any{"ExternalId": "customer-7"}))
		want := api.Target{Resource: reader, Policy: "the trust policy", Keys: map[string][]string{"sts:RoleSessionName": {"list"}, "sts:ExternalId": {"customer-7"}}}
		if diff := cmp.Diff(want, op.Target(in)); diff != "" {
			t.Error(diff)
		}
		in, _ = op.Decode(assume(map[string]any{"RoleArn": missing}))
		want = api.Target{Resource: missing, Keys: map[string][]string{"sts:RoleSessionName": {"list"}}}
		if diff := cmp.Diff(want, op.Target(in)); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff(error(awserr.WithStatus(403, "AccessDenied", "no")), f.service.Denial("no")); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func TestGetCallerIdentitySaysWhoCalls(t *testing.T) {
	f := setUp(t)
	caller := api.Principal{Type: api.AssumedRole, UserID: "AROA1:s", Account: "123456789012", ARN: "arn:aws:sts::123456789012:assumed-role/Reader/s"}
	out, _, err := f.run(caller, "GetCallerIdentity", nil)
	if diff := cmp.Diff(map[string]any{"UserId": caller.UserID, "Account": caller.Account, "Arn": caller.ARN}, out); err != nil || diff != "" {
		t.Error(diff, err)
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	f := setUp(t)
	for _, token := range []string{
		f.token(key(0), nil), "opaque", f.token(key(0), map[string]any{"iss": "https://example.com"}), f.token(key(1), nil),
		f.token(key(0), map[string]any{"exp": 1}),
	} {
		_, _, _ = f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(token, nil))
	}
	for _, claims := range []map[string]any{build(nil), build(map[string]any{"aud": "other"})} {
		_, _, _ = f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), claims), nil))
	}
	for _, input := range []map[string]any{{"SourceIdentity": "ana", "Tags": tags("team", "blue")}, {"SourceIdentity": "bob"}, {"Tags": tags("team", "blue", "Team", "red")}} {
		_, _, _ = f.run(marked(), "AssumeRole", assume(input))
	}
	for _, caller := range []api.Principal{ana(), temporary(api.User)} {
		_, _, _ = f.run(caller, "GetSessionToken", map[string]any{"SerialNumber": device, "TokenCode": "123456"})
		_, _, _ = f.run(caller, "AssumeRole", assume(map[string]any{"SerialNumber": device, "TokenCode": "000000"}))
	}
	for _, valid := range []bool{true, false} {
		f.doors.body = fmt.Sprintf(`{"data":{"app_id":"7","user_id":"104","is_valid":%v}}`, valid)
		_, _, _ = f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity("EAAB", map[string]any{"ProviderId": "graph.facebook.com"}))
	}
	f.doors.body = f.keySet()
	for _, f.directory.loose = range []bool{false, true} {
		_, _, _ = f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), foreign()), nil))
	}
	for _, change := range []func(*saml.Assertion){
		func(*saml.Assertion) {},
		func(a *saml.Assertion) { a.NameID = "" },
		func(a *saml.Assertion) { a.Issuer = "https://evil.example" },
		func(a *saml.Assertion) { a.Recipient = "" },
		func(a *saml.Assertion) { a.NotOnOrAfter = a.Issued },
		func(a *saml.Assertion) { a.Attributes[0].Values = nil },
		func(a *saml.Assertion) { a.Attributes[1].Values = nil },
	} {
		_, _, _ = f.federate(but(change), nil)
	}
	_, _, _ = f.federate(vouched(), map[string]any{"SAMLAssertion": forged(t)})
	for _, size := range []int{2048, 2049} {
		_, _, _ = f.run(lambda(), "AssumeRole", assume(map[string]any{"Policy": strings.Repeat("x", size)}))
	}
	for _, bytes := range []int{460, 465} {
		_, _, _ = f.run(lambda(), "AssumeRole", assume(map[string]any{"Tags": filled(bytes)}))
	}
	for _, seconds := range []float64{60, 3600, 43200} {
		_, _, _ = f.run(ana(), "AssumeRole", assume(map[string]any{"DurationSeconds": seconds}))
	}
	var seen tracetest.Coverage
	seen.Add(f.recorder.Trace())
	seen.Require(t, sts.Rules())
}
