package cloudformation_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/source"
)

// withValue is a template with one role that has the given Value, a user pool
// and parameters of every type.
func withValue(value string) string {
	return lines(
		"Parameters:",
		"  Stage: {Type: String, Default: prod}",
		"  Count: {Type: Number, Default: 3}",
		`  Names: {Type: CommaDelimitedList, Default: "ana, ben"}`,
		`  Ports: {Type: List<Number>, Default: "80,443"}`,
		"Resources:",
		"  Role: {Type: AWS::IAM::Role, Properties: {Value: "+value+"}}",
		"  Users: {Type: AWS::Cognito::UserPool}")
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
func TestFunctionsGiveValues(t *testing.T) {
	for name, tc := range map[string]struct {
		value string
		want  any
	}{
		"text":                      {"abc", "abc"},
		"a date stays text":         {"2012-10-17", "2012-10-17"},
		"Ref of a resource":         {"!Ref Users", "id-Users"},
		"Ref, long":                 {"{Ref: Users}", "id-Users"},
		"Ref of text":               {"!Ref Stage", "prod"},
		"Ref of a number":           {"!Ref Count", "3"},
		"Ref of a list":             {"!Ref Names", []any{"ana", "ben"}},
		"Ref of a list of numbers":  {"!Ref Ports", []any{"80", "443"}},
		"account":                   {"!Ref AWS::AccountId", "123456789012"},
		"Region":                    {"!Ref AWS::Region", "us-east-1"},
		"partition":                 {"!Ref AWS::Partition", "aws"},
		"URL suffix":                {"!Ref AWS::URLSuffix", "amazonaws.com"},
		"stack name":                {"!Ref AWS::StackName", "claimcheck"},
		"stack id":                  {"!Ref AWS::StackId", "arn:aws:cloudformation:us-east-1:123456789012:stack/claimcheck/00000000-0000-4000-8000-000000000001"},
		"no value in a mapping":     {"{a: !Ref AWS::NoValue, b: 1}", map[string]any{"b": 1.0}},
		"no value in a list":        {"[{Ref: AWS::NoValue}, x]", []any{"x"}},
		"GetAtt":                    {"!GetAtt Users.Arn", "arn:Users"},
		"GetAtt of a list":          {"!GetAtt [Users, ProviderName]", "provider/Users"},
		"GetAtt, long":              {"{Fn::GetAtt: [Users, Arn]}", "arn:Users"},
		"GetAtt, long with text":    {"{Fn::GetAtt: Users.Arn}", "arn:Users"},
		"Sub":                       {`!Sub "${Users}/${Users.Arn}/${AWS::Region}/${Stage}${Count}"`, "id-Users/arn:Users/us-east-1/prod3"},
		"Sub with literal text":     {`!Sub "${!aws:username} and $ and ${Stage}"`, "${aws:username} and $ and prod"},
		"Sub with a map":            {`{Fn::Sub: ["${Users}-${x}-${n}", {x: !GetAtt Users.Arn, n: 5, Users: mine}]}`, "mine-arn:Users-5"},
		"Join":                      {`!Join ["/", [a, !Ref Users, 5, true]]`, "a/id-Users/5/true"},
		"Join of a list parameter":  {`!Join ["+", !Ref Names]`, "ana+ben"},
		"Join without no value":     {`!Join ["+", [a, !Ref AWS::NoValue, b]]`, "a+b"},
		"Join of nothing":           {`!Join ["+", []]`, ""},
		"Select":                    {`!Select [1, [a, b]]`, "b"},
		"Select with text":          {`!Select ["0", !Ref Names]`, "ana"},
		"Split":                     {`!Split [":", !GetAtt Users.Arn]`, []any{"arn", "Users"}},
		"Select of Split":           {`!Select [1, !Split [":", !GetAtt Users.Arn]]`, "Users"},
		"Sub with Select of Split":  {`{Fn::Sub: ["<${x}>", {x: !Select [1, !Split ["/", !GetAtt Users.ProviderName]]}]}`, "<Users>"},
		"functions deep in a value": {"{a: [{b: !Ref Stage}]}", map[string]any{"a": []any{map[string]any{"b": "prod"}}}},
		"Condition is a plain key":  {"{Condition: {StringEquals: {a: !Ref Stage}}}", map[string]any{"Condition": map[string]any{"StringEquals": map[string]any{"a": "prod"}}}},
		"Ref beside other keys":     {"{Ref: Users, x: 1}", map[string]any{"Ref": "Users", "x": 1.0}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud()
			if _, _, err := c.deploy(t, withValue(tc.value)); err != nil {
				t.Fatalf("Deploy: %v", err)
			}
			if diff := cmp.Diff(tc.want, c.values["Role"]); diff != "" {
				t.Errorf("value (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFunctionThatCannotBeRunIsAProblemWithItsPosition(t *testing.T) {
	for name, tc := range map[string]struct{ value, want string }{
		"Ref to nothing":            {"!Ref User", `7:52: "User" is neither a resource nor a parameter of this template: did you mean "Users"?`},
		"Ref of a list":             {"!Ref [a]", "7:52: text was expected, found a list"},
		"long Ref to nothing":       {"{Ref: Nobody}", `7:58: "Nobody" is neither a resource nor a parameter of this template: known are Stage, Count, Names, Ports, Role, Users`},
		"pseudo parameter":          {"!Ref AWS::Account", `7:52: "AWS::Account" is not a pseudo parameter that is simulated: did you mean "AWS::AccountId"?`},
		"GetAtt of nothing":         {"!GetAtt User.Arn", `7:52: "User" is not a resource of this template: did you mean "Users"?`},
		"GetAtt of a parameter":     {"!GetAtt Stage.Arn", `7:52: "Stage" is not a resource of this template: known are Role, Users`},
		"no such attribute":         {"!GetAtt Users.ARN", `7:52: AWS::Cognito::UserPool has no attribute "ARN": did you mean "Arn"?`},
		"GetAtt without a dot":      {"!GetAtt Users", `7:52: Fn::GetAtt takes LogicalId.Attribute, found "Users"`},
		"GetAtt of three":           {"!GetAtt [a, b, c]", "7:52: Fn::GetAtt takes a list of 2, found 3"},
		"Sub of nothing":            {`!Sub "${User}"`, `7:52: "User" is neither a resource nor a parameter of this template: did you mean "Users"?`},
		"Sub of a policy variable":  {`!Sub "${cognito-identity.amazonaws.com:sub}"`, `7:52: ${cognito-identity.amazonaws.com:sub}: "cognito-identity" is not a resource of this template: known are Role, Users (write ${!cognito-identity.amazonaws.com:sub} for literal text)`},
		"Sub of an attribute":       {`!Sub "${Users.Name}"`, `7:52: AWS::Cognito::UserPool has no attribute "Name": known are Arn, ProviderName`},
		"Sub of a list":             {`!Sub "${Names}"`, "7:52: text was expected, found a list"},
		"Sub not closed":            {`!Sub "a ${Users"`, `7:52: "${Users" has no closing brace`},
		"Sub of no name":            {`!Sub "${}"`, "7:52: ${} names nothing"},
		"Sub of one":                {"!Sub [a]", "7:52: Fn::Sub takes a list of 2, found 1"},
		"Sub of a mapping":          {"!Sub {a: b}", "7:52: text was expected, found a mapping"},
		"Sub of no value":           {`{Fn::Sub: ["${x}", {x: !Ref AWS::NoValue}]}`, "7:63: text was expected, found nothing"},
		"Join of text":              {"!Join [a, b]", `7:62: a list was expected, found the text "b"`},
		"Join of mappings":          {"!Join [a, [{b: c}]]", "7:62: text was expected, found a mapping"},
		"Join of no list":           {"!Join a", `7:52: Fn::Join takes a list of 2, found the text "a"`},
		"Select beyond the end":     {"!Select [2, [a, b]]", `7:61: Fn::Select cannot take item "2" of a list of 2: they count from 0`},
		"Select of no number":       {"!Select [x, [a, b]]", `7:61: Fn::Select cannot take item "x" of a list of 2: they count from 0`},
		"Select beyond a split":     {`!Select [2, !Split [":", !GetAtt Users.Arn]]`, `7:61: Fn::Select cannot take item "2" of a list of 2: they count from 0`},
		"Split by nothing":          {`!Split ["", a]`, "7:60: Fn::Split takes a delimiter that is not empty"},
		"Split of a list":           {`!Split [",", [a]]`, "7:65: text was expected, found a list"},
		"not simulated":             {"!If [a, b, c]", "7:52: CloudFormation has Fn::If, the simulation does not"},
		"not simulated, inside":     {"!Select [0, !GetAZs x]", "7:64: CloudFormation has Fn::GetAZs, the simulation does not"},
		"not simulated, with names": {"{Fn::ForEach::Loop: [a]}", "7:53: CloudFormation has Fn::ForEach::Loop, the simulation does not"},
		"no such function":          {"!Reff Users", `7:52: CloudFormation has no function Fn::Reff: known are Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Select, Fn::Split`},
		"no such function, long":    {"{Fn::Joins: []}", `7:53: CloudFormation has no function Fn::Joins: did you mean "Fn::Join"?`},
		"function beside keys":      {"{Fn::Sub: a, x: 1}", "7:53: Fn::Sub stands beside other keys: a function must be the only key of its mapping"},
		"null":                      {"null", "7:52: null is not allowed in a template"},
		"null in a list":            {"[a, ~]", "7:56: null is not allowed in a template"},
	} {
		t.Run(name, func(t *testing.T) {
			_, run, err := newCloud().deploy(t, withValue(tc.value))
			var problems source.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("the error is %v, want problems", err)
			}
			if diff := cmp.Diff("stack.yaml:"+tc.want, err.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			for _, e := range run.Events {
				if e.Check != nil && !e.Check.Held {
					t.Errorf("a problem of the template is recorded as a verdict: %+v", e.Check)
				}
			}
		})
	}
}

func TestAParameterNeedsADefault(t *testing.T) {
	_, _, err := newCloud().deploy(t, "Parameters: {P: {Type: String}}\nResources: {R: {Type: AWS::IAM::Role, Properties: {Value: !Ref P}}}")
	want := `stack.yaml:1:14: parameter "P" needs a Default: stacks are deployed without values for parameters`
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v", err)
	}
}

func TestOutputsAreLookedAtForReferencesOnly(t *testing.T) {
	resources := "Resources: {Users: {Type: AWS::Cognito::UserPool}}\n"
	if _, _, err := newCloud().deploy(t, resources+"Outputs: {Pool: {Value: !GetAtt Users.Arn, Export: {Name: x}}}"); err != nil {
		t.Errorf("Deploy: %v", err)
	}
	for value, want := range map[string]string{
		"!Ref Nobody": `stack.yaml:2:25: "Nobody" is neither a resource nor a parameter of this template: known are Users`,
		"[a]":         "stack.yaml:2:25: text was expected, found a list",
	} {
		if _, _, err := newCloud().deploy(t, resources+"Outputs: {Pool: {Value: "+value+"}}"); err == nil || err.Error() != want {
			t.Errorf("the output %s gives %v", value, err)
		}
	}
}
