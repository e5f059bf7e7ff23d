package sim_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const signedAPI = `
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: tasks}}
  Tasks: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: tasks}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Tasks
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration:
        Type: MOCK
        RequestTemplates: {application/json: '{"statusCode": 200}'}
        IntegrationResponses: [{StatusCode: "200", ResponseTemplates: {application/json: "fine"}}]
      MethodResponses: [{StatusCode: "200"}]
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: [Get], Properties: {RestApiId: !Ref Api, StageName: prod}}
  Ana:
    Type: AWS::IAM::User
    Properties:
      UserName: ana
      Policies:
        - PolicyName: tasks
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: execute-api:Invoke, Resource: !Sub "arn:aws:execute-api:*:*:${Api}/*"}]}
  AnaKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Ana}}
  Ben: {Type: AWS::IAM::User, Properties: {UserName: ben}}
  BenKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Ben}}
  Eve:
    Type: AWS::IAM::User
    Properties:
      UserName: eve
      Policies:
        - PolicyName: nothing
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "*", Resource: "*"}]}
  EveKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Eve}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: !Ref "AWS::AccountId"}, Action: sts:AssumeRole}]}
      Policies:
        - PolicyName: tasks
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: execute-api:Invoke, Resource: "*"}]}
`

// signing is how a request to the signed API is signed.
type signing struct {
	credentials     api.Credentials
	service, region string
	// early is how long before now it is signed.
	early time.Duration
	// change is made after the signature.
	change func(*api.HTTPRequest)
}

// TestSignaturesAtAMethodWithIAM is the outcome table of AWS_IAM with real
// signatures: https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
func TestSignaturesAtAMethodWithIAM(t *testing.T) {
	a, stack := deploy(t, signedAPI)
	key := func(user string) api.Credentials {
		created, _ := stack.Resource(user + "Key")
		return api.Credentials{AccessKeyID: created.Ref, SecretAccessKey: created.Attributes["SecretAccessKey"]}
	}
	reader, _ := stack.Resource("Reader")
	session := assumed(t, a, reader.Attributes["Arn"])
	with := func(change func(*api.Credentials)) api.Credentials {
		c := session
		change(&c)
		return c
	}
	const tail = " is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:API/prod/GET/tasks"
	for _, row := range []struct {
		name    string
		signing signing
		status  int
		kind    string
		message string
	}{
		{"signed", signing{credentials: key("Ana")}, 200, "", ""},
		{"signed four minutes ago", signing{credentials: key("Ana"), early: 4 * time.Minute}, 200, "", ""},
		{"signed an hour ago", signing{credentials: key("Ana"), early: time.Hour}, 403, "InvalidSignatureException", "Signature expired: "},
		{"signed in an hour", signing{credentials: key("Ana"), early: -time.Hour}, 403, "InvalidSignatureException", "Signature not yet current: "},
		{"signed for another service", signing{credentials: key("Ana"), service: "s3"}, 403, "InvalidSignatureException", "Credential should be scoped to correct service"},
		{"signed for another Region", signing{credentials: key("Ana"), region: "eu-west-1"}, 403, "InvalidSignatureException", "Credential should be scoped to a valid Region, not 'eu-west-1'."},
		{"another path than was signed", signing{credentials: key("Ana"), change: func(r *api.HTTPRequest) { r.URL += "?x=1" }},
			403, "InvalidSignatureException", "The request signature we calculated does not match the signature you provided."},
		{"another key's secret", signing{credentials: api.Credentials{AccessKeyID: key("Ana").AccessKeyID, SecretAccessKey: "wrong"}},
			403, "InvalidSignatureException", "The request signature we calculated does not match the signature you provided."},
		{"an unknown key", signing{credentials: api.Credentials{AccessKeyID: "AKIAUNKNOWN", SecretAccessKey: "x"}},
			403, "AccessDeniedException", "The security token included in the request is invalid."},
		{"a session", signing{credentials: session}, 200, "", ""},
		{"a session without its token", signing{credentials: with(func(c *api.Credentials) { c.SessionToken = "" })},
			403, "AccessDeniedException", "The security token included in the request is invalid."},
		{"a session with another token", signing{credentials: with(func(c *api.Credentials) { c.SessionToken = "other" })},
			403, "AccessDeniedException", "The security token included in the request is invalid."},
		{"no policy allows it", signing{credentials: key("Ben")}, 403, "AccessDeniedException", "User: arn:aws:iam::123456789012:user/ben" + tail},
		{"a policy denies it", signing{credentials: key("Eve")}, 403, "AccessDeniedException", "User: arn:aws:iam::123456789012:user/eve" + tail + " with an explicit deny"},
	} {
		t.Run(row.name, func(t *testing.T) {
			id := ref(t, stack, "Api")
			got := row.signing.send(t, a, id)
			message := strings.ReplaceAll(row.message, ":API/", ":"+id+"/")
			if got.Status != row.status || got.Header.Get("x-amzn-errortype") != row.kind || !strings.Contains(got.Body, message) {
				t.Errorf("answered %d %s %s\nwant     %d %s %s", got.Status, got.Header.Get("x-amzn-errortype"), got.Body, row.status, row.kind, message)
			}
		})
	}
	a.Advance(2 * time.Hour)
	got := signing{credentials: session}.send(t, a, ref(t, stack, "Api"))
	if got.Status != 403 || got.Header.Get("x-amzn-errortype") != "ExpiredTokenException" || !strings.Contains(got.Body, "The security token included in the request is expired") {
		t.Errorf("an expired session is answered %d %s", got.Status, got.Body)
	}
}

