package iam_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

type object = map[string]any

// operate runs an operation of IAM as an administrator.
func (a *account) operate(name string, input object) (object, error) {
	a.Helper()
	for _, op := range a.iam.Service().Operations {
		if op.Name != name {
			continue
		}
		in, faults := op.Decode(input)
		if len(faults) > 0 {
			a.Fatalf("%s: %v", name, faults)
		}
		return op.Run(api.Context{Span: a.span()}, in)
	}
	a.Fatalf("no operation %s", name)
	return nil, nil
}

func (a *account) must(name string, input object) object {
	a.Helper()
	out, err := a.operate(name, input)
	if err != nil {
		a.Fatalf("%s: %v", name, err)
	}
	return out
}

func texts(values ...string) []any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = value
	}
	return list
}

// readsTeam has a condition on its first statement and a variable in its second.
const readsTeam = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::photos", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}}},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/${aws:username}/*"}
  ]
}`

func statement(policy string, line, from, to int) object {
	return object{
		"SourcePolicyId": policy, "SourcePolicyType": "IAM Policy",
		"StartPosition": object{"Line": float64(line), "Column": float64(from)}, "EndPosition": object{"Line": float64(line), "Column": float64(to)},
	}
}

// decisions are the decision of each result, and of each of its resources.
func decisions(out object) []string {
	var list []string
	for _, r := range out["EvaluationResults"].([]any) {
		result := r.(object)
		line := fmt.Sprint(result["EvalActionName"], " ", result["EvalDecision"])
		specific, _ := result["ResourceSpecificResults"].([]any)
		for _, one := range specific {
			line += fmt.Sprint(" ", one.(object)["EvalResourceDecision"])
		}
		list = append(list, line)
	}
	return list
}

// Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html,
// https://github.com/boto/boto3/issues/3111
func TestASimulationSaysWhatEachStatementDoes(t *testing.T) {
	a := empty(t)
	out := a.must("SimulateCustomPolicy", object{
		"PolicyInputList": texts(readsTeam), "ActionNames": texts("s3:ListBucket"), "ResourceArns": texts("arn:aws:s3:::photos"),
		"ContextEntries": []any{object{"ContextKeyName": "AWS:PrincipalTag/Team", "ContextKeyType": "string", "ContextKeyValues": texts("blue")}},
	})
	matched := []any{statement("PolicyInputList.1", 4, 5, 152)}
	want := object{"IsTruncated": false, "EvaluationResults": []any{object{
		"EvalActionName": "s3:ListBucket", "EvalResourceName": "arn:aws:s3:::photos", "EvalDecision": "allowed",
		"MatchedStatements": matched, "MissingContextValues": texts("aws:username"),
		"ResourceSpecificResults": []any{object{
			"EvalResourceName": "arn:aws:s3:::photos", "EvalResourceDecision": "allowed", "MatchedStatements": matched, "MissingContextValues": texts("aws:username"),
		}},
	}}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
func TestSimulationsDecideAsRequestsAre(t *testing.T) {
	const (
		allows  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`
		denies  = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}}`
		reads   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`
		bucket  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/ana"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}}`
		trust   = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}`
		assumes = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}`
		ana     = "arn:aws:iam::123456789012:user/ana"
		cat     = "arn:aws:s3:::photos/cat.jpg"
	)
	for name, tt := range map[string]struct {
		input object
		want  string
	}{
		"an allow":                         {object{"PolicyInputList": texts(allows), "ActionNames": texts("s3:GetObject")}, "s3:GetObject allowed"},
		"nothing allows":                   {object{"PolicyInputList": texts(denies), "ActionNames": texts("s3:GetObject")}, "s3:GetObject implicitDeny"},
		"a deny among allows":              {object{"PolicyInputList": texts(allows, denies), "ActionNames": texts("s3:DeleteObject")}, "s3:DeleteObject explicitDeny"},
		"a boundary":                       {object{"PolicyInputList": texts(allows), "PermissionsBoundaryPolicyInputList": texts(reads), "ActionNames": texts("s3:PutObject")}, "s3:PutObject implicitDeny"},
		"each resource, strictest first":   {object{"PolicyInputList": texts(readsTeam), "ActionNames": texts("s3:GetObject"), "ResourceArns": texts("arn:aws:s3:::photos/ana/1", cat), "ContextEntries": []any{object{"ContextKeyName": "aws:username", "ContextKeyValues": texts("ana")}}}, "s3:GetObject implicitDeny allowed implicitDeny"},
		"a resource's policy":              {object{"PolicyInputList": texts(denies), "ActionNames": texts("s3:GetObject"), "ResourceArns": texts(cat), "ResourcePolicy": bucket, "CallerArn": ana}, "s3:GetObject allowed allowed"},
		"of another owner":                 {object{"PolicyInputList": texts(denies), "ActionNames": texts("s3:GetObject"), "ResourceArns": texts(cat), "ResourcePolicy": bucket, "CallerArn": ana, "ResourceOwner": "arn:aws:iam::999999999999:root"}, "s3:GetObject implicitDeny implicitDeny"},
		"a caller of another account":      {object{"PolicyInputList": texts(allows), "ActionNames": texts("s3:GetObject"), "ResourceArns": texts("arn:aws:sqs:us-east-1:123456789012:jobs"), "CallerArn": "arn:aws:iam::999999999999:user/bob"}, "s3:GetObject implicitDeny implicitDeny"},
		"a trust policy is left out":       {object{"PolicyInputList": texts(assumes), "ActionNames": texts("sts:AssumeRole"), "ResourcePolicy": trust, "CallerArn": ana}, "sts:AssumeRole allowed"},
		"a variable without value in deny": {object{"PolicyInputList": texts(readsTeam), "ActionNames": texts("s3:GetObject"), "ResourceArns": texts("arn:aws:s3:::photos/ana/1")}, "s3:GetObject implicitDeny implicitDeny"},
	} {
		t.Run(name, func(t *testing.T) {
			a := empty(t)
			if diff := cmp.Diff([]string{tt.want}, decisions(a.must("SimulateCustomPolicy", tt.input))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html:
// a deny is the only statement of the result.
func TestMatchedStatementsAreThoseThatDecided(t *testing.T) {
	const allows = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`
	const denies = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}}`
	const bucket = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}}`
	first, second := statement("PolicyInputList.1", 1, 38, 87), statement("PolicyInputList.1", 1, 88, 140)
	public := statement("ResourcePolicy", 1, 37, 130)
	public["SourcePolicyType"] = "Resource Policy"
	a := empty(t)
	for action, want := range map[string][]any{
		"s3:GetObject": {public, first, second}, "s3:PutObject": {first}, "s3:DeleteObject": {statement("PolicyInputList.2", 1, 37, 91)}, "iam:GetUser": {},
	} {
		out := a.must("SimulateCustomPolicy", object{
			"PolicyInputList": texts(allows, denies), "ActionNames": texts(action), "ResourceArns": texts("arn:aws:s3:::photos/1"),
			"ResourcePolicy": bucket, "CallerArn": "arn:aws:iam::123456789012:user/ana",
		})
		if diff := cmp.Diff(want, out["EvaluationResults"].([]any)[0].(object)["MatchedStatements"]); diff != "" {
			t.Errorf("%s: %s", action, diff)
		}
	}
}

const limited = `
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties: {ManagedPolicyName: limit, PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "s3:Get*", Resource: "*"}}}
  Team:
    Type: AWS::IAM::Group
    Properties:
      GroupName: team
      Policies: [{PolicyName: list, PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "s3:List*", Resource: "*", Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}}}}}]
  Bea:
    Type: AWS::IAM::User
    Properties:
      UserName: bea
      Groups: [!Ref Team]
      PermissionsBoundary: !Ref Limit
      ManagedPolicyArns: [!Ref Limit]
      Policies: [{PolicyName: write, PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "s3:Put*", Resource: "*"}}}]
