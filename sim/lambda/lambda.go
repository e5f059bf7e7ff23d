// Package lambda is AWS Lambda: functions, who may invoke them, and what an
// invocation answers. It owns the resource policy of a function, its execution
// role at work, and the shapes of function errors. How code runs is the
// business of its folder nodejs. It refuses to know who invokes and why: IAM
// decides at the door, and what a payload means is between caller and handler.
package lambda

import (
	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/lambda/nodejs"
	"claimcheck/sim/trace"
)

// actor is the lane of every function.
const actor trace.Actor = "Lambda"

// Lambda holds the functions of one account. It is not safe for concurrent use.
type Lambda struct {
	world api.World
	doors api.Doors
	image *nodejs.Image
	// functions are by name.
	functions map[string]*function
	// depth is how many invocations are under way, one inside the other.
	depth int
}

// New returns a Lambda without functions. Handlers reach AWS through the doors.
func New(w api.World, doors api.Doors) *Lambda {
	return &Lambda{world: w, doors: doors, image: nodejs.NewImage(), functions: map[string]*function{}}
}

// Service is Lambda behind the API door: Invoke.
func (l *Lambda) Service() api.Service {
	return api.Service{
		Prefix: "lambda", Name: actor, Host: "lambda." + l.world.Region() + ".amazonaws.com",
		Protocol:    api.Protocol{Encoding: api.RESTJSON},
		Operations:  []api.Operation{l.invokeOperation()},
		Unsimulated: unsimulatedOperations(),
		Rules:       Rules(),
		Denial:      denial,
	}
}

// Types are functions, their versions and aliases, and permissions.
func (l *Lambda) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::Lambda::Function", []string{"Arn"}, l.createFunction),
		cloudformation.Define("AWS::Lambda::Version", []string{"FunctionArn", "Version"}, l.createVersion),
		cloudformation.Define("AWS::Lambda::Alias", []string{"AliasArn"}, l.createAlias),
		cloudformation.Define("AWS::Lambda::Permission", nil, l.createPermission),
	}
}

// unsimulatedOperations are the others of the service model of 2015-03-31.
func unsimulatedOperations() []string {
	return []string{
		"AddLayerVersionPermission", "AddPermission", "CheckpointDurableExecution", "CreateAlias", "CreateCapacityProvider",
		"CreateCodeSigningConfig", "CreateEventSourceMapping", "CreateFunction", "CreateFunctionUrlConfig", "DeleteAlias",
		"DeleteCapacityProvider", "DeleteCodeSigningConfig", "DeleteEventSourceMapping", "DeleteFunction",
		"DeleteFunctionCodeSigningConfig", "DeleteFunctionConcurrency", "DeleteFunctionEventInvokeConfig", "DeleteFunctionUrlConfig",
		"DeleteLayerVersion", "DeleteProvisionedConcurrencyConfig", "DeleteResourcePolicy", "GetAccountSettings", "GetAlias",
		"GetCapacityProvider", "GetCodeSigningConfig", "GetDurableExecution", "GetDurableExecutionHistory", "GetDurableExecutionState",
		"GetEventSourceMapping", "GetFunction", "GetFunctionCodeSigningConfig", "GetFunctionConcurrency", "GetFunctionConfiguration",
		"GetFunctionEventInvokeConfig", "GetFunctionRecursionConfig", "GetFunctionScalingConfig", "GetFunctionUrlConfig",
		"GetLayerVersion", "GetLayerVersionByArn", "GetLayerVersionPolicy", "GetPolicy", "GetProvisionedConcurrencyConfig",
		"GetResourcePolicy", "GetRuntimeManagementConfig", "InvokeAsync", "InvokeWithResponseStream", "ListAliases",
		"ListCapacityProviders", "ListCodeSigningConfigs", "ListDurableExecutionsByFunction", "ListEventSourceMappings",
		"ListFunctionEventInvokeConfigs", "ListFunctionUrlConfigs", "ListFunctionVersionsByCapacityProvider", "ListFunctions",
		"ListFunctionsByCodeSigningConfig", "ListLayerVersions", "ListLayers", "ListProvisionedConcurrencyConfigs", "ListTags",
		"ListVersionsByFunction", "PublishLayerVersion", "PublishVersion", "PutFunctionCodeSigningConfig", "PutFunctionConcurrency",
		"PutFunctionEventInvokeConfig", "PutFunctionRecursionConfig", "PutFunctionScalingConfig", "PutProvisionedConcurrencyConfig",
		"PutResourcePolicy", "PutRuntimeManagementConfig", "RemoveLayerVersionPermission", "RemovePermission",
		"SendDurableExecutionCallbackFailure", "SendDurableExecutionCallbackHeartbeat", "SendDurableExecutionCallbackSuccess",
		"StopDurableExecution", "TagResource", "UntagResource", "UpdateAlias", "UpdateCapacityProvider", "UpdateCodeSigningConfig",
		"UpdateEventSourceMapping", "UpdateFunctionCode", "UpdateFunctionConfiguration", "UpdateFunctionEventInvokeConfig",
		"UpdateFunctionUrlConfig",
	}
}
