package cloudformation_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// verdict is a template and what CloudFormation says to it.
type verdict struct {
	text string
	// rule is the one that decides, wanted and found what its check says.
	rule          trace.RuleID
	wanted, found string
	message       string
}

// verdicts are templates that AWS refuses, by what is wrong with them.
func verdicts() map[string]verdict {
	return map[string]verdict{
		// https://github.com/aws/aws-cli/issues/2684
		"a type of a known namespace that AWS does not have": {
			"Resources: {A: {Type: AWS::Cognito::Authorizer}, B: {Type: AWS::S3::Buckett}, C: {Type: AWS::Cognito::Authorizer}}",
			cloudformation.RuleNoSuchType, "a resource type that AWS has", "AWS::Cognito::Authorizer",
			"Template format error: Unrecognized resource types: [AWS::Cognito::Authorizer, AWS::S3::Buckett]",
		},
		"a type that is not AWS's": {
			"Resources: {A: {Type: Acme::App::Thing, Properties: {X: !GetAtt A2.Anything}}, A2: {Type: UserPool}}",
			cloudformation.RuleNoSuchType, "a resource type that AWS has", "Acme::App::Thing",
			"Template format error: Unrecognized resource types: [Acme::App::Thing, UserPool]",
		},
		// https://github.com/aws/aws-cdk/issues/28984
		"a property that the type does not have": {
			"Resources: {Users: {Type: AWS::Cognito::UserPool, Properties: {PoolName: x}}}",
			cloudformation.RuleNoSuchProperty, "a property of AWS::Cognito::UserPool", "Users.PoolName",
			"Properties validation failed for resource Users with message:\n#: extraneous key [PoolName] is not permitted",
		},
		// https://github.com/aws-samples/annotate-medical-images-in-dicom-server-and-build-ml-models-on-amazon-sagemaker/issues/6
		"a nested property that the type does not have": {
			"Resources: {Users: {Type: AWS::Cognito::UserPool, Properties: {Policies: {PasswordPolicy: {MinLength: 8}}}}}",
			cloudformation.RuleNoSuchProperty, "a property of AWS::Cognito::UserPool Policies.PasswordPolicy", "Users.Policies.PasswordPolicy.MinLength",
			"Properties validation failed for resource Users with message:\n#/Policies/PasswordPolicy: extraneous key [MinLength] is not permitted",
		},
		"a property that does not exist with the value of another resource": {
			"Resources: {Users: {Type: AWS::Cognito::UserPool, Properties: {PoolName: !Ref Other}}, Other: {Type: AWS::Cognito::UserPool}}",
			cloudformation.RuleNoSuchProperty, "a property of AWS::Cognito::UserPool", "Users.PoolName",
			"Properties validation failed for resource Users with message:\n#: extraneous key [PoolName] is not permitted",
		},
		// https://github.com/aws-cloudformation/iac-model-evaluation/issues/29
		"a required property left out": {
			"Resources: {Client: {Type: AWS::Cognito::UserPoolClient}}",
			cloudformation.RuleRequiredProperty, "AWS::Cognito::UserPoolClient has UserPoolId", "Client without UserPoolId",
			"Properties validation failed for resource Client with message:\n#: required key [UserPoolId] not found",
		},
		"a required property removed by AWS::NoValue": {
			"Resources: {Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref AWS::NoValue}}}",
			cloudformation.RuleRequiredProperty, "AWS::Cognito::UserPoolClient has UserPoolId", "Client without UserPoolId",
			"Properties validation failed for resource Client with message:\n#: required key [UserPoolId] not found",
		},
		// https://github.com/aws-cloudformation/cfn-lint/issues/3223
		"text where a list belongs": {
			"Resources: {A: {Type: AWS::ApiGateway::Authorizer, Properties: {Type: TOKEN, ProviderARNs: !GetAtt Users.Arn}}, Users: {Type: AWS::Cognito::UserPool}}",
			cloudformation.RulePropertyType, "A.ProviderARNs is a list", "text of another resource",
			"Properties validation failed for resource A with message:\n#/ProviderARNs: expected type: JSONArray, found: String",
		},
		"a list where text belongs": {
			"Resources: {A: {Type: AWS::ApiGateway::Authorizer, Properties: {Type: TOKEN, Name: [a]}}}",
			cloudformation.RulePropertyType, "A.Name is text", "a list",
			"Properties validation failed for resource A with message:\n#/Name: expected type: String, found: JSONArray",
		},
		"an item of the wrong type": {
			"Resources: {A: {Type: AWS::ApiGateway::Authorizer, Properties: {Type: TOKEN, ProviderARNs: [{a: b}]}}}",
			cloudformation.RulePropertyType, "A.ProviderARNs[0] is text", "a mapping",
			"Properties validation failed for resource A with message:\n#/ProviderARNs/0: expected type: String, found: JSONObject",
		},
		"a number that turns out to be text once its resource exists": {
			"Resources: {A: {Type: AWS::ApiGateway::Authorizer, Properties: {Type: TOKEN, AuthorizerResultTtlInSeconds: !Ref Users}}, Users: {Type: AWS::Cognito::UserPool}}",
			cloudformation.RulePropertyType, "A.AuthorizerResultTtlInSeconds is a whole number", `the text "id-Users"`,
			"Properties validation failed for resource A with message:\n#/AuthorizerResultTtlInSeconds: expected type: Integer, found: String",
		},
		// https://github.com/aws-samples/aws-bookstore-demo-app/issues/56
		"a value that is not in the list": {
			"Resources: {A: {Type: AWS::ApiGateway::Authorizer, Properties: {Type: JWT}}}",
			cloudformation.RulePropertyValue, "A.Type is TOKEN or REQUEST or COGNITO_USER_POOLS", `the text "JWT"`,
			"Properties validation failed for resource A with message:\n#/Type: failed validation constraint for keyword [enum]",
		},
		"several faults of several resources": {
			"Resources: {A: {Type: AWS::ApiGateway::Authorizer, Properties: {Typ: TOKEN}}, C: {Type: AWS::Cognito::UserPoolClient}}",
			cloudformation.RuleNoSuchProperty, "a property of AWS::ApiGateway::Authorizer", "A.Typ",
			"Properties validation failed for resource A with message:\n#: required key [Type] not found\n#: extraneous key [Typ] is not permitted\n" +
				"Properties validation failed for resource C with message:\n#: required key [UserPoolId] not found",
		},
	}
}