// assumed are credentials of a role.
func assumed(t *testing.T, a *sim.Account, role string) api.Credentials {
	t.Helper()
	administrator := a.Administrator()
	output, err := a.Call(nil, api.Call{
		Service: "sts", Operation: "AssumeRole", Input: map[string]any{"RoleArn": role, "RoleSessionName": "reader"},
		Caller: api.Caller{Credentials: &administrator},
	})
	if err != nil {
		t.Fatal(err)
	}
	credentials, _, err := api.Issued(output)
	if err != nil {
		t.Fatal(err)
	}
	return credentials
}

func (s signing) send(t *testing.T, a *sim.Account, id string) api.HTTPResponse {
	t.Helper()
	request := api.HTTPRequest{Method: "GET", URL: "https://" + id + ".execute-api.us-east-1.amazonaws.com/prod/tasks", Header: api.Header{}}
	if s.service == "" {
		s.service = "execute-api"
	}
	if s.region == "" {
		s.region = "us-east-1"
	}
	if err := sigv4.Sign(&request, s.credentials, s.service, s.region, a.Now().Add(-s.early)); err != nil {
		t.Fatal(err)
	}
	if s.change != nil {
		s.change(&request)
	}
	recorder := trace.NewRecorder(a.Now)
	response, err := a.Send(recorder.Flow(), request)
	if err != nil {
		t.Fatal(err)
	}
	if response.Status != 200 && tracetest.Decider(recorder.Trace(), 1) == "" {
		t.Errorf("no check refused the request")
	}
	return response
}

// openWith is the signed API with an open method and a resource policy.
func openWith(statements string) string {
	open := strings.Replace(signedAPI, "AuthorizationType: AWS_IAM", "AuthorizationType: NONE", 1)
	return strings.Replace(open, "Properties: {Name: tasks}", `Properties: {Name: tasks, Policy: {Version: "2012-10-17", Statement: `+statements+`}}`, 1)
}

