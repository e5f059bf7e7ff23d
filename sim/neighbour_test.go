package sim_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/sigv4"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// The accounts of these tests.
const (
	ours     = "123456789012"
	partners = "444455556666"
)

// pair is an account with what its template deploys, beside one with Ana, an IAM
// user with the given policy and perhaps a boundary.
type pair struct {
	t              testing.TB
	home, partner  *sim.Account
	stack, another cloudformation.Stack
	// last is the trace of the latest request.
	last trace.Trace
}

// ana is the partner's template: Ana with one inline policy.
func ana(statement string) string {
	return fmt.Sprintf(`
Resources:
  Ana:
    Type: AWS::IAM::User
    Properties:
      UserName: ana
      Policies: [{PolicyName: work, PolicyDocument: {Version: "2012-10-17", Statement: [%s]}}]
  AnaKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Ana}}
`, statement)
}

// silent is a statement about nothing that these tests ask for.
const silent = `{Effect: Allow, Action: "sqs:*", Resource: "*"}`

func newPair(t testing.TB, template, partner string) *pair {
	t.Helper()
	p := &pair{t: t, home: sim.New(tracetest.Start())}
	var err error
	if p.partner, err = p.home.Neighbour("Partner", partners); err != nil {
		t.Fatal(err)
	}
	p.stack, p.another = deployTo(t, p.home, template), deployTo(t, p.partner, partner)
	return p
}

func deployTo(t testing.TB, a *sim.Account, template string) cloudformation.Stack {
	t.Helper()
	parsed, err := cloudformation.Parse("stack.yaml", []byte(template))
	if err != nil {
		t.Fatal(err)
	}
	stack, err := a.Deploy(nil, parsed)
	if err != nil {
		t.Fatal(err)
	}
	return stack
}

func keyOf(t testing.TB, stack cloudformation.Stack, id string) api.Credentials {
	t.Helper()
	key, ok := stack.Resource(id)
	if !ok {
		t.Fatalf("the stack has no %s", id)
	}
	return api.Credentials{AccessKeyID: key.Ref, SecretAccessKey: key.Attributes["SecretAccessKey"]}
}

// call makes an API call as Ana of the partner's.
func (p *pair) call(service, operation string, input map[string]any) (map[string]any, error) {
	p.t.Helper()
	return p.callAs(keyOf(p.t, p.another, "AnaKey"), service, operation, input)
}

func (p *pair) callAs(key api.Credentials, service, operation string, input map[string]any) (map[string]any, error) {
	recorder := trace.NewRecorder(p.home.Now)
	out, err := p.home.Call(recorder.Flow(), api.Call{From: "App", Service: service, Operation: operation, Input: input, Caller: api.Caller{Credentials: &key}})
	p.last = recorder.Trace()
	return out, err
}

// get sends a request signed by Ana.
func (p *pair) get(url, service string) api.HTTPResponse {
	p.t.Helper()
	request := api.HTTPRequest{From: "App", Method: "GET", URL: url, Header: api.Header{}, SourceIP: "203.0.113.10"}
	if err := sigv4.Sign(&request, keyOf(p.t, p.another, "AnaKey"), service, p.home.Region(), p.home.Now()); err != nil {
		p.t.Fatal(err)
	}
	recorder := trace.NewRecorder(p.home.Now)
	response, err := p.home.Send(recorder.Flow(), request)
	if err != nil {
		p.t.Fatal(err)
	}
	p.last = recorder.Trace()
	return response
}

// outcome is a row's result: "" for success, or the rule that refuses.
func (p *pair) outcome(refused bool) trace.RuleID {
	if !refused {
		return ""
	}
	return tracetest.Decider(p.last, 1)
}

// codeOf is the AWS code and status of an error.
func codeOf(t testing.TB, err error) (string, int) {
	t.Helper()
	var refusal *awserr.Error
	if err != nil && !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	if refusal == nil {
		return "", 200
	}
	return refusal.Code, refusal.Status
}

func allow(action, resource string) string {
	return fmt.Sprintf("{Effect: Allow, Action: %q, Resource: %q}", action, resource)
}

func deny(action, resource string) string {
	return fmt.Sprintf("{Effect: Deny, Action: %q, Resource: %q}", action, resource)
}

