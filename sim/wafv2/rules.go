package wafv2

import (
	"strings"

	"claimcheck/sim/trace"
)

// The rules of a web ACL.
const (
	RuleIPSet     trace.RuleID = "wafv2.ip-set"
	RuleRate      trace.RuleID = "wafv2.rate-based"
	RuleByteMatch trace.RuleID = "wafv2.byte-match"
	RuleAction    trace.RuleID = "wafv2.web-acl"
)

const guide = "https://docs.aws.amazon.com/waf/latest/developerguide/"

// Rules lists the rules of AWS WAF.
func Rules() []trace.Rule {
	return []trace.Rule{{
		ID:         RuleIPSet,
		Statement:  "An IP set rule matches the address that a request comes from.",
		Source:     guide + "waf-rule-statement-type-ipset-match.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleRate,
		Statement:  "A rate-based rule matches an address that sends more requests than its limit within the window, five minutes unless set otherwise.",
		Source:     guide + "waf-rule-statement-type-rate-based.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleByteMatch,
		Statement:  "A string match rule looks for a text in one part of the request, such as a header or the path.",
		Source:     guide + "waf-rule-statement-type-string-match.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleAction,
		Statement:  "The rules of a web ACL are looked at by priority; the first that matches and does not only count decides, and else the default action.",
		Source:     guide + "web-acl-rule-actions.html",
		Confidence: trace.Documented,
	}}
}

// unsimulatedOperations lists the control plane's operations:
// https://docs.aws.amazon.com/waf/latest/APIReference/API_Operations_AWS_WAFV2.html
func unsimulatedOperations() []string {
	return strings.Fields(`
AssociateWebACL CheckCapacity CreateAPIKey CreateIPSet CreateRegexPatternSet CreateRuleGroup CreateWebACL DeleteAPIKey
DeleteFirewallManagerRuleGroups DeleteIPSet DeleteLoggingConfiguration DeletePermissionPolicy DeleteRegexPatternSet
DeleteRuleGroup DeleteWebACL DescribeAllManagedProducts DescribeManagedProductsByVendor DescribeManagedRuleGroup
DisassociateWebACL GenerateMobileSdkReleaseUrl GetDecryptedAPIKey GetIPSet GetLoggingConfiguration GetManagedRuleSet
GetMobileSdkRelease GetPermissionPolicy GetRateBasedStatementManagedKeys GetRegexPatternSet GetRuleGroup
GetSampledRequests GetWebACL GetWebACLForResource ListAPIKeys ListAvailableManagedRuleGroupVersions
ListAvailableManagedRuleGroups ListIPSets ListLoggingConfigurations ListManagedRuleSets ListMobileSdkReleases
ListRegexPatternSets ListResourcesForWebACL ListRuleGroups ListTagsForResource ListWebACLs PutLoggingConfiguration
PutManagedRuleSetVersions PutPermissionPolicy TagResource UntagResource UpdateIPSet
UpdateManagedRuleSetVersionExpiryDate UpdateRegexPatternSet UpdateRuleGroup UpdateWebACL`)
}
