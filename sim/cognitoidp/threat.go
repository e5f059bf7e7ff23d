package cognitoidp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// The rules of threat protection.
const (
	RuleThreatMode        trace.RuleID = "cognito-idp.threat.enforced"
	RuleAddressRange      trace.RuleID = "cognito-idp.threat.address-range"
	RuleThreatAddress     trace.RuleID = "cognito-idp.threat.blocked-address"
	RuleThreatRisk        trace.RuleID = "cognito-idp.threat.risk"
	RuleThreatCompromised trace.RuleID = "cognito-idp.threat.compromised-password"
)

func threatRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleThreatMode, Statement: "Threat protection acts only in the mode ENFORCED; AUDIT logs what it would have done.", Source: guide + "cognito-user-pool-settings-threat-protection.html", Confidence: trace.Documented},
		{ID: RuleAddressRange, Statement: "Addresses that are always blocked or never assessed are ranges in CIDR notation, 200 at most in each list.", Source: reference + "API_RiskExceptionConfigurationType.html", Confidence: trace.Documented},
		{ID: RuleThreatAddress, Statement: "Addresses in BlockedIPRangeList never sign in, and for those in SkippedIPRangeList no risk is assessed.", Source: reference + "API_RiskExceptionConfigurationType.html", Confidence: trace.Documented},
		{ID: RuleThreatRisk, Statement: "Adaptive authentication acts by the risk of a sign-in; MFA_REQUIRED blocks users without a second factor. AWS reads the risk from data that it alone understands; here a flow states it in EncodedData, as risk=high.", Source: guide + "cognito-user-pool-settings-adaptive-authentication.html", Confidence: trace.Documented},
		{ID: RuleThreatCompromised, Statement: "A compromised password can be blocked at sign-up, sign-in and password change, where Cognito sees it: never with SRP. A sign-in that is blocked leaves the user in RESET_REQUIRED.", Source: guide + "cognito-user-pool-settings-compromised-credentials.html", Confidence: trace.Documented},
	}
}

// The values of AdvancedSecurityMode.
const (
	modeOff      = "OFF"
	modeEnforced = "ENFORCED"
)

// userPoolAddOns turn threat protection on:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolAddOnsType.html
type userPoolAddOns struct {
	AdvancedSecurityMode string `aws:"enum=OFF|AUDIT|ENFORCED" json:",omitempty"`

	_ struct{} `unsimulated:"AdvancedSecurityAdditionalFlows"`
}

func (o userPoolAddOns) mode() string { return cmp.Or(o.AdvancedSecurityMode, modeOff) }

// riskProperties are those of AWS::Cognito::UserPoolRiskConfigurationAttachment:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolriskconfigurationattachment.html
// enforces reports whether what was found is acted upon. It records nothing for
// a pool without threat protection.
func (p *pool) enforces(span *trace.Span) bool {
	mode := p.settings.UserPoolAddOns.mode()
	if mode == modeOff {
		return false
	}
	return span.Note(RuleThreatMode, mode == modeEnforced, "AdvancedSecurityMode ENFORCED", mode)
}

// userContextData is what an app's device tells of itself. AWS alone can read
// EncodedData; in the simulation it is "risk=low", "risk=medium" or "risk=high",
// which is what AWS would make of it.
type userContextData struct {
	EncodedData string
	// IpAddress is the device's own. It is "" when the app does not tell it.
	IpAddress string
}

// contextData is the same from a server, which also tells of the request that it
// had from the device.
type contextData struct {
	userContextData

	_ struct{} `noeffect:"HttpHeaders ServerName ServerPath"`
}

// assess looks at the sign-in of a user who has shown the password, once. Custom
// sign-ins have a mode of their own, which is off:
//
//  1. the device's address is not one that the pool always blocks
//  2. the password is not compromised, as far as the pool saw it
//  3. the risk that the device shows allows the sign-in, unless the pool skips
//     devices of its address
func (s *UserPools) assess(a *attempt) error {
	off := a.client.pool.settings.UserPoolAddOns.mode() == modeOff || a.progress.flow == "CUSTOM_AUTH"
	if off || a.progress.assessed || a.user == nil {
		return nil
	}
	a.progress.assessed = true
	exceptions := a.client.pool.riskSettings(a.client).RiskExceptionConfiguration
	if err := a.checkAddress(exceptions.BlockedIPRangeList); err != nil { // 1
		return err
	}
	if password := a.parameters["PASSWORD"]; password != "" { // 2
		if err := a.client.pool.checkCompromised(a.span, a.client, "SIGN_IN", password); err != nil {
			a.user.status = statusResetRequired
			return err
		}
	}
	if contains(exceptions.SkippedIPRangeList, a.sent.device.IpAddress) {
		a.span.Note(RuleThreatRisk, true, "a risk that lets the user in", "not assessed: "+a.sent.device.IpAddress+" is skipped")
		return nil
	}
	return assessRisk(a) // 3
}