func getTasks(t *testing.T, template string, change func(*api.HTTPRequest)) int {
	t.Helper()
	a, stack := deploy(t, template)
	request := api.HTTPRequest{Method: "GET", URL: "https://" + ref(t, stack, "Api") + ".execute-api.us-east-1.amazonaws.com/prod/tasks", Header: api.Header{}, SourceIP: "198.51.100.7"}
	change(&request)
	response, err := a.Send(nil, request)
	if err != nil {
		t.Fatal(err)
	}
	return response.Status
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
func TestForwardedAddressIsNotTheSource(t *testing.T) {
	office := openWith(`[{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "execute-api:/*", Condition: {IpAddress: {"aws:SourceIp": 203.0.113.0/24}}}]`)
	for name, row := range map[string]struct {
		change func(*api.HTTPRequest)
		status int
	}{
		"from the office":                {func(r *api.HTTPRequest) { r.SourceIP = "203.0.113.9" }, 200},
		"from elsewhere":                 {func(*api.HTTPRequest) {}, 403},
		"from elsewhere, and it says so": {func(r *api.HTTPRequest) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }, 403},
	} {
		if got := getTasks(t, office, row.change); got != row.status {
			t.Errorf("%s: answered %d, want %d", name, got, row.status)
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
func TestAPublicAPIKnowsTheAddressAndTheClientButNoVPC(t *testing.T) {
	for condition, status := range map[string]int{
		`IpAddress: {"aws:SourceIp": 198.51.100.0/24}`:               200,
		`NotIpAddress: {"aws:SourceIp": 198.51.100.0/24}`:            403,
		`StringLike: {"aws:UserAgent": "shop/*"}`:                    200,
		`StringEquals: {"aws:Referer": "https://other.example.com"}`: 403,
		`Bool: {"aws:SecureTransport": "true"}`:                      200,
		`DateLessThan: {"aws:CurrentTime": "2020-01-01T00:00:00Z"}`:  403,
		`StringEquals: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}`:   403,
		`StringEquals: {"aws:SourceVpc": vpc-0a1b2c3d4e5f60718}`:     403,
		`StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}`:         403,
	} {
		template := openWith(`[{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "execute-api:/*", Condition: {` + condition + `}}]`)
		got := getTasks(t, template, func(r *api.HTTPRequest) {
			r.Header.Set("User-Agent", "shop/1.0")
			r.Header.Set("Referer", "https://shop.example.com")
		})
		if got != status {
			t.Errorf("%s: answered %d, want %d", condition, got, status)
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
func TestAccountsInAResourcePolicyShutOutMethodsWithoutIAM(t *testing.T) {
	named := openWith(`[{Effect: Allow, Principal: {AWS: "123456789012"}, Action: execute-api:Invoke, Resource: "execute-api:/*"}]`)
	if got := getTasks(t, named, func(*api.HTTPRequest) {}); got != 403 {
		t.Errorf("answered %d", got)
	}
}

// integrated is an open method GET /tasks with an integration and what it needs.
func integrated(integration, resources string) string {
	return `
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: tasks}}
  Tasks: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: tasks}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Tasks
      HttpMethod: GET
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: "200"}, {StatusCode: "400"}]
      Integration: ` + integration + `
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: [Get], Properties: {RestApiId: !Ref Api, StageName: prod}}
` + resources
}

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html
func TestCallersCredentialsNeedLeaveToInvoke(t *testing.T) {
	const proxy = `{Type: AWS_PROXY, IntegrationHttpMethod: POST, Credentials: "arn:aws:iam::*:user/*", Uri: !Sub "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${List.Arn}/invocations"}`
	const function = `
  List:
    Type: AWS::Lambda::Function
    Properties: {Handler: index.handler, Runtime: nodejs22.x, Role: !GetAtt Reader.Arn, Code: {ZipFile: "exports.handler = async () => ({statusCode: 200});"}}
`
	start, end := strings.Index(signedAPI, "      Integration:\n"), strings.Index(signedAPI, "      MethodResponses:")
	template := signedAPI[:start] + "      Integration: " + proxy + "\n" + signedAPI[end:] + function
	for action, status := range map[string]int{"execute-api:Invoke": 500, "[execute-api:Invoke, lambda:InvokeFunction]": 200} {
		a, stack := deploy(t, strings.Replace(template, `Action: execute-api:Invoke, Resource: !Sub "arn:aws:execute-api:*:*:${Api}/*"`, "Action: "+action+`, Resource: "*"`, 1))
		created, _ := stack.Resource("AnaKey")
		ana := signing{credentials: api.Credentials{AccessKeyID: created.Ref, SecretAccessKey: created.Attributes["SecretAccessKey"]}}
		if got := ana.send(t, a, ref(t, stack, "Api")); got.Status != status {
			t.Errorf("a user who may %s: answered %d %s, want %d", action, got.Status, got.Body, status)
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
func TestFunctionThatTakesHalfAMinuteIsTooLate(t *testing.T) {
	const resources = `
  Slow:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Timeout: 60
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "exports.handler = () => new Promise((done) => setTimeout(() => done({statusCode: 200}), 30000));"}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Slow, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com}
`
	const slow = `{Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Slow.Arn}/invocations"}`
	if got := getTasks(t, integrated(slow, resources), func(*api.HTTPRequest) {}); got != 504 {
		t.Errorf("answered %d, want 504", got)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html
func TestTableIsReadWithoutAFunctionIfTheRoleMay(t *testing.T) {
	const resources = `
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: tasks
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies:
        - PolicyName: read
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "dynamodb:ACTION", Resource: !GetAtt Table.Arn}]}
`
	const read = `
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: arn:aws:apigateway:us-east-1:dynamodb:action/GetItem
        Credentials: !GetAtt Reader.Arn
        RequestTemplates: {application/json: '{"TableName": "tasks", "Key": {"id": {"S": "$context.stage"}}}'}
        IntegrationResponses: [{StatusCode: "200"}, {StatusCode: "400", SelectionPattern: '4\d\d'}]`
	for action, status := range map[string]int{"GetItem": 200, "PutItem": 400} {
		if got := getTasks(t, integrated(read, strings.Replace(resources, "ACTION", action, 1)), func(*api.HTTPRequest) {}); got != status {
			t.Errorf("a role that may %s: answered %d, want %d", action, got, status)
		}
	}
}

// IAM knows the control plane's operations by their HTTP methods:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
func TestFlushingTheAuthorizersNeedsPermissionToDeleteTheirCache(t *testing.T) {
	a, stack := deploy(t, signedAPI+`
  Ida:
    Type: AWS::IAM::User
    Properties:
      UserName: ida
      Policies:
        - PolicyName: flush
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: apigateway:DELETE, Resource: !Sub "arn:aws:apigateway:*::/restapis/${Api}/stages/prod/cache/authorizers"}]
  IdaKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Ida}}
`)
	flush := func(user, stage string) error {
		created, _ := stack.Resource(user + "Key")
		_, err := a.Call(nil, api.Call{
			Service: "apigateway", Operation: "FlushStageAuthorizersCache", Input: map[string]any{"restApiId": ref(t, stack, "Api"), "stageName": stage},
			Caller: api.Caller{Credentials: &api.Credentials{AccessKeyID: created.Ref, SecretAccessKey: created.Attributes["SecretAccessKey"]}},
		})
		return err
	}
	if err := flush("Ida", "prod"); err != nil {
		t.Errorf("with permission: %v", err)
	}
	for name, err := range map[string]error{"another stage": flush("Ida", "dev"), "execute-api:Invoke alone": flush("Ana", "prod")} {
		var refusal *awserr.Error
		if !errors.As(err, &refusal) || refusal.Code != "AccessDeniedException" || refusal.Status != 403 || !strings.Contains(refusal.Message, "apigateway:DELETE") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
