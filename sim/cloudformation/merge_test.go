package cloudformation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
)

const base = `Metadata:
  Claimcheck:
    Values: {a: 1}
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: users
      Policies: {PasswordPolicy: {MinimumLength: 8}}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Users
      ExplicitAuthFlows: [A, B]
`

func merge(t *testing.T, change string) (cloudformation.Template, error) {
	t.Helper()
	return parse(t, base).Merge(node(t, "change.yaml", change))
}

func TestMerge(t *testing.T) {
	const (
		users  = "  Users:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      UserPoolName: users\n      Policies:\n        PasswordPolicy:\n          MinimumLength: 8"
		client = "  Client:\n    Type: AWS::Cognito::UserPoolClient\n    Properties:\n      UserPoolId: !Ref Users\n      ExplicitAuthFlows: [A, B]"
	)
	for name, tc := range map[string]struct{ change, want string }{
		"nothing": {"{}", lines("Resources:", users, client)},
		"a mapping merges into a mapping": {"Resources: {Users: {Properties: {Policies: {PasswordPolicy: {RequireNumbers: true}}}}}",
			lines("Resources:", users, "          RequireNumbers: true", client)},
		"a new resource comes last": {"Resources: {Role: {Type: AWS::IAM::Role}}",
			lines("Resources:", users, client, "  Role:", "    Type: AWS::IAM::Role")},
		"null removes a resource": {"Resources: {Client: null}", lines("Resources:", users)},
		"null removes a property": {"Resources: {Client: {Properties: {ExplicitAuthFlows: ~}}}",
			lines("Resources:", users, "  Client:", "    Type: AWS::Cognito::UserPoolClient", "    Properties:", "      UserPoolId: !Ref Users")},
		"a list replaces a list": {"Resources: {Client: {Properties: {ExplicitAuthFlows: [C]}}}",
			lines("Resources:", users, "  Client:", "    Type: AWS::Cognito::UserPoolClient", "    Properties:", "      UserPoolId: !Ref Users", "      ExplicitAuthFlows: [C]")},
		"a function replaces a function": {"Resources: {Client: {Properties: {UserPoolId: {Fn::Sub: x}}}}",
			lines("Resources:", users, "  Client:", "    Type: AWS::Cognito::UserPoolClient", "    Properties:", "      UserPoolId:", "        Fn::Sub: x", "      ExplicitAuthFlows: [A, B]")},
		"a scalar replaces a mapping": {"Resources: {Users: {Properties: {Policies: !Ref P}}}",
			lines("Resources:", "  Users:", "    Type: AWS::Cognito::UserPool", "    Properties:", "      UserPoolName: users", "      Policies: !Ref P", client)},
		"another type replaces the resource": {"Resources: {Users: {Type: AWS::IAM::Role, Properties: {Value: 1}}}",
			lines("Resources:", "  Users:", "    Type: AWS::IAM::Role", "    Properties:", "      Value: 1", client)},
		"the same type merges": {"Resources: {Users: {Type: AWS::Cognito::UserPool, Properties: {UserPoolName: others}}}",
			lines("Resources:", "  Users:", "    Type: AWS::Cognito::UserPool", "    Properties:", "      UserPoolName: others", "      Policies:", "        PasswordPolicy:", "          MinimumLength: 8", client)},
		"a new section": {"Outputs: {Pool: {Value: !Ref Users}}",
			lines("Resources:", users, client, "Outputs:", "  Pool:", "    Value: !Ref Users")},
	} {
		t.Run(name, func(t *testing.T) {
			merged, err := merge(t, tc.change)
			if err != nil {
				t.Fatalf("Merge: %v", err)
			}
			if diff := cmp.Diff(tc.want, lines(merged.Lines()...)); diff != "" {
				t.Errorf("merged (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAChangeThatDoesNotFitIsAProblem(t *testing.T) {
	for name, tc := range map[string]struct{ change, want string }{
		"null removes nothing": {"Resources:\n  Clients: null",
			`change.yaml:2:3: null removes nothing: there is no Resources.Clients: did you mean "Client"?`},
		"null in a new resource": {"Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      Value: null",
			"change.yaml:5:7: null removes nothing: there is no Resources.Role.Properties.Value"},
		"null in a replaced resource": {"Resources:\n  Users:\n    Type: AWS::IAM::Role\n    Properties:\n      UserPoolName: null",
			"change.yaml:5:7: null removes nothing: there is no Resources.Users.Properties.UserPoolName"},
		"not a mapping":          {"[a]", "change.yaml:1:1: a mapping was expected, found a list"},
		"a wrong section":        {"Resource: {}", `change.yaml:1:1: unknown key "Resource": did you mean "Resources"?`},
		"a required key removed": {"Resources: {Users: {Type: null}}", `stack.yaml:6:5: key "Type" is missing`},
		"several at once": {"Resources:\n  A: null\n  B: null", lines(
			"change.yaml:2:3: null removes nothing: there is no Resources.A: known are Users, Client",
			"change.yaml:3:3: null removes nothing: there is no Resources.B: known are Users, Client")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := merge(t, tc.change)
			if err == nil {
				t.Fatal("no problem was reported")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMergedValuesKeepTheirFile(t *testing.T) {
	merged, err := merge(t, "\nResources:\n  Client:\n    Properties:\n      UserPoolId: !Ref Nobody\n  Role:\n    Type: AWS::IAM::Role\n    DependsOn: Somebody\n")
	if err != nil {
		t.Fatal(err)
	}
	merged, err = merged.Merge(node(t, "second.yaml", "Resources:\n  Users:\n    Properties:\n      LambdaConfig: {}\n      Policies: {PasswordPolicy: {PasswordHistorySize: 1}}"))
	if err != nil {
		t.Fatal(err)
	}
	err = merged.Check(newCloud().types())
	want := lines(
		`change.yaml:5:19: "Nobody" is neither a resource nor a parameter of this template: known are Users, Client, Role`,
		`change.yaml:8:16: DependsOn: "Somebody" is not a resource of this template: known are Users, Client, Role`,
		"second.yaml:4:7: AWS::Cognito::UserPool LambdaConfig: AWS has LambdaConfig, the simulation does not",
		"second.yaml:5:35: AWS::Cognito::UserPool Policies.PasswordPolicy.PasswordHistorySize: AWS has PasswordHistorySize, the simulation does not")
	if err == nil {
		t.Fatal("no problem was reported")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestMergeLeavesTheTemplateAsItWas(t *testing.T) {
	template := parse(t, base)
	before := template.Lines()
	if _, err := template.Merge(node(t, "change.yaml", "Resources: {Users: {Properties: {UserPoolName: others, Policies: null}}, Client: null}")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, template.Lines()); diff != "" {
		t.Errorf("the template changed (-before +after):\n%s", diff)
	}
}

func TestMergeReachesMetadata(t *testing.T) {
	merged, err := merge(t, "Metadata: {Claimcheck: {Setup: [x], Values: {b: 2}}}")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"Values": map[string]any{"a": 1.0, "b": 2.0}, "Setup": []any{"x"}}
	if diff := cmp.Diff(want, merged.Metadata().Tree()); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestAChangeOfTheZeroTemplateIsATemplate(t *testing.T) {
	merged, err := (cloudformation.Template{}).Merge(node(t, "change.yaml", "Resources: {Role: {Type: AWS::IAM::Role}}"))
	if err != nil || len(merged.Resources()) != 1 {
		t.Errorf("merged %v, error %v", merged.Resources(), err)
	}
	if _, err := (cloudformation.Template{}).Merge(node(t, "change.yaml", "Resources: {Role: null}")); err == nil {
		t.Error("a null that removes nothing is not reported")
	}
	if _, err := parse(t, base).Merge(source.Node{}); err == nil {
		t.Error("a change that is absent is not reported")
	}
}
