package sam_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cloudformation/sam"
	"claimcheck/sim/source"
)

func parse(t testing.TB, text string) source.Node {
	t.Helper()
	n, err := source.Parse("stack.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// expand returns the expanded template as a tree; what SAM refuses and what is
// not simulated ends the test.
func expand(t testing.TB, text string) map[string]any {
	t.Helper()
	var problems source.Problems
	expanded, faults := sam.Expand(parse(t, text), &problems)
	if len(problems) > 0 || len(faults) > 0 {
		t.Fatalf("problems %v, faults %v", problems, faults)
	}
	return expanded.Tree().(map[string]any)
}

func resources(tree map[string]any) map[string]any { return tree["Resources"].(map[string]any) }

// kinds are the types of the resources by logical id.
func kinds(tree map[string]any) map[string]string {
	all := map[string]string{}
	for id, r := range resources(tree) {
		all[id] = r.(map[string]any)["Type"].(string)
	}
	return all
}

func properties(tree map[string]any, id string) map[string]any {
	return resources(tree)[id].(map[string]any)["Properties"].(map[string]any)
}

const shop = `
Transform: AWS::Serverless-2016-10-31
Description: A shop.
Globals:
  Function:
    Runtime: nodejs22.x
    Environment: {Variables: {STAGE: test, LEVEL: info}}
  Api: {Auth: {ApiKeyRequired: true}}
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Cors: {AllowOrigin: "'*'", AllowHeaders: "'Authorization'"}
      Auth:
        DefaultAuthorizer: Pool
        Authorizers:
          Pool: {UserPoolArn: !GetAtt Users.Arn, AuthorizationScopes: [orders/read]}
          Token: {FunctionArn: !GetAtt Orders.Arn, Identity: {Header: X-Token, ValidationExpression: "[a-z]+", ReauthorizeEvery: 60}}
        UsagePlan: {CreateUsagePlan: PER_API}
  Users: {Type: AWS::Cognito::UserPool}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      InlineCode: "exports.handler = async () => ({statusCode: 200})"
      Environment: {Variables: {LEVEL: debug}}
      Policies: [AWSLambdaRole, {LambdaInvokePolicy: {FunctionName: !Ref Users}}]
      Events:
        Get: {Type: Api, Properties: {Path: "/orders/{id}", Method: get, RestApiId: !Ref Shop}}
        Put: {Type: Api, Properties: {Path: "/orders/{id}", Method: put, RestApiId: !Ref Shop, Auth: {Authorizer: Token, ApiKeyRequired: false}}}
        Welcome: {Type: Cognito, Properties: {UserPool: !Ref Users, Trigger: PostConfirmation}}
        Any: {Type: HttpApi, Properties: {Path: "/all/{proxy+}", Method: any}}
`

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
func TestResourcesHaveTheLogicalIDsOfSAM(t *testing.T) {
	got := kinds(expand(t, shop))
	want := map[string]string{
		"Orders": "AWS::Lambda::Function", "OrdersRole": "AWS::IAM::Role", "Users": "AWS::Cognito::UserPool",
		"OrdersGetPermissionlive": "AWS::Lambda::Permission", "OrdersPutPermissionlive": "AWS::Lambda::Permission",
		"OrdersCognitoPermission": "AWS::Lambda::Permission",
		"OrdersAnyPermission":     "AWS::Lambda::Permission", "ShopTokenAuthorizerPermission": "AWS::Lambda::Permission",
		"Shop": "AWS::ApiGateway::RestApi", "ShopliveStage": "AWS::ApiGateway::Stage",
		"ShopUsagePlan": "AWS::ApiGateway::UsagePlan", "ShopApiKey": "AWS::ApiGateway::ApiKey", "ShopUsagePlanKey": "AWS::ApiGateway::UsagePlanKey",
		"ServerlessHttpApi": "AWS::ApiGatewayV2::Api", "ServerlessHttpApiApiGatewayDefaultStage": "AWS::ApiGatewayV2::Stage",
		// What SAM writes into the OpenAPI documents.
		"ShopPoolAuthorizer": "AWS::ApiGateway::Authorizer", "ShopTokenAuthorizer": "AWS::ApiGateway::Authorizer",
		"ShopOrdersResource": "AWS::ApiGateway::Resource", "ShopOrdersIdResource": "AWS::ApiGateway::Resource",
		"ShopOrdersIdGetMethod": "AWS::ApiGateway::Method", "ShopOrdersIdPutMethod": "AWS::ApiGateway::Method", "ShopOrdersIdOptionsMethod": "AWS::ApiGateway::Method",
		"ServerlessHttpApiAllProxyAnyRoute": "AWS::ApiGatewayV2::Route", "ServerlessHttpApiAllProxyAnyIntegration": "AWS::ApiGatewayV2::Integration",
	}
	for id, kind := range got {
		if kind == "AWS::ApiGateway::Deployment" && strings.HasPrefix(id, "ShopDeployment") && len(id) == len("ShopDeployment926eeb5ff1") {
			delete(got, id)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
}

func TestADeploymentOfSomethingElseHasAnotherID(t *testing.T) {
	deployment := func(text string) string {
		for id, kind := range kinds(expand(t, text)) {
			if kind == "AWS::ApiGateway::Deployment" {
				return id
			}
		}
		return ""
	}
	first, again := deployment(shop), deployment(shop)
	if other := deployment(strings.Replace(shop, "Method: put", "Method: post", 1)); first != again || first == other {
		t.Errorf("deployments are %s, %s, and of something else %s", first, again, other)
	}
}

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func TestGlobalsAreMergedUnderTheResource(t *testing.T) {
	function := properties(expand(t, shop), "Orders")
	want := map[string]any{"Variables": map[string]any{"STAGE": "test", "LEVEL": "debug"}}
	if diff := cmp.Diff(want, function["Environment"]); diff != "" || function["Runtime"] != "nodejs22.x" {
		t.Errorf("runtime %v, environment (-want +got):\n%s", function["Runtime"], diff)
	}
}

func TestAnEventsAuthTakesThePlaceOfTheDefault(t *testing.T) {
	tree := expand(t, shop)
	for id, want := range map[string]map[string]any{
		"ShopOrdersIdGetMethod": {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": map[string]any{"Ref": "ShopPoolAuthorizer"},
			"AuthorizationScopes": []any{"orders/read"}, "ApiKeyRequired": true},
		"ShopOrdersIdPutMethod": {"AuthorizationType": "CUSTOM", "AuthorizerId": map[string]any{"Ref": "ShopTokenAuthorizer"}},
		"ShopOrdersIdOptionsMethod": {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": map[string]any{"Ref": "ShopPoolAuthorizer"},
			"AuthorizationScopes": []any{"orders/read"}, "ApiKeyRequired": true},
	} {
		got := map[string]any{}
		for name, value := range properties(tree, id) {
			if strings.HasPrefix(name, "Auth") || name == "ApiKeyRequired" {
				got[name] = value
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestALambdaAuthorizerIsDescribed(t *testing.T) {
	got := properties(expand(t, shop), "ShopTokenAuthorizer")
	for name, want := range map[string]any{
		"Type": "TOKEN", "IdentitySource": "method.request.header.X-Token", "IdentityValidationExpression": "[a-z]+", "AuthorizerResultTtlInSeconds": 60.0,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
func TestAnAliasIsWhatEventsCall(t *testing.T) {
	tree := expand(t, strings.Replace(shop, "Handler: index.handler", "Handler: index.handler\n      AutoPublishAlias: live", 1))
	alias := map[string]any{"Ref": "OrdersAliaslive"}
	if got := kinds(tree)["OrdersAliaslive"]; got != "AWS::Lambda::Alias" {
		t.Errorf("OrdersAliaslive is %q", got)
	}
	for id, got := range map[string]any{
		"permission": properties(tree, "OrdersGetPermissionlive")["FunctionName"], "route": properties(tree, "ServerlessHttpApiAllProxyAnyIntegration")["IntegrationUri"],
	} {
		if diff := cmp.Diff(alias, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

const triggered = `
Resources:
  Users: {Type: AWS::Cognito::UserPool, Properties: {UserPoolName: shop, LambdaConfig: {PostConfirmation: arn}}}
  Check:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Events:
        Sign: {Type: Cognito, Properties: {UserPool: !Ref Users, Trigger: [PreSignUp, PreAuthentication]}}
        Later: {Type: Cognito, Properties: {UserPool: !Ref Users, Trigger: TRIGGER}}
`

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-cognito.html
func TestACognitoEventIsATriggerOfItsPool(t *testing.T) {
	tree := expand(t, strings.Replace(triggered, "TRIGGER", "PostAuthentication", 1))
	arn := map[string]any{"Fn::GetAtt": []any{"Check", "Arn"}}
	want := map[string]any{"UserPoolName": "shop", "LambdaConfig": map[string]any{
		"PostConfirmation": "arn", "PreSignUp": arn, "PreAuthentication": arn, "PostAuthentication": arn,
	}}
	if diff := cmp.Diff(want, properties(tree, "Users")); diff != "" {
		t.Errorf("pool (-want +got):\n%s", diff)
	}
	permission := properties(tree, "CheckCognitoPermission")
	if permission["Principal"] != "cognito-idp.amazonaws.com" || !cmp.Equal(permission["SourceArn"], any(map[string]any{"Fn::GetAtt": []any{"Users", "Arn"}})) {
		t.Errorf("permission is %v", permission)
	}
}

func TestATriggerCannotBeDefinedTwice(t *testing.T) {
	var problems source.Problems
	_, faults := sam.Expand(parse(t, strings.Replace(triggered, "TRIGGER", "PostConfirmation", 1)), &problems)
	if len(faults) != 1 || faults[0].Message != `Event with id [Later] is invalid. Cognito trigger "PostConfirmation" defined multiple times.` {
		t.Errorf("faults are %v", faults)
	}
}

func TestATriggerNeedsAPoolOfTheTemplate(t *testing.T) {
	var problems source.Problems
	_, faults := sam.Expand(parse(t, strings.ReplaceAll(triggered, "!Ref Users", "us-east-1_Abc")), &problems)
	if len(faults) != 2 || !strings.Contains(faults[0].Message, "UserPool must be a reference to a user pool in the same template.") {
		t.Errorf("faults are %v", faults)
	}
}

func TestAPermissionIsForOneMethodInEveryStage(t *testing.T) {
	tree := expand(t, shop)
	const arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
	for id, want := range map[string]string{
		"OrdersGetPermissionlive": arn + "${Shop}/*/GET/orders/*", "OrdersAnyPermission": arn + "${ServerlessHttpApi}/*/*/all/*",
		"ShopTokenAuthorizerPermission": arn + "${Shop}/authorizers/*",
	} {
		if diff := cmp.Diff(map[string]any{"Fn::Sub": want}, properties(tree, id)["SourceArn"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestAPathWithoutMethodsOfItsOwnAllowsThoseItHas(t *testing.T) {
	options := properties(expand(t, shop), "ShopOrdersIdOptionsMethod")
	responses := options["Integration"].(map[string]any)["IntegrationResponses"].([]any)
	got := responses[0].(map[string]any)["ResponseParameters"]
	want := map[string]any{
		"method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS,PUT'",
		"method.response.header.Access-Control-Allow-Headers": "'Authorization'", "method.response.header.Access-Control-Allow-Origin": "'*'",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotSimulatedIsAProblemAtItsPlace(t *testing.T) {
	const head = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
	for name, test := range map[string]struct{ text, want string }{
		"a type":            {head + "  T: {Type: AWS::Serverless::SimpleTable}", "stack.yaml:3:13: SAM has AWS::Serverless::SimpleTable, the simulation does not"},
		"a property":        {head + "  T: {Type: AWS::Serverless::HttpApi, Properties: {Domain: {}}}", "stack.yaml:3:52: SAM has the property Domain of AWS::Serverless::HttpApi, the simulation does not"},
		"code in files":     {head + "  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: src}}", "stack.yaml:3:53: SAM has the property CodeUri of AWS::Serverless::Function, the simulation does not"},
		"an event":          {head + "  F: {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Events: {E: {Type: S3}}}}", `stack.yaml:3:87: SAM has events of type "S3", the simulation has Api, HttpApi and Cognito`},
		"a policy template": {head + "  F: {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Policies: [{SQSPollerPolicy: {}}]}}", `stack.yaml:3:80: the policy template "SQSPollerPolicy" is not simulated`},
		"a resource policy": {head + "  A: {Type: AWS::Serverless::Api, Properties: {StageName: a, Auth: {ResourcePolicy: {SourceVpcWhitelist: [x]}}}}", "stack.yaml:3:86: SAM has SourceVpcWhitelist in ResourcePolicy, the simulation does not"},
	} {
		t.Run(name, func(t *testing.T) {
			var problems source.Problems
			sam.Expand(parse(t, test.text), &problems)
			texts := make([]string, len(problems))
			for i, p := range problems {
				texts[i] = p.String()
			}
			if !slices.ContainsFunc(texts, func(s string) bool { return strings.HasPrefix(s, test.want) }) {
				t.Errorf("problems are %q, want %s", texts, test.want)
			}
		})
	}
}

// TestNoValueMakesTheTransformPanic puts values of every shape in every place.
func TestNoValueMakesTheTransformPanic(t *testing.T) {
	whole := parse(t, shop)
	count := 0
	for _, value := range []string{"null", "text", "[]", "[a, {b: c}]", "{}", "{Ref: Shop}", "!Ref Shop", "!Sub [a, {b: c}]", "12", "true"} {
		replacement := parse(t, "x: "+value)
		var problems source.Problems
		put := replacement.Entries(&problems)[0].Value
		for _, path := range pathsOf(whole, nil) {
			var found source.Problems
			expanded, _ := sam.Expand(replaced(whole, path, put), &found)
			if expanded.YAML == nil {
				t.Fatalf("%s at %v: nothing", value, path)
			}
			_ = fmt.Sprint(expanded.Tree())
			count++
		}
	}
	if count < 500 {
		t.Errorf("only %d templates were tried", count)
	}
}

// pathsOf are the paths to every value of a mapping.
func pathsOf(n source.Node, path []string) [][]string {
	var ignored source.Problems
	var all [][]string
	for _, e := range n.Entries(&ignored) {
		here := append(slices.Clone(path), e.Key)
		all = append(append(all, here), pathsOf(e.Value, here)...)
	}
	return all
}

func replaced(n source.Node, path []string, value source.Node) source.Node {
	if len(path) == 0 {
		return value
	}
	var ignored source.Problems
	entries := n.Entries(&ignored)
	for i := range entries {
		if entries[i].Key == path[0] {
			entries[i].Value = replaced(entries[i].Value, path[1:], value)
		}
	}
	return n.With(entries)
}

func TestATypeThatSAMHasNotIsLeftToCloudFormation(t *testing.T) {
	tree := expand(t, "Transform: AWS::Serverless-2016-10-31\nResources: {Shop: {Type: AWS::Serverless::RestApi}}")
	if got := kinds(tree)["Shop"]; got != "AWS::Serverless::RestApi" {
		t.Errorf("the type is %q", got)
	}
}

func TestATemplateWithoutSAMTypesStaysAsItIs(t *testing.T) {
	tree := expand(t, "Transform: AWS::Serverless-2016-10-31\nDescription: d\nResources: {Users: {Type: AWS::Cognito::UserPool}}")
	want := map[string]any{"Description": "d", "Resources": map[string]any{"Users": map[string]any{"Type": "AWS::Cognito::UserPool"}}}
	if diff := cmp.Diff(want, tree); diff != "" {
		t.Errorf("template (-want +got):\n%s", diff)
	}
	if got := slices.Sorted(maps.Keys(tree)); len(got) != 2 {
		t.Errorf("sections are %v", got)
	}
}
