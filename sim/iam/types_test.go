package iam_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam"
)

func TestResourcesHaveTheirReturnValues(t *testing.T) {
	a := deployed(t, users+role+`
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: managed
      Path: /team/
      Users: [!Ref Ana]
      Groups: [!Ref Team]
      Roles: [!Ref Reader]
      PolicyDocument: {Version: "2012-10-17", Statement: []}
  Team:
    Type: AWS::IAM::Group
    Properties:
      Path: /team/
      Policies: [{PolicyName: none, PolicyDocument: {Statement: []}}]
  Inline:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: inline
      Users: [!Ref Ana]
      Groups: [!Ref Team]
      PolicyDocument: {Statement: []}
  Worker:
    Type: AWS::IAM::Role
    Properties:
      Path: /service/
      MaxSessionDuration: 7200
      PermissionsBoundary: !Ref Managed
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {AWS: [!GetAtt Ana.Arn, !GetAtt Reader.Arn, "123456789012", "arn:aws:iam::123456789012:root"]}, Action: sts:AssumeRole}
`)
	for _, tt := range []struct{ id, attribute, prefix string }{
		{"Ana", "", "ana"}, {"Ana", "Arn", "arn:aws:iam::123456789012:user/ana"},
		{"Key", "", "AKIA"}, {"Reader", "", "Reader"}, {"Reader", "RoleId", "AROA"},
		{"Managed", "", "arn:aws:iam::123456789012:policy/team/managed"}, {"Managed", "PolicyArn", "arn:aws:iam::123456789012:policy/team/managed"}, {"Managed", "PolicyId", "ANPA"},
		{"Team", "Arn", "arn:aws:iam::123456789012:group/team/"},
		{"Worker", "Arn", "arn:aws:iam::123456789012:role/service/"},
		{"Inline", "", a.stack.Name + "-Inline-"},
	} {
		if got := a.attribute(tt.id, tt.attribute); !strings.HasPrefix(got, tt.prefix) {
			t.Errorf("%s.%s is %q, want %s…", tt.id, tt.attribute, got, tt.prefix)
		}
	}
	r, ok := a.iam.Role(a.attribute("Worker", "Arn"))
	if !ok || r.MaxSession.Hours() != 2 || r.Name != a.attribute("Worker", "") {
		t.Errorf("role %+v", r)
	}
	if _, ok := a.iam.Role("arn:aws:iam::123456789012:role/" + r.Name); ok {
		t.Error("a role is found without its path")
	}
}

// The code is that of the service's own error; what CloudFormation makes of it
// is its business.
func TestResourcesThatIAMRefuses(t *testing.T) {
	const trust = "AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}}"
	trusting := func(arn string) string {
		return "AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: '" + arn + "'}, Action: sts:AssumeRole}}"
	}
	resource := func(kind string, properties ...string) string {
		return "\n  Under:\n    Type: AWS::IAM::" + kind + "\n    Properties:\n      " + strings.Join(properties, "\n      ") + "\n"
	}
	const nobody = "The user with name nobody cannot be found."
	for name, tt := range map[string]struct{ resource, code, message string }{
		"trust without principal":  {resource("Role", "AssumeRolePolicyDocument: {Statement: {Effect: Allow, Action: sts:AssumeRole}}"), "MalformedPolicyDocument", "Missing required field Principal"},
		"trust with resource":      {resource("Role", `AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: "*"}, Action: sts:AssumeRole, Resource: "*"}}`), "MalformedPolicyDocument", "Has prohibited field Resource."},
		"trust in a missing user":  {resource("Role", trusting("arn:aws:iam::123456789012:user/nobody")), "MalformedPolicyDocument", `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/nobody"`},
		"trust in a missing role":  {resource("Role", trusting("arn:aws:iam::123456789012:role/none")), "MalformedPolicyDocument", `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/none"`},
		"role of that name":        {resource("Role", "RoleName: Reader", trust), "EntityAlreadyExists", "Role with name Reader already exists."},
		"short session":            {resource("Role", "MaxSessionDuration: 900", trust), "ValidationError", "1 validation error detected: Value '900' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600"},
		"long session":             {resource("Role", "MaxSessionDuration: 43201", trust), "ValidationError", "1 validation error detected: Value '43201' at 'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal to 43200"},
		"boundary not there":       {resource("Role", "PermissionsBoundary: arn:aws:iam::123456789012:policy/none", trust), "NoSuchEntity", "Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable."},
		"managed policy not there": {resource("Role", "ManagedPolicyArns: [arn:aws:iam::123456789012:policy/none]", trust), "NoSuchEntity", "Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable."},
		"inline policy":            {resource("Role", "Policies: [{PolicyName: x, PolicyDocument: {Statement: {Effect: Allow, Action: x, Resource: '*'}}}]", trust), "MalformedPolicyDocument", "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		"a pool without condition": {resource("Role", "AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: sts:AssumeRoleWithWebIdentity}}"), "MalformedPolicyDocument", "must have a condition on the identity pool"},
		"user of that name":        {resource("User", "UserName: ana"), "EntityAlreadyExists", "User with name ana already exists."},
		"group not there":          {resource("User", "Groups: [none]"), "NoSuchEntity", "The group with name none cannot be found."},
		"boundary of a user":       {resource("User", "PermissionsBoundary: arn:aws:iam::123456789012:policy/none"), "NoSuchEntity", "Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable."},
		"policy of a user":         {resource("User", "Policies: [{PolicyName: x, PolicyDocument: x}]"), "MalformedPolicyDocument", "Syntax errors in policy."},
		"policy of a group":        {resource("Group", "Policies: [{PolicyName: x, PolicyDocument: '[]'}]"), "MalformedPolicyDocument", "Syntax errors in policy."},
		"policy for nobody":        {resource("Policy", "PolicyName: x", "PolicyDocument: {Statement: []}", "Users: [nobody]"), "NoSuchEntity", nobody},
		"policy for no role":       {resource("Policy", "PolicyName: x", "PolicyDocument: {Statement: []}", "Roles: [none]"), "NoSuchEntity", "The role with name none cannot be found."},
		"policy for no group":      {resource("Policy", "PolicyName: x", "PolicyDocument: {Statement: []}", "Groups: [none]"), "NoSuchEntity", "The group with name none cannot be found."},
		"policy":                   {resource("Policy", "PolicyName: x", "PolicyDocument: {}", "Users: [ana]"), "MalformedPolicyDocument", "Syntax errors in policy."},
		"managed, no version":      {resource("ManagedPolicy", "PolicyDocument: {Statement: []}"), "MalformedPolicyDocument", "Policy document must be version 2012-10-17 or greater."},
		"managed for nobody":       {resource("ManagedPolicy", "PolicyDocument: {Version: '2012-10-17', Statement: []}", "Users: [nobody]"), "NoSuchEntity", nobody},
		"key for nobody":           {resource("AccessKey", "UserName: nobody"), "NoSuchEntity", nobody},
	} {
		t.Run(name, func(t *testing.T) {
			a := deployed(t, users+role)
			err := a.deploy(tt.resource)
			var refusal *awserr.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("error %v", err)
			}
			if !strings.Contains(refusal.Message, tt.message) || (refusal.Code != tt.code && !strings.Contains(refusal.Message, tt.code)) {
				t.Errorf("refusal %v\nwant %s: %s", refusal, tt.code, tt.message)
			}
		})
	}
}