// Across accounts a role's trust policy must accept the caller and the caller's
// own policies must allow sts:AssumeRole. The external id is a condition that the
// trusting account sets and the trusted one fulfils.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html
func TestARoleOfAnotherAccountNeedsBothSides(t *testing.T) {
	const role = "arn:aws:iam::" + ours + ":role/reader"
	may := allow("sts:AssumeRole", role)
	account := `Principal: {AWS: "arn:aws:iam::` + partners + `:root"}`
	user := `Principal: {AWS: "arn:aws:iam::` + partners + `:user/ana"}`
	withID := account + `, Condition: {StringEquals: {"sts:ExternalId": "order-7"}}`
	for name, row := range map[string]struct {
		trust, identity, externalID string
		refusedBy                   trace.RuleID
	}{
		"the account is trusted, the user may":           {account, may, "", ""},
		"the user is trusted and may":                    {user, may, "", ""},
		"the user is trusted, but its policy is silent":  {user, silent, "", "iam.identity-policy"},
		"the account is trusted, the policy is silent":   {account, silent, "", "iam.identity-policy"},
		"the user may, but another account is trusted":   {`Principal: {AWS: "arn:aws:iam::777788889999:root"}`, may, "", "iam.trust-policy"},
		"the external id is given":                       {withID, may, "order-7", ""},
		"the external id is left out":                    {withID, may, "", "iam.trust-policy"},
		"the external id is another customer's":          {withID, may, "order-8", "iam.trust-policy"},
		"an external id that nobody asks for":            {account, may, "order-7", ""},
		"a Deny in the caller's account":                 {account, may + ", " + deny("sts:*", "*"), "", "iam.explicit-deny"},
		"everybody is trusted, the policy is silent":     {`Principal: {AWS: "*"}`, silent, "", "iam.identity-policy"},
		"everybody whose account it is, by a condition":  {`Principal: {AWS: "*"}, Condition: {StringEquals: {"aws:PrincipalAccount": "` + partners + `"}}`, may, "", ""},
		"everybody of another account, by the condition": {`Principal: {AWS: "*"}, Condition: {StringEquals: {"aws:PrincipalAccount": "777788889999"}}`, may, "", "iam.trust-policy"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, `
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, `+row.trust+`}]}
`, ana(row.identity))
			input := map[string]any{"RoleArn": role, "RoleSessionName": "visit"}
			if row.externalID != "" {
				input["ExternalId"] = row.externalID
			}
			out, err := p.call("sts", "AssumeRole", input)
			if got := p.outcome(err != nil); got != row.refusedBy {
				t.Fatalf("refused by %q, want %q: %v", got, row.refusedBy, err)
			}
			if code, status := codeOf(t, err); err != nil && (code != "AccessDenied" || status != 403) {
				t.Errorf("%s %d, want AccessDenied 403", code, status)
			}
			if err == nil && !strings.HasPrefix(out["AssumedRoleUser"].(map[string]any)["Arn"].(string), "arn:aws:sts::"+ours+":assumed-role/reader/") {
				t.Errorf("the session is %v", out["AssumedRoleUser"])
			}
		})
	}
}

// A session belongs to the account of its role: there its policies are and
// there its calls go.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_aws-accounts.html
func TestASessionOfARoleActsInTheAccountOfTheRole(t *testing.T) {
	p := newPair(t, `
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders, BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "`+partners+`"}}]}
      Policies: [{PolicyName: read, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}]}}]
`, ana(`{Effect: Allow, Action: "*", Resource: "*"}`))
	item := map[string]any{"TableName": "orders", "Key": map[string]any{"id": map[string]any{"S": "1"}}}
	if code, _ := codeOf(t, second(p.call("dynamodb", "GetItem", item))); code != "ResourceNotFoundException" {
		t.Errorf("with her own key Ana gets %q: a table's name is that of her own account", code)
	}
	out, err := p.call("sts", "AssumeRole", map[string]any{"RoleArn": "arn:aws:iam::" + ours + ":role/reader", "RoleSessionName": "visit"})
	if err != nil {
		t.Fatal(err)
	}
	given := out["Credentials"].(map[string]any)
	session := api.Credentials{AccessKeyID: given["AccessKeyId"].(string), SecretAccessKey: given["SecretAccessKey"].(string), SessionToken: given["SessionToken"].(string)}
	if _, err := p.callAs(session, "dynamodb", "GetItem", item); err != nil {
		t.Errorf("with the session: %v", err)
	}
	if out, err := p.callAs(session, "sts", "GetCallerIdentity", nil); err != nil || out["Account"] != ours {
		t.Errorf("the session is of account %v, error %v", out["Account"], err)
	}
}

