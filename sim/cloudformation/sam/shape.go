package sam

import (
	"maps"
	"slices"
	"strings"
)

// Type is what can be used of one type of SAM's, by the names of its properties.
type Type struct {
	Name string
	// Properties have an effect, and Required are those of them that must be
	// given.
	Properties, Required []string
	// NoEffect change nothing that a run could show; AWS has Unsimulated and the
	// simulation does not.
	NoEffect, Unsimulated []string
}

// Types lists the simulated types by name.
func Types() []Type {
	all := shapes()
	types := make([]Type, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t := all[name]
		t.Name = name
		types = append(types, t)
	}
	return types
}

// unsimulatedTypes are the other types that SAM has, without the prefix.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html
func unsimulatedTypes() []string {
	return strings.Fields("Application CapacityProvider Connector GraphQLApi LayerVersion SimpleTable StateMachine WebSocketApi")
}

// shapes are the properties of each simulated type.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html
func shapes() map[string]Type {
	return map[string]Type{
		typeFunction: {
			Properties: strings.Fields(`AssumeRolePolicyDocument AutoPublishAlias Environment Events FunctionName Handler InlineCode MemorySize PackageType
				PermissionsBoundary Policies Role Runtime Timeout`),
			NoEffect: strings.Fields(`Architectures CodeSigningConfigArn Description EphemeralStorage KmsKeyArn LoggingConfig PropagateTags
				RecursiveLoop RuntimeManagementConfig SnapStart Tags Tracing VersionDescription`),
			Unsimulated: strings.Fields(`AutoPublishAliasAllProperties AutoPublishCodeSha256 CapacityProviderConfig CodeUri
				DeadLetterQueue DeploymentPreference DurableConfig EventInvokeConfig FileSystemConfigs FunctionScalingConfig FunctionUrlConfig
				ImageConfig ImageUri Layers MultiTenancyConfig ProvisionedConcurrencyConfig PublishToLatestPublished
				ReservedConcurrentExecutions RolePath SourceKMSKeyArn VpcConfig`),
		},
		typeAPI: {
			Properties: strings.Fields(`ApiKeySourceType Auth Cors DisableExecuteApiEndpoint EndpointConfiguration GatewayResponses Name
				OpenApiVersion StageName Variables`),
			Required: []string{"StageName"},
			NoEffect: strings.Fields(`AccessLogSetting AlwaysDeploy CacheClusterEnabled CacheClusterSize Description MinimumCompressionSize
				PropagateTags Tags TracingEnabled`),
			Unsimulated: strings.Fields(`BinaryMediaTypes CanarySetting DefinitionBody DefinitionUri Domain FailOnWarnings MergeDefinitions
				MethodSettings Mode Models Policy SecurityPolicy`),
		},
		typeHTTPAPI: {
			Properties: strings.Fields(`Auth CorsConfiguration DefaultRouteSettings DisableExecuteApiEndpoint Name RouteSettings StageName
				StageVariables`),
			NoEffect:    strings.Fields(`AccessLogSettings Description PropagateTags Tags`),
			Unsimulated: strings.Fields(`DefinitionBody DefinitionUri Domain FailOnWarnings`),
		},
	}
}
