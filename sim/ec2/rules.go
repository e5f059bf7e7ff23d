package ec2

import "claimcheck/sim/trace"

// The rules of this package.
const (
	RuleProfile   trace.RuleID = "ec2.instance-profile"
	RuleReach     trace.RuleID = "ec2.metadata.link-local"
	RuleEndpoint  trace.RuleID = "ec2.metadata.endpoint"
	RuleForwarded trace.RuleID = "ec2.metadata.forwarded"
	RuleHops      trace.RuleID = "ec2.metadata.hop-limit"
	RuleToken     trace.RuleID = "ec2.metadata.token"
	RuleRole      trace.RuleID = "ec2.metadata.role"
	RuleTrust     trace.RuleID = "ec2.metadata.trust"
)

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	const (
		profiles = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html"
		service  = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html"
		answers  = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html"
		options  = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html"
		trouble  = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html"
	)
	return []trace.Rule{
		{ID: RuleProfile, Statement: "An instance is given an instance profile by its name; the profile holds the role, and their names may differ.", Source: profiles, Confidence: trace.Documented},
		{ID: RuleReach, Statement: "The instance metadata service answers at 169.254.169.254, on the instance itself and nowhere else.", Source: service, Confidence: trace.Documented},
		{ID: RuleEndpoint, Statement: "The metadata service answers 403 while its HTTP endpoint is disabled.", Source: answers, Confidence: trace.Documented},
		{ID: RuleForwarded, Statement: "A token is not given to a request with an X-Forwarded-For header, so that no open proxy hands it on.", Source: service, Confidence: trace.Documented},
		{ID: RuleHops, Statement: "The token's answer travels as many hops as the hop limit says; a container on the instance needs two.", Source: options, Confidence: trace.Documented},
		{ID: RuleToken, Statement: "With HttpTokens required, a request without a valid session token is answered 401.", Source: service, Confidence: trace.Documented},
		{ID: RuleRole, Statement: "An instance has credentials to hand out only while it has an instance profile with a role.", Source: profiles, Confidence: trace.Documented},
		{ID: RuleTrust, Statement: "EC2 assumes the profile's role by the role's trust policy, which has to name ec2.amazonaws.com.", Source: trouble, Confidence: trace.Documented},
	}
}