func second[T any](_ T, err error) error { return err }

// A bucket's name is that of all accounts, its policy the other half of the
// decision.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html,
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
func TestABucketOfAnotherAccountNeedsBothSides(t *testing.T) {
	const object = "arn:aws:s3:::shared-reports/july.csv"
	account := `Principal: {AWS: "arn:aws:iam::` + partners + `:root"}`
	user := `Principal: {AWS: "arn:aws:iam::` + partners + `:user/ana"}`
	for name, row := range map[string]struct {
		bucketPolicy, identity string
		refusedBy              trace.RuleID
	}{
		"both allow, the policy names the account":       {"Effect: Allow, " + account, allow("s3:GetObject", object), ""},
		"both allow, the policy names the user":          {"Effect: Allow, " + user, allow("s3:GetObject", object), ""},
		"the policy names the user, who may not herself": {"Effect: Allow, " + user, silent, "iam.identity-policy"},
		"the user may, the policy is silent":             {`Effect: Allow, Principal: {AWS: "arn:aws:iam::777788889999:root"}`, allow("s3:GetObject", object), "iam.resource-policy"},
		"the policy denies":                              {"Effect: Deny, " + account, allow("s3:GetObject", object), "iam.explicit-deny"},
		"the user's policy denies":                       {"Effect: Allow, " + account, allow("s3:*", "*") + ", " + deny("s3:GetObject", object), "iam.explicit-deny"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, `
Resources:
  Reports: {Type: AWS::S3::Bucket, Properties: {BucketName: shared-reports}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Reports
      PolicyDocument: {Version: "2012-10-17", Statement: [{`+row.bucketPolicy+`, Action: "s3:GetObject", Resource: "arn:aws:s3:::shared-reports/*"}]}
`, ana(row.identity))
			put := map[string]any{"Bucket": "shared-reports", "Key": "july.csv", "Body": "1;2"}
			if _, err := p.callAs(p.home.Administrator(), "s3", "PutObject", put); err != nil {
				t.Fatal(err)
			}
			_, err := p.call("s3", "GetObject", map[string]any{"Bucket": "shared-reports", "Key": "july.csv"})
			if got := p.outcome(err != nil); got != row.refusedBy {
				t.Errorf("the API: refused by %q, want %q: %v", got, row.refusedBy, err)
			}
			r := p.get("https://shared-reports.s3.us-east-1.amazonaws.com/july.csv", "s3")
			if got := p.outcome(r.Status != 200); got != row.refusedBy {
				t.Errorf("HTTP: refused by %q, want %q: %s", got, row.refusedBy, r.Body)
			}
		})
	}
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
func TestABucketsNameIsTakenForAllAccounts(t *testing.T) {
	const bucket = "Resources: {Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: holiday-photos}}}"
	p := newPair(t, bucket, ana(silent))
	refuseDeployment(t, p.partner, bucket, "BucketAlreadyExists")
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
func TestADomainPrefixIsTakenForAllAccounts(t *testing.T) {
	const domain = `
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  Login: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Users, Domain: tasks-login}}
`
	p := newPair(t, domain, ana(silent))
	refuseDeployment(t, p.partner, domain, "InvalidParameterException")
}

func refuseDeployment(t *testing.T, a *sim.Account, template, code string) {
	t.Helper()
	parsed, err := cloudformation.Parse("stack.yaml", []byte(template))
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Deploy(nil, parsed)
	if got, _ := codeOf(t, err); got != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// A permission names the other account, whose callers need their own Allow and
// the function's whole ARN.
// https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html
func TestAFunctionOfAnotherAccountNeedsBothSides(t *testing.T) {
	const function = "arn:aws:lambda:us-east-1:" + ours + ":function:list"
	may := allow("lambda:InvokeFunction", function)
	for name, row := range map[string]struct {
		principal, identity, function string
		refusedBy                     trace.RuleID
	}{
		"both allow":                      {partners, may, function, ""},
		"named by account and name":       {partners, may, ours + ":function:list", ""},
		"the function has no permission":  {"777788889999", may, function, "iam.resource-policy"},
		"the caller's policy is silent":   {partners, silent, function, "iam.identity-policy"},
		"a bare name is the caller's own": {partners, allow("lambda:*", "*"), "list", "lambda.function-exists"},
		"an account that nobody has":      {partners, allow("lambda:*", "*"), "arn:aws:lambda:us-east-1:777788889999:function:list", "iam.resource-policy"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, `
Resources:
  List:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: list
      Handler: index.handler
      Runtime: nodejs22.x
      Role: arn:aws:iam::`+ours+`:role/list
      Code: {ZipFile: "exports.handler = async () => 'done';"}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref List, Action: lambda:InvokeFunction, Principal: "`+row.principal+`"}}
`, ana(row.identity))
			_, err := p.call("lambda", "Invoke", map[string]any{"FunctionName": row.function})
			if got := p.outcome(err != nil); got != row.refusedBy {
				t.Errorf("refused by %q, want %q: %v", got, row.refusedBy, err)
			}
		})
	}
}