func TestManagedPolicyOfTheSameNameIsRefused(t *testing.T) {
	const managed = `
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties: {ManagedPolicyName: m, PolicyDocument: {Version: "2012-10-17", Statement: []}}
`
	a := deployed(t, managed)
	if err := a.deploy(managed); err == nil || !strings.Contains(err.Error(), "A policy called m already exists. Duplicate names are not allowed.") {
		t.Error(err)
	}
}

func TestUnknownAWSManagedPolicyIsNoVerdict(t *testing.T) {
	a := empty(t)
	err := a.deploy(`
  Team:
    Type: AWS::IAM::Group
    Properties: {ManagedPolicyArns: ["arn:aws:iam::aws:policy/AWSSupportAccess"]}
`)
	if err == nil || code(err) != "" {
		t.Errorf("error %v", err)
	}
}

// run calls an operation behind the API door, authorization apart.
func (a *account) run(caller api.Principal, name string, input map[string]any) (map[string]any, error) {
	a.Helper()
	for _, op := range a.iam.Service().Operations {
		if op.Name != name {
			continue
		}
		in, faults := op.Decode(input)
		if len(faults) > 0 {
			a.Fatalf("%s: %v", name, faults)
		}
		return op.Run(api.Context{Span: a.span(), Principal: caller}, in)
	}
	a.Fatalf("no operation %s", name)
	return nil, nil
}

func TestUserMadeByOperationsSignsRequests(t *testing.T) {
	a := empty(t)
	must := func(name string, input map[string]any) map[string]any {
		t.Helper()
		out, err := a.run(api.Principal{}, name, input)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	made := must("CreateUser", map[string]any{"UserName": "bob", "Path": "/staff/"})["User"].(map[string]any)
	if diff := cmp.Diff(map[string]any{"Path": "/staff/", "UserName": "bob", "UserId": made["UserId"],
		"Arn": "arn:aws:iam::123456789012:user/staff/bob", "CreateDate": 1772442000.0}, made); diff != "" {
		t.Error(diff)
	}
	must("PutUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p", "PolicyDocument": `{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}`})
	must("PutUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p", "PolicyDocument": `{"Statement":[]}`})
	for range 2 {
		must("AttachUserPolicy", map[string]any{"UserName": "bob", "PolicyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"})
	}
	key := must("CreateAccessKey", map[string]any{"UserName": "bob"})["AccessKey"].(map[string]any)
	bob, err := a.iam.Authenticate(nil, a.signed(api.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}, "s3"), "s3")
	if err != nil {
		t.Fatal(err)
	}
	if d := a.iam.Authorize(nil, api.Authorization{Principal: bob, Action: "s3:GetObject", Resource: anaCat}); !d.Allowed {
		t.Errorf("%+v", d)
	}
	if d := a.iam.Authorize(nil, api.Authorization{Principal: bob, Action: "s3:PutObject", Resource: anaCat}); d.Allowed {
		t.Errorf("%+v", d)
	}
	self, err := a.run(bob, "GetUser", nil)
	if err != nil || cmp.Diff(made, self["User"]) != "" {
		t.Errorf("GetUser without a name: %v, %v", self, err)
	}
}