func TestCloudFormationRefusesWhatAWSDoesNotHave(t *testing.T) {
	for name, tc := range verdicts() {
		t.Run(name, func(t *testing.T) {
			_, run, err := newCloud().deploy(t, tc.text)
			var refusal *awserr.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("the error is %v, want a refusal by AWS", err)
			}
			want := awserr.New("ValidationError", "%s", tc.message)
			if diff := cmp.Diff(want, refusal); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
			check, _ := run.Decider(1)
			wantCheck := trace.Check{Rule: tc.rule, Wanted: tc.wanted, Found: tc.found, Decides: true}
			if diff := cmp.Diff(wantCheck, check); diff != "" {
				t.Errorf("deciding check (-want +got):\n%s", diff)
			}
			last := run.Events[len(run.Events)-1]
			if last.Kind != trace.Response || last.Message.Status != 400 || last.Message.Error != "ValidationError" || last.Message.Body != refusal.Error() {
				t.Errorf("the exchange ends with %+v", last)
			}
		})
	}
}

func TestNothingIsCreatedWhenAPropertyIsWrong(t *testing.T) {
	c := newCloud()
	if _, _, err := c.deploy(t, "Resources: {Users: {Type: AWS::Cognito::UserPool}, Role: {Type: AWS::IAM::Role, Properties: {Foo: 1}}}"); err == nil {
		t.Fatal("the template is not refused")
	}
	if len(c.order) > 0 {
		t.Errorf("created %v", c.order)
	}
}

