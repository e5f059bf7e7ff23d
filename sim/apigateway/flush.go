package apigateway

import (
	"maps"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
)

// operations are those of the control plane that are simulated. IAM knows them
// by their HTTP methods, on the path of what they act on:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
func (g *Gateway) operations() []api.Operation {
	const path = "/restapis/{restApiId}/stages/{stageName}/cache/authorizers"
	flush := api.On(api.Routed("DELETE "+path, api.Operate("FlushStageAuthorizersCache", api.Signed, g.flush)), func(in flushInput) api.Target {
		return api.Target{Resource: arn.New("apigateway", g.world.Region(), "", "/restapis/"+in.RestAPIID+"/stages/"+in.StageName+"/cache/authorizers")}
	})
	flush.Action = "apigateway:DELETE"
	return []api.Operation{flush}
}

// denial is how the control plane refuses a caller whose policies do not allow
// the operation.
func denial(message string) error {
	return awserr.WithStatus(403, "AccessDeniedException", "%s", message)
}

type flushInput struct {
	RestAPIID string `aws:"required,name=restApiId"`
	StageName string `aws:"required,name=stageName"`
}

// flushOutput has no members beside the status of the response.
type flushOutput struct {
	StatusCode int `http:"status"`
}

// flush forgets what the Lambda authorizers of a stage have answered, so that
// they are asked anew before their TTL has passed.
// https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
func (g *Gateway) flush(_ api.Context, in flushInput) (flushOutput, error) {
	a, err := g.findAPI(in.RestAPIID)
	if err != nil {
		return flushOutput{}, err
	}
	if _, ok := a.stages[in.StageName]; !ok {
		return flushOutput{}, notFound("Invalid stage identifier specified")
	}
	maps.DeleteFunc(g.answers, func(key answerKey, _ cachedAnswer) bool {
		return key.api == in.RestAPIID && key.stage == in.StageName
	})
	return flushOutput{StatusCode: 202}, nil
}
