package cognitoidp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// RulePlan is the rule that a pool uses only the features of its plan.
const RulePlan trace.RuleID = "cognito-idp.plan.feature"

func planRules() []trace.Rule {
	return []trace.Rule{
		{ID: RulePlan, Statement: "Managed login, USER_AUTH, passwordless sign-in, e-mail MFA, password history and access token customization need the plan ESSENTIALS, the default of new pools; threat protection needs PLUS.", Source: guide + "cognito-sign-in-feature-plans.html", Confidence: trace.Documented},
	}
}

// plan is a value of UserPoolTier.
type plan string

// The plans.
const (
	lite       plan = "LITE"
	essentials plan = "ESSENTIALS"
	plus       plan = "PLUS"
)

// includes reports whether a pool of this plan has what needs the given one.
func (p plan) includes(needed plan) bool {
	ranks := []plan{lite, essentials, plus}
	return slices.Index(ranks, p) >= slices.Index(ranks, needed)
}

// plan is the pool's plan: ESSENTIALS unless the template says otherwise.
func (in poolSettings) plan() plan { return cmp.Or(plan(in.UserPoolTier), essentials) }

// feature is something that a pool may use, with the least plan that has it:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
type feature struct {
	name  string
	needs plan
	used  bool
}

// features are those that the settings of a pool turn on.
func (in poolSettings) features(m multiFactor) []feature {
	history := in.Policies.PasswordPolicy != nil && in.Policies.PasswordPolicy.PasswordHistorySize > 0
	passwordless := slices.ContainsFunc(in.Policies.SignInPolicy.AllowedFirstAuthFactors, func(factor string) bool { return factor != "PASSWORD" })
	return []feature{
		{"Passwordless sign-in", essentials, passwordless},
		{"Access token customization", essentials, in.LambdaConfig.tokenVersion() != "V1_0"},
		{"Email MFA", essentials, m.has(emailOTP)},
		{"Password history", essentials, history},
		{"Threat Protection", plus, in.UserPoolAddOns.mode() != modeOff},
	}
}

// checkPlan refuses features that the plan lacks, in the words of
// https://github.com/hashicorp/terraform-provider-aws/pull/40734. The names of
// features other than Threat Protection are not known to be AWS's.
func checkPlan(span *trace.Span, has plan, features []feature) error {
	var lacking []string
	for _, f := range features {
		if f.used && !span.Decide(RulePlan, has.includes(f.needs), fmt.Sprintf("%s or more for %s", f.needs, f.name), string(has)) {
			lacking = append(lacking, f.name)
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	return awserr.New("FeatureUnavailableInTierException", "The following features need to be disabled for the %s pricing tier configured: %s", has, strings.Join(lacking, ", "))
}
