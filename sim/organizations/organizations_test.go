package organizations_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/organizations"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// guard remembers what binds each account. A document is a policy unless it is
// the text "no policy".
type guard map[string]api.Membership

func (g guard) CheckControl(_ api.ControlKind, content any) error {
	if content == "no policy" {
		return errors.New("no policy")
	}
	return nil
}

func (g guard) Join(account string, m api.Membership) error { g[account] = m; return nil }

func (g guard) OrganizationOf(account string) string { return g[account].OrganizationID }

// accounts have the names of these tests.
type accounts map[string]string

func (a accounts) Named(name string) (string, bool) { id, ok := a[name]; return id, ok }

func newBench(t testing.TB) (*apitest.Bench, guard) {
	world, g := apitest.NewWorld(), guard{}
	return apitest.NewBench(t, world, organizations.New(world, g, accounts{"Shop": "111111111111", "Test": "222222222222"})), g
}

// tree is an organization with a unit in a unit, Shop in it and Test at the root.
const tree = `
Resources:
  Organization: {Type: AWS::Organizations::Organization}
  Workloads: {Type: AWS::Organizations::OrganizationalUnit, Properties: {Name: workloads, ParentId: !GetAtt Organization.RootId}}
  Live: {Type: AWS::Organizations::OrganizationalUnit, Properties: {Name: live, ParentId: !Ref Workloads}}
  Shop: {Type: AWS::Organizations::Account, Properties: {AccountName: Shop, Email: shop@example.com, ParentIds: [!Ref Live]}}
  Test: {Type: AWS::Organizations::Account, Properties: {AccountName: Test, Email: test@example.com}, DependsOn: Organization}
  NoTables:
    Type: AWS::Organizations::Policy
    Properties:
      Name: no-tables
      Type: SERVICE_CONTROL_POLICY
      TargetIds: [!Ref Workloads]
      Content: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "dynamodb:*", Resource: "*"}]}
`

// names are the policies by level, as "level: policy policy".
func names(levels []api.ControlLevel) []string {
	var lines []string
	for _, l := range levels {
		line := l.Name + ":"
		for _, p := range l.Policies {
			line += " " + p.Name
		}
		lines = append(lines, line)
	}
	return lines
}

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func TestAnAccountIsBoundByEveryLevelAboveIt(t *testing.T) {
	b, g := newBench(t)
	if err := b.Deploy(tree); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string][]string{
		"111111111111": {"the root: FullAWSAccess", "OU workloads: FullAWSAccess no-tables", "OU live: FullAWSAccess", "account Shop: FullAWSAccess"},
		"222222222222": {"the root: FullAWSAccess", "account Test: FullAWSAccess"},
		"123456789012": nil,
	} {
		if diff := cmp.Diff(want, names(g[account].ServiceControls)); diff != "" {
			t.Errorf("account %s (-want +got):\n%s", account, diff)
		}
	}
	made, _ := b.Stack.Resource("Organization")
	if want := made.Ref + "/" + made.Attributes["RootId"] + "/" + b.Ref("Workloads") + "/" + b.Ref("Live") + "/"; g["111111111111"].Path != want {
		t.Errorf("the path is %s, want %s", g["111111111111"].Path, want)
	}
	if g["123456789012"].OrganizationID != b.Ref("Organization") {
		t.Error("the management account is no member")
	}
}

