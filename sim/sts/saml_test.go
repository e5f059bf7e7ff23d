package sts_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
	"claimcheck/sim/sts"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	corporate    = "arn:aws:iam::123456789012:saml-provider/corp"
	corporateIDP = "https://login.corp.example"
	attributes   = "https://aws.amazon.com/SAML/Attributes/"
)

func (d *directory) SAMLProvider(arn string) (api.SAMLProvider, bool) {
	return api.SAMLProvider{ARN: corporate, Issuer: corporateIDP, Certificates: [][]byte{d.certificate}}, arn == corporate
}

func signer(t testing.TB, n int) saml.Signer {
	t.Helper()
	key, err := jwt.DevelopmentKey(n, "", jwt.RS256).Private()
	if err != nil {
		t.Fatal(err)
	}
	s, err := saml.NewSigner(key, corporateIDP, tracetest.Start())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// vouched is what the company's provider says of ana to AWS.
func vouched() saml.Assertion {
	return saml.Assertion{
		ID: "_a1", Issuer: corporateIDP, Issued: tracetest.Start(), NameID: "ana", NameFormat: saml.Persistent,
		Recipient: "https://signin.aws.amazon.com/saml", Audiences: []string{"urn:amazon:webservices"}, NotOnOrAfter: tracetest.Start().Add(5 * time.Minute),
		Attributes: []saml.Attribute{
			{Name: attributes + "Role", Values: []string{missing + "," + corporate, corporate + ", " + reader}},
			{Name: attributes + "RoleSessionName", Values: []string{"ana@corp.example"}},
		},
	}
}

// but is what the provider says of ana, changed.
func but(change func(*saml.Assertion)) saml.Assertion {
	a := vouched()
	change(&a)
	return a
}

func says(name string, values ...string) func(*saml.Assertion) {
	return func(a *saml.Assertion) {
		a.Attributes = append(a.Attributes, saml.Attribute{Name: attributes + name, Values: values})
	}
}

// federate asks for credentials of the role with an assertion.
func (f *fixture) federate(a saml.Assertion, changes map[string]any) (map[string]any, int, error) {
	f.Helper()
	f.directory.certificate = signer(f, 0).Certificate
	text, err := signer(f, 0).Response(a)
	if err != nil {
		f.Fatal(err)
	}
	input := map[string]any{"RoleArn": reader, "PrincipalArn": corporate, "SAMLAssertion": text}
	for name, value := range changes {
		input[name] = value
	}
	return f.run(api.Principal{}, "AssumeRoleWithSAML", input)
}

// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func TestASAMLAssertionGetsCredentialsOfTheRole(t *testing.T) {
	f := setUp(t)
	out, _, err := f.federate(vouched(), nil)
	if err != nil {
		t.Fatal(err)
	}
	// The hash of the issuer, the account and the provider's name, made with
	// printf 'https://login.corp.example123456789012/corp' | openssl sha1 -binary | base64
	const qualifier = "sVBo3nRjLBQ+TCZeKhILdmEFIJo="
	want := map[string]any{
		"Credentials": map[string]any{"AccessKeyId": "ASIA1", "SecretAccessKey": "secret", "SessionToken": "token",
			"Expiration": float64(tracetest.Start().Add(time.Hour).Unix())},
		"AssumedRoleUser": map[string]any{"AssumedRoleId": "AROA1:ana@corp.example", "Arn": "arn:aws:sts::123456789012:assumed-role/Reader/ana@corp.example"},
		"Audience":        "https://signin.aws.amazon.com/saml", "Issuer": corporateIDP, "NameQualifier": qualifier, "Subject": "ana", "SubjectType": "persistent",
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	session := api.SessionRequest{RoleARN: reader, Name: "ana@corp.example", Duration: time.Hour, Keys: map[string][]string{
		"aws:FederatedProvider": {corporate}, "saml:sub": {"ana"}, "saml:sub_type": {"persistent"}, "saml:namequalifier": {qualifier},
	}}
	if diff := cmp.Diff(session, f.directory.issued[0]); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
func TestTheTrustPolicySeesWhatTheAssertionSays(t *testing.T) {
	f := setUp(t)
	a := but(func(a *saml.Assertion) {
		a.Attributes = append(a.Attributes, saml.Attribute{Name: "urn:oid:1.3.6.1.4.1.5923.1.1.1.1", Values: []string{"staff", "member"}})
		says("PrincipalTag:team", "blue")(a)
		says("TransitiveTagKeys", "team")(a)
		says("SourceIdentity", "ana")(a)
	})
	out, _, err := f.federate(a, nil)
	if err != nil || out["SourceIdentity"] != "ana" {
		t.Fatal(out, err)
	}
	for name, want := range map[string][]string{
		"saml:aud": {"https://signin.aws.amazon.com/saml"}, "saml:iss": {corporateIDP}, "saml:doc": {"123456789012/corp"},
		"saml:edupersonaffiliation": {"staff", "member"}, "aws:RequestTag/team": {"blue"}, "sts:SourceIdentity": {"ana"}, "sts:TransitiveTagKeys": {"team"},
	} {
		if diff := cmp.Diff(want, f.directory.trusting[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	got := f.directory.issued[0]
	if diff := cmp.Diff([]any{map[string]string{"team": "blue"}, []string{"team"}, []string{"ana"}}, []any{got.Tags, got.TransitiveTags, got.Keys["aws:SourceIdentity"]}); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
func TestTheAssertionMayShortenTheSession(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*saml.Assertion)
		asked  float64
		want   time.Duration
	}{
		"as asked for":          {func(*saml.Assertion) {}, 1800, 30 * time.Minute},
		"SessionDuration":       {says("SessionDuration", "900"), 1800, 15 * time.Minute},
		"a longer one":          {says("SessionDuration", "7200"), 1800, 30 * time.Minute},
		"SessionNotOnOrAfter":   {func(a *saml.Assertion) { a.SessionNotOnOrAfter = tracetest.Start().Add(10 * time.Minute) }, 1800, 10 * time.Minute},
		"more than an hour":     {func(*saml.Assertion) {}, 7200, 2 * time.Hour},
		"no number of duration": {says("SessionDuration", "long"), 1800, 30 * time.Minute},
	} {
		f := setUp(t)
		if _, _, err := f.federate(but(tt.change), map[string]any{"DurationSeconds": tt.asked}); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := f.directory.issued[0].Duration; got != tt.want {
			t.Errorf("%s: it lasts %s, want %s", name, got, tt.want)
		}
	}
}

// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html,
// https://github.com/dbeaver/cloudbeaver/issues/3112, https://github.com/cevoaustralia/aws-google-auth/issues/270,
// https://github.com/Nike-Inc/gimme-aws-creds/issues/251, https://github.com/MicrosoftDocs/azure-docs/issues/45025,
// https://github.com/aws/aws-sdk-net/issues/744. The first names AssumeRoleWithSAML
// also where the trust policy lacks sts:TagSession or sts:SetSourceIdentity; that
// the refusal names the action that is missing, as AssumeRole's does, is inferred.
func TestASAMLAssertionIsRefused(t *testing.T) {
	const code = "InvalidIdentityToken"
	denied := func(action string) *awserr.Error {
		return awserr.WithStatus(403, "AccessDenied", "Not authorized to perform sts:%s", action)
	}
	without := func(name string) func(*saml.Assertion) {
		return func(a *saml.Assertion) {
			for i := range a.Attributes {
				if a.Attributes[i].Name == attributes+name {
					a.Attributes[i].Name = "other"
				}
			}
		}
	}
	named := func(name string) func(*saml.Assertion) {
		return func(a *saml.Assertion) { a.Attributes[1].Values = []string{name} }
	}
	for name, tt := range map[string]struct {
		change    func(*saml.Assertion)
		input     map[string]any
		forbidden string
		rule      trace.RuleID
		refusal   *awserr.Error
	}{
		"no response":         {nil, map[string]any{"SAMLAssertion": "opaque"}, "", sts.RuleSAMLResponse, awserr.New(code, "Invalid SAMLResponse")},
		"another provider":    {nil, map[string]any{"PrincipalArn": corporate + "2"}, "", sts.RuleSAMLProvider, awserr.New(code, "Specified provider doesn't exist")},
		"another issuer":      {func(a *saml.Assertion) { a.Issuer = "https://evil.example" }, nil, "", sts.RuleSAMLProvider, awserr.New(code, "Issuer not present in specified provider")},
		"another key":         {nil, map[string]any{"SAMLAssertion": forged(t)}, "", sts.RuleSAMLSignature, awserr.New(code, "Response signature invalid")},
		"another recipient":   {func(a *saml.Assertion) { a.Recipient = "https://other.example" }, nil, "", sts.RuleSAMLAudience, awserr.New(code, "Response does not contain the required audience.")},
		"another audience":    {func(a *saml.Assertion) { a.Audiences = []string{"urn:other"} }, nil, "", sts.RuleSAMLAudience, awserr.New(code, "Response does not contain the required audience.")},
		"an old one":          {func(a *saml.Assertion) { a.Issued = a.Issued.Add(-5*time.Minute - time.Second) }, nil, "", sts.RuleSAMLExpiry, awserr.New("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")},
		"an ended one":        {func(a *saml.Assertion) { a.NotOnOrAfter = a.Issued }, nil, "", sts.RuleSAMLExpiry, awserr.New("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")},
		"an ended session":    {func(a *saml.Assertion) { a.SessionNotOnOrAfter = a.Issued }, nil, "", sts.RuleSAMLExpiry, awserr.New("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")},
		"a role not offered":  {nil, map[string]any{"RoleArn": reader + "2"}, "", sts.RuleSAMLRole, denied("AssumeRoleWithSAML")},
		"no role at all":      {without("Role"), nil, "", sts.RuleSAMLRole, denied("AssumeRoleWithSAML")},
		"no session name":     {without("RoleSessionName"), nil, "", sts.RuleSAMLName, awserr.New(code, "RoleSessionName is required in AuthnResponse")},
		"a name with spaces":  {named("Ana Lee"), nil, "", sts.RuleSAMLName, awserr.New(code, "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")},
		"no trust":            {nil, nil, "sts:AssumeRoleWithSAML", "", denied("AssumeRoleWithSAML")},
		"a role that is gone": {nil, map[string]any{"RoleArn": missing}, "", "", denied("AssumeRoleWithSAML")},
		"tagging not allowed": {says("PrincipalTag:team", "blue"), nil, "sts:TagSession", "", denied("TagSession")},
		"one key twice":       {func(a *saml.Assertion) { says("PrincipalTag:a", "1")(a); says("PrincipalTag:A", "2")(a) }, nil, "", sts.RuleTags, awserr.New("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")},
		"no source identity":  {says("SourceIdentity", "ana"), nil, "sts:SetSourceIdentity", "", denied("SetSourceIdentity")},
		"too short":           {nil, map[string]any{"DurationSeconds": 600.0}, "", sts.RuleParameters, awserr.New("ValidationError", "1 validation error detected: Value '600' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900")},
		"longer than a role":  {nil, map[string]any{"DurationSeconds": 7201.0}, "", sts.RuleSessionDuration, awserr.New("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			f.directory.forbidden = tt.forbidden
			a := vouched()
			if tt.change != nil {
				tt.change(&a)
			}
			_, exchange, err := f.federate(a, tt.input)
			if diff := cmp.Diff(error(tt.refusal), err); diff != "" {
				t.Error(diff)
			}
			if got := tracetest.Decider(f.recorder.Trace(), exchange); got != tt.rule {
				t.Errorf("decided by %q, want %q", got, tt.rule)
			}
		})
	}
	f := setUp(t)
	f.directory.refusal = awserr.New("MalformedPolicyDocument", "Syntax errors in policy.")
	if _, _, err := f.federate(vouched(), nil); err == nil {
		t.Error("a session policy with a fault passes")
	}
}

// forged is what somebody with another key says.
func forged(t testing.TB) string {
	t.Helper()
	text, err := signer(t, 1).Response(vouched())
	if err != nil {
		t.Fatal(err)
	}
	return text
}
