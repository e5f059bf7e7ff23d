package iam_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/iam"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// account is an IAM directory with a stack deployed into it.
type account struct {
	*testing.T
	world *apitest.World
	iam   *iam.IAM
	stack cloudformation.Stack
	// traces are those of every check made, for the coverage of rules.
	recorder *trace.Recorder
}

func empty(t *testing.T) *account {
	w := apitest.NewWorld()
	return &account{T: t, world: w, iam: iam.New(w), recorder: w.Recorder()}
}

// deployed is an account with the resources given in CloudFormation's YAML.
func deployed(t *testing.T, resources string) *account {
	t.Helper()
	a := empty(t)
	if err := a.deploy(resources); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *account) deploy(resources string) error {
	a.Helper()
	template, err := cloudformation.Parse("stack.yaml", []byte("Resources:\n"+resources))
	if err != nil {
		a.Fatal(err)
	}
	a.stack, err = cloudformation.Deploy(a.recorder.Flow(), a.world, template, a.iam.Types())
	return err
}

func (a *account) attribute(id, name string) string {
	a.Helper()
	created, ok := a.stack.Resource(id)
	if !ok {
		a.Fatalf("no resource %s", id)
	}
	if name == "" {
		return created.Ref
	}
	return created.Attributes[name]
}

// span opens an exchange with the service under test.
func (a *account) span() *trace.Span {
	return a.recorder.Flow().Open("Test", "IAM", "test", trace.Message{})
}

const users = `
  Ana:
    Type: AWS::IAM::User
    Properties:
      UserName: ana
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Sid: Read, Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::photos/${aws:username}/*"}
              - {Sid: Never, Effect: Deny, Action: s3:DeleteObject, Resource: "*"}
  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: !Ref Ana}
`

func (a *account) key() api.Credentials {
	return api.Credentials{AccessKeyID: a.attribute("Key", ""), SecretAccessKey: a.attribute("Key", "SecretAccessKey")}
}

// signed is a request to a service, signed now.
func (a *account) signed(c api.Credentials, service string) api.HTTPRequest {
	a.Helper()
	r := api.HTTPRequest{Method: "GET", URL: "https://api.example.com/tasks"}
	if err := sigv4.Sign(&r, c, service, a.world.Region(), a.world.Now()); err != nil {
		a.Fatal(err)
	}
	return r
}

func (a *account) ana() api.Principal {
	a.Helper()
	p, err := a.iam.Authenticate(nil, a.signed(a.key(), "s3"), "s3")
	if err != nil {
		a.Fatal(err)
	}
	return p
}

func code(err error) string {
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Code
}

