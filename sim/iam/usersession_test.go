package iam_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/saml"
)

// userSession asks for credentials that act for ana.
func (a *account) userSession(r api.UserSessionRequest) api.Session {
	a.Helper()
	r.Caller = a.ana()
	if r.Duration == 0 {
		r.Duration = time.Hour
	}
	s, err := a.iam.IssueUserSession(r)
	if err != nil {
		a.Fatal(err)
	}
	return s
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
func TestUsersSessionHasTheUsersPermissions(t *testing.T) {
	a := deployed(t, users)
	s := a.userSession(api.UserSessionRequest{})
	p, err := a.iam.Authenticate(a.span(), a.signed(s.Credentials, "s3"), "s3")
	if err != nil {
		t.Fatal(err)
	}
	if p.Type != api.User || p.ARN != a.attribute("Ana", "Arn") || p.AccessKeyID != s.Credentials.AccessKeyID {
		t.Errorf("authenticated as %+v", p)
	}
	if d := a.iam.Authorize(a.span(), api.Authorization{Principal: p, Action: "s3:GetObject", Resource: anaCat}); !d.Allowed {
		t.Errorf("own object: %+v", d)
	}
	if d := a.iam.Authorize(a.span(), api.Authorization{Principal: p, Action: "s3:DeleteObject", Resource: anaCat}); !d.Explicit {
		t.Errorf("what the user is denied: %+v", d)
	}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
func TestFederatedUserHasWhatUserAndSessionPoliciesAllow(t *testing.T) {
	const all = `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	a := deployed(t, `
  Broker:
    Type: AWS::IAM::User
    Properties:
      UserName: ana
      Policies:
        - PolicyName: broker
          PolicyDocument: {Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}}
  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: !Ref Broker}
`)
	for name, tt := range map[string]struct {
		policy, action string
		principal      string
		allowed        bool
	}{
		"both allow":                  {all, "s3:GetObject", "", true},
		"the user does not":           {all, "dynamodb:GetItem", "", false},
		"no session policy":           {"", "s3:GetObject", "", false},
		"named by the resource":       {"", "s3:GetObject", "arn:aws:sts::123456789012:federated-user/fay", true},
		"the user named, no policies": {"", "s3:GetObject", "arn:aws:iam::123456789012:user/ana", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := a.userSession(api.UserSessionRequest{Name: "fay", Policy: tt.policy}).Principal
			if p.ARN != "arn:aws:sts::123456789012:federated-user/fay" || p.UserID != "123456789012:fay" {
				t.Errorf("the principal is %+v", p)
			}
			question := api.Authorization{Principal: p, Action: tt.action, Resource: anaCat}
			if tt.principal != "" {
				question.ResourcePolicy = allowed(map[string]any{"AWS": tt.principal}, tt.action, "*")
			}
			if d := a.iam.Authorize(a.span(), question); d.Allowed != tt.allowed {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestUserSessionsThatAreRefused(t *testing.T) {
	a := deployed(t, users)
	if _, err := a.iam.IssueUserSession(api.UserSessionRequest{Caller: api.Principal{ARN: "x"}}); code(err) != "NoSuchEntity" {
		t.Errorf("a user without keys: %v", err)
	}
	if _, err := a.iam.IssueUserSession(api.UserSessionRequest{Caller: a.ana(), Policy: "{"}); code(err) != "MalformedPolicyDocument" {
		t.Errorf("a session policy that is none: %v", err)
	}
}

// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html,
// https://github.com/cloudyr/aws.iam/issues/15
func TestIAMTakesUsersSessionsOnlyWithMFA(t *testing.T) {
	a := deployed(t, users+role)
	refusal := awserr.WithStatus(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
	for name, tt := range map[string]struct {
		credentials api.Credentials
		refusal     error
	}{
		"without MFA":    {a.userSession(api.UserSessionRequest{}).Credentials, refusal},
		"with MFA":       {a.userSession(api.UserSessionRequest{MFA: true}).Credentials, nil},
		"federated user": {a.userSession(api.UserSessionRequest{Name: "fay", MFA: true}).Credentials, refusal},
		"a role":         {a.session(api.SessionRequest{}).Credentials, nil},
		"long-term keys": {a.key(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.iam.Authenticate(a.span(), a.signed(tt.credentials, "iam"), "iam")
			if diff := cmp.Diff(tt.refusal, err); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
func TestConditionKeysOfMFA(t *testing.T) {
	a := deployed(t, users+role)
	for name, tt := range map[string]struct {
		principal    api.Principal
		present, age string // "" for no key
	}{
		"long-term keys":             {a.ana(), "", ""},
		"user's session without MFA": {a.userSession(api.UserSessionRequest{}).Principal, "false", ""},
		"user's session with MFA":    {a.userSession(api.UserSessionRequest{MFA: true}).Principal, "true", "60"},
		"role's session with MFA":    {a.session(api.SessionRequest{MFA: true, HasMFA: true}).Principal, "true", "60"},
		"role's session without MFA": {a.session(api.SessionRequest{HasMFA: true}).Principal, "false", ""},
		"a service's session":        {a.session(api.SessionRequest{}).Principal, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			start := a.world.Clock
			a.world.Clock = start.Add(time.Minute)
			defer func() { a.world.Clock = start }()
			condition := map[string]any{}
			for key, value := range map[string]string{"aws:MultiFactorAuthPresent": tt.present, "aws:MultiFactorAuthAge": tt.age} {
				if value == "" {
					condition["Null"] = merge(condition["Null"], key, "true")
					continue
				}
				condition["StringEquals"] = merge(condition["StringEquals"], key, value)
			}
			d := a.iam.Authorize(a.span(), api.Authorization{Principal: tt.principal, Action: "s3:ListBucket", Resource: "arn:aws:s3:::photos", ResourcePolicy: document(map[string]any{
				"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "*", "Condition": condition,
			})})
			if !d.Allowed {
				t.Errorf("%+v", d)
			}
		})
	}
}

func merge(keys any, key, value string) map[string]any {
	m, _ := keys.(map[string]any)
	if m == nil {
		m = map[string]any{}
	}
	m[key] = value
	return m
}

// device makes an MFA device and returns its serial number and seed.
func (a *account) device(name string) (serial, seed string) {
	a.Helper()
	out, err := a.run(api.Principal{}, "CreateVirtualMFADevice", map[string]any{"VirtualMFADeviceName": name})
	if err != nil {
		a.Fatal(err)
	}
	made := out["VirtualMFADevice"].(map[string]any)
	return made["SerialNumber"].(string), made["Base32StringSeed"].(string)
}

// code is what a device with the seed shows some time from now.
func (a *account) codeOf(seed string, later time.Duration) string {
	a.Helper()
	shown, err := totp.GenerateCode(seed, a.world.Now().Add(later))
	if err != nil {
		a.Fatal(err)
	}
	return shown
}

func (a *account) enable(serial, user, first, second string) error {
	_, err := a.run(api.Principal{}, "EnableMFADevice", map[string]any{"SerialNumber": serial, "UserName": user, "AuthenticationCode1": first, "AuthenticationCode2": second})
	return err
}

// Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html,
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
func TestMFADeviceIsEnabledWithTwoConsecutiveCodes(t *testing.T) {
	a := deployed(t, users)
	serial, seed := a.device("ana")
	if serial != "arn:aws:iam::123456789012:mfa/ana" {
		t.Errorf("serial number %s", serial)
	}
	now, next := a.codeOf(seed, 0), a.codeOf(seed, 30*time.Second)
	for name, tt := range map[string]struct {
		err  error
		code string
	}{
		"the same code twice": {a.enable(serial, "ana", now, now), "InvalidAuthenticationCode"},
		"in the wrong order":  {a.enable(serial, "ana", next, now), "InvalidAuthenticationCode"},
		"no such user":        {a.enable(serial, "bob", now, next), "NoSuchEntity"},
		"no such device":      {a.enable(serial+"x", "ana", now, next), "NoSuchEntity"},
	} {
		if code(tt.err) != tt.code {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
	if has, _ := a.iam.MFA(a.ana(), serial, now); has {
		t.Error("a device that is not enabled is the user's")
	}
	if err := a.enable(serial, "ana", now, next); err != nil {
		t.Fatal(err)
	}
	if _, err := a.run(api.Principal{}, "CreateVirtualMFADevice", map[string]any{"VirtualMFADeviceName": "ana"}); code(err) != "EntityAlreadyExists" {
		t.Errorf("the same name again: %v", err)
	}
	type answer struct{ Has, Right bool }
	for name, tt := range map[string]struct {
		caller       api.Principal
		serial, code string
		want         answer
	}{
		"the code shown":       {a.ana(), serial, now, answer{true, true}},
		"the one before":       {a.ana(), serial, a.codeOf(seed, -30*time.Second), answer{true, true}},
		"an old one":           {a.ana(), serial, a.codeOf(seed, -5*time.Minute), answer{true, false}},
		"no code":              {a.ana(), serial, "12", answer{true, false}},
		"another device":       {a.ana(), serial + "x", now, answer{}},
		"a caller without key": {api.Principal{}, serial, now, answer{}},
	} {
		has, right := a.iam.MFA(tt.caller, tt.serial, tt.code)
		if got := (answer{has, right}); got != tt.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func observeMFA(t *testing.T) *account {
	a := deployed(t, users)
	serial, seed := a.device("ana")
	_ = a.enable(serial, "ana", "000000", "000000")
	_ = a.enable(serial, "ana", a.codeOf(seed, 0), a.codeOf(seed, 30*time.Second))
	for _, mfa := range []bool{false, true} {
		_, _ = a.iam.Authenticate(a.span(), a.signed(a.userSession(api.UserSessionRequest{MFA: mfa}).Credentials, "iam"), "iam")
	}
	return a
}

// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-oidcprovider.html
func TestOIDCProviderIsFoundByItsIssuer(t *testing.T) {
	const provider = `
  Build:
    Type: AWS::IAM::OIDCProvider
    Properties: {Url: "https://build.example.com/acme", ClientIdList: [sts.amazonaws.com], ThumbprintList: [x]}
`
	a := deployed(t, provider)
	if got := a.attribute("Build", ""); got != "arn:aws:iam::123456789012:oidc-provider/build.example.com/acme" || a.attribute("Build", "Arn") != got {
		t.Errorf("Ref is %s", got)
	}
	p, ok := a.iam.IdentityProvider("https://build.example.com/acme")
	if diff := cmp.Diff(api.IdentityProvider{ARN: a.attribute("Build", ""), ClientIDs: []string{"sts.amazonaws.com"}}, p); diff != "" || !ok {
		t.Error(diff, ok)
	}
	if _, ok := a.iam.IdentityProvider("https://build.example.com/other"); ok {
		t.Error("another issuer is found")
	}
	if err := a.deploy(provider); code(err) != "EntityAlreadyExists" {
		t.Errorf("the same URL again: %v", err)
	}
	if err := a.deploy(`
  Build:
    Type: AWS::IAM::OIDCProvider
    Properties: {Url: "http://build.example.com"}
`); code(err) != "ValidationError" {
		t.Errorf("a URL without TLS: %v", err)
	}
}

// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-samlprovider.html
func TestASAMLProviderIsWhatItsMetadataSay(t *testing.T) {
	provider := func(document string) string {
		return fmt.Sprintf("\n  Corp:\n    Type: AWS::IAM::SAMLProvider\n    Properties: {Name: corp, SamlMetadataDocument: %q}\n", document)
	}
	certificate := []byte(strings.Repeat("c", 900))
	document := saml.Metadata{EntityID: "https://login.corp.example", Certificates: [][]byte{certificate}}.Document()
	a := deployed(t, provider(document))
	const at = "arn:aws:iam::123456789012:saml-provider/corp"
	if a.attribute("Corp", "") != at || a.attribute("Corp", "Arn") != at {
		t.Errorf("Ref is %s", a.attribute("Corp", ""))
	}
	p, ok := a.iam.SAMLProvider(at)
	if diff := cmp.Diff(api.SAMLProvider{ARN: at, Issuer: "https://login.corp.example", Certificates: [][]byte{certificate}}, p); diff != "" || !ok {
		t.Error(diff, ok)
	}
	for name, row := range map[string][2]string{
		"the same name again": {document, "EntityAlreadyExists"},
		"a short document":    {"<a/>", "ValidationError"},
		"no metadata":         {strings.Repeat("x", 1000), "InvalidInput"},
		"no certificate":      {saml.Metadata{EntityID: strings.Repeat("e", 1000)}.Document(), "InvalidInput"},
	} {
		if err := a.deploy(provider(row[0])); code(err) != row[1] {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html,
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSAMLProvider.html
func TestASAMLProviderIsKeptUpToDate(t *testing.T) {
	described := func(issuer, key string) string {
		return saml.Metadata{EntityID: issuer, Certificates: [][]byte{[]byte(strings.Repeat(key, 900))}}.Document()
	}
	const at = "arn:aws:iam::123456789012:saml-provider/corp"
	a := empty(t)
	if out := a.must("CreateSAMLProvider", object{"Name": "corp", "SAMLMetadataDocument": described("https://a.example", "a")}); out["SAMLProviderArn"] != at {
		t.Errorf("created %v", out)
	}
	a.must("UpdateSAMLProvider", object{"SAMLProviderArn": at, "SAMLMetadataDocument": described("https://b.example", "b")})
	if got := a.must("GetSAMLProvider", object{"SAMLProviderArn": at})["SAMLMetadataDocument"]; got != described("https://b.example", "b") {
		t.Errorf("metadata %v", got)
	}
	if p, _ := a.iam.SAMLProvider(at); p.Issuer != "https://b.example" || string(p.Certificates[0][:1]) != "b" {
		t.Errorf("provider %+v", p)
	}
	if _, err := a.operate("UpdateSAMLProvider", object{"SAMLProviderArn": at, "SAMLMetadataDocument": strings.Repeat("x", 1000)}); code(err) != "InvalidInput" {
		t.Errorf("metadata of nothing: %v", err)
	}
	a.must("CreateSAMLProvider", object{"Name": "acme", "SAMLMetadataDocument": described("https://c.example", "c")})
	list := a.must("ListSAMLProviders", nil)["SAMLProviderList"].([]any)
	if len(list) != 2 || list[1].(object)["Arn"] != at {
		t.Errorf("list %v", list)
	}
	a.must("DeleteSAMLProvider", object{"SAMLProviderArn": at})
	for _, operation := range []string{"GetSAMLProvider", "DeleteSAMLProvider"} {
		if _, err := a.operate(operation, object{"SAMLProviderArn": at}); code(err) != "NoSuchEntity" {
			t.Errorf("%s of a provider that is gone: %v", operation, err)
		}
	}
	if _, err := a.operate("UpdateSAMLProvider", object{"SAMLProviderArn": at, "SAMLMetadataDocument": described("https://b.example", "b")}); code(err) != "NoSuchEntity" {
		t.Errorf("an update of nothing: %v", err)
	}
	if _, err := a.operate("CreateSAMLProvider", object{"Name": "acme", "SAMLMetadataDocument": described("https://c.example", "c")}); code(err) != "EntityAlreadyExists" {
		t.Errorf("the same name: %v", err)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func TestTaggingASessionIsAnActionOfItsOwn(t *testing.T) {
	a := deployed(t, users+role)
	reader := a.attribute("Reader", "Arn")
	trusts := func(actions ...any) any {
		return document(map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": a.attribute("Ana", "Arn")}, "Action": actions})
	}
	question := api.Authorization{Principal: a.ana(), Action: "sts:TagSession", Resource: reader, ResourcePolicy: trusts("sts:AssumeRole")}
	want := "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: sts:TagSession on resource: " + reader
	if d := a.iam.Authorize(a.span(), question); d.Allowed || d.Message != want {
		t.Errorf("%+v", d)
	}
	question.ResourcePolicy = trusts("sts:AssumeRole", "sts:TagSession")
	if d := a.iam.Authorize(a.span(), question); !d.Allowed {
		t.Errorf("%+v", d)
	}
	tagged := a.session(api.SessionRequest{Tags: map[string]string{"team": "blue"}, TransitiveTags: []string{"team"}}).Principal
	if diff := cmp.Diff([]string{"blue"}, tagged.Keys["aws:PrincipalTag/team"]); diff != "" || !cmp.Equal([]string{"team"}, tagged.TransitiveTags) {
		t.Errorf("%+v", tagged)
	}
}
