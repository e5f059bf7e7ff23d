package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/iam/policy"
)

func read(t *testing.T, text string) *policy.Document {
	t.Helper()
	d, err := policy.ParseJSON([]byte(text), policy.IdentityPolicy)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Statement.html
func TestAStatementHasItsPlaceInTheText(t *testing.T) {
	alone := read(t, "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\n    \"Effect\": \"Allow\",\n    \"Action\": \"s3:*\",\n    \"Resource\": \"*\"\n  }\n}")
	if diff := cmp.Diff(policy.Place{Start: policy.Position{Line: 3, Column: 16}, End: policy.Position{Line: 7, Column: 4}}, alone.Place(0)); diff != "" {
		t.Error(diff)
	}
	two := read(t, `{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}, {"Effect":"Deny","Action":"s3:*","Resource":"*"}]}`)
	if diff := cmp.Diff(policy.Place{Start: policy.Position{Line: 1, Column: 66}, End: policy.Position{Line: 1, Column: 114}}, two.Place(1)); diff != "" {
		t.Error(diff)
	}
	tree, err := policy.Parse(map[string]any{"Statement": []any{}}, policy.IdentityPolicy)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []policy.Place{two.Place(2), two.Place(-1), tree.Place(0)} {
		if at != (policy.Place{}) {
			t.Errorf("a statement that is not there stands at %v", at)
		}
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func TestWhiteSpaceDoesNotCount(t *testing.T) {
	for text, want := range map[string]int{
		`{"Statement":[]}`:           16,
		"{ \"Statement\" :\n\t[ ] }": 16,
		`{"Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/x \"y z"}]}`: 96,
		`{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/ö"}]}`:                 80,
	} {
		if got := read(t, text).Size(); got != want {
			t.Errorf("%s has %d characters, want %d", text, got, want)
		}
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html
func TestKeysAreThoseOfConditionsAndVariables(t *testing.T) {
	d := read(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringLike":{"s3:prefix":"${aws:username}/*","aws:PrincipalTag/team":"x"}}},
		{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/${AWS:UserName}/*","arn:aws:s3:::b/${*}"]}]}`)
	if diff := cmp.Diff([]string{"aws:PrincipalTag/team", "aws:username", "s3:prefix"}, d.Keys()); diff != "" {
		t.Error(diff)
	}
	if keys := read(t, `{"Statement":[]}`).Keys(); keys != nil {
		t.Errorf("keys %q", keys)
	}
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools-security-best-practices.html
func TestATrustWithoutAConditionIsFound(t *testing.T) {
	const pools = "cognito-identity.amazonaws.com"
	for text, want := range map[string]bool{
		`{"Statement":{"Effect":"Allow","Principal":{"Federated":"` + pools + `"},"Action":"sts:AssumeRoleWithWebIdentity"}}`:                                                        true,
		`{"Statement":{"Effect":"Deny","Principal":{"Federated":"` + pools + `"},"Action":"sts:AssumeRoleWithWebIdentity"}}`:                                                         false,
		`{"Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`:                                                                  false,
		`{"Statement":{"Effect":"Allow","Principal":{"Federated":"` + pools + `"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"` + pools + `:aud":"p"}}}}`: false,
	} {
		d, err := policy.ParseJSON([]byte(text), policy.TrustPolicy)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Unconditional("Federated", pools); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