func TestUserIsAuthenticatedByAccessKey(t *testing.T) {
	a := deployed(t, users)
	got, err := a.iam.Authenticate(a.span(), a.signed(a.key(), "execute-api"), "execute-api")
	if err != nil {
		t.Fatal(err)
	}
	want := api.Principal{Type: api.User, ARN: a.attribute("Ana", "Arn"), Account: "123456789012", UserID: got.UserID,
		AccessKeyID: a.key().AccessKeyID, Keys: map[string][]string{"aws:username": {"ana"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(got.UserID, "AIDA") || !strings.HasPrefix(got.AccessKeyID, "AKIA") {
		t.Errorf("ids are %s and %s", got.UserID, got.AccessKeyID)
	}
	last := a.recorder.Trace().Checks(0)
	if c := last[len(last)-1]; c.Rule != iam.RuleExpiry || !c.Held || c.Found != "access key of IAM user ana, no expiry" {
		t.Errorf("last check is %+v", c)
	}
}

func TestLongTermKeyNeverExpires(t *testing.T) {
	a := deployed(t, users)
	a.world.Clock = a.world.Clock.AddDate(10, 0, 0)
	if _, err := a.iam.Authenticate(nil, a.signed(a.key(), "s3"), "s3"); err != nil {
		t.Error(err)
	}
}

const role = `
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: Reader
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"cognito-identity.amazonaws.com:aud": "us-east-1:pool"}
              ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": authenticated}
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AssumeRole
  Own:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: own
      Roles: [!Ref Reader]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::photos/${cognito-identity.amazonaws.com:sub}/*"}
`

func (a *account) session(r api.SessionRequest) api.Session {
	a.Helper()
	if r.RoleARN == "" {
		r.RoleARN = a.attribute("Reader", "Arn")
	}
	r.Name, r.Duration = "CognitoIdentityCredentials", time.Hour
	s, err := a.iam.IssueSession(r)
	if err != nil {
		a.Fatal(err)
	}
	return s
}

func subKeys() map[string][]string {
	return map[string][]string{"cognito-identity.amazonaws.com:sub": {"us-east-1:1111"}}
}

func TestSessionIsAuthenticatedUntilItExpires(t *testing.T) {
	a := deployed(t, role)
	s := a.session(api.SessionRequest{Keys: subKeys()})
	got, err := a.iam.Authenticate(a.span(), a.signed(s.Credentials, "execute-api"), "execute-api")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Principal, got); diff != "" {
		t.Error(diff)
	}
	if got.ARN != "arn:aws:sts::123456789012:assumed-role/Reader/CognitoIdentityCredentials" || !strings.HasSuffix(got.UserID, ":CognitoIdentityCredentials") {
		t.Errorf("principal %+v", got)
	}
	a.world.Clock = a.world.Clock.Add(time.Hour)
	_, err = a.iam.Authenticate(a.span(), a.signed(s.Credentials, "execute-api"), "execute-api")
	if diff := cmp.Diff(awserr.WithStatus(403, iam.CodeExpiredToken, "The security token included in the request is expired"), err); diff != "" {
		t.Error(diff)
	}
}

// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html,
// https://github.com/aws/aws-sdk-php/issues/537, https://github.com/yegor256/s3auth/issues/244,
// https://github.com/pynamodb/PynamoDB/issues/603
func TestAuthenticationRefusals(t *testing.T) {
	a := deployed(t, users+role)
	s := a.session(api.SessionRequest{})
	stale := a.signed(a.key(), "execute-api")
	a.world.Clock = a.world.Clock.Add(5*time.Minute + time.Second)
	with := func(change func(*api.Credentials)) api.HTTPRequest {
		c := s.Credentials
		change(&c)
		return a.signed(c, "execute-api")
	}
	region := api.HTTPRequest{Method: "GET", URL: "https://api.example.com/"}
	if err := sigv4.Sign(&region, a.key(), "execute-api", "eu-west-1", a.world.Now()); err != nil {
		t.Fatal(err)
	}
	early := api.HTTPRequest{Method: "GET", URL: "https://api.example.com/"}
	if err := sigv4.Sign(&early, a.key(), "execute-api", "us-east-1", a.world.Now().Add(6*time.Minute)); err != nil {
		t.Fatal(err)
	}
	yesterday := a.signed(a.key(), "execute-api")
	yesterday.Header.Set("authorization", strings.Replace(yesterday.Header.Get("authorization"), "/20260302/", "/20260301/", 1))
	for name, tt := range map[string]struct {
		request             api.HTTPRequest
		rule                trace.RuleID
		code, messagePrefix string
	}{
		"unsigned":              {api.HTTPRequest{Method: "GET", URL: "https://a.example.com"}, iam.RuleSigned, iam.CodeMissing, "Missing Authentication Token"},
		"bearer token":          {api.HTTPRequest{Method: "GET", URL: "https://a.example.com", Header: api.Header{"authorization": {"Bearer x"}}}, iam.RuleSignatureForm, iam.CodeIncomplete, "Invalid key=value pair (missing equal-sign)"},
		"another Region":        {region, iam.RuleSignatureScope, iam.CodeMismatch, "Credential should be scoped to a valid Region, not 'eu-west-1'."},
		"another service":       {a.signed(a.key(), "s3"), iam.RuleSignatureScope, iam.CodeMismatch, "Credential should be scoped to correct service: 'execute-api'."},
		"another day":           {yesterday, iam.RuleSignatureScope, iam.CodeMismatch, "Date in Credential scope does not match YYYYMMDD"},
		"unknown key":           {with(func(c *api.Credentials) { c.AccessKeyID = "AKIANOBODY" }), iam.RuleAccessKey, iam.CodeUnknownKey, "The security token included in the request is invalid."},
		"session without token": {with(func(c *api.Credentials) { c.SessionToken = "" }), iam.RuleSessionToken, iam.CodeUnknownKey, "The security token included in the request is invalid."},
		"another session token": {with(func(c *api.Credentials) { c.SessionToken = "x" }), iam.RuleSessionToken, iam.CodeUnknownKey, "The security token included in the request is invalid."},
		"wrong secret":          {with(func(c *api.Credentials) { c.SecretAccessKey = "x" }), iam.RuleSignature, iam.CodeMismatch, "The request signature we calculated does not match"},
		"old signature":         {stale, iam.RuleSignatureTime, iam.CodeExpired, "Signature expired: 20260302T090000Z is now earlier than 20260302T090001Z (20260302T090501Z - 5 min.)"},
		"early signature":       {early, iam.RuleSignatureTime, iam.CodeNotYetCurrent, "Signature not yet current: 20260302T091101Z is still later than 20260302T091001Z (20260302T090501Z + 5 min.)"},
	} {
		t.Run(name, func(t *testing.T) {
			span := a.span()
			_, err := a.iam.Authenticate(span, tt.request, "execute-api")
			var refusal *awserr.Error
			if !errors.As(err, &refusal) || refusal.Code != tt.code || refusal.Status != 403 || !strings.HasPrefix(refusal.Message, tt.messagePrefix) {
				t.Errorf("refusal %#v, want %s: %s", err, tt.code, tt.messagePrefix)
			}
			if got := tracetest.Decider(a.recorder.Trace(), span.Exchange()); got != tt.rule {
				t.Errorf("decided by %s, want %s", got, tt.rule)
			}
			if _, again := a.iam.Authenticate(nil, tt.request, "execute-api"); cmp.Diff(err, again) != "" {
				t.Errorf("without a recorder: %v", again)
			}
		})
	}
}

func TestInactiveKeyIsUnknown(t *testing.T) {
	a := deployed(t, strings.Replace(users, "{UserName: !Ref Ana}", "{UserName: !Ref Ana, Status: Inactive}", 1))
	if _, err := a.iam.Authenticate(a.span(), a.signed(a.key(), "s3"), "s3"); code(err) != iam.CodeUnknownKey {
		t.Error(err)
	}
}

func TestS3TakesSignaturesOfFifteenMinutes(t *testing.T) {
	a := deployed(t, users)
	r := a.signed(a.key(), "s3")
	a.world.Clock = a.world.Clock.Add(15 * time.Minute)
	if _, err := a.iam.Authenticate(nil, r, "s3"); err != nil {
		t.Error(err)
	}
	a.world.Clock = a.world.Clock.Add(time.Second)
	if _, err := a.iam.Authenticate(nil, r, "s3"); code(err) != iam.CodeExpired {
		t.Error(err)
	}
}

// Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
// https://github.com/yegor256/s3auth/issues/244
func TestProtocolsSpellRefusalsDifferently(t *testing.T) {
	a := deployed(t, users+role)
	s := a.session(api.SessionRequest{})
	wrong := s.Credentials
	wrong.SecretAccessKey = "x"
	unknown := api.Credentials{AccessKeyID: "AKIANOBODY", SecretAccessKey: "x"}
	unsigned := api.HTTPRequest{Method: "POST", URL: "https://a.example.com"}
	bearer := api.HTTPRequest{Method: "POST", URL: "https://a.example.com", Header: api.Header{"authorization": {"Bearer x"}}}
	for _, tt := range []struct {
		service string
		status  int
		codes   []string // unknown key, mismatch, unsigned, bearer, old signature, expired session
	}{
		{"sts", 403, []string{"InvalidClientTokenId", "SignatureDoesNotMatch", "MissingAuthenticationToken", "IncompleteSignature", "SignatureDoesNotMatch", "ExpiredToken"}},
		{"iam", 403, []string{"InvalidClientTokenId", "SignatureDoesNotMatch", "MissingAuthenticationToken", "IncompleteSignature", "SignatureDoesNotMatch", "ExpiredToken"}},
		{"dynamodb", 400, []string{"UnrecognizedClientException", "InvalidSignatureException", "MissingAuthenticationTokenException", "IncompleteSignatureException", "InvalidSignatureException", "ExpiredTokenException"}},
	} {
		start := a.world.Clock
		old := a.signed(s.Credentials, tt.service)
		refusals := []api.HTTPRequest{a.signed(unknown, tt.service), a.signed(wrong, tt.service), unsigned, bearer}
		var got []string
		authenticate := func(r api.HTTPRequest) {
			_, err := a.iam.Authenticate(nil, r, tt.service)
			got = append(got, code(err))
			var refusal *awserr.Error
			if errors.As(err, &refusal) && refusal.Status != tt.status {
				t.Errorf("%s: status %d", tt.service, refusal.Status)
			}
		}
		for _, r := range refusals {
			authenticate(r)
		}
		a.world.Clock = start.Add(6 * time.Minute)
		authenticate(old)
		a.world.Clock = start.Add(time.Hour)
		authenticate(a.signed(s.Credentials, tt.service))
		a.world.Clock = start
		if diff := cmp.Diff(tt.codes, got); diff != "" {
			t.Errorf("%s: %s", tt.service, diff)
		}
	}
}
