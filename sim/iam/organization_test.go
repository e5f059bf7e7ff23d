package iam_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/iam"
	"claimcheck/sim/trace"
)

// full allows everything, as FullAWSAccess and RCPFullAWSAccess do.
func full(kind api.ControlKind) api.ControlPolicy {
	if kind == api.ResourceControl {
		return api.ControlPolicy{Name: "RCPFullAWSAccess", Content: allowed("*", "*", "*")}
	}
	return control("FullAWSAccess", "Allow", "*")
}

func control(name, effect, action string) api.ControlPolicy {
	return api.ControlPolicy{Name: name, Content: document(map[string]any{"Effect": effect, "Action": action, "Resource": "*"})}
}

func perimeter(action string) api.ControlPolicy {
	return api.ControlPolicy{Name: "perimeter", Content: document(map[string]any{"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"})}
}

// levels are root, an organizational unit and the account, with these policies
// at the unit and full access elsewhere.
func levels(kind api.ControlKind, atUnit ...api.ControlPolicy) []api.ControlLevel {
	everything := []api.ControlPolicy{full(kind)}
	return []api.ControlLevel{{Name: "root", Policies: everything}, {Name: "OU workloads", Policies: atUnit}, {Name: "the account", Policies: everything}}
}

// placed is the account with Ana, in an organization with these policies at her
// account's unit.
func placed(t *testing.T, scps, rcps []api.ControlPolicy) *account {
	t.Helper()
	a := deployed(t, users+role)
	m := api.Membership{
		OrganizationID: "o-1111111111", Path: "o-1111111111/r-1111/ou-1111-22222222/",
		ServiceControls: levels(api.ServiceControl, scps...), ResourceControls: levels(api.ResourceControl, rcps...),
	}
	if err := a.iam.Join("123456789012", m); err != nil {
		t.Fatal(err)
	}
	return a
}