`

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
func TestAPrincipalIsSimulatedWithWhatItHas(t *testing.T) {
	const (
		bea   = "arn:aws:iam::123456789012:user/bea"
		team  = "arn:aws:iam::123456789012:group/team"
		more  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}}`
		wide  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
		owned = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + bea + `"},"Action":"s3:*","Resource":"*"}}`
	)
	a := deployed(t, limited+role)
	actions := texts("s3:GetObject", "s3:PutObject", "s3:ListBucket", "dynamodb:Query")
	for name, tt := range map[string]struct {
		input object
		want  []string
	}{
		"a user with groups and boundary": {object{"PolicySourceArn": bea}, []string{"s3:GetObject allowed", "s3:PutObject implicitDeny", "s3:ListBucket implicitDeny", "dynamodb:Query implicitDeny"}},
		"another boundary":                {object{"PolicySourceArn": bea, "PermissionsBoundaryPolicyInputList": texts(wide)}, []string{"s3:GetObject allowed", "s3:PutObject allowed", "s3:ListBucket implicitDeny", "dynamodb:Query implicitDeny"}},
		"MFA, in the context":             {object{"PolicySourceArn": team, "ContextEntries": []any{object{"ContextKeyName": "aws:MultiFactorAuthPresent", "ContextKeyType": "boolean", "ContextKeyValues": texts("true")}}}, []string{"s3:GetObject implicitDeny", "s3:PutObject implicitDeny", "s3:ListBucket allowed", "dynamodb:Query implicitDeny"}},
		"one more policy":                 {object{"PolicySourceArn": team, "PolicyInputList": texts(more)}, []string{"s3:GetObject implicitDeny", "s3:PutObject implicitDeny", "s3:ListBucket implicitDeny", "dynamodb:Query allowed"}},
		"the user calls":                  {object{"PolicySourceArn": bea, "ResourcePolicy": owned}, []string{"s3:GetObject allowed", "s3:PutObject allowed", "s3:ListBucket allowed", "dynamodb:Query implicitDeny"}},
		"a role":                          {object{"PolicySourceArn": a.attribute("Reader", "Arn")}, []string{"s3:GetObject implicitDeny", "s3:PutObject implicitDeny", "s3:ListBucket implicitDeny", "dynamodb:Query implicitDeny"}},
	} {
		tt.input["ActionNames"] = actions
		if diff := cmp.Diff(tt.want, decisions(a.must("SimulatePrincipalPolicy", tt.input))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	out := a.must("SimulatePrincipalPolicy", object{"PolicySourceArn": bea, "ActionNames": texts("s3:PutObject"), "PermissionsBoundaryPolicyInputList": texts(wide)})
	result := out["EvaluationResults"].([]any)[0].(object)
	if diff := cmp.Diff([]any{statement("user_bea_write", 1, 14, 66)}, result["MatchedStatements"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(object{"AllowedByPermissionsBoundary": true}, result["PermissionsBoundaryDecisionDetail"]); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
func TestASimulationComesInPages(t *testing.T) {
	a := empty(t)
	input := object{"PolicyInputList": texts(readsTeam), "ActionNames": texts("s3:GetObject", "s3:PutObject", "s3:ListBucket"), "MaxItems": 2.0}
	first := a.must("SimulateCustomPolicy", input)
	if first["IsTruncated"] != true || len(first["EvaluationResults"].([]any)) != 2 {
		t.Fatalf("%v", first)
	}
	input["Marker"] = first["Marker"]
	second := a.must("SimulateCustomPolicy", input)
	if diff := cmp.Diff([]string{"s3:ListBucket implicitDeny"}, decisions(second)); diff != "" || second["IsTruncated"] != false {
		t.Error(diff, second["IsTruncated"])
	}
}

// Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html,
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForPrincipalPolicy.html
func TestContextKeysAreThoseThatPoliciesLookAt(t *testing.T) {
	a := deployed(t, limited+role)
	custom := a.must("GetContextKeysForCustomPolicy", object{"PolicyInputList": texts(readsTeam)})
	if diff := cmp.Diff(texts("aws:PrincipalTag/team", "aws:username"), custom["ContextKeyNames"]); diff != "" {
		t.Error(diff)
	}
	principal := a.must("GetContextKeysForPrincipalPolicy", object{"PolicySourceArn": "arn:aws:iam::123456789012:user/bea", "PolicyInputList": texts(readsTeam)})
	if diff := cmp.Diff(texts("aws:MultiFactorAuthPresent", "aws:PrincipalTag/team", "aws:username"), principal["ContextKeyNames"]); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
func TestSimulationsThatAreRefused(t *testing.T) {
	a := deployed(t, limited)
	const nobody = "arn:aws:iam::123456789012:user/nobody"
	valid := object{"PolicyInputList": texts(readsTeam), "ActionNames": texts("s3:GetObject")}
	for name, tt := range map[string]struct {
		operation string
		changes   object
		code      string
	}{
		"no policy":               {"SimulateCustomPolicy", object{"PolicyInputList": texts("{}")}, "InvalidInput"},
		"no boundary":             {"SimulateCustomPolicy", object{"PermissionsBoundaryPolicyInputList": texts("{}")}, "InvalidInput"},
		"no resource policy":      {"SimulateCustomPolicy", object{"ResourcePolicy": readsTeam, "CallerArn": nobody}, "InvalidInput"},
		"a wildcard":              {"SimulateCustomPolicy", object{"ActionNames": texts("s3:Get*")}, "InvalidInput"},
		"no service":              {"SimulateCustomPolicy", object{"ActionNames": texts("GetObject")}, "InvalidInput"},
		"no caller":               {"SimulateCustomPolicy", object{"ResourcePolicy": readsTeam}, "InvalidInput"},
		"a role as the caller":    {"SimulateCustomPolicy", object{"CallerArn": "arn:aws:iam::123456789012:role/Reader"}, "InvalidInput"},
		"no owner":                {"SimulateCustomPolicy", object{"ResourceOwner": "photos"}, "InvalidInput"},
		"a marker of nothing":     {"SimulateCustomPolicy", object{"Marker": "7"}, "InvalidInput"},
		"a page too long":         {"SimulateCustomPolicy", object{"MaxItems": 1001.0}, "ValidationError"},
		"nobody":                  {"SimulatePrincipalPolicy", object{"PolicySourceArn": nobody}, "NoSuchEntity"},
		"a bucket":                {"SimulatePrincipalPolicy", object{"PolicySourceArn": "arn:aws:s3:::photos"}, "InvalidInput"},
		"a user's faulty policy":  {"SimulatePrincipalPolicy", object{"PolicySourceArn": "arn:aws:iam::123456789012:user/bea", "PolicyInputList": texts("x")}, "InvalidInput"},
		"keys of nobody":          {"GetContextKeysForPrincipalPolicy", object{"PolicySourceArn": nobody, "ActionNames": nil}, "NoSuchEntity"},
		"keys of no policy":       {"GetContextKeysForCustomPolicy", object{"PolicyInputList": texts("x"), "ActionNames": nil}, "InvalidInput"},
		"keys of a faulty policy": {"GetContextKeysForPrincipalPolicy", object{"PolicySourceArn": "arn:aws:iam::123456789012:user/bea", "PolicyInputList": texts("x"), "ActionNames": nil}, "InvalidInput"},
	} {
		input := object{}
		for _, more := range []object{valid, tt.changes} {
			for member, value := range more {
				if input[member] = value; value == nil {
					delete(input, member)
				}
			}
		}
		_, err := a.operate(tt.operation, input)
		var refusal *awserr.Error
		if !errors.As(err, &refusal) || refusal.Code != tt.code || strings.TrimSpace(refusal.Message) == "" {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
}
