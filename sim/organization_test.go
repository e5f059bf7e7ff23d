package sim_test

import (
	"errors"
	"strings"
	"testing"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// The accounts beside ours in these tests: the one that manages the organization
// and one that belongs to somebody else.
const (
	management = "999900001111"
	outsider   = "777788889999"
)

// organization is the management account's template with our account in a unit
// that the policies hang on. Its user Mia has every permission.
func organization(policies string) string {
	return `
Resources:
  Organization: {Type: AWS::Organizations::Organization}
  Workloads: {Type: AWS::Organizations::OrganizationalUnit, Properties: {Name: workloads, ParentId: !GetAtt Organization.RootId}}
  Shop: {Type: AWS::Organizations::Account, Properties: {AccountName: Main, Email: shop@example.com, ParentIds: [!Ref Workloads]}}
  Mia: {Type: AWS::IAM::User, Properties: {UserName: mia, ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]}}
  MiaKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Mia}}
` + policies
}

func control(name, kind, statement string) string {
	return `
  ` + name + `:
    Type: AWS::Organizations::Policy
    Properties:
      Name: ` + name + `
      Type: ` + kind + `_CONTROL_POLICY
      TargetIds: [!Ref Workloads]
      Content: {Version: "2012-10-17", Statement: [` + statement + `]}
`
}

// company is our account in an organization, and an outsider's account.
type company struct {
	home, manager, outsider       *sim.Account
	stack, managers, theOutsiders cloudformation.Stack
}

func newCompany(t *testing.T, template, policies string) company {
	t.Helper()
	c := company{home: sim.New(tracetest.Start())}
	var err error
	if c.manager, err = c.home.Neighbour("Management", management); err != nil {
		t.Fatal(err)
	}
	if c.outsider, err = c.home.Neighbour("Outsider", outsider); err != nil {
		t.Fatal(err)
	}
	c.stack, c.managers = deployTo(t, c.home, template), deployTo(t, c.manager, organization(policies))
	c.theOutsiders = deployTo(t, c.outsider, ana(`{Effect: Allow, Action: "*", Resource: "*"}`))
	return c
}

// put writes an object as the holder of a key, and says which rule refused.
func (c company) put(key api.Credentials) trace.RuleID {
	recorder := trace.NewRecorder(c.home.Now)
	_, err := c.home.Call(recorder.Flow(), api.Call{
		From: "App", Service: "s3", Operation: "PutObject", Caller: api.Caller{Credentials: &key},
		Input: map[string]any{"Bucket": "company-files", "Key": "a.txt", "Body": "x"},
	})
	if err == nil {
		return ""
	}
	return tracetest.Decider(recorder.Trace(), 1)
}

// files is a bucket that a bucket policy opens under a condition, and Ana with
// every permission.
func files(condition string) string {
	return strings.TrimRight(ana(`{Effect: Allow, Action: "*", Resource: "*"}`), "\n") + `
  Files: {Type: AWS::S3::Bucket, Properties: {BucketName: company-files}}
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: ["` + management + `", "` + outsider + `"]}, Action: "s3:PutObject", Resource: "arn:aws:s3:::company-files/*"` + condition + `}]}
`
}

// Who is bound by which control policy, seen at a bucket of the member account.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html,
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func TestControlPoliciesBindMembers(t *testing.T) {
	const service, resource = "SERVICE", "RESOURCE"
	for name, tt := range map[string]struct {
		policies, condition      string
		member, manager, outside trace.RuleID
	}{
		"none": {"", "", "", "", ""},
		"an SCP binds the member's users, not other accounts": {
			control("NoFiles", service, deny("s3:PutObject", "*")), "", "iam.explicit-deny", "", ""},
		"an SCP with a condition on the caller": {
			control("NoFiles", service, `{Effect: Deny, Action: "s3:*", Resource: "*", Condition: {StringNotEquals: {"aws:username": ana}}}`), "", "", "", ""},
		"an RCP binds whoever comes": {
			control("NoFiles", resource, `{Effect: Deny, Principal: "*", Action: "s3:PutObject", Resource: "*"}`), "", "iam.explicit-deny", "iam.explicit-deny", "iam.explicit-deny"},
		"an RCP that keeps strangers out": {
			control("Perimeter", resource, `{Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*", Condition: {StringNotEquals: {"aws:PrincipalAccount": ["`+ours+`", "`+management+`"]}}}`),
			"", "", "", "iam.explicit-deny"},
		"a bucket policy for the organization": {
			"", `, Condition: {StringLike: {"aws:PrincipalOrgID": "o-*"}}`, "", "", "iam.resource-policy"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t, files(tt.condition), tt.policies)
			for who, row := range map[string]struct {
				key  api.Credentials
				want trace.RuleID
			}{
				"the member's Ana":         {keyOf(t, c.stack, "AnaKey"), tt.member},
				"Mia of the management":    {keyOf(t, c.managers, "MiaKey"), tt.manager},
				"Ana of an account beyond": {keyOf(t, c.theOutsiders, "AnaKey"), tt.outside},
			} {
				if got := c.put(row.key); got != row.want {
					t.Errorf("%s is refused by %q, want %q", who, got, row.want)
				}
			}
		})
	}
}