func TestGetRoleShowsTheTrustPolicy(t *testing.T) {
	a := deployed(t, role)
	out, err := a.run(api.Principal{}, "GetRole", map[string]any{"RoleName": "Reader"})
	if err != nil {
		t.Fatal(err)
	}
	r := out["Role"].(map[string]any)
	if r["Arn"] != a.attribute("Reader", "Arn") || r["MaxSessionDuration"] != 3600.0 || cmp.Diff(a.trust("Reader"), r["AssumeRolePolicyDocument"]) != "" {
		t.Errorf("role %v", r)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
func TestOperationsRefuse(t *testing.T) {
	a := deployed(t, users+role)
	if _, err := a.run(api.Principal{}, "CreateAccessKey", map[string]any{"UserName": "ana"}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		operation string
		input     map[string]any
		want      *awserr.Error
	}{
		{"CreateAccessKey", map[string]any{"UserName": "ana"}, awserr.WithStatus(409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")},
		{"CreateAccessKey", map[string]any{"UserName": "bob"}, awserr.WithStatus(404, "NoSuchEntity", "The user with name bob cannot be found.")},
		{"CreateUser", map[string]any{"UserName": "ana"}, awserr.WithStatus(409, "EntityAlreadyExists", "User with name ana already exists.")},
		{"CreateUser", map[string]any{"UserName": "bob", "PermissionsBoundary": "x"}, awserr.WithStatus(404, "NoSuchEntity", "Policy x does not exist or is not attachable.")},
		{"GetUser", map[string]any{"UserName": "bob"}, awserr.WithStatus(404, "NoSuchEntity", "The user with name bob cannot be found.")},
		{"GetRole", map[string]any{"RoleName": "None"}, awserr.WithStatus(404, "NoSuchEntity", "The role with name None cannot be found.")},
		{"PutUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p", "PolicyDocument": "{}"}, awserr.WithStatus(404, "NoSuchEntity", "The user with name bob cannot be found.")},
		{"PutUserPolicy", map[string]any{"UserName": "ana", "PolicyName": "p", "PolicyDocument": "{}"}, awserr.New("MalformedPolicyDocument", "Syntax errors in policy.")},
		{"AttachUserPolicy", map[string]any{"UserName": "bob", "PolicyArn": "x"}, awserr.WithStatus(404, "NoSuchEntity", "The user with name bob cannot be found.")},
		{"AttachUserPolicy", map[string]any{"UserName": "ana", "PolicyArn": "x"}, awserr.WithStatus(404, "NoSuchEntity", "Policy x does not exist or is not attachable.")},
	} {
		_, err := a.run(api.Principal{}, tt.operation, tt.input)
		if diff := cmp.Diff(error(tt.want), err); diff != "" {
			t.Errorf("%s %v: %s", tt.operation, tt.input, diff)
		}
	}
}

func TestOperationsAreAuthorizedOnWhatTheyName(t *testing.T) {
	a := deployed(t, strings.Replace(users, "UserName: ana\n", "UserName: ana\n      Path: /staff/\n", 1))
	for _, tt := range []struct {
		operation string
		input     map[string]any
		resource  string
	}{
		{"GetUser", map[string]any{"UserName": "ana"}, "arn:aws:iam::123456789012:user/staff/ana"},
		{"CreateUser", map[string]any{"UserName": "bob"}, "arn:aws:iam::123456789012:user/bob"},
		{"GetRole", map[string]any{"RoleName": "Reader"}, "arn:aws:iam::123456789012:role/Reader"},
	} {
		for _, op := range a.iam.Service().Operations {
			if op.Name != tt.operation {
				continue
			}
			in, _ := op.Decode(tt.input)
			if got := op.Target(in).Resource; got != tt.resource {
				t.Errorf("%s is authorized on %s, want %s", tt.operation, got, tt.resource)
			}
		}
	}
}

func TestServiceListsEachOperationOnce(t *testing.T) {
	s := empty(t).iam.Service()
	seen := map[string]bool{}
	for _, op := range s.Operations {
		seen[op.Name] = true
	}
	for _, name := range s.Unsimulated {
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
	}
	if len(seen) != 180 {
		t.Errorf("%d operations", len(seen))
	}
	if err := s.Denial("no"); code(err) != "AccessDenied" {
		t.Errorf("denial is %v", err)
	}
	if len(s.Rules) != len(iam.Rules()) {
		t.Errorf("%d rules", len(s.Rules))
	}
}
