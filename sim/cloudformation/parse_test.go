package cloudformation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
)

func TestEveryProblemOfTheFormatHasItsPosition(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"empty":           {"", "stack.yaml:1:1: the file is empty: a mapping was expected"},
		"a list":          {"- a", "stack.yaml:1:1: a mapping was expected, found a list"},
		"no section":      {"Description: x", `stack.yaml:1:1: key "Resources" is missing`},
		"unknown section": {"Resources: {}\nResource: {}", `stack.yaml:2:1: unknown key "Resource": did you mean "Resources"?`},
		"sections that are not simulated": {"Resources: {}\nConditions: {}\nTransform: AWS::LanguageExtensions", lines(
			"stack.yaml:2:13: CloudFormation has Conditions, the simulation does not",
			"stack.yaml:3:12: CloudFormation has Transform, the simulation does not")},
		"other version":      {"Resources: {}\nAWSTemplateFormatVersion: 2012-10-17", `stack.yaml:2:27: "2012-10-17" is not one of 2010-09-09`},
		"empty resources":    {"Resources:", "stack.yaml:1:11: a mapping was expected, found nothing"},
		"resource no type":   {"Resources:\n  A: {}", `stack.yaml:2:6: key "Type" is missing`},
		"resource is text":   {"Resources:\n  A: x", `stack.yaml:2:6: a mapping was expected, found the text "x"`},
		"misspelt attribute": {"Resources:\n  A:\n    Type: T::T::T\n    Propertys: {}", `stack.yaml:4:5: unknown key "Propertys": did you mean "Properties"?`},
		"attribute not simulated": {"Resources:\n  A:\n    Type: T::T::T\n    Condition: IsProd",
			"stack.yaml:4:16: CloudFormation has Condition, the simulation does not"},
		"properties are a list":  {"Resources: {A: {Type: T::T::T, Properties: []}}", "stack.yaml:1:44: a mapping was expected, found a list"},
		"name not alphanumeric":  {"Resources:\n  my-api: {Type: T::T::T}", `stack.yaml:2:3: the name "my-api" is not alphanumeric: only A-Z, a-z and 0-9 are allowed`},
		"deletion policy":        {"Resources: {A: {Type: T::T::T, DeletionPolicy: Keep}}", `stack.yaml:1:48: "Keep" is not one of Delete, Retain, RetainExceptOnCreate, Snapshot`},
		"dependency not a name":  {"Resources: {A: {Type: T::T::T, DependsOn: {}}}", "stack.yaml:1:43: text was expected, found a mapping"},
		"parameter type":         {"Parameters: {P: {Type: AWS::EC2::VPC::Id}}\nResources: {}", `stack.yaml:1:24: parameters of type "AWS::EC2::VPC::Id" are not simulated: use String, Number, CommaDelimitedList or List<Number>`},
		"parameter default":      {"Parameters: {P: {Type: String, Default: [a]}}\nResources: {}", "stack.yaml:1:41: text was expected, found a list"},
		"one name twice":         {"Parameters: {A: {Type: String}}\nResources: {A: {Type: T::T::T}}", `stack.yaml:1:14: "A" is also the resource on line 2: names must differ`},
		"output without a value": {"Outputs: {O: {Description: x}}\nResources: {}", `stack.yaml:1:14: key "Value" is missing`},
		"several at once": {"Resources:\n  a_b:\n    type: T\n  C:\n    Type: T::T::T\n    Foo: 1", lines(
			`stack.yaml:2:3: the name "a_b" is not alphanumeric: only A-Z, a-z and 0-9 are allowed`,
			`stack.yaml:3:5: unknown key "type": did you mean "Type"?`,
			`stack.yaml:3:5: key "Type" is missing`,
			`stack.yaml:6:5: unknown key "Foo": known are Type, Properties, DependsOn, Metadata, DeletionPolicy, UpdateReplacePolicy, Condition, CreationPolicy, UpdatePolicy`)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := cloudformation.Parse("stack.yaml", []byte(tc.text))
			if err == nil {
				t.Fatal("no problem was reported")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestATemplateTellsItsResources(t *testing.T) {
	template := parse(t, lines(
		"Metadata: {Claimcheck: {Setup: [1]}, Other: x}",
		"Resources:",
		"  Users: {Type: AWS::Cognito::UserPool, DeletionPolicy: Retain, Metadata: {a: b}}",
		"  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Users}}"))
	if diff := cmp.Diff([]string{"Users", "Client"}, template.Resources()); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	if got := template.Type("Client"); got != "AWS::Cognito::UserPoolClient" {
		t.Errorf("the type of Client is %q", got)
	}
	if got := template.Type("Nobody"); got != "" {
		t.Errorf("the type of Nobody is %q", got)
	}
	if got := template.Properties("Client").At().String(); got != "stack.yaml:4:60" {
		t.Errorf("the properties of Client begin at %s", got)
	}
	if !template.Properties("Users").IsNull() || !template.Properties("Nobody").IsNull() {
		t.Error("absent properties are not the zero Node")
	}
	if diff := cmp.Diff(map[string]any{"Setup": []any{1.0}}, template.Metadata().Tree()); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestMetadataIsTheZeroNodeWhenAbsent(t *testing.T) {
	for _, text := range []string{"Resources: {}", "Resources: {}\nMetadata: {Other: x}"} {
		if got := parse(t, text).Metadata(); got.YAML != nil {
			t.Errorf("the metadata of %q is %v", text, got.Tree())
		}
	}
	if got := (cloudformation.Template{}).Metadata(); got.YAML != nil {
		t.Errorf("the metadata of the zero template is %v", got)
	}
}

func TestATemplateInsideAnotherFileKeepsItsPositions(t *testing.T) {
	var problems source.Problems
	question := node(t, "question.yaml", "id: q\nstack:\n  Resources:\n    A: {Typ: x}\n")
	_, err := cloudformation.FromNode(question.Entries(&problems)[1].Value)
	want := lines(`question.yaml:4:8: key "Type" is missing`, `question.yaml:4:9: unknown key "Typ": did you mean "Type"?`)
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestTheZeroNodeIsNoTemplate(t *testing.T) {
	if _, err := cloudformation.FromNode(source.Node{File: "q.yaml"}); err == nil || err.Error() != "q.yaml: a mapping was expected, found nothing" {
		t.Errorf("the error is %v", err)
	}
}

func TestLinesAreTheTemplateInOneStyle(t *testing.T) {
	template := parse(t, lines(
		"# a comment",
		"AWSTemplateFormatVersion: '2010-09-09'",
		"Metadata:",
		"  Claimcheck: {Setup: []}",
		"Resources: # another",
		"  Users:",
		`    Type: "AWS::Cognito::UserPool"`,
		"    Properties: {UserPoolName: users, Policies: {PasswordPolicy: {MinimumLength: 8}}}",
		"  Client:",
		"    Type: AWS::Cognito::UserPoolClient",
		"    Properties:",
		"      UserPoolId: !Ref Users",
		"      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH,   ALLOW_REFRESH_TOKEN_AUTH]",
		"  Role:",
		"    Type: AWS::IAM::Role",
		"    DependsOn:",
		"    - Users",
		"    Properties:",
		"      Value:",
		`        - !Sub "${Users.Arn}: x"`,
		"        - !GetAtt [Users, Arn]",
		"        - Fn::Join: ['', [a, !Ref Users]]",
		"        - !Join",
		"          - '-'",
		"          - [{Ref: Users}]",
		`        - {Version: "2012-10-17", Code: "200", On: "true", Number: 0123, Empty: {}, None: ""}`,
		"        - |",
		"          exports.handler = async () => {",
		"            return 1;",
		"          };",
		""))
	want := []string{
		`AWSTemplateFormatVersion: "2010-09-09"`,
		"Resources:",
		"  Users:",
		"    Type: AWS::Cognito::UserPool",
		"    Properties:",
		"      UserPoolName: users",
		"      Policies:",
		"        PasswordPolicy:",
		"          MinimumLength: 8",
		"  Client:",
		"    Type: AWS::Cognito::UserPoolClient",
		"    Properties:",
		"      UserPoolId: !Ref Users",
		"      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]",
		"  Role:",
		"    Type: AWS::IAM::Role",
		"    DependsOn:",
		"      - Users",
		"    Properties:",
		"      Value:",
		"        - !Sub '${Users.Arn}: x'",
		"        - !GetAtt [Users, Arn]",
		`        - Fn::Join: ["", [a, !Ref Users]]`,
		"        - !Join",
		"          - '-'",
		"          - - Ref: Users",
		`        - Version: "2012-10-17"`,
		`          Code: "200"`,
		`          On: "true"`,
		"          Number: 0123",
		"          Empty: {}",
		`          None: ""`,
		"        - |",
		"          exports.handler = async () => {",
		"            return 1;",
		"          };",
	}
	if diff := cmp.Diff(want, template.Lines()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	again := parse(t, lines(append(template.Lines(), "")...))
	if diff := cmp.Diff(want, again.Lines()); diff != "" {
		t.Errorf("lines of the lines (-want +got):\n%s", diff)
	}
	if got := (cloudformation.Template{}).Lines(); got != nil {
		t.Errorf("the zero template has the lines %q", got)
	}
}
