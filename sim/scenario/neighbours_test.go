package scenario

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/trace"
)

// visited is a stack with a role that the account Partner may assume for one
// external id, and Ana of that account, who has a file to share.
const visited = `
Metadata:
  Claimcheck:
    Accounts:
      Partner:
        Id: "444455556666"
        Resources:
          Ana:
            Type: AWS::IAM::User
            Properties:
              UserName: ana
              Policies:
                - PolicyName: visit
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: "*"}]
          AnaKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Ana}}
          Files: {Type: AWS::S3::Bucket, Properties: {BucketName: partner-files}}
        Setup:
          - call: s3:PutObject
            with: {Bucket: "${Partner.Files}", Key: hello.txt, Body: hello}
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "444455556666"}}]
`

const visit = `
- attempt: sts:AssumeRole
  with: {RoleArn: "${Reader.Arn}", RoleSessionName: visit}
  sign: {AccessKeyId: "${Partner.AnaKey}", SecretAccessKey: "${Partner.AnaKey.SecretAccessKey}"}
  as: session
- expect: session.status == 200
- expect: Partner.Ana.Arn == "arn:aws:iam::444455556666:user/ana" && Partner.Id == "444455556666"
`

func TestAnotherAccountIsDeployedAndReferredToByItsName(t *testing.T) {
	if o := runFlow(t, program(t, visited, client), visit); !o.Holds {
		t.Errorf("%s: %s", o.Expected, o.Happened)
	}
}

func TestAnOptionChangesAnotherAccount(t *testing.T) {
	p := program(t, visited, client)
	changed, err := p.Stack.Merge(node(t, `
Metadata: {Claimcheck: {Accounts: {Partner: {Resources: {Ana: {Properties: {Policies: []}}}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	o := runFlow(t, Program{Stack: changed, Client: p.Client}, visit)
	if o.Holds || !slices.Equal(o.Decided, []trace.RuleID{"iam.identity-policy"}) {
		t.Errorf("holds %v, decided by %v", o.Holds, o.Decided)
	}
	var removed []string
	for _, l := range Changes(StackLines(p.Stack), StackLines(changed)) {
		if l.Change == Removed {
			removed = append(removed, strings.TrimSpace(l.Text))
		}
	}
	if len(removed) == 0 || removed[0] != "Policies:" {
		t.Errorf("removed lines: %q", removed)
	}
}

func TestAStacksLinesNameItsAccounts(t *testing.T) {
	lines := StackLines(program(t, visited, client).Stack)
	i := slices.Index(lines, "# Account Partner, 444455556666:")
	if i < 0 {
		t.Fatalf("the lines are\n%s", strings.Join(lines, "\n"))
	}
	want := []string{"Resources:", "  Ana:", "    Type: AWS::IAM::User"}
	if diff := cmp.Diff(want, lines[i+1:i+4]); diff != "" {
		t.Errorf("after the account's name (-want +got):\n%s", diff)
	}
}

func TestAnotherAccountsRefusalToDeployIsAnOutcome(t *testing.T) {
	broken := strings.Replace(visited, "Properties: {BucketName: partner-files}", "Properties: {BucketName: Partner}", 1)
	o := runFlow(t, program(t, broken, client), visit)
	if o.Holds || !slices.Equal(o.Decided, []trace.RuleID{"s3.bucket-name"}) {
		t.Errorf("holds %v, decided by %v", o.Holds, o.Decided)
	}
}

func TestAnAccountThatCannotBeIsAnErrorWithAPosition(t *testing.T) {
	for name, change := range map[string]struct{ old, new, want string }{
		"an id that is none":         {`Id: "444455556666"`, `Id: "4444"`, `stack.yaml:5:7: account Partner: an account id has twelve digits`},
		"the id of the first":        {`Id: "444455556666"`, `Id: "123456789012"`, `another account has that name or id`},
		"no id":                      {"        Id: \"444455556666\"\n", "", `"Id"`},
		"the name of a resource":     {"Reader:\n    Type", "Partner:\n    Type", `the account "Partner" has the name of something else`},
		"a resource called Id":       {"Files: {Type", "Id: {Type", "Id is the account's own"},
		"a section of no template":   {"        Setup:\n", "        Outputs: {}\n        Setup:\n", `"Outputs"`},
		"a result called as account": {"", "", `"Partner" is a resource of the stack or an account`},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(visited, change.old, change.new, 1)
			flow := "- {let: 1 + 1, as: Partner}"
			if change.old != "" && text == visited {
				t.Fatalf("%q is not in the stack", change.old)
			}
			_, err := Run(program(t, text, client), flowOf(t, flow))
			if err == nil || !strings.Contains(err.Error(), change.want) {
				t.Errorf("the error is %v, want %q in it", err, change.want)
			}
		})
	}
}