// checkAddress refuses devices whose address is blocked. AWS documents that they
// are, without the wording.
func (a *attempt) checkAddress(blocked []string) error {
	address := a.sent.device.IpAddress
	if len(blocked) == 0 || address == "" {
		return nil
	}
	inside := contains(blocked, address)
	const wanted = "an address outside BlockedIPRangeList"
	if !inside || !a.client.pool.enforces(a.span) {
		a.span.Note(RuleThreatAddress, !inside, wanted, address)
		return nil
	}
	a.span.Decide(RuleThreatAddress, false, wanted, address)
	return awserr.New("NotAuthorizedException", "Unable to login because of security reasons.")
}

// assessRisk acts on the level of risk. AWS documents that a sign-in is blocked
// without the wording.
func assessRisk(a *attempt) error {
	p := a.client.pool
	actions := p.riskSettings(a.client).AccountTakeoverRiskConfiguration.Actions
	action, ok := map[string]takeoverAction{
		"": {EventAction: "NO_ACTION"}, "risk=low": actions.LowAction, "risk=medium": actions.MediumAction, "risk=high": actions.HighAction,
	}[a.sent.device.EncodedData]
	if !ok {
		return fmt.Errorf("EncodedData %q: the simulation reads risk=low, risk=medium and risk=high, and nothing that AWS would", a.sent.device.EncodedData)
	}
	factors := p.factorsOf(a.user)
	allowed := action.EventAction != "BLOCK" && (action.EventAction != "MFA_REQUIRED" || len(factors) > 0)
	found := fmt.Sprintf("%s: %s, the user has %s", cmp.Or(a.sent.device.EncodedData, "no risk"), cmp.Or(action.EventAction, "NO_ACTION"), phrase(factors, "no factor"))
	const wanted = "a risk that lets the user in"
	if allowed || !p.enforces(a.span) {
		a.span.Note(RuleThreatRisk, allowed, wanted, found)
		return nil
	}
	a.span.Decide(RuleThreatRisk, false, wanted, found)
	return awserr.New("NotAuthorizedException", "Unable to login because of security reasons.")
}

// checkCompromised refuses a password that others have leaked, when the
// configuration says so for the event. AWS documents that it is blocked without
// the wording.
func (p *pool) checkCompromised(span *trace.Span, c *client, event, password string) error {
	configuration := p.riskSettings(c).CompromisedCredentialsRiskConfiguration
	looked := len(configuration.EventFilter) == 0 || slices.Contains(configuration.EventFilter, event)
	if p.settings.UserPoolAddOns.mode() == modeOff || !looked || configuration.Actions.EventAction != "BLOCK" {
		return nil
	}
	leaked := slices.Contains(leakedPasswords(), strings.ToLower(password))
	const wanted = "a password that is not known to be compromised"
	if !leaked || !p.enforces(span) {
		span.Note(RuleThreatCompromised, !leaked, wanted, leakedOrNot(leaked))
		return nil
	}
	span.Decide(RuleThreatCompromised, false, wanted, leakedOrNot(leaked))
	if event == "SIGN_IN" {
		return awserr.New("NotAuthorizedException", "Unable to login because of security reasons.")
	}
	return awserr.New("InvalidPasswordException", "Provided password cannot be used for security reasons.")
}

func leakedOrNot(leaked bool) string {
	if leaked {
		return "it is in the list of leaked passwords"
	}
	return "not in the list of leaked passwords"
}

// leakedPasswords stand for AWS's list, in lower case: a few that every list of
// leaked passwords has and that a password policy allows.
func leakedPasswords() []string {
	return []string{"p@ssw0rd", "p@ssw0rd1", "password1!", "password123!", "qwerty123!", "welcome1!", "welcome123!"}
}
