package apigatewayv2

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/iam"
)

const pageIAM = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html"

// signedOutcomes is the outcome table of AWS_IAM: every refusal is alike, and
// the rule is IAM's.
func signedOutcomes() []outcome {
	api := map[string]string{"route": "AuthorizationType: AWS_IAM"}
	by := func(user, method string) []request { return []request{{method: method, path: "/tasks", by: user}} }
	return []outcome{
		{name: "signed, and the policy allows", source: pageIAM, api: api, requests: by("Ana", "GET"), status: 200, body: "[]"},
		{name: "signed, and the policy is for another method", source: pageIAM, api: api, requests: by("Ana", "POST"), status: 403, body: forbidden, rule: iam.RuleIdentityPolicy},
		{name: "signed, without a policy", source: pageIAM, api: api, requests: by("Ben", "GET"), status: 403, body: forbidden, rule: iam.RuleIdentityPolicy},
		{name: "unsigned", source: pageIAM, api: api, requests: []request{{method: "GET", path: "/tasks"}}, status: 403, body: forbidden, rule: iam.RuleSigned},
		{name: "a token in place of a signature", source: pageIAM, api: api, requests: []request{tasks("GET", 0)}, status: 403, body: forbidden, rule: iam.RuleSignatureForm},
	}
}

func TestASignatureOfAnHourAgoIsForbidden(t *testing.T) {
	a := deployed(t, template(map[string]string{"route": "AuthorizationType: AWS_IAM"}))
	request := a.request("GET", "/tasks", nil)
	a.sign(&request, "Ana")
	a.world.Clock = a.world.Clock.Add(time.Hour)
	if got := a.serve(request); got.Status != 403 || got.Body != forbidden || got.decider() != iam.RuleSignatureTime {
		t.Errorf("status %d by %q: %s", got.Status, got.decider(), got.Body)
	}
}

// https://pkg.go.dev/github.com/aws/aws-lambda-go/events#APIGatewayV2HTTPRequestContextAuthorizerIAMDescription
func TestTheFunctionLearnsWhoSigned(t *testing.T) {
	a, _ := outcome{api: map[string]string{"route": "AuthorizationType: AWS_IAM"}, requests: []request{{method: "GET", path: "/tasks", by: "Ana"}}}.play(t)
	asked, _ := a.events[function]["requestContext"].(map[string]any)
	authorizer, _ := asked["authorizer"].(map[string]any)
	got, _ := authorizer["iam"].(map[string]any)
	key, _ := a.stack.Resource("AnaKey")
	want := map[string]any{
		"accessKey": key.Ref, "accountId": "123456789012", "userArn": "arn:aws:iam::123456789012:user/ana",
		"callerId": got["userId"], "userId": got["userId"], "cognitoIdentity": nil, "principalOrgId": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("iam (-want +got):\n%s", diff)
	}
	if id, _ := got["userId"].(string); id == "" {
		t.Error("there is no userId")
	}
}
