package apigatewayv2

import (
	"testing"
	"time"
)

// routeOutcomes are the answers before any authorizer is asked.
func routeOutcomes() []outcome {
	const (
		pageThrottle = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html"
		pageStages   = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html"
		pageEndpoint = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html"
		pageRoutes   = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html"
		tooMany      = `{"message":"Too Many Requests"}`
		notFound     = `{"message":"Not Found"}`
	)
	two := map[string]string{"stage": "DefaultRouteSettings: {ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1}"}
	get := map[string]string{"stage": "RouteSettings: {GET /tasks: {ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1}}, DefaultRouteSettings: {ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1}"}
	guarded := custom(simple2)
	guarded["stage"] = two["stage"]
	return []outcome{
		{name: "within the burst", source: pageThrottle, api: two, requests: []request{tasks("GET", 0), tasks("GET", 0)}, status: 200, body: "[]"},
		{name: "above the burst", source: pageThrottle, api: two, requests: []request{tasks("GET", 0), tasks("GET", 0), tasks("GET", 0)}, status: 429, body: tooMany, rule: RuleThrottle},
		{name: "a second later", source: pageThrottle, api: two, requests: []request{tasks("GET", 0), tasks("GET", 0), tasks("GET", time.Second)}, status: 200, body: "[]"},
		{name: "each route by itself", source: pageThrottle, api: two, requests: []request{tasks("GET", 0), tasks("GET", 0), tasks("POST", 0)}, status: 200, body: "[]"},
		{name: "a route's own settings", source: pageThrottle, api: get, requests: []request{tasks("GET", 0), tasks("GET", 0)}, status: 429, body: tooMany, rule: RuleThrottle},
		{name: "the authorizer is not asked above the burst", source: pageThrottle, api: guarded, arrange: answering(returns(map[string]any{"isAuthorized": true})),
			requests: []request{tasks("GET", 0), tasks("GET", 0), tasks("GET", 0)}, status: 429, body: tooMany, rule: RuleThrottle, invoked: 2},
		{name: "the execute-api endpoint is disabled", source: pageEndpoint, api: map[string]string{"api": "DisableExecuteApiEndpoint: true"}, status: 404, body: notFound, rule: RuleEndpoint},
		{name: "no stage", source: pageStages, arrange: func(a *account) { delete(a.gateway.apis[a.api].stages, defaultStage) }, status: 404, body: notFound, rule: RuleStage},
		{name: "no route", source: pageRoutes, requests: []request{{method: "DELETE", path: "/tasks"}}, status: 404, body: notFound, rule: RuleRoute},
	}
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-stage.html
func TestARouteThatIsNotDeployedIsNamed(t *testing.T) {
	a := deployed(t, template(nil)+`
  First: {Type: AWS::ApiGatewayV2::Deployment, DependsOn: [Get], Properties: {ApiId: !Ref Api}}
  Test: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: test, DeploymentId: !Ref First}}
  Late: {Type: AWS::ApiGatewayV2::Route, DependsOn: [Test], Properties: {ApiId: !Ref Api, RouteKey: GET /late, Target: !Sub "integrations/${Backend}"}}
`)
	got := a.get("/test/late", "")
	if got.Status != 404 || got.decider() != RuleRoute || got.found(RuleRoute) != "GET /late, but it is not deployed" {
		t.Errorf("status %d by %q, found %q", got.Status, got.decider(), got.found(RuleRoute))
	}
	if got := a.get("/late", ""); got.Status != 200 {
		t.Errorf("with AutoDeploy: status %d by %q", got.Status, got.decider())
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.stage-variables.html
func TestAStageVariableChoosesTheFunction(t *testing.T) {
	a := deployed(t, template(map[string]string{
		"integration": `IntegrationType: AWS_PROXY, PayloadFormatVersion: "2.0", IntegrationUri: "arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.tasks}"`,
		"stage":       "StageVariables: {tasks: tasks}",
	})+"\n  Test: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: test, AutoDeploy: true, StageVariables: {tasks: other}}}")
	if got := a.get("/tasks", ""); got.Status != 200 || a.invoked[function] != 1 {
		t.Errorf("status %d by %q", got.Status, got.decider())
	}
	if got := a.get("/test/tasks", ""); got.Status != 500 || got.decider() != RulePermission {
		t.Errorf("a function without permission: status %d by %q", got.Status, got.decider())
	}
}
