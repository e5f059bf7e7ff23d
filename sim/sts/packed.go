package sts

import (
	"fmt"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// Limits of session policies.
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const (
	longestPolicy = 2048
	maxPolicies   = 10
)

// checkSessionPolicies looks at how long an inline session policy is and how
// many managed ones there are. What they say is IAM's business.
func checkSessionPolicies(span *trace.Span, inline string, managed []policyDescriptor) error {
	if inline == "" && len(managed) == 0 {
		return nil
	}
	fault := ""
	switch {
	case len(inline) > longestPolicy:
		fault = constraint(inline, "policy", fmt.Sprintf("have length less than or equal to %d", longestPolicy))
	case len(managed) > maxPolicies:
		fault = fmt.Sprintf("Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to %d", maxPolicies)
	}
	wanted := fmt.Sprintf("%d characters, %d managed policies at most", longestPolicy, maxPolicies)
	if !span.Decide(RuleSessionPolicies, fault == "", wanted, fmt.Sprintf("%d characters, %d managed", len(inline), len(managed))) {
		return awserr.New("ValidationError", "1 validation error detected: %s", fault)
	}
	return nil
}

// The space for packed tags: 460 bytes, as identity pools document it, and three
// for each tag besides its key and value. So nine tags of 252 characters take
// 498 %, as was seen. How AWS packs policies is not known: they take nothing here.
//
// Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/using-afac-with-cognito-identity-pools.html,
// https://github.com/aws-actions/configure-aws-credentials/issues/1898 (observed)
const (
	packedSpace = 460
	packedFrame = 3
)

// checkPacked refuses tags that do not fit together, and returns how much of the
// space they take, in percent.
func checkPacked(span *trace.Span, tags map[string]string) (percent int, err error) {
	if len(tags) == 0 {
		return 0, nil
	}
	size := 0
	for key, value := range tags {
		size += len(key) + len(value) + packedFrame
	}
	percent = size * 100 / packedSpace
	if !span.Decide(RulePackedSize, percent <= 100, "tags of at most 100 % packed", fmt.Sprintf("%d tags, %d %%", len(tags), percent)) {
		return percent, awserr.New("PackedPolicyTooLarge", "Packed size of session tags consumes %d%% of allotted space.", percent)
	}
	return percent, nil
}
