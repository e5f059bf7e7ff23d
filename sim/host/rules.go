package host

import "claimcheck/sim/trace"

// The rules of this package.
const (
	RuleChain       trace.RuleID = "sdk.credentials.chain"
	RuleCode        trace.RuleID = "sdk.credentials.code"
	RuleProperties  trace.RuleID = "sdk.credentials.system-properties"
	RuleEnvironment trace.RuleID = "sdk.credentials.environment"
	RuleWebIdentity trace.RuleID = "sdk.credentials.web-identity"
	RuleProfile     trace.RuleID = "sdk.credentials.profile"
	RuleContainer   trace.RuleID = "sdk.credentials.container"
	RuleMetadata    trace.RuleID = "sdk.credentials.instance-metadata"
)

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	const reference = "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html"
	return []trace.Rule{
		{ID: RuleChain, Statement: "An SDK asks its credential providers in order and takes the first that has any, whether or not they are still good.", Source: reference, Confidence: trace.Inferred},
		{ID: RuleCode, Statement: "Credentials that the code gives to a client come before every provider of the chain.", Source: reference, Confidence: trace.Documented},
		{ID: RuleProperties, Statement: "The SDK for Java looks at Java system properties before environment variables.", Source: "https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html", Confidence: trace.Documented},
		{ID: RuleEnvironment, Statement: "Access keys in environment variables come before files, containers and instance metadata.", Source: reference, Confidence: trace.Documented},
		{ID: RuleWebIdentity, Statement: "A web identity token file and a role's ARN in the environment are traded at STS for a session of the role.", Source: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html", Confidence: trace.Documented},
		{ID: RuleProfile, Statement: "A profile of the shared files has access keys, or a role that its source assumes; unless one is named it is the profile default.", Source: "https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html", Confidence: trace.Documented},
		{ID: RuleContainer, Statement: "In a container of an ECS task with a task role, the chain gets the role's credentials from the ECS agent, before it asks the instance.", Source: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html", Confidence: trace.Documented},
		{ID: RuleMetadata, Statement: "The instance metadata service is asked last; it hands out the credentials of the instance profile's role.", Source: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html", Confidence: trace.Documented},
	}
}