// A table's policy is the other half, and the table is named by its ARN.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-cross-account-access.html
func TestATableOfAnotherAccountNeedsBothSides(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:" + ours + ":table/orders"
	may := allow("dynamodb:GetItem", table)
	for name, row := range map[string]struct {
		principal, identity, table string
		refusedBy                  trace.RuleID
	}{
		"both allow":                      {partners, may, table, ""},
		"the table's policy is silent":    {outsider, may, table, "iam.resource-policy"},
		"the caller's policy is silent":   {partners, silent, table, "iam.identity-policy"},
		"a bare name is the caller's own": {partners, allow("dynamodb:*", "*"), "orders", "dynamodb.table-exists"},
		"an account that nobody has":      {partners, allow("dynamodb:*", "*"), "arn:aws:dynamodb:us-east-1:777788889999:table/orders", "iam.resource-policy"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, `
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      ResourcePolicy: {PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "`+row.principal+`"}, Action: "dynamodb:GetItem", Resource: "`+table+`"}]}}
`, ana(row.identity))
			_, err := p.call("dynamodb", "GetItem", map[string]any{"TableName": row.table, "Key": map[string]any{"id": map[string]any{"S": "1"}}})
			if got := p.outcome(err != nil); got != row.refusedBy {
				t.Errorf("refused by %q, want %q: %v", got, row.refusedBy, err)
			}
		})
	}
}

// Inside one account a trust policy that names the user is enough, one that names
// the account only delegates.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func TestARoleOfTheOwnAccount(t *testing.T) {
	const role = "arn:aws:iam::" + ours + ":role/reader"
	for name, row := range map[string]struct {
		principal, identity string
		refusedBy           trace.RuleID
	}{
		"the user is trusted, its policy is silent":    {"arn:aws:iam::" + ours + ":user/ana", silent, ""},
		"the account is trusted, the policy is silent": {"arn:aws:iam::" + ours + ":root", silent, "iam.identity-policy"},
		"the account is trusted, the policy allows":    {"arn:aws:iam::" + ours + ":root", allow("sts:AssumeRole", role), ""},
		"nobody of the account is trusted":             {partners, allow("sts:AssumeRole", role), "iam.trust-policy"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, ana(row.identity)+`
  Reader:
    Type: AWS::IAM::Role
    DependsOn: Ana
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "`+row.principal+`"}}]}
`, ana(silent))
			_, err := p.callAs(keyOf(t, p.stack, "AnaKey"), "sts", "AssumeRole", map[string]any{"RoleArn": role, "RoleSessionName": "visit"})
			if got := p.outcome(err != nil); got != row.refusedBy {
				t.Errorf("refused by %q, want %q: %v", got, row.refusedBy, err)
			}
		})
	}
}