// S3 gives a reason to callers of the account and of its organization only.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
func TestS3TellsStrangersNoReason(t *testing.T) {
	const reason = `User: arn:aws:iam::` + management + `:user/mia is not authorized to perform: s3:PutObject on resource: ` +
		`"arn:aws:s3:::company-files/a.txt" because no resource-based policy allows the s3:PutObject action`
	c := newCompany(t, files(`, Condition: {StringEquals: {"aws:PrincipalOrgID": "o-none"}}`), "")
	for who, row := range map[string]struct {
		key  api.Credentials
		want string
	}{
		"Mia of the organization":  {keyOf(t, c.managers, "MiaKey"), reason},
		"Ana of an account beyond": {keyOf(t, c.theOutsiders, "AnaKey"), "Access Denied"},
	} {
		_, err := c.home.Call(nil, api.Call{
			From: "App", Service: "s3", Operation: "PutObject", Caller: api.Caller{Credentials: &row.key},
			Input: map[string]any{"Bucket": "company-files", "Key": "a.txt", "Body": "x"},
		})
		var refusal *awserr.Error
		if !errors.As(err, &refusal) || refusal.Code != "AccessDenied" || refusal.Message != row.want {
			t.Errorf("%s: %v, want %s", who, err, row.want)
		}
		r := api.HTTPRequest{From: "App", Method: "GET", URL: "https://company-files.s3.us-east-1.amazonaws.com/a.txt", Header: api.Header{}}
		if err := sigv4.Sign(&r, row.key, "s3", c.home.Region(), c.home.Now()); err != nil {
			t.Fatal(err)
		}
		response, err := c.home.Send(nil, r)
		if bare := strings.Contains(response.Body, "<Message>Access Denied</Message>"); err != nil || response.Status != 403 || bare != (row.want == "Access Denied") {
			t.Errorf("%s over HTTP: %d %s, error %v", who, response.Status, response.Body, err)
		}
	}
}

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_strategies.html
func TestWithoutFullAccessALevelAllowsWhatItLists(t *testing.T) {
	c := newCompany(t, files(""), control("OnlyTables", "SERVICE", allow("dynamodb:*", "*")))
	administrator := c.manager.Administrator()
	detach := api.Call{
		From: "App", Service: "organizations", Operation: "DetachPolicy", Caller: api.Caller{Credentials: &administrator},
		Input: map[string]any{"PolicyId": "p-FullAWSAccess", "TargetId": ref(t, c.managers, "Workloads")},
	}
	if got := c.put(keyOf(t, c.stack, "AnaKey")); got != "" {
		t.Errorf("with FullAWSAccess Ana is refused by %q", got)
	}
	if _, err := c.home.Call(nil, detach); err != nil {
		t.Fatal(err)
	}
	if got := c.put(keyOf(t, c.stack, "AnaKey")); got != "iam.service-control-policy" {
		t.Errorf("without it she is refused by %q", got)
	}
	if got := c.put(c.home.Administrator()); got != "" {
		t.Errorf("who sets the scene is refused by %q", got)
	}
}
