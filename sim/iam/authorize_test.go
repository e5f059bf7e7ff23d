package iam_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/iam"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const (
	anaCat   = "arn:aws:s3:::photos/ana/cat.jpg"
	ownCat   = "arn:aws:s3:::photos/us-east-1:1111/cat.jpg"
	otherCat = "arn:aws:s3:::photos/us-east-1:2222/cat.jpg"
)

// document is a policy of the newer version with one statement.
func document(statement map[string]any) map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": []any{statement}}
}

func allowed(principal any, action, resource string) map[string]any {
	return document(map[string]any{"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource})
}

func TestDecisionsNameRuleAndWordingOfAWS(t *testing.T) {
	const source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
	a := deployed(t, users+role)
	ana := a.ana()
	session := a.session(api.SessionRequest{Keys: subKeys()}).Principal
	limited := a.session(api.SessionRequest{Keys: subKeys(), Policy: `{"Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}}`}).Principal
	forbidding := a.session(api.SessionRequest{Keys: subKeys(), Policy: `{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`}).Principal
	gateway := api.Principal{Type: api.ServiceCaller, Service: "apigateway.amazonaws.com"}
	nobody := api.Principal{Type: api.Anonymous}
	forAll := allowed("*", "s3:GetObject", "*")
	for name, tt := range map[string]struct {
		principal        api.Principal
		action, resource string
		policy           any
		want             api.Decision
	}{
		"identity policy with a variable":      {ana, "s3:GetObject", anaCat, nil, api.Decision{Allowed: true, Rule: iam.RuleIdentityPolicy}},
		"another user's object":                {ana, "s3:GetObject", ownCat, nil, api.Decision{Rule: iam.RuleIdentityPolicy, Message: "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:GetObject on resource: " + ownCat + " because no identity-based policy allows the s3:GetObject action"}},
		"explicit deny":                        {ana, "s3:DeleteObject", anaCat, nil, api.Decision{Explicit: true, Rule: iam.RuleExplicitDeny, Message: "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:DeleteObject on resource: " + anaCat + " with an explicit deny in an identity-based policy"}},
		"own prefix":                           {session, "s3:GetObject", ownCat, nil, api.Decision{Allowed: true, Rule: iam.RuleIdentityPolicy}},
		"another's prefix":                     {session, "s3:GetObject", otherCat, nil, api.Decision{Rule: iam.RuleIdentityPolicy, Message: "User: arn:aws:sts::123456789012:assumed-role/Reader/CognitoIdentityCredentials is not authorized to perform: s3:GetObject on resource: " + otherCat + " because no identity-based policy allows the s3:GetObject action"}},
		"session policy":                       {limited, "s3:GetObject", ownCat, nil, api.Decision{Rule: iam.RuleSessionPolicy, Message: "User: arn:aws:sts::123456789012:assumed-role/Reader/CognitoIdentityCredentials is not authorized to perform: s3:GetObject on resource: " + ownCat + " because no session policy allows the s3:GetObject action"}},
		"session policy allows":                {limited, "s3:PutObject", ownCat, nil, api.Decision{Allowed: true, Rule: iam.RuleIdentityPolicy}},
		"deny of a session policy":             {forbidding, "s3:PutObject", ownCat, nil, api.Decision{Explicit: true, Rule: iam.RuleExplicitDeny, Message: "User: arn:aws:sts::123456789012:assumed-role/Reader/CognitoIdentityCredentials is not authorized to perform: s3:PutObject on resource: " + ownCat + " with an explicit deny in a sessions policy"}},
		"resource policy for everyone":         {ana, "s3:GetObject", otherCat, forAll, api.Decision{Allowed: true, Rule: iam.RuleResourcePolicy}},
		"resource policy for the account":      {ana, "s3:GetObject", otherCat, allowed(map[string]any{"AWS": "123456789012"}, "s3:GetObject", "*"), api.Decision{Rule: iam.RuleIdentityPolicy, Message: "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:GetObject on resource: " + otherCat + " because no identity-based policy allows the s3:GetObject action"}},
		"deny of a resource policy":            {ana, "s3:GetObject", anaCat, document(map[string]any{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}), api.Decision{Explicit: true, Rule: iam.RuleExplicitDeny, Message: "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:GetObject on resource: " + anaCat + " with an explicit deny in a resource-based policy"}},
		"anonymous":                            {nobody, "s3:GetObject", anaCat, forAll, api.Decision{Allowed: true, Rule: iam.RuleResourcePolicy}},
		"anonymous without resource policy":    {nobody, "s3:GetObject", anaCat, nil, api.Decision{Rule: iam.RuleResourcePolicy, Message: "User: anonymous is not authorized to perform: s3:GetObject on resource: " + anaCat + " because no resource-based policy allows the s3:GetObject action"}},
		"service":                              {gateway, "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:list", allowed(map[string]any{"Service": "apigateway.amazonaws.com"}, "lambda:InvokeFunction", "*"), api.Decision{Allowed: true, Rule: iam.RuleResourcePolicy}},
		"service that is not named":            {gateway, "lambda:InvokeFunction", "*", allowed(map[string]any{"Service": "sns.amazonaws.com"}, "lambda:InvokeFunction", "*"), api.Decision{Rule: iam.RuleResourcePolicy, Message: "User: apigateway.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: * because no resource-based policy allows the lambda:InvokeFunction action"}},
		"who am I needs no permission":         {ana, "sts:GetCallerIdentity", "*", nil, api.Decision{Allowed: true}},
		"a role that trusts the service":       {api.Principal{Type: api.ServiceCaller, Service: "lambda.amazonaws.com"}, "sts:AssumeRole", a.attribute("Reader", "Arn"), a.trust("Reader"), api.Decision{Allowed: true, Rule: iam.RuleTrustPolicy}},
		"a role that trusts others":            {ana, "sts:AssumeRole", a.attribute("Reader", "Arn"), a.trust("Reader"), api.Decision{Rule: iam.RuleTrustPolicy, Message: "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: sts:AssumeRole on resource: " + a.attribute("Reader", "Arn")}},
		"a role that does not exist":           {ana, "sts:AssumeRole", "arn:aws:iam::123456789012:role/None", nil, api.Decision{Rule: iam.RuleTrustPolicy, Message: "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/None"}},
		"a principal the directory lost":       {api.Principal{Type: api.User, ARN: "arn:aws:iam::123456789012:user/bob", Account: "123456789012"}, "s3:GetObject", anaCat, nil, api.Decision{Rule: iam.RuleIdentityPolicy, Message: "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: s3:GetObject on resource: " + anaCat + " because no identity-based policy allows the s3:GetObject action"}},
		"federated user, no session policy":    {api.Principal{Type: api.FederatedUser, ARN: "arn:aws:sts::123456789012:federated-user/f", Account: "123456789012"}, "s3:GetObject", anaCat, nil, api.Decision{Rule: iam.RuleIdentityPolicy, Message: "User: arn:aws:sts::123456789012:federated-user/f is not authorized to perform: s3:GetObject on resource: " + anaCat + " because no identity-based policy allows the s3:GetObject action"}},
		"resource policy that is not a policy": {ana, "s3:GetObject", anaCat, "x", api.Decision{Rule: iam.RulePolicyDocument, Message: "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:GetObject on resource: " + anaCat + " because no resource-based policy allows the s3:GetObject action"}},
	} {
		t.Run(name, func(t *testing.T) {
			question := api.Authorization{Principal: tt.principal, Action: tt.action, Resource: tt.resource, ResourcePolicy: tt.policy}
			span := a.span()
			got := a.iam.Authorize(span, question)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (source: %s)", diff, source)
			}
			if diff := cmp.Diff(got, a.iam.Authorize(nil, question)); diff != "" {
				t.Errorf("without a recorder: %s", diff)
			}
			want := got.Rule
			if got.Allowed {
				want = ""
			}
			if decider := tracetest.Decider(a.recorder.Trace(), span.Exchange()); decider != want {
				t.Errorf("the trace says %q decided, want %q", decider, want)
			}
		})
	}
}

// trust is a role's trust policy as STS passes it to the door.
func (a *account) trust(id string) any {
	a.Helper()
	r, ok := a.iam.Role(a.attribute(id, "Arn"))
	if !ok {
		a.Fatalf("no role %s", id)
	}
	return r.TrustPolicy
}

func TestTraceSaysWhyANearStatementDoesNotApply(t *testing.T) {
	a := deployed(t, users+role)
	session := a.session(api.SessionRequest{Keys: subKeys()}).Principal
	for name, tt := range map[string]struct {
		action, resource string
		want             []trace.Check
	}{
		"another's object": {"s3:GetObject", otherCat, []trace.Check{
			{Rule: iam.RuleExplicitDeny, Wanted: "no policy denies s3:GetObject", Found: "none does", Held: true},
			{Rule: iam.RuleStatementResource, Wanted: "Resource arn:aws:s3:::photos/us-east-1:1111/*", Found: otherCat},
			{Rule: iam.RuleIdentityPolicy, Wanted: "Allow for s3:GetObject", Found: "no statement of own", Decides: true},
		}},
		"another action": {"s3:ListBucket", "arn:aws:s3:::photos", []trace.Check{
			{Rule: iam.RuleExplicitDeny, Wanted: "no policy denies s3:ListBucket", Found: "none does", Held: true},
			{Rule: iam.RuleStatementAction, Wanted: "Action s3:GetObject, s3:PutObject", Found: "s3:ListBucket"},
			{Rule: iam.RuleIdentityPolicy, Wanted: "Allow for s3:ListBucket", Found: "no statement of own", Decides: true},
		}},
		"own object": {"s3:GetObject", ownCat, []trace.Check{
			{Rule: iam.RuleExplicitDeny, Wanted: "no policy denies s3:GetObject", Found: "none does", Held: true},
			{Rule: iam.RuleStatementAction, Wanted: "Action s3:GetObject, s3:PutObject", Found: "s3:GetObject", Held: true},
			{Rule: iam.RuleStatementResource, Wanted: "Resource arn:aws:s3:::photos/us-east-1:1111/*", Found: ownCat, Held: true},
			{Rule: iam.RuleIdentityPolicy, Wanted: "Allow for s3:GetObject", Found: "own, statement 1", Held: true},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			span := a.span()
			a.iam.Authorize(span, api.Authorization{Principal: session, Action: tt.action, Resource: tt.resource})
			if diff := cmp.Diff(tt.want, a.recorder.Trace().Checks(span.Exchange())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDenyIsShownWithItsElements(t *testing.T) {
	a := deployed(t, users)
	span := a.span()
	a.iam.Authorize(span, api.Authorization{Principal: a.ana(), Action: "s3:DeleteObject", Resource: anaCat})
	want := []trace.Check{
		{Rule: iam.RuleStatementAction, Wanted: "Action s3:DeleteObject", Found: "s3:DeleteObject", Held: true},
		{Rule: iam.RuleStatementResource, Wanted: "Resource *", Found: anaCat, Held: true},
		{Rule: iam.RuleExplicitDeny, Wanted: "no policy denies s3:DeleteObject", Found: "Deny in read, statement Never", Decides: true},
	}
	if diff := cmp.Diff(want, a.recorder.Trace().Checks(span.Exchange())); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func TestConditionKeysOfEveryRequest(t *testing.T) {
	a := deployed(t, users+role)
	ana, session := a.ana(), a.session(api.SessionRequest{}).Principal
	gateway := api.Principal{Type: api.ServiceCaller, Service: "apigateway.amazonaws.com", Keys: map[string][]string{"aws:SourceArn": {"arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/"}}}
	for name, tt := range map[string]struct {
		principal api.Principal
		condition map[string]any
		holds     bool
	}{
		"time":                        {ana, map[string]any{"DateEquals": map[string]any{"aws:CurrentTime": "2026-03-02T09:00:00Z"}}, true},
		"epoch":                       {ana, map[string]any{"NumericEquals": map[string]any{"aws:EpochTime": "1772442000"}}, true},
		"transport":                   {ana, map[string]any{"Bool": map[string]any{"aws:SecureTransport": true}}, true},
		"Region":                      {ana, map[string]any{"StringEquals": map[string]any{"aws:RequestedRegion": "us-east-1"}}, true},
		"user name":                   {ana, map[string]any{"StringEquals": map[string]any{"aws:username": "ana"}}, true},
		"sessions have no user name":  {session, map[string]any{"Null": map[string]any{"aws:username": "false"}}, false},
		"session's ARN is the role's": {session, map[string]any{"ArnEquals": map[string]any{"aws:PrincipalArn": a.attribute("Reader", "Arn")}}, true},
		"user id of a session":        {session, map[string]any{"StringEquals": map[string]any{"aws:userid": a.attribute("Reader", "RoleId") + ":CognitoIdentityCredentials"}}, true},
		"issue time of a session":     {session, map[string]any{"DateLessThanEquals": map[string]any{"aws:TokenIssueTime": "2026-03-02T09:00:00Z"}}, true},
		"users have no issue time":    {ana, map[string]any{"Null": map[string]any{"aws:TokenIssueTime": "true"}}, true},
		"no MFA key":                  {ana, map[string]any{"Null": map[string]any{"aws:MultiFactorAuthPresent": "true"}}, true},
		"kind of principal":           {session, map[string]any{"StringEquals": map[string]any{"aws:PrincipalType": "AssumedRole"}}, true},
		"kind of principal of a user": {ana, map[string]any{"StringEquals": map[string]any{"aws:PrincipalType": "User"}}, true},
		"federated":                   {api.Principal{Type: api.FederatedUser, ARN: "arn:aws:sts::123456789012:federated-user/f", Account: "123456789012"}, map[string]any{"StringEquals": map[string]any{"aws:PrincipalType": "FederatedUser"}}, true},
		"anonymous":                   {api.Principal{Type: api.Anonymous}, map[string]any{"StringEquals": map[string]any{"aws:PrincipalType": "Anonymous"}}, true},
		"account":                     {ana, map[string]any{"StringEquals": map[string]any{"aws:PrincipalAccount": "123456789012"}}, true},
		"service's source":            {gateway, map[string]any{"ArnLike": map[string]any{"aws:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:api/*"}}, true},
		"service":                     {gateway, map[string]any{"Bool": map[string]any{"aws:PrincipalIsAWSService": "true"}}, true},
		"the request's own":           {ana, map[string]any{"StringLike": map[string]any{"s3:prefix": "ana/*"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			statement := map[string]any{"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "*", "Condition": tt.condition}
			if tt.principal.Type == api.ServiceCaller {
				statement["Principal"] = map[string]any{"Service": tt.principal.Service}
			}
			d := a.iam.Authorize(a.span(), api.Authorization{Principal: tt.principal, Action: "s3:ListBucket", Resource: "arn:aws:s3:::photos",
				ResourcePolicy: document(statement), Keys: map[string][]string{"s3:prefix": {"ana/"}}})
			if d.Allowed != tt.holds {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestBoundaryAndGroupsCount(t *testing.T) {
	a := deployed(t, `
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}
  Team:
    Type: AWS::IAM::Group
    Properties:
      GroupName: team
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
  Ana:
    Type: AWS::IAM::User
    Properties:
      Groups: [!Ref Team]
      PermissionsBoundary: !Ref Limit
  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: !Ref Ana}
`)
	ana := a.ana()
	if d := a.iam.Authorize(a.span(), api.Authorization{Principal: ana, Action: "s3:GetObject", Resource: anaCat}); !d.Allowed {
		t.Errorf("%+v", d)
	}
	d := a.iam.Authorize(a.span(), api.Authorization{Principal: ana, Action: "iam:CreateUser", Resource: "*"})
	if d.Rule != iam.RuleBoundary || !strings.HasSuffix(d.Message, "because no permissions boundary allows the iam:CreateUser action") {
		t.Errorf("%+v", d)
	}
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
func TestTrustOfAnIdentityPool(t *testing.T) {
	a := deployed(t, role)
	const key = "cognito-identity.amazonaws.com:"
	keys := func(aud, amr string) map[string][]string {
		return map[string][]string{key + "aud": {aud}, key + "amr": {amr, "cognito-idp.us-east-1.amazonaws.com/pool"}, key + "sub": {"us-east-1:1111"}}
	}
	reader := a.attribute("Reader", "Arn")
	for name, tt := range map[string]struct {
		role, provider string
		keys           map[string][]string
		allowed        bool
	}{
		"signed in":        {reader, "cognito-identity.amazonaws.com", keys("us-east-1:pool", "authenticated"), true},
		"guest":            {reader, "cognito-identity.amazonaws.com", keys("us-east-1:pool", "unauthenticated"), false},
		"another pool":     {reader, "cognito-identity.amazonaws.com", keys("us-east-1:other", "authenticated"), false},
		"another provider": {reader, "accounts.google.com", keys("us-east-1:pool", "authenticated"), false},
		"no such role":     {"arn:aws:iam::123456789012:role/None", "cognito-identity.amazonaws.com", keys("us-east-1:pool", "authenticated"), false},
		"no ARN":           {"Reader", "cognito-identity.amazonaws.com", keys("us-east-1:pool", "authenticated"), false},
	} {
		t.Run(name, func(t *testing.T) {
			span := a.span()
			d := a.iam.TrustsWebIdentity(span, "sts:AssumeRoleWithWebIdentity", tt.role, tt.provider, tt.keys)
			if d.Allowed != tt.allowed || d.Rule != iam.RuleTrustPolicy {
				t.Errorf("%+v", d)
			}
			if got := tracetest.Decider(a.recorder.Trace(), span.Exchange()); (got == "") != tt.allowed {
				t.Errorf("decided by %q", got)
			}
		})
	}
}

func TestDocumentIsEvaluatedByItself(t *testing.T) {
	a := empty(t)
	const method = "arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/tasks"
	for name, tt := range map[string]struct {
		effect, resource string
		want             api.Decision
	}{
		"allow":          {"Allow", "arn:aws:execute-api:us-east-1:123456789012:api/*/GET/*", api.Decision{Allowed: true, Rule: iam.RuleIdentityPolicy}},
		"another method": {"Allow", "arn:aws:execute-api:us-east-1:123456789012:api/prod/POST/tasks", api.Decision{Rule: iam.RuleIdentityPolicy}},
		"deny":           {"Deny", "*", api.Decision{Explicit: true, Rule: iam.RuleExplicitDeny}},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(map[string]any{"Effect": tt.effect, "Action": "execute-api:Invoke", "Resource": tt.resource})
			span := a.span()
			got, err := a.iam.EvaluateDocument(span, d, "execute-api:Invoke", method, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if decider := tracetest.Decider(a.recorder.Trace(), span.Exchange()); decider != "" {
				t.Errorf("the decision is the caller's, %s decided", decider)
			}
		})
	}
	_, err := a.iam.EvaluateDocument(nil, document(map[string]any{"Effect": "allow"}), "execute-api:Invoke", method, nil)
	if _, ok := err.(policy.Faults); !ok {
		t.Errorf("error is %T", err)
	}
}

func TestAdministratorMayDoEverything(t *testing.T) {
	a := empty(t)
	p, err := a.iam.Authenticate(nil, a.signed(a.iam.Administrator(), "iam"), "iam")
	if err != nil {
		t.Fatal(err)
	}
	if d := a.iam.Authorize(nil, api.Authorization{Principal: p, Action: "iam:CreateUser", Resource: "*"}); !d.Allowed {
		t.Errorf("%+v", d)
	}
}

func TestSessionPolicyMayBeManaged(t *testing.T) {
	a := deployed(t, role)
	guest := a.session(api.SessionRequest{Keys: subKeys(), PolicyARNs: []string{"arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy"}}).Principal
	if d := a.iam.Authorize(nil, api.Authorization{Principal: guest, Action: "s3:GetObject", Resource: ownCat}); d.Rule != iam.RuleSessionPolicy {
		t.Errorf("%+v", d)
	}
}

func TestSessionIsRefused(t *testing.T) {
	a := deployed(t, role)
	reader := a.attribute("Reader", "Arn")
	for name, tt := range map[string]struct {
		request api.SessionRequest
		code    string
	}{
		"no such role":             {api.SessionRequest{RoleARN: reader + "x"}, "NoSuchEntity"},
		"malformed session policy": {api.SessionRequest{RoleARN: reader, Policy: "{"}, "MalformedPolicyDocument"},
		"no such session policy":   {api.SessionRequest{RoleARN: reader, PolicyARNs: []string{"arn:aws:iam::123456789012:policy/none"}}, "NoSuchEntity"},
		"not simulated":            {api.SessionRequest{RoleARN: reader, PolicyARNs: []string{"arn:aws:iam::aws:policy/AWSSupportAccess"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := a.iam.IssueSession(tt.request); err == nil || code(err) != tt.code {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	var seen tracetest.Coverage
	for name, behaviour := range map[string]func(*testing.T) *account{
		"authentication": observeAuthentication,
		"decisions":      observeDecisions,
		"MFA":            observeMFA,
		"quotas":         observeQuotas,
		"deletion":       observeDeletion,
		"tags":           observeTags,
		"organizations":  observeOrganizations,
	} {
		t.Run(name, func(t *testing.T) { seen.Add(behaviour(t).ownTrace()) })
	}
	seen.Require(t, iam.Rules())
}

// ownTrace leaves out what CloudFormation checked.
func (a *account) ownTrace() trace.Trace {
	var own trace.Trace
	for _, e := range a.recorder.Trace().Events {
		if e.Check == nil || !strings.HasPrefix(string(e.Check.Rule), "cloudformation.") {
			own.Events = append(own.Events, e)
		}
	}
	return own
}

func observeAuthentication(t *testing.T) *account {
	a := deployed(t, users+role)
	s := a.session(api.SessionRequest{})
	attempt := func(r api.HTTPRequest) { _, _ = a.iam.Authenticate(a.span(), r, "s3") }
	attempt(a.signed(a.key(), "s3"))
	attempt(api.HTTPRequest{Method: "GET", URL: "https://a.example.com"})
	attempt(api.HTTPRequest{Method: "GET", URL: "https://a.example.com", Header: api.Header{"authorization": {"Bearer a.b.c"}}})
	attempt(a.signed(a.key(), "sts"))
	attempt(a.signed(api.Credentials{AccessKeyID: "AKIANOBODY", SecretAccessKey: "x"}, "s3"))
	attempt(a.signed(api.Credentials{AccessKeyID: s.Credentials.AccessKeyID, SecretAccessKey: s.Credentials.SecretAccessKey}, "s3"))
	attempt(a.signed(api.Credentials{AccessKeyID: a.key().AccessKeyID, SecretAccessKey: "x"}, "s3"))
	old := a.signed(a.key(), "s3")
	a.world.Clock = s.Expires
	attempt(old)
	attempt(a.signed(s.Credentials, "s3"))
	return a
}

func observeDecisions(t *testing.T) *account {
	a := deployed(t, users+role+`
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "*", Condition: {StringEquals: {"aws:RequestedRegion": us-east-1}}}
  Bob:
    Type: AWS::IAM::User
    Properties:
      UserName: bob
      PermissionsBoundary: !Ref Limit
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
  BobsKey:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: !Ref Bob}
`)
	bob, err := a.iam.Authenticate(nil, a.signed(api.Credentials{AccessKeyID: a.attribute("BobsKey", ""), SecretAccessKey: a.attribute("BobsKey", "SecretAccessKey")}, "s3"), "s3")
	if err != nil {
		t.Fatal(err)
	}
	limited := a.session(api.SessionRequest{Keys: subKeys(), Policy: `{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`}).Principal
	lambda := api.Principal{Type: api.ServiceCaller, Service: "lambda.amazonaws.com"}
	reader := a.attribute("Reader", "Arn")
	ask := func(p api.Principal, action, resource string, policy any) {
		a.iam.Authorize(a.span(), api.Authorization{Principal: p, Action: action, Resource: resource, ResourcePolicy: policy})
	}
	ask(a.ana(), "s3:DeleteObject", anaCat, nil)
	ask(bob, "s3:GetObject", anaCat, nil)
	ask(bob, "s3:PutObject", anaCat, nil)
	ask(limited, "s3:GetObject", ownCat, nil)
	ask(limited, "s3:GetObject", otherCat, nil)
	ask(limited, "s3:PutObject", ownCat, nil)
	ask(lambda, "sts:AssumeRole", reader, a.trust("Reader"))
	ask(bob, "sts:AssumeRole", reader, a.trust("Reader"))
	ask(bob, "s3:GetObject", anaCat, allowed("*", "s3:GetObject", "*"))
	ask(lambda, "s3:GetObject", anaCat, allowed(map[string]any{"AWS": "*"}, "s3:PutObject", "*"))
	a.iam.TrustsWebIdentity(a.span(), "sts:AssumeRoleWithWebIdentity", reader, "cognito-identity.amazonaws.com", nil)
	if err := a.deploy(strings.Replace(role, "Action: sts:AssumeRole\n", "Action: s3:GetObject\n", 1)); err == nil {
		t.Error("a trust policy with an action of S3 is stored")
	}
	return a
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func TestADenialNamesTheKindOfPolicy(t *testing.T) {
	const message = "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::photos/cat.jpg"
	for layer, explicit := range map[policy.Layer]string{
		policy.LayerIdentity: "an identity-based policy", policy.LayerResource: "a resource-based policy", policy.LayerBoundary: "a permissions boundary",
		policy.LayerSession: "a sessions policy", policy.LayerSCP: "a service control policy", policy.LayerRCP: "a resource control policy",
		policy.LayerTrust: "the role trust policy",
	} {
		for outcome, reason := range map[policy.Outcome]string{
			policy.ImplicitDeny: " because no " + string(layer) + " allows the s3:GetObject action",
			policy.ExplicitDeny: " with an explicit deny in " + explicit,
		} {
			got := iam.Denial("arn:aws:iam::123456789012:user/ana", "s3:GetObject", "arn:aws:s3:::photos/cat.jpg", policy.Decision{Outcome: outcome, Layer: layer})
			if got != message+reason {
				t.Errorf("%s, %s: %s", layer, outcome, got)
			}
		}
	}
}
