package apigateway

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

const (
	userARN    = "arn:aws:iam::123456789012:user/ana"
	foreignARN = "arn:aws:iam::210987654321:user/ben"
	signature  = "AWS4-HMAC-SHA256 user="
)

// iamAPI is GET /tasks with AWS_IAM, and two users with a policy of the given
// effect: ana of this account and ben of another.
func iamAPI(t testing.TB, effect string, attached any) *fixture {
	t.Helper()
	f := newFixture(t)
	f.define(attached)
	f.method(methodProperties{ResourceId: f.resource(f.root, "tasks"), AuthorizationType: "AWS_IAM"})
	f.deploy()
	f.access.principals = map[string]api.Principal{
		"ana": {Type: api.User, ARN: userARN, Account: "123456789012", UserID: "AIDAANA", AccessKeyID: "AKIAANA"},
		"ben": {Type: api.User, ARN: foreignARN, Account: "210987654321", UserID: "AIDABEN", AccessKeyID: "AKIABEN"},
	}
	own := policy(effect, "arn:aws:execute-api:us-east-1:123456789012:"+f.api+"/prod/GET/tasks")
	f.access.identity = map[string]any{userARN: own, foreignARN: own}
	return f
}

// TestSignatureOutcomes is the outcome table of AWS_IAM:
// https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
func TestSignatureOutcomes(t *testing.T) {
	rows := []struct {
		name, source, header string
		failing              *awserr.Error
		want                 outcome
	}{
		{name: "unsigned", source: page403,
			want: outcome{status: 403, body: `{"message":"Missing Authentication Token"}`, errorType: "MissingAuthenticationTokenException"}},
		{name: "Bearer", source: "https://github.com/serverless/serverless/issues/3205", header: "Bearer abc",
			want: outcome{status: 403, errorType: "IncompleteSignatureException",
				body: `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'aGFzaA=='."}`}},
		{name: "wrong signature", source: "https://github.com/rpgreen/apigateway-generic-java-sdk/issues/11", header: signature + "ana",
			failing: awserr.New("SignatureDoesNotMatch", "The request signature we calculated does not match"),
			want:    outcome{status: 403, body: `{"message":"The request signature we calculated does not match"}`, errorType: "InvalidSignatureException"}},
		{name: "old date", source: page403, header: signature + "ana", failing: awserr.New("SignatureExpired", "Signature expired: 1 is now earlier than 2"),
			want: outcome{status: 403, body: `{"message":"Signature expired: 1 is now earlier than 2"}`, errorType: "InvalidSignatureException"}},
		{name: "unknown access key", source: page403, header: signature + "ana",
			failing: awserr.New("UnrecognizedClientException", "The security token included in the request is invalid."),
			want:    outcome{status: 403, body: `{"message":"The security token included in the request is invalid."}`, errorType: "AccessDeniedException"}},
		{name: "expired session", source: pageSupported, header: signature + "ana",
			failing: awserr.New("ExpiredToken", "The security token included in the request is expired"),
			want:    outcome{status: 403, body: `{"message":"The security token included in the request is expired"}`, errorType: "ExpiredTokenException"}},
		{name: "another code", source: page403, header: signature + "ana", failing: awserr.New("OptInRequired", "Subscribe first"),
			want: outcome{status: 403, body: `{"message":"Subscribe first"}`, errorType: "OptInRequiredException"}},
		{name: "signed", source: page403, header: signature + "ana", want: passed()},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := iamAPI(t, "Allow", nil)
			f.access.failing = row.failing
			f.expect(f.get(row.header), row.want)
		})
	}
}

// https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apitgateway-method-integration.html
func TestCallersCredentialsGoOnToTheFunction(t *testing.T) {
	f := iamAPI(t, "Allow", nil)
	f.method(methodProperties{ResourceId: f.resource(f.root, "own"), AuthorizationType: "AWS_IAM", Integration: &integrationProperties{
		Type: "AWS_PROXY", IntegrationHttpMethod: "POST", Uri: functionURI(function), Credentials: "arn:aws:iam::*:user/*",
	}})
	f.deploy()
	f.access.identity[userARN] = policy("Allow", "*")
	request := getRequest(signature + "ana")
	request.URL = "/prod/own"
	f.expect(f.send(request), passed())
	if got := f.doors.calls[0].Caller; got.Principal == nil || got.Principal.ARN != userARN || got.Service != "" {
		t.Errorf("called as %+v", got)
	}
}

func TestDenialOfASignedCallerHidesTheAccount(t *testing.T) {
	f := iamAPI(t, "", nil)
	f.expect(f.get(signature+"ana"), outcome{
		status: 403, errorType: "AccessDeniedException",
		body: `{"Message":"User: arn:aws:iam::123456789012:user/ana is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:API/prod/GET/tasks because no identity-based policy allows the execute-api:Invoke action"}`,
	}.in(f))
}

// TestResourcePolicyWithSignedCallers is Tables A and B of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func TestResourcePolicyWithSignedCallers(t *testing.T) {
	for user, table := range map[string][]policyRow{"ana": tableA(), "ben": tableB()} {
		for _, row := range table {
			t.Run(user+"/"+row.identity+"/"+row.attached, func(t *testing.T) {
				f := iamAPI(t, row.identity, policy(row.attached, "execute-api:/prod/GET/*"))
				if got := f.get(signature + user); (got.Status == 200) != row.allowed {
					t.Errorf("answered %d %s", got.Status, got.Body)
				}
			})
		}
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
func TestSignedCallerReachesTheFunctionAsIdentity(t *testing.T) {
	f := iamAPI(t, "Allow", policy("Allow", "execute-api:/*"))
	session := "arn:aws:sts::123456789012:assumed-role/app/CognitoIdentityCredentials"
	f.access.principals["pool"] = api.Principal{
		Type: api.AssumedRole, ARN: session, Account: "123456789012", UserID: "AROAAPP:CognitoIdentityCredentials", AccessKeyID: "ASIAAPP",
		Keys: map[string][]string{
			"cognito-identity.amazonaws.com:sub": {"us-east-1:1111"}, "cognito-identity.amazonaws.com:aud": {"us-east-1:2222"},
			"cognito-identity.amazonaws.com:amr": {"authenticated", "cognito-idp.us-east-1.amazonaws.com/P", "cognito-idp.us-east-1.amazonaws.com/P:CognitoSignIn:7c9e"},
		},
	}
	var identity any
	f.doors.functions[function] = func(event map[string]any) (any, string) {
		context, _ := event["requestContext"].(map[string]any)
		identity = context["identity"]
		return answerOK(event)
	}
	f.expect(f.get(signature+"pool"), passed())
	want := map[string]any{
		"accountId": "123456789012", "caller": "AROAAPP:CognitoIdentityCredentials", "user": "AROAAPP:CognitoIdentityCredentials",
		"userArn": session, "accessKey": "ASIAAPP", "sourceIp": "203.0.113.9", "userAgent": nil, "principalOrgId": nil,
		"cognitoIdentityId": "us-east-1:1111", "cognitoIdentityPoolId": "us-east-1:2222", "cognitoAuthenticationType": "authenticated",
		"cognitoAuthenticationProvider": "cognito-idp.us-east-1.amazonaws.com/P,cognito-idp.us-east-1.amazonaws.com/P:CognitoSignIn:7c9e",
	}
	if diff := cmp.Diff(want, identity); diff != "" {
		t.Error(diff)
	}
}
