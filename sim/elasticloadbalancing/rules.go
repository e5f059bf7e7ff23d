package elasticloadbalancing

import (
	"strings"

	"claimcheck/sim/trace"
)

// The rules of a load balancer that signs users in.
const (
	RuleSession  trace.RuleID = "elasticloadbalancing.session"
	RuleLogin    trace.RuleID = "elasticloadbalancing.sign-in"
	RuleTokens   trace.RuleID = "elasticloadbalancing.tokens"
	RuleUserInfo trace.RuleID = "elasticloadbalancing.user-info"
	RuleTarget   trace.RuleID = "elasticloadbalancing.target"
)

const guide = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"

// Rules lists the rules of load balancers.
func Rules() []trace.Rule {
	const users, codes = guide + "listener-authenticate-users.html", guide + "load-balancer-troubleshooting.html"
	return []trace.Rule{{
		ID:         RuleSession,
		Statement:  "A listener rule that authenticates knows a user by its session cookie, never by a token in the request; without one it redirects to the provider, lets the request pass or answers 401, as OnUnauthenticatedRequest says.",
		Source:     users,
		Confidence: trace.Documented,
	}, {
		ID:         RuleLogin,
		Statement:  "A user must complete the sign-in at the provider within 15 minutes; later the load balancer answers 401.",
		Source:     users,
		Confidence: trace.Documented,
	}, {
		ID:         RuleTokens,
		Statement:  "The load balancer exchanges the code with its client secret; an error of the provider is 561, a scope that brings no ID token 401.",
		Source:     codes,
		Confidence: trace.Documented,
	}, {
		ID:         RuleUserInfo,
		Statement:  "The claims that a target is told are those of the provider's user info endpoint.",
		Source:     users,
		Confidence: trace.Documented,
	}, {
		ID:         RuleTarget,
		Statement:  "A Lambda target that fails, or returns no object with statusCode, is 502.",
		Source:     codes,
		Confidence: trace.Documented,
	}}
}

// unsimulatedOperations lists the control plane's operations:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html
func unsimulatedOperations() []string {
	return strings.Fields(`
AddListenerCertificates AddTags AddTrustStoreRevocations CreateListener CreateLoadBalancer CreateRule CreateTargetGroup
CreateTrustStore DeleteListener DeleteLoadBalancer DeleteRule DeleteSharedTrustStoreAssociation DeleteTargetGroup
DeleteTrustStore DeregisterTargets DescribeAccountLimits DescribeCapacityReservation DescribeListenerAttributes
DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules
DescribeSSLPolicies DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth
DescribeTrustStoreAssociations DescribeTrustStoreRevocations DescribeTrustStores GetResourcePolicy
GetTrustStoreCaCertificatesBundle GetTrustStoreRevocationContent ModifyCapacityReservation ModifyIpPools ModifyListener
ModifyListenerAttributes ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup ModifyTargetGroupAttributes
ModifyTrustStore RegisterTargets RemoveListenerCertificates RemoveTags RemoveTrustStoreRevocations SetIpAddressType
SetRulePriorities SetSecurityGroups SetSubnets`)
}
