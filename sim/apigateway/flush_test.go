package apigateway

import (
	"errors"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// flushing runs FlushStageAuthorizersCache and returns what IAM is asked for.
func (f *fixture) flushing(apiID, stage string) (target api.Target, status any, err error) {
	f.t.Helper()
	operation, ok := f.gateway.Service().Operation("FlushStageAuthorizersCache")
	if !ok || operation.Action != "apigateway:DELETE" {
		f.t.Fatalf("the operation is %+v", operation)
	}
	in, faults := operation.Decode(map[string]any{"restApiId": apiID, "stageName": stage})
	if len(faults) > 0 {
		f.t.Fatal(faults)
	}
	out, err := operation.Run(api.Context{}, in)
	return operation.Target(in), out["StatusCode"], err
}

// https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
func TestFlushedAuthorizerIsAskedAnew(t *testing.T) {
	f := lambdaAPI(t, authorizerProperties{}, nil, answering("Allow"))
	a := f.gateway.apis[f.api]
	a.point("dev", a.stages["prod"].deployment)
	dev := getRequest("a")
	dev.URL = "/dev/tasks"
	f.expect(f.get("a"), passed())
	f.expect(f.send(dev), passed())
	f.doors.functions[checker] = answering("Deny")
	f.expect(f.get("a"), passed())

	target, status, err := f.flushing(f.api, "prod")
	if want := "arn:aws:apigateway:us-east-1::/restapis/" + f.api + "/stages/prod/cache/authorizers"; target.Resource != want {
		t.Errorf("IAM is asked for %s, want %s", target.Resource, want)
	}
	if err != nil || status != 202.0 {
		t.Errorf("answered %v, %v", status, err)
	}
	if got := f.get("a"); got.Status != 403 || got.decider() != RuleLambdaPolicy {
		t.Errorf("after the flush the answer is %d by %s", got.Status, got.decider())
	}
	f.expect(f.send(dev), passed())
}

func TestOnlyAStageThatIsThereIsFlushed(t *testing.T) {
	f := openAPI(t, nil)
	for name, at := range map[string][2]string{"no such API": {"nothing", "prod"}, "no such stage": {f.api, "dev"}} {
		_, _, err := f.flushing(at[0], at[1])
		var refusal *awserr.Error
		if !errors.As(err, &refusal) || refusal.Code != "NotFoundException" || refusal.Status != 404 {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