// The order and the words of decisions in which an organization has a say.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html,
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func TestAnOrganizationBindsPrincipalsAndResources(t *testing.T) {
	scp, rcp := full(api.ServiceControl), full(api.ResourceControl)
	const refused = "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:GetObject on resource: " + anaCat
	for name, tt := range map[string]struct {
		scps, rcps []api.ControlPolicy
		want       api.Decision
	}{
		"every level allows":                   {[]api.ControlPolicy{scp}, []api.ControlPolicy{rcp}, api.Decision{Allowed: true, Rule: iam.RuleIdentityPolicy}},
		"an SCP denies":                        {[]api.ControlPolicy{scp, control("no-s3", "Deny", "s3:*")}, []api.ControlPolicy{rcp}, api.Decision{Explicit: true, Rule: iam.RuleExplicitDeny, Message: refused + " with an explicit deny in a service control policy"}},
		"a level without an Allow":             {nil, []api.ControlPolicy{rcp}, api.Decision{Rule: iam.RuleServiceControl, Message: refused + " because no service control policy allows the s3:GetObject action"}},
		"a level that allows other actions":    {[]api.ControlPolicy{control("only-lambda", "Allow", "lambda:*")}, []api.ControlPolicy{rcp}, api.Decision{Rule: iam.RuleServiceControl, Message: refused + " because no service control policy allows the s3:GetObject action"}},
		"an RCP denies":                        {[]api.ControlPolicy{scp}, []api.ControlPolicy{rcp, perimeter("s3:GetObject")}, api.Decision{Explicit: true, Rule: iam.RuleExplicitDeny, Message: refused + " with an explicit deny in a resource control policy"}},
		"a level without an RCP that allows":   {[]api.ControlPolicy{scp}, nil, api.Decision{Rule: iam.RuleResourceControl, Message: refused + " because no resource control policy allows the s3:GetObject action"}},
		"an Allow of an SCP grants nothing":    {[]api.ControlPolicy{scp, control("s3", "Allow", "s3:*")}, []api.ControlPolicy{rcp}, api.Decision{Allowed: true, Rule: iam.RuleIdentityPolicy}},
		"an RCP that denies something besides": {[]api.ControlPolicy{scp}, []api.ControlPolicy{rcp, perimeter("s3:DeleteObject")}, api.Decision{Allowed: true, Rule: iam.RuleIdentityPolicy}},
	} {
		t.Run(name, func(t *testing.T) {
			a := placed(t, tt.scps, tt.rcps)
			got := a.iam.Authorize(a.span(), api.Authorization{Principal: a.ana(), Action: "s3:GetObject", Resource: anaCat})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
func TestControlPoliciesLeaveSomeAlone(t *testing.T) {
	a := placed(t, []api.ControlPolicy{control("nothing", "Deny", "*")}, []api.ControlPolicy{full(api.ResourceControl), perimeter("*")})
	key := a.iam.Administrator()
	administrator, err := a.iam.Authenticate(nil, a.signed(key, "s3"), "s3")
	if err != nil {
		t.Fatal(err)
	}
	const slr = "arn:aws:iam::123456789012:role/aws-service-role/lex.amazonaws.com/AWSServiceRoleForLex"
	function := "arn:aws:lambda:us-east-1:123456789012:function:list"
	everybody := allowed("*", "*", "*")
	for name, tt := range map[string]struct {
		principal        api.Principal
		action, resource string
		allowed          bool
	}{
		"who sets the scene":                                {administrator, "s3:GetObject", anaCat, true},
		"a service-linked role":                             {api.Principal{Type: api.AssumedRole, ARN: "arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForLex/x", RoleARN: slr, Account: "123456789012"}, "s3:GetObject", anaCat, true},
		"an AWS service, by the SCP":                        {api.Principal{Type: api.ServiceCaller, Service: "apigateway.amazonaws.com"}, "lambda:InvokeFunction", function, true},
		"an AWS service at a resource with an RCP":          {api.Principal{Type: api.ServiceCaller, Service: "cloudtrail.amazonaws.com"}, "s3:PutObject", anaCat, false},
		"nobody, by the SCP, where RCPs do not reach":       {api.Principal{Type: api.Anonymous}, "lambda:InvokeFunction", function, true},
		"nobody at a resource with an RCP":                  {api.Principal{Type: api.Anonymous}, "s3:GetObject", anaCat, false},
		"a user of an account outside, where RCPs do reach": {api.Principal{Type: api.User, ARN: "arn:aws:iam::777788889999:user/eve", Account: "777788889999"}, "s3:GetObject", anaCat, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.iam.Authorize(nil, api.Authorization{Principal: tt.principal, Action: tt.action, Resource: tt.resource, ResourcePolicy: everybody})
			if got.Allowed != tt.allowed {
				t.Errorf("allowed %v: %s", got.Allowed, got.Message)
			}
		})
	}
}

func TestTheTraceNamesTheLevelThatDoesNotAllow(t *testing.T) {
	a := placed(t, []api.ControlPolicy{control("only-lambda", "Allow", "lambda:*")}, []api.ControlPolicy{full(api.ResourceControl)})
	span := a.span()
	a.iam.Authorize(span, api.Authorization{Principal: a.ana(), Action: "s3:GetObject", Resource: anaCat})
	want := trace.Check{Rule: iam.RuleServiceControl, Wanted: "Allow for s3:GetObject", Found: "none at OU workloads", Decides: true}
	if checks := a.recorder.Trace().Checks(span.Exchange()); !slices.Contains(checks, want) {
		t.Errorf("%v is not in %v", want, checks)
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func TestOrganizationsAreConditionKeys(t *testing.T) {
	member := func(key, value string) map[string]any {
		s := document(map[string]any{
			"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
			"Condition": map[string]any{"StringLike": map[string]any{key: value}},
		})
		return s
	}
	a := placed(t, []api.ControlPolicy{full(api.ServiceControl)}, []api.ControlPolicy{full(api.ResourceControl)})
	ana := a.ana()
	outside := api.Principal{Type: api.ServiceCaller, Service: "sns.amazonaws.com", Keys: map[string][]string{"aws:SourceAccount": {"777788889999"}}}
	inside := api.Principal{Type: api.ServiceCaller, Service: "sns.amazonaws.com", Keys: map[string][]string{"aws:SourceAccount": {"123456789012"}}}
	for name, tt := range map[string]struct {
		principal  api.Principal
		key, value string
		allowed    bool
	}{
		"the principal's organization":          {ana, "aws:PrincipalOrgID", "o-1111111111", true},
		"another organization":                  {ana, "aws:PrincipalOrgID", "o-2222222222", false},
		"the principal's path":                  {ana, "aws:PrincipalOrgPaths", "o-1111111111/r-1111/ou-1111-22222222/*", true},
		"the resource's organization":           {inside, "aws:ResourceOrgID", "o-1111111111", true},
		"the resource's account":                {ana, "aws:ResourceAccount", "123456789012", true},
		"nobody is in no organization":          {api.Principal{Type: api.Anonymous}, "aws:PrincipalOrgID", "*", false},
		"a service for an account of it":        {inside, "aws:SourceOrgID", "o-1111111111", true},
		"a service for an account outside":      {outside, "aws:SourceOrgID", "o-1111111111", false},
		"a service's own organization: not any": {inside, "aws:PrincipalOrgID", "*", false},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.iam.Authorize(nil, api.Authorization{Principal: tt.principal, Action: "s3:ListBucket", Resource: "arn:aws:s3:::photos", ResourcePolicy: member(tt.key, tt.value)})
			if got.Allowed != tt.allowed {
				t.Errorf("allowed %v", got.Allowed)
			}
		})
	}
}

func TestAnRCPBindsARoleThatAWebIdentityAssumes(t *testing.T) {
	a := placed(t, nil, []api.ControlPolicy{full(api.ResourceControl), perimeter("sts:AssumeRoleWithWebIdentity")})
	d := a.iam.TrustsWebIdentity(nil, "sts:AssumeRoleWithWebIdentity", a.attribute("Reader", "Arn"), "cognito-identity.amazonaws.com", nil)
	if d.Allowed || d.Rule != iam.RuleExplicitDeny {
		t.Errorf("the decision is %+v", d)
	}
}

func TestAnAccountJoinsWithPoliciesThatAreSome(t *testing.T) {
	a := empty(t)
	for name, m := range map[string]api.Membership{
		"an SCP with a principal":  {ServiceControls: levels(api.ServiceControl, perimeter("*"))},
		"an RCP without one":       {ResourceControls: levels(api.ResourceControl, control("x", "Deny", "*"))},
		"an SCP that is no policy": {ServiceControls: levels(api.ServiceControl, api.ControlPolicy{Content: "x"})},
	} {
		if err := a.iam.Join("123456789012", m); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if id := a.iam.OrganizationOf("123456789012"); id != "" {
		t.Errorf("the account is in %q", id)
	}
	if err := a.iam.CheckControl(api.ResourceControl, allowed("*", "s3:*", "*")); err != nil {
		t.Error(err)
	}
	if err := a.iam.CheckControl(api.ServiceControl, allowed("*", "s3:*", "*")); err == nil {
		t.Error("an SCP has a principal")
	}
}

// observeOrganizations sees both kinds of control policy hold and fail.
func observeOrganizations(t *testing.T) *account {
	a := placed(t, []api.ControlPolicy{control("no-tables", "Allow", "s3:*")}, []api.ControlPolicy{full(api.ResourceControl)})
	for _, action := range []string{"s3:GetObject", "dynamodb:GetItem"} {
		a.iam.Authorize(a.span(), api.Authorization{Principal: a.ana(), Action: action, Resource: anaCat})
	}
	closed := api.Membership{ResourceControls: levels(api.ResourceControl)}
	if err := a.iam.Join("123456789012", closed); err != nil {
		t.Fatal(err)
	}
	a.iam.Authorize(a.span(), api.Authorization{Principal: a.ana(), Action: "s3:GetObject", Resource: anaCat})
	return a
}