// HTTP APIs have no resource policy: nothing lets a caller of another account in.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
func TestAnHTTPAPIIsClosedToOtherAccounts(t *testing.T) {
	const template = `
  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: orders
      Handler: index.handler
      Runtime: nodejs22.x
      Role: arn:aws:iam::` + ours + `:role/orders
      Code: {ZipFile: "exports.handler = async () => 'done';"}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Function, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com}}
  Integration: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Http, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Function.Arn, PayloadFormatVersion: "2.0"}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: GET /orders, AuthorizationType: AWS_IAM, Target: !Sub "integrations/${Integration}"}}
  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Http, StageName: $default, AutoDeploy: true}}
`
	for account, want := range map[string]int{ours: 200, partners: 403} {
		p := newPair(t, ana(ruling("Allow"))+template, ana(ruling("Allow")))
		if account == ours {
			p.another = p.stack
		}
		gateway, _ := p.stack.Resource("Http")
		response := p.get("https://"+gateway.Ref+".execute-api.us-east-1.amazonaws.com/orders", "execute-api")
		if response.Status != want {
			t.Errorf("account %s: %d %s", account, response.Status, response.Body)
		}
		if want == 403 && p.outcome(true) != "iam.resource-policy" {
			t.Errorf("refused by %q", p.outcome(true))
		}
	}
}

// The tables of REST APIs with a resource policy: callers of another account
// need both Allows, those of the API's own account one.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func TestAnAPIOfAnotherAccountNeedsBothSides(t *testing.T) {
	const allows, nothing, denies = "Allow", "silent", "Deny"
	const granted, explicit = "", "iam.explicit-deny"
	const noIdentity, noResource = "iam.identity-policy", "iam.resource-policy"
	for _, row := range []struct {
		identity, policy string
		across, within   trace.RuleID
	}{
		{allows, allows, granted, granted},
		{allows, nothing, noResource, granted},
		{allows, denies, explicit, explicit},
		{nothing, allows, noIdentity, granted},
		{nothing, nothing, noIdentity, noIdentity},
		{nothing, denies, explicit, explicit},
		{denies, allows, explicit, explicit},
		{denies, nothing, explicit, explicit},
		{denies, denies, explicit, explicit},
	} {
		t.Run("identity "+row.identity+", resource policy "+row.policy, func(t *testing.T) {
			for account, want := range map[string]trace.RuleID{partners: row.across, ours: row.within} {
				p := newPair(t, restAPI(account, row.policy), ana(ruling(row.identity)))
				if account == ours {
					p.another = deployTo(t, p.home, ana(ruling(row.identity)))
				}
				gateway, _ := p.stack.Resource("Orders")
				response := p.get("https://"+gateway.Ref+".execute-api.us-east-1.amazonaws.com/prod/orders", "execute-api")
				if got := p.outcome(response.Status != 200); got != want {
					t.Errorf("account %s: refused by %q, want %q: %s", account, got, want, response.Body)
				}
				if response.Status != 200 && response.Status != 403 {
					t.Errorf("account %s: status %d", account, response.Status)
				}
			}
		})
	}
}

// ruling is an identity-based policy on execute-api:Invoke.
func ruling(effect string) string {
	if effect == "silent" {
		return silent
	}
	return fmt.Sprintf(`{Effect: %s, Action: "execute-api:Invoke", Resource: "*"}`, effect)
}

// restAPI is an API with IAM authorization whose resource policy rules on ana of
// an account.
func restAPI(account, effect string) string {
	principal := "arn:aws:iam::" + account + ":user/ana"
	if effect == "silent" {
		effect, principal = "Allow", "arn:aws:iam::777788889999:root"
	}
	return `
Resources:
  Orders:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
      Policy: {Version: "2012-10-17", Statement: [{Effect: ` + effect + `, Principal: {AWS: "` + principal + `"}, Action: "execute-api:Invoke", Resource: "execute-api:/*"}]}
  Path: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Orders, ParentId: !GetAtt Orders.RootResourceId, PathPart: orders}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Orders
      ResourceId: !Ref Path
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK, RequestTemplates: {application/json: '{"statusCode": 200}'}, IntegrationResponses: [{StatusCode: "200"}]}
      MethodResponses: [{StatusCode: "200"}]
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Orders}}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Orders, DeploymentId: !Ref Deployment, StageName: prod}}
`
}

