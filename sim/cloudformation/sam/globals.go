package sam

import (
	"slices"
	"strings"

	"claimcheck/sim/source"
)

// readGlobals is step 1 for the Globals section.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
func (e *expander) readGlobals(n source.Node) {
	known := map[string]string{"Function": typeFunction, "Api": typeAPI, "HttpApi": typeHTTPAPI}
	for _, section := range n.Entries(e.problems) {
		kind, ok := known[section.Key]
		if !ok {
			e.problems.Add(section.KeyAt, "SAM has no Globals of %q that are simulated: want Function, Api or HttpApi", section.Key)
			continue
		}
		e.globals[kind] = section.Value
		for _, p := range section.Value.Entries(e.problems) {
			if !slices.Contains(supportedGlobals()[kind], p.Key) {
				e.refuse(p.KeyAt, "Globals", "'Globals' section is invalid. '%s' is not a supported property of '%s'. Must be one of the following values - [%s]",
					p.Key, section.Key, strings.Join(quoted(supportedGlobals()[kind]), ", "))
			}
		}
	}
}

func quoted(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = "'" + name + "'"
	}
	return all
}

// supportedGlobals are the properties that Globals may have. StageName, Policies
// and Events are not among them.
func supportedGlobals() map[string][]string {
	return map[string][]string{
		typeFunction: strings.Fields(`Handler Runtime CodeUri DeadLetterQueue Description MemorySize Timeout VpcConfig Environment Tags
			PropagateTags Tracing KmsKeyArn AutoPublishAlias AutoPublishAliasAllProperties Layers DeploymentPreference RolePath
			PermissionsBoundary ReservedConcurrentExecutions ProvisionedConcurrencyConfig AssumeRolePolicyDocument EventInvokeConfig
			FileSystemConfigs CodeSigningConfigArn Architectures SnapStart EphemeralStorage FunctionUrlConfig
			RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn`),
		typeAPI: strings.Fields(`Auth Name DefinitionUri CacheClusterEnabled CacheClusterSize MergeDefinitions Variables
			EndpointConfiguration MethodSettings BinaryMediaTypes MinimumCompressionSize Cors GatewayResponses AccessLogSetting
			CanarySetting TracingEnabled OpenApiVersion Domain AlwaysDeploy PropagateTags SecurityPolicy`),
		typeHTTPAPI: strings.Fields(`Auth AccessLogSettings StageVariables Tags CorsConfiguration DefaultRouteSettings RouteSettings
			Domain FailOnWarnings PropagateTags`),
	}
}
