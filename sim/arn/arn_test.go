package arn_test

import (
	"testing"

	"claimcheck/sim/arn"
)

func TestAnARNHasSixPartsAndANameAtItsEnd(t *testing.T) {
	tests := map[string]arn.ARN{
		"arn:aws:s3:::photos/ana/beach.jpg":                         {Partition: "aws", Service: "s3", Resource: "photos/ana/beach.jpg"},
		"arn:aws:lambda:us-east-1:123456789012:function:list":       {Partition: "aws", Service: "lambda", Region: "us-east-1", Account: "123456789012", Resource: "function:list"},
		"arn:aws:iam::123456789012:role/service-role/tasks":         {Partition: "aws", Service: "iam", Account: "123456789012", Resource: "role/service-role/tasks"},
		"arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-1_": {Partition: "aws", Service: "cognito-idp", Region: "us-east-1", Account: "123456789012", Resource: "userpool/us-1_"},
	}
	names := map[string]string{"s3": "beach.jpg", "lambda": "list", "iam": "tasks", "cognito-idp": "us-1_"}
	for text, want := range tests {
		got, err := arn.Parse(text)
		if err != nil || got != want {
			t.Errorf("%s is %+v, %v", text, got, err)
		}
		if got.String() != text {
			t.Errorf("%s is written %s", text, got)
		}
		if got.Name() != names[got.Service] {
			t.Errorf("%s has the name %q", text, got.Name())
		}
	}
}

func TestWhatIsNoARNIsRefused(t *testing.T) {
	for _, text := range []string{"", "arn", "arn:aws:s3", "urn:aws:s3:::photos", "arn:aws::::photos", "arn:aws:s3:::"} {
		if got, err := arn.Parse(text); err == nil {
			t.Errorf("%q is %+v", text, got)
		}
	}
}