// Without a resource policy nobody outside the account is let in.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func TestAnAPIWithoutAResourcePolicyIsClosedToOtherAccounts(t *testing.T) {
	template := restAPI(partners, "Allow")
	head, rest, _ := strings.Cut(template, "      Policy: ")
	_, rest, _ = strings.Cut(rest, "\n")
	p := newPair(t, head+rest, ana(ruling("Allow")))
	gateway, _ := p.stack.Resource("Orders")
	response := p.get("https://"+gateway.Ref+".execute-api.us-east-1.amazonaws.com/prod/orders", "execute-api")
	want := "User: arn:aws:iam::" + partners + ":user/ana is not authorized to perform: execute-api:Invoke on resource: " +
		"arn:aws:execute-api:us-east-1:********9012:" + gateway.Ref + "/prod/GET/orders because no resource-based policy allows the execute-api:Invoke action"
	if response.Status != 403 || !strings.Contains(response.Body, want) {
		t.Errorf("%d %s", response.Status, response.Body)
	}
	if got := p.outcome(true); got != "iam.resource-policy" {
		t.Errorf("refused by %q", got)
	}
	if !slices.ContainsFunc(p.last.Checks(1), func(c trace.Check) bool { return c.Rule == "iam.identity-policy" && c.Held }) {
		t.Error("the trace does not say that the caller's own policy allows")
	}
}

// A client's id has no account: an app signs in wherever the pool is, and the
// pool's keys are fetched from where they are.
func TestAnAppSignsInToThePoolThatItsClientBelongsTo(t *testing.T) {
	p := newPair(t, ana(silent), staff)
	createUser(t, p.partner, ref(t, p.another, "Staff"), "ana")
	recorder := trace.NewRecorder(p.home.Now)
	out, err := signIn(p.home, recorder.Flow(), ref(t, p.another, "App"), "ana")
	if err != nil {
		t.Fatal(err)
	}
	if to := recorder.Trace().Events[0].To; to != "Cognito user pool (Partner)" {
		t.Errorf("the sign-in went to %q", to)
	}
	token := out["AuthenticationResult"].(map[string]any)["AccessToken"]
	if _, err := p.home.Call(nil, api.Call{From: "App", Service: "cognito-idp", Operation: "GetUser", Input: map[string]any{"AccessToken": token}}); err != nil {
		t.Errorf("GetUser: %v", err)
	}
	keys, err := p.home.Send(nil, api.HTTPRequest{Method: "GET", URL: "https://cognito-idp.us-east-1.amazonaws.com/" + ref(t, p.another, "Staff") + "/.well-known/jwks.json"})
	if err != nil || keys.Status != 200 {
		t.Errorf("the keys: %v %v", keys.Status, err)
	}
}

func TestALaneSaysWhichAccountAnswers(t *testing.T) {
	p := newPair(t, ana(silent), ana(silent))
	for account, want := range map[*sim.Account]trace.Actor{p.home: "STS", p.partner: "STS (Partner)"} {
		if _, err := p.callAs(account.Administrator(), "sts", "GetCallerIdentity", nil); err != nil {
			t.Fatal(err)
		}
		if first := p.last.Events[0]; first.From != "App" || first.To != want {
			t.Errorf("from %q to %q, want %q", first.From, first.To, want)
		}
	}
}