// A deny list leaves FullAWSAccess where it is, an allow list takes it off.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_strategies.html
func TestAnAllowListTakesFullAccessOff(t *testing.T) {
	b, g := newBench(t)
	if err := b.Deploy(tree); err != nil {
		t.Fatal(err)
	}
	b.Must("DetachPolicy", map[string]any{"PolicyId": "p-FullAWSAccess", "TargetId": b.Ref("Workloads")})
	b.Must("AttachPolicy", map[string]any{"PolicyId": b.Ref("NoTables"), "TargetId": "222222222222"})
	want := []string{"the root: FullAWSAccess", "OU workloads: no-tables", "OU live: FullAWSAccess", "account Shop: FullAWSAccess"}
	if diff := cmp.Diff(want, names(g["111111111111"].ServiceControls)); diff != "" {
		t.Errorf("Shop (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"the root: FullAWSAccess", "account Test: FullAWSAccess no-tables"}, names(g["222222222222"].ServiceControls)); diff != "" {
		t.Errorf("Test (-want +got):\n%s", diff)
	}
}

// Sources: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html,
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DetachPolicy.html
func TestPoliciesAreAttachedAndTakenOffUnderConditions(t *testing.T) {
	const (
		unknownPolicy = "We can't find a policy with the PolicyId that you specified."
		unknownTarget = "We can't find a root, OU, account, or policy with the TargetId that you specified."
		twice         = "The selected policy is already attached to the specified target."
		notThere      = "The policy isn't attached to the specified target in the specified root."
		last          = "You attempted to detach a policy from an entity that would cause the entity to have fewer than the minimum number of policies of a certain type required."
		notInUse      = "Your account isn't a member of an organization. To make this request, you must use the credentials of an account that belongs to an organization."
	)
	b, _ := newBench(t)
	call := map[string]any{"PolicyId": "p-FullAWSAccess", "TargetId": "111111111111"}
	b.Refused(organizations.RuleManagement, "AWSOrganizationsNotInUseException", notInUse, "AttachPolicy", call)
	if err := b.Deploy(tree); err != nil {
		t.Fatal(err)
	}
	b.Refused(organizations.RuleAttachment, "DuplicatePolicyAttachmentException", twice, "AttachPolicy", call)
	b.Refused(organizations.RuleMinimum, "ConstraintViolationException", last, "DetachPolicy", call)
	b.Refused(organizations.RuleMinimum, "ConstraintViolationException", last, "DetachPolicy", map[string]any{"PolicyId": "p-RCPFullAWSAccess", "TargetId": "111111111111"})
	b.Refused(organizations.RuleAttachment, "PolicyNotAttachedException", notThere, "DetachPolicy", map[string]any{"PolicyId": b.Ref("NoTables"), "TargetId": "111111111111"})
	b.Refused(organizations.RuleExists, "PolicyNotFoundException", unknownPolicy, "AttachPolicy", map[string]any{"PolicyId": "p-12345678", "TargetId": "111111111111"})
	b.Refused(organizations.RuleExists, "TargetNotFoundException", unknownTarget, "AttachPolicy", map[string]any{"PolicyId": "p-FullAWSAccess", "TargetId": "333333333333"})
}

const policyOf = `
  Mine:
    Type: AWS::Organizations::Policy
    DependsOn: Organization
    Properties: {Name: mine, Type: KIND, TargetIds: [TARGET], Content: CONTENT}
`

// Sources: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html,
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
func TestWhatAnOrganizationDoesNotTake(t *testing.T) {
	const scp, rcp, deny = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", `{Statement: {Effect: Deny, Action: "s3:*", Resource: "*"}}`
	const organization = "Resources:\n  Organization: {Type: AWS::Organizations::Organization}\n"
	mine := func(kind, target, content string) string {
		return organization + strings.NewReplacer("KIND", kind, "TARGET", target, "CONTENT", content).Replace(policyOf)
	}
	var seen tracetest.Coverage
	for name, tt := range map[string]struct {
		template string
		rule     trace.RuleID
		code     string
	}{
		"a second organization":          {tree + "  Again: {Type: AWS::Organizations::Organization, DependsOn: Test}\n", organizations.RuleOneOrganization, "AlreadyInOrganizationException"},
		"a unit below nothing":           {organization + "  Unit: {Type: AWS::Organizations::OrganizationalUnit, Properties: {Name: x, ParentId: r-none}, DependsOn: Organization}", organizations.RuleExists, "ParentNotFoundException"},
		"a unit without an organization": {"Resources:\n  Unit: {Type: AWS::Organizations::OrganizationalUnit, Properties: {Name: x, ParentId: r-none}}", organizations.RuleManagement, "AWSOrganizationsNotInUseException"},
		"a target that is not in it":     {mine(scp, `"999999999999"`, deny), organizations.RuleExists, "TargetNotFoundException"},
		"a document that is no policy":   {mine(scp, "!GetAtt Organization.RootId", "no policy"), organizations.RuleContent, "MalformedPolicyDocumentException"},
		"an RCP that allows":             {mine(rcp, "!GetAtt Organization.RootId", `'{"Statement": [{"Effect": "Allow"}]}'`), organizations.RuleContent, "MalformedPolicyDocumentException"},
		"consolidated billing alone":     {strings.Replace(mine(scp, "!GetAtt Organization.RootId", deny), "Organization}", "Organization, Properties: {FeatureSet: CONSOLIDATED_BILLING}}", 1), organizations.RuleFeatures, "PolicyTypeNotAvailableForOrganizationException"},
		"an RCP that denies":             {mine(rcp, "!GetAtt Organization.RootId", deny), "", ""},
		"the whole tree":                 {tree, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := newBench(t)
			err := b.Deploy(tt.template)
			seen.Add(b.Last)
			if got := code(err); got != tt.code {
				t.Errorf("%v, want %s", err, tt.code)
			}
			if got := tracetest.Decider(b.Last, 1); got != tt.rule {
				t.Errorf("decided by %q, want %q", got, tt.rule)
			}
		})
	}
	b, _ := newBench(t)
	if err := b.Deploy(tree); err != nil {
		t.Fatal(err)
	}
	full := map[string]any{"PolicyId": "p-FullAWSAccess", "TargetId": b.Ref("Workloads")}
	for _, step := range []struct{ operation, code string }{
		{"DetachPolicy", ""}, {"AttachPolicy", ""}, {"AttachPolicy", "DuplicatePolicyAttachmentException"},
		{"DetachPolicy", ""}, {"DetachPolicy", "PolicyNotAttachedException"},
	} {
		_, err := b.Run(step.operation, full)
		seen.Add(b.Last)
		if code(err) != step.code {
			t.Errorf("%s: %v, want %q", step.operation, err, step.code)
		}
	}
	if _, err := b.Run("DetachPolicy", map[string]any{"PolicyId": b.Ref("NoTables"), "TargetId": b.Ref("Workloads")}); code(err) != "ConstraintViolationException" {
		t.Errorf("the last policy goes: %v", err)
	}
	seen.Add(b.Last)
	seen.RequireSeen(t, organizations.Rules())
}

func code(err error) string {
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Code
}

func TestWhatOnlyTheSimulationLacks(t *testing.T) {
	for name, resource := range map[string]string{
		"an account of no stack": "Other: {Type: AWS::Organizations::Account, Properties: {AccountName: Other, Email: o@example.com, ParentIds: [!Ref Workloads]}}",
		"a tag policy":           "Tags: {Type: AWS::Organizations::Policy, Properties: {Name: tags, Type: TAG_POLICY, Content: {}}}",
		"a second Shop":          "Again: {Type: AWS::Organizations::Account, Properties: {AccountName: Shop, Email: s@example.com, ParentIds: [!Ref Workloads]}, DependsOn: Shop}",
	} {
		b, _ := newBench(t)
		if err := b.Deploy(tree + "  " + resource + "\n"); err == nil || code(err) != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