func TestATypeThatIsNotSimulatedIsAProblemOfTheTemplate(t *testing.T) {
	for typeName, want := range map[string]string{
		"AWS::SQS::Queue":            `the resource type "AWS::SQS::Queue" is not simulated: known are AWS::ApiGateway::Authorizer, AWS::Cognito::UserPool, AWS::Cognito::UserPoolClient, AWS::IAM::Role`,
		"AWS::Cognito::UserPoolUser": `the resource type "AWS::Cognito::UserPoolUser" is not simulated: known are AWS::ApiGateway::Authorizer, AWS::Cognito::UserPool, AWS::Cognito::UserPoolClient, AWS::IAM::Role`,
		"AWS::cognito::UserPool":     `the resource type "AWS::cognito::UserPool" is not simulated: did you mean "AWS::Cognito::UserPool"?`,
		"Custom::Thing":              `the resource type "Custom::Thing" is not simulated: known are AWS::ApiGateway::Authorizer, AWS::Cognito::UserPool, AWS::Cognito::UserPoolClient, AWS::IAM::Role`,
	} {
		_, run, err := newCloud().deploy(t, "Resources:\n  A: {Type: "+typeName+", Properties: {X: 1}}")
		if diff := cmp.Diff("stack.yaml:2:13: "+want, fmt.Sprint(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", typeName, diff)
		}
		if len(run.Events) > 0 {
			t.Errorf("%s leaves a trace: %v", typeName, run.Events)
		}
	}
}

func TestAPropertyThatIsNotSimulatedIsAProblemOfTheTemplate(t *testing.T) {
	text := lines(
		"Resources:",
		"  Users:",
		"    Type: AWS::Cognito::UserPool",
		"    Properties:",
		"      UserPoolTags: {a: b}",
		"      Nonsense: 1",
		"      LambdaConfig:",
		"        PreSignUp: x")
	_, run, err := newCloud().deploy(t, text)
	want := "stack.yaml:7:7: AWS::Cognito::UserPool LambdaConfig: AWS has LambdaConfig, the simulation does not"
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if len(run.Events) > 0 {
		t.Errorf("a problem of the template leaves a trace: %v", run.Events)
	}
}

func TestAPositionInAListCountsWithoutTheItemsThatNoValueRemoves(t *testing.T) {
	type item struct {
		_ struct{} `unsimulated:"Later"`
	}
	list := cloudformation.Define("AWS::Lambda::Function", nil, func(cloudformation.Resource, struct{ Items []item }) (cloudformation.Created, error) {
		return cloudformation.Created{}, nil
	})
	template := parse(t, lines(
		"Resources:",
		"  F:",
		"    Type: AWS::Lambda::Function",
		"    Properties:",
		"      Items:",
		"        - !Ref AWS::NoValue",
		"        - {}",
		"        - {Later: 1}"))
	want := "stack.yaml:8:12: AWS::Lambda::Function Items[1].Later: AWS has Later, the simulation does not"
	if diff := cmp.Diff(want, fmt.Sprint(template.Check([]cloudformation.Type{list}))); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestResourcesAreCreatedAfterThoseTheyUse(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"template order":  {"Resources: {B: {Type: AWS::IAM::Role}, A: {Type: AWS::IAM::Role}}", []string{"B", "A"}},
		"Ref":             {"Resources: {A: {Type: AWS::IAM::Role, Properties: {Value: !Ref B}}, B: {Type: AWS::IAM::Role}}", []string{"B", "A"}},
		"GetAtt":          {"Resources: {A: {Type: AWS::IAM::Role, Properties: {Value: !GetAtt B.Arn}}, B: {Type: AWS::IAM::Role}}", []string{"B", "A"}},
		"Sub":             {"Resources: {A: {Type: AWS::IAM::Role, Properties: {Value: !Sub 'x${B}'}}, B: {Type: AWS::IAM::Role}}", []string{"B", "A"}},
		"Sub's own names": {"Resources: {A: {Type: AWS::IAM::Role, Properties: {Value: !Sub ['${B}', {B: x}]}}, B: {Type: AWS::IAM::Role}}", []string{"A", "B"}},
		"DependsOn":       {"Resources: {A: {Type: AWS::IAM::Role, DependsOn: B}, B: {Type: AWS::IAM::Role}}", []string{"B", "A"}},
		"DependsOn, list": {"Resources: {A: {Type: AWS::IAM::Role, DependsOn: [C, B]}, B: {Type: AWS::IAM::Role}, C: {Type: AWS::IAM::Role}}", []string{"B", "C", "A"}},
		"a chain": {"Resources: {A: {Type: AWS::IAM::Role, DependsOn: B}, B: {Type: AWS::IAM::Role, DependsOn: C}, C: {Type: AWS::IAM::Role}, D: {Type: AWS::IAM::Role}}",
			[]string{"C", "B", "A", "D"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud()
			stack, _, err := c.deploy(t, tc.text)
			if err != nil {
				t.Fatalf("Deploy: %v", err)
			}
			if diff := cmp.Diff(tc.want, c.order); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(parse(t, tc.text).Resources(), stack.LogicalIDs()); diff != "" {
				t.Errorf("logical ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestACircleIsAProblemThatNamesIt(t *testing.T) {
	for text, want := range map[string]string{
		"Resources:\n  A: {Type: AWS::IAM::Role, DependsOn: A}": "stack.yaml:2:3: circular dependency: A → A",
		"Resources:\n  D: {Type: AWS::IAM::Role, DependsOn: B}\n  A: {Type: AWS::IAM::Role, Properties: {Value: !Ref C}}\n" +
			"  B: {Type: AWS::IAM::Role, Properties: {Value: !Sub '${A}'}}\n  C: {Type: AWS::IAM::Role, Properties: {Value: !GetAtt B.Arn}}": "stack.yaml:4:3: circular dependency: B → A → C → B",
	} {
		_, _, err := newCloud().deploy(t, text)
		if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
			t.Errorf("problems (-want +got):\n%s", diff)
		}
	}
}

func TestCheckFindsEveryProblemWithoutDeploying(t *testing.T) {
	template := parse(t, lines(
		"Resources:",
		"  Users: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {}, UserPoolName: !Ref Nobody}}",
		"  Queue: {Type: AWS::SQS::Queue, DependsOn: Users}",
		"  Client: {Type: AWS::Cognito::UserPoolClient, DependsOn: [Queu], Properties: {Foo: !Sub '${AWS::StackId}'}}"))
	want := lines(
		"stack.yaml:2:54: AWS::Cognito::UserPool LambdaConfig: AWS has LambdaConfig, the simulation does not",
		`stack.yaml:2:86: "Nobody" is neither a resource nor a parameter of this template: known are Users, Queue, Client`,
		`stack.yaml:3:17: the resource type "AWS::SQS::Queue" is not simulated: known are AWS::ApiGateway::Authorizer, AWS::Cognito::UserPool, AWS::Cognito::UserPoolClient, AWS::IAM::Role`,
		`stack.yaml:4:60: DependsOn: "Queu" is not a resource of this template: did you mean "Queue"?`)
	if diff := cmp.Diff(want, fmt.Sprint(template.Check(newCloud().types()))); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestCheckLeavesVerdictsToDeploy(t *testing.T) {
	for name, tc := range verdicts() {
		if err := parse(t, tc.text).Check(newCloud().types()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheTraceShowsTheStack(t *testing.T) {
	_, run, err := newCloud().deploy(t, "Resources:\n  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Users}}\n  Users: {Type: AWS::Cognito::UserPool}")
	if err != nil {
		t.Fatal(err)
	}
	check := func(rule trace.RuleID, wanted, found string) trace.Event {
		return trace.Event{Kind: trace.Checked, Exchange: 1, From: "CloudFormation", Title: string(rule),
			Check: &trace.Check{Rule: rule, Wanted: wanted, Found: found, Held: true}}
	}
	want := []trace.Event{
		{Kind: trace.Request, Exchange: 1, From: "Author", To: "CloudFormation", Title: "cloudformation:CreateStack",
			Message: &trace.Message{Body: "Client: AWS::Cognito::UserPoolClient\nUsers: AWS::Cognito::UserPool"}},
		check(cloudformation.RuleNoSuchType, "resource types that AWS has", "2 resources, every type known"),
		check(cloudformation.RuleNoSuchProperty, "properties that the types have", "2 resources, all of them"),
		check(cloudformation.RuleRequiredProperty, "every property that the types require", "2 resources, all of them"),
		check(cloudformation.RulePropertyType, "values of the properties' types", "2 resources, all of them"),
		check(cloudformation.RulePropertyValue, "values that the properties' types list", "2 resources, all of them"),
		check(cloudformation.RuleResourceCreated, "every resource is created", "2 resources"),
		{Kind: trace.Response, Exchange: 1, From: "CloudFormation", To: "Author", Title: "cloudformation:CreateStack",
			Message: &trace.Message{Status: 200, Body: "Users: id-Users\nClient: id-Client"}},
	}
	for i := range want {
		want[i].Seq, want[i].At = i+1, tracetest.Start()
	}
	if diff := cmp.Diff(want, run.Events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestAStackTellsWhatWasCreated(t *testing.T) {
	stack, _, err := newCloud().deploy(t, "Resources: {B: {Type: AWS::IAM::Role, DependsOn: Users}, Users: {Type: AWS::Cognito::UserPool}, A: {Type: AWS::IAM::Role}}")
	if err != nil {
		t.Fatal(err)
	}
	want := cloudformation.Created{Ref: "id-B", Attributes: map[string]string{"Arn": "arn:B"}}
	if got, ok := stack.Resource("B"); !ok || !cmp.Equal(want, got) {
		t.Errorf("B is %v", got)
	}
	if _, ok := stack.Resource("C"); ok {
		t.Error("there is a C")
	}
	if diff := cmp.Diff([]string{"B", "A"}, stack.OfType("AWS::IAM::Role")); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	if got := stack.OfType("AWS::IAM::User"); got == nil || len(got) > 0 {
		t.Errorf("users are %#v, want an empty list", got)
	}
	if stack.Type("A") != "AWS::IAM::Role" || stack.Type("C") != "" {
		t.Errorf("the types of A and C are %q and %q", stack.Type("A"), stack.Type("C"))
	}
}

func TestARefusalByAServiceFailsTheStack(t *testing.T) {
	for name, tc := range map[string]struct {
		decide bool
		rule   trace.RuleID
	}{
		"without a check of the service": {false, cloudformation.RuleResourceCreated},
		"with a check of the service":    {true, "test.name-free"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud()
			c.refusals["Users"], c.decide = taken(), tc.decide
			_, run, err := c.deploy(t, "Resources: {Role: {Type: AWS::IAM::Role}, Users: {Type: AWS::Cognito::UserPool}}")
			want := "Users: Resource handler returned message: ResourceConflictException: The name is taken"
			if fmt.Sprint(err) != want {
				t.Errorf("the error is %v", err)
			}
			var refusal *awserr.Error
			if !errors.As(err, &refusal) || refusal.Code != "ResourceConflictException" {
				t.Errorf("the service's error is lost: %v", err)
			}
			if got := tracetest.Decider(run, 1); got != tc.rule {
				t.Errorf("%s decides, want %s", got, tc.rule)
			}
			if last := run.Events[len(run.Events)-1]; last.Message == nil || last.Message.Error != "ResourceConflictException" || last.Message.Body != want {
				t.Errorf("the exchange ends with %+v", last)
			}
		})
	}
}

func TestAResourceThatTheSimulationCannotCreateIsAProblemOfTheTemplate(t *testing.T) {
	c := newCloud()
	c.refusals["Users"] = errors.New("no key is left")
	_, _, err := c.deploy(t, "Resources:\n  Users: {Type: AWS::Cognito::UserPool}")
	var problems source.Problems
	if want := "stack.yaml:2:3: Users cannot be created: no key is left"; !errors.As(err, &problems) || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

func TestDeployIsTheSameWithoutARecorder(t *testing.T) {
	for name, tc := range verdicts() {
		c := newCloud()
		_, _, recorded := c.deploy(t, tc.text)
		_, err := cloudformation.Deploy(nil, newCloud().world, parse(t, tc.text), newCloud().types())
		if fmt.Sprint(recorded) != fmt.Sprint(err) {
			t.Errorf("%s: %v without a recorder, %v with one", name, err, recorded)
		}
	}
}

func TestTheZeroTemplateDeploysNothing(t *testing.T) {
	stack, err := cloudformation.Deploy(nil, newCloud().world, cloudformation.Template{}, nil)
	if err != nil || len(stack.LogicalIDs()) > 0 {
		t.Errorf("deployed %v, error %v", stack.LogicalIDs(), err)
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	var coverage tracetest.Coverage
	for _, tc := range verdicts() {
		_, run, _ := newCloud().deploy(t, tc.text)
		coverage.Add(run)
	}
	refusing := newCloud()
	refusing.refusals["Role"] = taken()
	for _, c := range []*cloud{newCloud(), refusing} {
		_, run, _ := c.deploy(t, "Resources: {Role: {Type: AWS::IAM::Role}}")
		coverage.Add(run)
	}
	for _, text := range []string{"Resources: {Role: {Type: AWS::IAM::Role}}", "Resources: {Shop: {Type: AWS::Serverless::Api}}"} {
		_, run, _ := newCloud().deploy(t, "Transform: AWS::Serverless-2016-10-31\n"+text)
		coverage.Add(run)
	}
	coverage.Require(t, cloudformation.Rules())
}

func TestRulesAreWellFormed(t *testing.T) {
	seen := map[trace.RuleID]bool{}
	for _, rule := range cloudformation.Rules() {
		if seen[rule.ID] || rule.Statement == "" || rule.Source == "" || rule.Confidence == "" {
			t.Errorf("rule %+v", rule)
		}
		seen[rule.ID] = true
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(base), []byte("Resources: {Client: null}"))
	f.Add([]byte(withValue(`!Sub "${Users}/${!x}"`)), []byte("Resources: {Role: {Type: AWS::Cognito::UserPool}}"))
	f.Add([]byte(withValue(`!Select [1, !Split [":", !GetAtt Users.Arn]]`)), []byte("Outputs: {O: {Value: !Join ['', [a]]}}"))
	for _, tc := range verdicts() {
		f.Add([]byte(tc.text), []byte("Metadata: {Claimcheck: {Setup: []}}"))
	}
	f.Fuzz(func(t *testing.T, text, change []byte) {
		template, err := cloudformation.Parse("stack.yaml", text)
		if err != nil {
			return
		}
		if n, err := source.Parse("change.yaml", change); err == nil {
			if merged, err := template.Merge(n); err == nil {
				template = merged
			}
		}
		template.Lines()
		template.Metadata()
		c := newCloud()
		checked := template.Check(c.types())
		_, err = cloudformation.Deploy(c.world.Recorder().Flow(), c.world, template, c.types())
		if checked != nil && err == nil {
			t.Errorf("Check finds %v, Deploy nothing", checked)
		}
	})
}
