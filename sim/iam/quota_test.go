package iam_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"claimcheck/sim/awserr"
	"claimcheck/sim/iam"
	"claimcheck/sim/trace"
)

// documentOf is a policy of that many characters, and as many spaces besides.
func documentOf(characters int) string {
	const frame = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::"}}`
	short := len(strings.ReplaceAll(frame, " ", ""))
	return strings.Replace(frame, ":::", ":::"+strings.Repeat("x", characters-short), 1)
}

// trustOf is a trust policy of that many characters.
func trustOf(characters int) string {
	const frame = `{"Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":""}}}}`
	return strings.Replace(frame, `:""`, `:"`+strings.Repeat("1", characters-len(frame))+`"`, 1)
}

func resourceOf(id, kind, properties string) string {
	return fmt.Sprintf("\n  %s:\n    Type: AWS::IAM::%s\n    Properties: {%s}\n", id, kind, properties)
}

func inline(kind string, sizes ...int) string {
	var list []string
	for n, size := range sizes {
		list = append(list, fmt.Sprintf("{PolicyName: p%d, PolicyDocument: '%s'}", n, documentOf(size)))
	}
	more := ""
	if kind == "Role" {
		more = ", AssumeRolePolicyDocument: '" + trustOf(200) + "'"
	}
	return resourceOf("Under", kind, fmt.Sprintf("%sName: under, Policies: [%s]%s", kind, strings.Join(list, ", "), more))
}

// attached is a user with that many managed policies.
func attached(count int) string {
	var text strings.Builder
	names := make([]string, count)
	for n := range names {
		names[n] = fmt.Sprintf("!Ref P%d", n)
		text.WriteString(resourceOf(fmt.Sprintf("P%d", n), "ManagedPolicy", "PolicyDocument: '"+documentOf(200)+"'"))
	}
	return text.String() + resourceOf("Under", "User", "ManagedPolicyArns: ["+strings.Join(names, ", ")+"]")
}

// grouped is a user in that many groups.
func grouped(count int) string {
	var text strings.Builder
	names := make([]string, count)
	for n := range names {
		names[n] = fmt.Sprintf("!Ref G%d", n)
		text.WriteString(resourceOf(fmt.Sprintf("G%d", n), "Group", ""))
	}
	return text.String() + resourceOf("Under", "User", "Groups: ["+strings.Join(names, ", ")+"]")
}

// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
// https://github.com/ministryofjustice/analytical-platform/issues/6873, https://github.com/danvk/mapsnap/pull/483,
// https://github.com/HumanCellAtlas/data-store/issues/1963, https://github.com/aws-amplify/amplify-backend/issues/2615,
// https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2718
func TestQuotas(t *testing.T) {
	for name, tt := range map[string]struct{ most, more, message string }{
		"managed policy":      {resourceOf("Under", "ManagedPolicy", "PolicyDocument: '"+documentOf(6144)+"'"), resourceOf("Under", "ManagedPolicy", "PolicyDocument: '"+documentOf(6145)+"'"), "Cannot exceed quota for PolicySize: 6144"},
		"policies of a user":  {inline("User", 1024, 1024), inline("User", 1024, 1025), "Maximum policy size of 2048 bytes exceeded for user under"},
		"policies of a group": {inline("Group", 2560, 2560), inline("Group", 2560, 2561), "Maximum policy size of 5120 bytes exceeded for group under"},
		"policies of a role":  {inline("Role", 10240), inline("Role", 10241), "Maximum policy size of 10240 bytes exceeded for role under"},
		"trust policy":        {resourceOf("Under", "Role", "AssumeRolePolicyDocument: '"+trustOf(2048)+"'"), resourceOf("Under", "Role", "AssumeRolePolicyDocument: '"+trustOf(2049)+"'"), "Cannot exceed quota for ACLSizePerRole: 2048"},
		"managed policies":    {attached(10), attached(11), "Cannot exceed quota for PoliciesPerUser: 10"},
		"groups of a user":    {grouped(10), grouped(11), "Cannot exceed quota for GroupsPerUser: 10"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := empty(t).deploy(tt.most); err != nil {
				t.Errorf("the most that is allowed: %v", err)
			}
			a := empty(t)
			err := a.deploy(tt.more)
			var refusal *awserr.Error
			if !errors.As(err, &refusal) || !strings.Contains(refusal.Message, tt.message) {
				t.Errorf("one more: %v, want %s", err, tt.message)
			}
			if !a.failed(iam.RuleQuota) {
				t.Error("no check of the quota failed")
			}
		})
	}
}

func TestAPolicyPutAgainTakesTheRoomOfTheOldOne(t *testing.T) {
	a := deployed(t, resourceOf("Under", "User", "UserName: ana"))
	for range 2 {
		a.must("PutUserPolicy", object{"UserName": "ana", "PolicyName": "p", "PolicyDocument": documentOf(2000)})
	}
	_, err := a.operate("PutUserPolicy", object{"UserName": "ana", "PolicyName": "q", "PolicyDocument": documentOf(200)})
	var refusal *awserr.Error
	if !errors.As(err, &refusal) || refusal.Code != "LimitExceeded" || refusal.Status != 409 {
		t.Errorf("two policies: %v", err)
	}
}

// A policy that stands in a template as a tree is as long as its JSON.
func TestATreeHasTheSizeOfItsText(t *testing.T) {
	long := strings.Repeat("x", 6144)
	err := empty(t).deploy(resourceOf("Under", "ManagedPolicy", `PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::`+long+`"}}`))
	if err == nil || !strings.Contains(err.Error(), "Cannot exceed quota for PolicySize: 6144") {
		t.Error(err)
	}
}

func TestManagedPolicyIsAttachedOnce(t *testing.T) {
	a := deployed(t, attached(10))
	input := object{"UserName": a.attribute("Under", ""), "PolicyArn": a.attribute("P0", "")}
	a.must("AttachUserPolicy", input)
	input["PolicyArn"] = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
	if _, err := a.operate("AttachUserPolicy", input); code(err) != "LimitExceeded" {
		t.Error(err)
	}
}

// failed says whether a check of the rule has failed.
func (a *account) failed(rule trace.RuleID) bool {
	for _, e := range a.recorder.Trace().Events {
		if e.Check != nil && e.Check.Rule == rule && !e.Check.Held {
			return true
		}
	}
	return false
}

// observeQuotas makes a policy of the size that is allowed, and one too large,
// and roles that trust identity pools with and without a condition.
func observeQuotas(t *testing.T) *account {
	a := deployed(t, role)
	_ = a.deploy(resourceOf("Under", "Role", "AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: sts:AssumeRoleWithWebIdentity}}"))
	for _, size := range []int{6144, 6145} {
		_ = a.deploy(resourceOf("Under", "ManagedPolicy", "PolicyDocument: '"+documentOf(size)+"'"))
	}
	return a
}
