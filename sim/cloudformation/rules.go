package cloudformation

import "claimcheck/sim/trace"

// The rules by which CloudFormation refuses a template.
const (
	RuleTransform        trace.RuleID = "cloudformation.sam-transform"
	RuleNoSuchType       trace.RuleID = "cloudformation.no-such-type"
	RuleNoSuchProperty   trace.RuleID = "cloudformation.no-such-property"
	RuleRequiredProperty trace.RuleID = "cloudformation.required-property"
	RulePropertyType     trace.RuleID = "cloudformation.property-type"
	RulePropertyValue    trace.RuleID = "cloudformation.property-value"
	RuleResourceCreated  trace.RuleID = "cloudformation.resource-created"
)

const (
	pageValidation = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html"
	pageModel      = "https://repost.aws/knowledge-center/cloudformation-resolve-model-val-failed"
	pageTemplate   = "https://aws.amazon.com/premiumsupport/knowledge-center/cloudformation-template-validation/"
	pageFailure    = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html"
	pageSAM        = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-serverless.html"
	issueRequired  = "https://github.com/aws-cloudformation/iac-model-evaluation/issues/29"
)

// Rules lists the package's rules.
func Rules() []trace.Rule {
	return []trace.Rule{
		{
			ID:         RuleTransform,
			Statement:  "SAM turns its resource types into those of API Gateway, Lambda and IAM; a template that it cannot transform fails before anything is created.",
			Source:     pageSAM,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleNoSuchType,
			Statement:  "A template can only name resource types that AWS has; any other name stops the stack before anything is created.",
			Source:     pageTemplate,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleNoSuchProperty,
			Statement:  "CloudFormation checks a resource against its type's schema first, and a property that the type does not have fails the stack.",
			Source:     pageValidation,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleRequiredProperty,
			Statement:  "A resource that lacks a property its type requires fails the stack.",
			Source:     issueRequired,
			Confidence: trace.Observed,
		},
		{
			ID:         RulePropertyType,
			Statement:  "A property takes one kind of value: a list is not text, and text is not a list of one.",
			Source:     pageModel,
			Confidence: trace.Documented,
		},
		{
			ID:         RulePropertyValue,
			Statement:  "A property with a closed list of values takes none but those.",
			Source:     pageModel,
			Confidence: trace.Documented,
		},
		{
			ID:         RuleResourceCreated,
			Statement:  "When a service refuses to create one resource of a stack, the creation fails and by default the whole stack is rolled back.",
			Source:     pageFailure,
			Confidence: trace.Documented,
		},
	}
}
