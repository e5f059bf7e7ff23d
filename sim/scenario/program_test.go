package scenario

import (
	"testing"

	"claimcheck/sim/trace"
)

// server is an instance whose profile hands out a role, and a user whose keys
// somebody left behind.
const server = `
Resources:
  Reports: {Type: AWS::S3::Bucket}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [!Ref Reader]}
  Server:
    Type: AWS::EC2::Instance
    Properties: {IamInstanceProfile: !Ref Profile}
  Intern: {Type: AWS::IAM::User}
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Intern}}
`

func TestAProgramSignsWithWhatItsChainFinds(t *testing.T) {
	p := program(t, server, "{}")
	for name, test := range map[string]struct{ flow, want string }{
		"the instance's role": {`
- {program: python, on: "${Server}", as: app}
- {call: sts:GetCallerIdentity, sign: "${app}", as: me}
- expect: app.Provider == "instance metadata" && me.Arn contains Reader.Ref && app.Expiration != ""`, ""},
		"keys left in the environment": {`
- program: python
  on: "${Server}"
  environment: {AWS_ACCESS_KEY_ID: "${Key}", AWS_SECRET_ACCESS_KEY: "${Key.SecretAccessKey}"}
  as: app
- expect: app.Provider == "instance metadata"`, "sdk.credentials.environment"},
		"no credentials at all": {`
- {program: javascript, as: app}`, "sdk.credentials.chain"},
	} {
		o := runFlow(t, p, test.flow)
		if o.Holds != (test.want == "") || test.want != "" && string(o.DecidedBy(trace.RuleID(test.want))) != test.want {
			t.Errorf("%s: holds %v, decided by %v, happened %s", name, o.Holds, o.Decided, o.Happened)
		}
	}
}