func TestANeighbourHasAnAccountIDAndANameOfItsOwn(t *testing.T) {
	home := sim.New(tracetest.Start())
	if _, err := home.Neighbour("Partner", partners); err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string][2]string{
		"too short": {"Other", "1234"}, "no digits": {"Other", "12345678901x"}, "the id of the first": {"Other", ours},
		"a taken id": {"Other", partners}, "a taken name": {"Partner", "777788889999"}, "no name": {"", "777788889999"},
	} {
		if _, err := home.Neighbour(n[0], n[1]); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Under the race detector this shows that neighbours guard what they share:
// calls enter by both, cross over, and the clock moves.
func TestParallelCallsOverTwoAccounts(t *testing.T) {
	p := newPair(t, `
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "`+partners+`"}}]}
`, ana(allow("sts:AssumeRole", "*")))
	key := keyOf(t, p.another, "AnaKey")
	var running sync.WaitGroup
	for _, door := range []*sim.Account{p.home, p.partner, p.home, p.partner} {
		running.Go(func() {
			for range 5 {
				recorder := trace.NewRecorder(door.Now)
				_, err := door.Call(recorder.Flow(), api.Call{
					From: "App", Service: "sts", Operation: "AssumeRole", Caller: api.Caller{Credentials: &key},
					Input: map[string]any{"RoleArn": "arn:aws:iam::" + ours + ":role/reader", "RoleSessionName": "visit"},
				})
				if err != nil {
					t.Error(err)
				}
				door.Advance(1)
			}
		})
	}
	running.Wait()
}

func TestTwoRunsOverTwoAccountsAreTheSame(t *testing.T) {
	var keys [2]string
	for i := range keys {
		p := newPair(t, ana(silent), ana(silent))
		keys[i] = keyOf(t, p.stack, "AnaKey").AccessKeyID + keyOf(t, p.another, "AnaKey").SecretAccessKey
	}
	if keys[0] != keys[1] {
		t.Error("the access keys differ")
	}
}

// An AWS service calls for the account of the resource that it works for: that is
// aws:SourceAccount, whichever account the function is in.
// https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func TestAServiceCallsForTheAccountOfItsResource(t *testing.T) {
	const function = "arn:aws:lambda:us-east-1:" + ours + ":function:orders"
	for sourceAccount, want := range map[string]int{partners: 200, ours: 500} {
		p := newPair(t, `
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: orders
      Handler: index.handler
      Runtime: nodejs22.x
      Role: arn:aws:iam::`+ours+`:role/orders
      Code: {ZipFile: "exports.handler = async () => ({statusCode: 200, body: 'none'});"}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com, SourceAccount: "`+sourceAccount+`"}
`, ana(ruling("Allow"))+strings.Replace(strings.TrimPrefix(restAPI(partners, "Allow"), "\nResources:\n"),
			`{Type: MOCK, RequestTemplates: {application/json: '{"statusCode": 200}'}, IntegrationResponses: [{StatusCode: "200"}]}`,
			`{Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/`+function+`/invocations"}`, 1))
		gateway, _ := p.another.Resource("Orders")
		response := p.get("https://"+gateway.Ref+".execute-api.us-east-1.amazonaws.com/prod/orders", "execute-api")
		if response.Status != want {
			t.Errorf("for SourceAccount %s: %d %s", sourceAccount, response.Status, response.Body)
		}
		if first := p.last.Events[0].To; first != "API Gateway (Partner)" {
			t.Errorf("the request went to %q", first)
		}
	}
}

// A Cognito authorizer takes tokens of a user pool in another account, whose keys
// it fetches from the pool's issuer.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-cross-account-cognito-authorizer.html
func TestAnAuthorizerTakesTokensOfAPoolOfAnotherAccount(t *testing.T) {
	p := newPair(t, ana(silent), staff)
	pool := ref(t, p.another, "Staff")
	createUser(t, p.partner, pool, "ana")
	template := strings.Replace(restAPI(ours, "Allow"), "AuthorizationType: AWS_IAM", "AuthorizationType: COGNITO_USER_POOLS\n      AuthorizerId: !Ref Staff", 1)
	head, rest, _ := strings.Cut(template, "      Policy: ")
	_, rest, _ = strings.Cut(rest, "\n")
	stack := deployTo(t, p.home, head+rest+`
  Staff:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: staff
      RestApiId: !Ref Orders
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: ["arn:aws:cognito-idp:us-east-1:`+partners+`:userpool/`+pool+`"]
`)
	out, err := signIn(p.home, nil, ref(t, p.another, "App"), "ana")
	if err != nil {
		t.Fatal(err)
	}
	token := out["AuthenticationResult"].(map[string]any)["IdToken"].(string)
	gateway, _ := stack.Resource("Orders")
	response, err := p.home.Send(nil, api.HTTPRequest{
		Method: "GET", URL: "https://" + gateway.Ref + ".execute-api.us-east-1.amazonaws.com/prod/orders", Header: api.Header{"authorization": {token}},
	})
	if err != nil || response.Status != 200 {
		t.Errorf("%d %s, error %v", response.Status, response.Body, err)
	}
}

// The names of all load balancers end alike: the rest says which account answers.
func TestALoadBalancerOfAnotherAccountAnswersForItsName(t *testing.T) {
	p := newPair(t, ana(silent), `
Resources:
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: shop, Subnets: [subnet-1, subnet-2]}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: "200", MessageBody: open}}]
`)
	balancer, _ := p.another.Resource("Balancer")
	recorder := trace.NewRecorder(p.home.Now)
	response, err := p.home.Send(recorder.Flow(), api.HTTPRequest{From: "App", Method: "GET", URL: "http://" + balancer.Attributes["DNSName"] + "/"})
	if err != nil || response.Body != "open" {
		t.Errorf("%+v, error %v", response, err)
	}
	if to := recorder.Trace().Events[0].To; !strings.HasSuffix(string(to), " (Partner)") {
		t.Errorf("the request went to %q", to)
	}
}
