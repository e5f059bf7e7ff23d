package iam_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// taggedWorld is a role of the team blue that may write what its tag names, and
// may hand on roles of its own team.
const taggedWorld = `
  Blue:
    Type: AWS::IAM::Role
    Properties:
      RoleName: Blue
      Tags: [{Key: team, Value: blue}]
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}}
      Policies:
        - PolicyName: own-team
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::photos/${aws:PrincipalTag/team}/*"}
              - {Effect: Allow, Action: "iam:PassRole", Resource: "*", Condition: {StringEquals: {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}
  Red:
    Type: AWS::IAM::Role
    Properties:
      RoleName: Red
      Tags: [{Key: team, Value: red}]
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}}
`

const roleARN = "arn:aws:iam::123456789012:role/"

func (a *account) sessionOf(role string, tags map[string]string) api.Principal {
	a.Helper()
	s, err := a.iam.IssueSession(api.SessionRequest{RoleARN: roleARN + role, Name: "s", Duration: time.Hour, Tags: tags})
	if err != nil {
		a.Fatal(err)
	}
	return s.Principal
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func TestTagsOfRolesCountInPolicies(t *testing.T) {
	a := deployed(t, taggedWorld)
	may := func(p api.Principal, action, resource string, want bool) {
		t.Helper()
		if d := a.iam.Authorize(nil, api.Authorization{Principal: p, Action: action, Resource: resource}); d.Allowed != want {
			t.Errorf("%s on %s is allowed: %v, want %v", action, resource, d.Allowed, want)
		}
	}
	session := a.sessionOf("Blue", nil)
	may(session, "s3:PutObject", "arn:aws:s3:::photos/blue/cat.png", true)
	may(session, "s3:PutObject", "arn:aws:s3:::photos/red/cat.png", false)
	may(session, "iam:PassRole", roleARN+"Blue", true)
	may(session, "iam:PassRole", roleARN+"Red", false)
	may(a.sessionOf("Blue", map[string]string{"Team": "red"}), "s3:PutObject", "arn:aws:s3:::photos/red/cat.png", true)
	may(a.sessionOf("Blue", map[string]string{"Team": "red"}), "s3:PutObject", "arn:aws:s3:::photos/blue/cat.png", false)

	a.must("TagRole", map[string]any{"RoleName": "Blue", "Tags": []any{map[string]any{"Key": "Team", "Value": "green"}}})
	may(session, "s3:PutObject", "arn:aws:s3:::photos/green/cat.png", true)
	a.same("tags", []any{map[string]any{"Key": "Team", "Value": "green"}}, a.must("GetRole", map[string]any{"RoleName": "Blue"})["Role"].(map[string]any)["Tags"])
	a.must("UntagRole", map[string]any{"RoleName": "Blue", "TagKeys": []any{"Team"}})
	may(session, "s3:PutObject", "arn:aws:s3:::photos/green/cat.png", false)
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html
func TestTagsOfUsersCountInPolicies(t *testing.T) {
	a := deployed(t, strings.Replace(users, "photos/${aws:username}", "photos/${aws:PrincipalTag/team}", 1))
	user := map[string]any{"UserName": "ana"}
	reads := func() bool {
		return a.iam.Authorize(nil, api.Authorization{Principal: a.ana(), Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/blue/cat.png"}).Allowed
	}
	if reads() {
		t.Error("a user without tags reads")
	}
	a.must("TagUser", with(user, map[string]any{"Tags": []any{map[string]any{"Key": "team", "Value": "blue"}}}))
	if !reads() {
		t.Error("a user with the tag does not read")
	}
	a.same("tags", []any{map[string]any{"Key": "team", "Value": "blue"}}, a.must("ListUserTags", user)["Tags"])
	a.must("UntagUser", with(user, map[string]any{"TagKeys": []any{"team"}}))
	a.same("tags", []any{}, a.must("ListUserTags", user)["Tags"])
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
func TestTagsOfARequestAreConditionKeys(t *testing.T) {
	a := empty(t)
	for name, input := range map[string]map[string]any{
		"CreateUser": {"UserName": "x"}, "CreateRole": {"RoleName": "x", "AssumeRolePolicyDocument": "{}"}, "TagUser": {"UserName": "x"}, "TagRole": {"RoleName": "x"},
	} {
		for _, op := range a.iam.Service().Operations {
			if op.Name != name {
				continue
			}
			in, _ := op.Decode(with(input, map[string]any{"Tags": []any{map[string]any{"Key": "team", "Value": "blue"}}}))
			a.same(name, map[string][]string{"aws:RequestTag/team": {"blue"}, "aws:TagKeys": {"team"}}, op.Target(in).Keys)
		}
	}
}

// observeTags tags a user, and is refused for what AWS does not allow.
func observeTags(t *testing.T) *account {
	a := empty(t)
	user := map[string]any{"UserName": "bob"}
	a.must("CreateUser", user)
	tags := func(keys ...string) map[string]any {
		var list []any
		for _, key := range keys {
			list = append(list, map[string]any{"Key": key, "Value": "v"})
		}
		return with(user, map[string]any{"Tags": list})
	}
	var many []string
	for n := range 50 {
		many = append(many, fmt.Sprint("key", n))
	}
	a.must("TagUser", tags(many...))
	a.must("TagUser", tags("KEY7"))
	a.refused(awserr.New("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."), "TagUser", tags("a", "A"))
	a.refused(awserr.New("ValidationError", "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 128"), "TagUser", tags(strings.Repeat("k", 129)))
	a.refused(awserr.WithStatus(409, "LimitExceeded", "The number of tags has reached the maximum limit."), "TagUser", tags("one-more"))
	return a
}
