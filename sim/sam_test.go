package sim_test

import (
	"strings"
	"testing"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// samRow is a SAM template and what one request to it is answered.
type samRow struct {
	name, source string
	// globals, api and function are properties of base.
	globals, api, function string
	// of is the logical id of the stage, and request is "GET /path".
	of, request string
	headers     map[string]string
	signed      bool
	status      int
	rule        trace.RuleID
}

// samBase is a function with the given events, behind an explicit API where one
// is given.
const samBase = `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: nodejs22.x, Handler: index.handler}
  GLOBALS
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  API
  Checker:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        exports.handler = async (event) => {
          if (event.version === "2.0") return {isAuthorized: event.headers.authorization === "let-me-in"};
          if (event.authorizationToken !== "let-me-in") throw new Error("Unauthorized");
          return {principalId: "ana", policyDocument: {Version: "2012-10-17", Statement: [{Effect: "Allow", Action: "execute-api:Invoke", Resource: "*"}]}};
        };
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        exports.handler = async () => ({statusCode: 200, body: "[]"});
      FUNCTION
`

const (
	restEvents = `Events: {List: {Type: Api, Properties: {Path: /orders, Method: get, RestApiId: !Ref Shop}},
        Open: {Type: Api, Properties: {Path: /open, Method: get, RestApiId: !Ref Shop, Auth: {Authorizer: NONE}}}}`
	httpEvents = `Events: {List: {Type: HttpApi, Properties: {Path: /orders, Method: get, ApiId: !Ref Shop}},
        Open: {Type: HttpApi, Properties: {Path: /open, Method: get, ApiId: !Ref Shop, Auth: {Authorizer: NONE}}}}`
	poolAPI   = `Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Cors: "'*'", Auth: {DefaultAuthorizer: Pool, Authorizers: {Pool: {UserPoolArn: !GetAtt Users.Arn}}EXTRA}}}`
	lambdaAPI = `Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Auth: {DefaultAuthorizer: Token, Authorizers: {Token: {FunctionArn: !GetAtt Checker.ArnEXTRA}}}}}`
	httpAPI   = `Shop: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: {AllowOrigins: ["https://shop.example.com"], AllowHeaders: [authorization]}, Auth: {DefaultAuthorizer: Pool,
      Authorizers: {Pool: {JwtConfiguration: {issuer: !GetAtt Users.ProviderURL, audience: [shop]}}}}}}`
	httpLambda = `Shop: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: Token, Authorizers: {Token: {FunctionArn: !GetAtt Checker.Arn,
      AuthorizerPayloadFormatVersion: "2.0", EnableSimpleResponses: true, Identity: {Headers: [Authorization]}EXTRA}}}}}`
)

// invoker is a role that may invoke every function and trusts a service.
func invoker(service string) string {
	return `
  Invoker: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ` + service + `}, Action: "sts:AssumeRole"}]},
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaRole"]}}`
}

func extra(template, more string) string { return strings.Replace(template, "EXTRA", more, 1) }

// samRows is what the Auth block of SAM comes to.
func samRows() []samRow {
	const (
		page     = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/"
		apiAuth  = page + "sam-property-api-apiauth.html"
		event    = page + "sam-property-function-apifunctionauth.html"
		httpAuth = page + "sam-property-httpapi-httpapiauth.html"
		lambdas  = page + "sam-property-httpapi-lambdaauthorizer.html"
		policies = page + "sam-property-api-resourcepolicystatement.html"
		plans    = page + "sam-property-api-apiusageplan.html"
		made     = page + "sam-specification-generated-resources-api.html"
	)
	preflight := map[string]string{"Origin": "https://shop.example.com", "Access-Control-Request-Method": "GET"}
	letIn := map[string]string{"Authorization": "let-me-in"}
	implicit := `Events: {List: {Type: Api, Properties: {Path: "/orders/{id}", Method: GET}}}`
	iamAPI := `Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Auth: {DefaultAuthorizer: AWS_IAM, InvokeRole: NONE}}}`
	keyAPI := `Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Auth: {ApiKeyRequired: true, UsagePlan: {CreateUsagePlan: PER_API}}}}`
	officeAPI := `Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Auth: {ResourcePolicy: {IpRangeWhitelist: [192.0.2.0/24]}}}}`
	list := `Events: {List: {Type: Api, Properties: {Path: /orders, Method: get, RestApiId: !Ref Shop}}}`
	iamHTTP := `Shop: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: AWS_IAM, EnableIamAuthorizer: true}}}`
	listHTTP := `Events: {List: {Type: HttpApi, Properties: {Path: /orders, Method: get, ApiId: !Ref Shop}}}`
	return []samRow{
		{name: "the implicit API has the stage Prod", source: made, function: implicit, of: "ServerlessRestApiProdStage", request: "GET /orders/7", status: 200},
		{name: "and one called Stage", source: made, function: implicit, of: "ServerlessRestApiProdStage", request: "GET /../Stage/orders/7", status: 200},
		{name: "which OpenApiVersion leaves out", source: page + "sam-resource-api.html", globals: "Api: {OpenApiVersion: 3.0.1}", function: implicit, of: "ServerlessRestApiProdStage",
			request: "GET /../Stage/orders/7", status: 403, rule: "apigateway.route.stage"},
		{name: "a default authorizer guards every method", source: apiAuth, api: extra(poolAPI, ""), function: restEvents, of: "ShopprodStage", request: "GET /orders", status: 401, rule: "apigateway.cognito.identity-source"},
		{name: "but for an event with NONE", source: event, api: extra(poolAPI, ""), function: restEvents, of: "ShopprodStage", request: "GET /open", status: 200},
		{name: "and the preflight requests too", source: apiAuth, api: extra(poolAPI, ""), function: restEvents, of: "ShopprodStage", request: "OPTIONS /orders", headers: preflight, status: 401, rule: "apigateway.cognito.identity-source"},
		{name: "even beside an event with NONE", source: apiAuth, api: extra(poolAPI, ""), function: restEvents, of: "ShopprodStage", request: "OPTIONS /open", headers: preflight, status: 401, rule: "apigateway.cognito.identity-source"},
		{name: "unless AddDefaultAuthorizerToCorsPreflight is false", source: apiAuth, api: extra(poolAPI, ", AddDefaultAuthorizerToCorsPreflight: false"), function: restEvents, of: "ShopprodStage", request: "OPTIONS /orders", headers: preflight, status: 200},
		{name: "an authorizer of the event's own guards no preflight requests", source: "https://github.com/aws/serverless-application-model/issues/717",
			api: extra(strings.Replace(poolAPI, "DefaultAuthorizer: Pool, ", "", 1), ""), function: "Events: {List: {Type: Api, Properties: {Path: /orders, Method: get, RestApiId: !Ref Shop, Auth: {Authorizer: Pool}}}}",
			of: "ShopprodStage", request: "OPTIONS /orders", headers: preflight, status: 200},
		{name: "a Lambda authorizer gets its permission", source: apiAuth, api: extra(lambdaAPI, ""), function: restEvents, of: "ShopprodStage", request: "GET /orders", headers: letIn, status: 200},
		{name: "unless it is disabled", source: apiAuth, api: extra(lambdaAPI, ", DisableFunctionDefaultPermissions: true"), function: restEvents, of: "ShopprodStage", request: "GET /orders", headers: letIn, status: 500, rule: "apigateway.lambda-authorizer.permission"},
		{name: "of type TOKEN, unless it says REQUEST", source: apiAuth, api: extra(lambdaAPI, ", FunctionPayloadType: REQUEST, Identity: {Headers: [X-Token]}"), function: restEvents, of: "ShopprodStage", request: "GET /orders", headers: letIn,
			status: 401, rule: "apigateway.lambda-authorizer.identity-source"},
		{name: "AWS_IAM without a signature", source: apiAuth, api: iamAPI, function: list, of: "ShopprodStage", request: "GET /orders", status: 403, rule: "iam.signature.present"},
		{name: "AWS_IAM with one", source: apiAuth, api: iamAPI, function: list, of: "ShopprodStage", request: "GET /orders", signed: true, status: 200},
		{name: "AWS_IAM with the caller's own credentials, unless InvokeRole is NONE", source: apiAuth, api: strings.Replace(iamAPI, ", InvokeRole: NONE", "", 1), function: list,
			of: "ShopprodStage", request: "GET /orders", signed: true, status: 200},
		{name: "an API key is required", source: plans, api: keyAPI, function: list, of: "ShopprodStage", request: "GET /orders", status: 403, rule: "apigateway.api-key.known"},
		{name: "an address outside the list", source: policies, api: officeAPI, function: list, of: "ShopprodStage", request: "GET /orders", status: 403, rule: "iam.explicit-deny"},
		{name: "a JWT authorizer guards every route", source: httpAuth, api: httpAPI, function: httpEvents, of: "ShopApiGatewayDefaultStage", request: "GET /orders", status: 401, rule: "apigatewayv2.jwt.identity-source"},
		{name: "but for a route with NONE", source: httpAuth, api: httpAPI, function: httpEvents, of: "ShopApiGatewayDefaultStage", request: "GET /open", status: 200},
		{name: "and not the preflight requests", source: httpAuth, api: httpAPI, function: httpEvents, of: "ShopApiGatewayDefaultStage", request: "OPTIONS /orders", headers: preflight, status: 204},
		{name: "an HTTP API's Lambda authorizer gets no permission", source: lambdas, api: extra(httpLambda, ""), function: httpEvents, of: "ShopApiGatewayDefaultStage", request: "GET /orders", headers: letIn,
			status: 500, rule: "apigatewayv2.lambda-authorizer.permission"},
		{name: "unless it is enabled", source: lambdas, api: extra(httpLambda, ", EnableFunctionDefaultPermissions: true"), function: httpEvents, of: "ShopApiGatewayDefaultStage", request: "GET /orders", headers: letIn, status: 200},
		{name: "or it is invoked with a role", source: lambdas, api: extra(httpLambda, ", FunctionInvokeRole: !GetAtt Invoker.Arn") + invoker("apigateway.amazonaws.com"), function: httpEvents, of: "ShopApiGatewayDefaultStage", request: "GET /orders", headers: letIn, status: 200},
		{name: "one that trusts API Gateway", source: lambdas, api: extra(httpLambda, ", FunctionInvokeRole: !GetAtt Invoker.Arn") + invoker("lambda.amazonaws.com"), function: httpEvents, of: "ShopApiGatewayDefaultStage", request: "GET /orders", headers: letIn,
			status: 500, rule: "apigatewayv2.credentials.assume-role"},
		{name: "AWS_IAM at an HTTP API", source: httpAuth, api: iamHTTP, function: listHTTP, of: "ShopApiGatewayDefaultStage", request: "GET /orders", signed: true, status: 200},
		{name: "events call the alias", source: page + "sam-resource-function.html", function: "AutoPublishAlias: live\n      Events: {List: {Type: Api, Properties: {Path: /orders, Method: get}}, New: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}",
			of: "ServerlessRestApiProdStage", request: "GET /orders", status: 200},
		{name: "of an HTTP API as well", source: page + "sam-resource-function.html", function: "AutoPublishAlias: live\n      Events: {List: {Type: Api, Properties: {Path: /orders, Method: get}}, New: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}",
			of: "ServerlessHttpApiApiGatewayDefaultStage", request: "GET /orders", status: 200},
		{name: "the implicit HTTP API's $default route", source: page + "sam-property-function-httpapi.html", function: "Events: {All: {Type: HttpApi}}", of: "ServerlessHttpApiApiGatewayDefaultStage", request: "GET /anything", status: 200},
	}
}

func TestSAMTemplatesAnswerAsTheirAuthBlockSays(t *testing.T) {
	for _, row := range samRows() {
		t.Run(row.name, func(t *testing.T) {
			a, stack := deploy(t, strings.NewReplacer("GLOBALS", row.globals, "API", row.api, "FUNCTION", row.function).Replace(samBase))
			stage, ok := stack.Resource(row.of)
			if !ok {
				t.Fatalf("%s: no %s among %v", row.source, row.of, stack.LogicalIDs())
			}
			status, rule := row.send(t, a, stage.Extra["Url"])
			if status != row.status || rule != row.rule {
				t.Errorf("%s: %s is %d by %q, want %d by %q", row.source, row.request, status, rule, row.status, row.rule)
			}
		})
	}
}

// send sends the row's request to a stage. A path that begins with /.. takes the
// place of the stage's.
func (r samRow) send(t *testing.T, a *sim.Account, address string) (int, trace.RuleID) {
	t.Helper()
	method, path, _ := strings.Cut(r.request, " ")
	if other, ok := strings.CutPrefix(path, "/.."); ok {
		address, path = address[:strings.LastIndex(address, "/")], other
	}
	request := api.HTTPRequest{From: "App", Method: method, URL: address + path, Header: api.Header{}, SourceIP: "203.0.113.9"}
	for name, value := range r.headers {
		request.Header.Set(name, value)
	}
	if r.signed {
		if err := sigv4.Sign(&request, a.Administrator(), "execute-api", a.Region(), a.Now()); err != nil {
			t.Fatal(err)
		}
	}
	recorder := trace.NewRecorder(a.Now)
	response, err := a.Send(recorder.Flow(), request)
	if err != nil {
		t.Fatal(err)
	}
	if response.Status < 400 {
		return response.Status, ""
	}
	return response.Status, tracetest.Decider(recorder.Trace(), 1)
}

// The policy templates and names in Policies become the function's role.
func TestAFunctionOfSAMHasTheRoleOfItsPolicies(t *testing.T) {
	for name, test := range map[string]struct {
		policies string
		want     string
	}{
		"no policy":         {"", "AccessDeniedException"},
		"a policy template": {"Policies: [{DynamoDBReadPolicy: {TableName: !Ref Notes}}]", "ok"},
		"another one":       {"Policies: [{DynamoDBWritePolicy: {TableName: !Ref Notes}}]", "AccessDeniedException"},
		"a managed policy":  {"Policies: AmazonDynamoDBReadOnlyAccess", "ok"},
		"a document":        {"Policies: [{Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Notes.Arn}]}]", "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			a, stack := deploy(t, `
Transform: AWS::Serverless-2016-10-31
Resources:
  Notes: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Environment: {Variables: {TABLE: !Ref Notes}}
      `+test.policies+`
      InlineCode: |
        const {DynamoDBClient, GetItemCommand} = require("@aws-sdk/client-dynamodb");
        exports.handler = async () => {
          try {
            await new DynamoDBClient({}).send(new GetItemCommand({TableName: process.env.TABLE, Key: {id: {S: "1"}}}));
            return {statusCode: 200, body: "ok"};
          } catch (e) { return {statusCode: 200, body: e.name}; }
        };
      Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}
`)
			stage, _ := stack.Resource("ServerlessHttpApiApiGatewayDefaultStage")
			response, err := a.Send(nil, api.HTTPRequest{Method: "GET", URL: stage.Extra["Url"] + "/", Header: api.Header{}})
			if err != nil || response.Body != test.want {
				t.Errorf("the function says %d %q, %v, want %q", response.Status, response.Body, err, test.want)
			}
		})
	}
}

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-cognito.html
func TestACognitoEventOfSAMRunsAtSignUp(t *testing.T) {
	a, stack := deploy(t, `
Transform: AWS::Serverless-2016-10-31
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Users}}
  Confirm:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async (event) => { event.response.autoConfirmUser = true; return event; };
      Events: {SignUp: {Type: Cognito, Properties: {UserPool: !Ref Users, Trigger: PreSignUp}}}
`)
	out, err := a.Call(nil, api.Call{Service: "cognito-idp", Operation: "SignUp", Input: map[string]any{
		"ClientId": ref(t, stack, "App"), "Username": "ana", "Password": "Correct-Horse-7",
	}})
	if err != nil || out["UserConfirmed"] != true {
		t.Errorf("signed up: %v, %v", out, err)
	}
}

func TestATemplateThatSAMRefusesDoesNotDeploy(t *testing.T) {
	const head = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
	for name, test := range map[string]struct{ template, want string }{
		"NONE without a default authorizer": {head + `  F: {Type: AWS::Serverless::Function, Properties: {InlineCode: "x", Runtime: nodejs22.x, Handler: i.h, Events: {A: {Type: Api, Properties: {Path: /a, Method: get, Auth: {Authorizer: NONE}}}}}}`,
			"Number of errors found: 1. Resource with id [F] is invalid. Event with id [A] is invalid. Unable to set Authorizer on API method [get] for path [/a] because 'NONE' is only a valid value when a DefaultAuthorizer on the API is specified."},
		"a default authorizer that is not there": {head + `  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Auth: {DefaultAuthorizer: Pool}}}`,
			"Resource with id [Shop] is invalid. Unable to set DefaultAuthorizer because 'Pool' was not defined in 'Authorizers'."},
		"an API without a stage name": {head + `  Shop: {Type: AWS::Serverless::Api}`, "Resource with id [Shop] is invalid. Missing required property 'StageName'."},
		"a property of nobody":        {head + `  Shop: {Type: AWS::Serverless::HttpApi, Properties: {Authorizers: {}}}`, "property Authorizers not defined for resource of type AWS::Serverless::HttpApi"},
	} {
		t.Run(name, func(t *testing.T) {
			parsed, err := cloudformation.Parse("stack.yaml", []byte(test.template))
			if err != nil {
				t.Fatal(err)
			}
			recorder := trace.NewRecorder(tracetest.Start)
			_, err = sim.New(tracetest.Start()).Deploy(recorder.Flow(), parsed)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v", err)
			}
			if got := tracetest.Decider(recorder.Trace(), 1); got != cloudformation.RuleTransform {
				t.Errorf("decided by %q", got)
			}
		})
	}
}

func TestSAMTypesWithoutTheTransformAreNoTypes(t *testing.T) {
	parsed, err := cloudformation.Parse("stack.yaml", []byte("Resources: {Shop: {Type: AWS::Serverless::HttpApi}}"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = sim.New(tracetest.Start()).Deploy(nil, parsed)
	if err == nil || !strings.Contains(err.Error(), "Template format error: Unrecognized resource types: [AWS::Serverless::HttpApi]") {
		t.Errorf("the error is %v", err)
	}
}
