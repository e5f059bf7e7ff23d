package cognitoidp_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

func (a *account) exceptions(blocked, skipped string) object {
	return object{
		"UserPoolId": a.Ref("Pool"),
		"AccountTakeoverRiskConfiguration": object{"Actions": object{
			"HighAction": object{"EventAction": "BLOCK", "Notify": false},
		}},
		"RiskExceptionConfiguration": object{"BlockedIPRangeList": []any{blocked}, "SkippedIPRangeList": []any{skipped}},
	}
}

// from is a sign-in of ana from an address, with a risk.
func (a *account) from(address, risk string) object {
	input := a.passwordInput("ana", password)
	input["UserContextData"] = object{"IpAddress": address, "EncodedData": risk}
	return input
}

// .../API_RiskExceptionConfigurationType.html
func TestAddressesAreBlockedOrNeverAssessed(t *testing.T) { addressesByRange(newAccount(t)) }

func addressesByRange(a *account) {
	a.T.Helper()
	guarded(a, "ENFORCED")
	a.Must("SetRiskConfiguration", a.exceptions("198.51.100.0/24", "203.0.113.0/24"))
	const refused = "Unable to login because of security reasons."
	a.Refused(cognitoidp.RuleThreatAddress, "NotAuthorizedException", refused, "InitiateAuth", a.from("198.51.100.7", ""))
	a.Refused(cognitoidp.RuleThreatRisk, "NotAuthorizedException", refused, "InitiateAuth", a.from("192.0.2.1", "risk=high"))
	a.Must("InitiateAuth", a.from("203.0.113.9", "risk=high"))
	a.Must("InitiateAuth", a.from("192.0.2.1", ""))
	a.Must("InitiateAuth", a.from("not an address", ""))
	bad := a.exceptions("198.51.100.7", "203.0.113.0/24")
	a.Refused(cognitoidp.RuleAddressRange, "InvalidParameterException", "198.51.100.7 is not in CIDR notation.", "SetRiskConfiguration", bad)
}

func TestAuditOnlyLogsABlockedAddress(t *testing.T) {
	a := newAccount(t)
	guarded(a, "AUDIT")
	a.Must("SetRiskConfiguration", a.exceptions("198.51.100.0/24", "203.0.113.0/24"))
	a.Must("InitiateAuth", a.from("198.51.100.7", ""))
}

func TestAListOfRangesHoldsTwoHundred(t *testing.T) {
	a := newAccount(t)
	guarded(a, "ENFORCED")
	ranges := make([]any, 201)
	for i := range ranges {
		ranges[i] = "198.51.100.0/24"
	}
	input := object{"UserPoolId": a.Ref("Pool"), "RiskExceptionConfiguration": object{"BlockedIPRangeList": ranges}}
	a.Refused("", "InvalidParameterException", "There are more than 200 IP ranges.", "SetRiskConfiguration", input)
}

// .../API_SetRiskConfiguration.html: a client's own configuration stands in
// place of the pool's, until it is set with nothing.
func TestAClientHasARiskConfigurationOfItsOwn(t *testing.T) {
	a := newAccount(t)
	guarded(a, "ENFORCED")
	client := object{"UserPoolId": a.Ref("Pool"), "ClientId": a.Ref("Client")}
	own := object{"AccountTakeoverRiskConfiguration": object{"Actions": object{"HighAction": object{"EventAction": "NO_ACTION", "Notify": false}}}}
	for name, value := range client {
		own[name] = value
	}
	described := a.Must("SetRiskConfiguration", own)["RiskConfiguration"]
	if diff := cmp.Diff(described, a.Must("DescribeRiskConfiguration", client)["RiskConfiguration"]); diff != "" {
		t.Errorf("described otherwise than it was set (-want +got):\n%s", diff)
	}
	a.Must("InitiateAuth", a.from("192.0.2.1", "risk=high"))
	a.Must("SetRiskConfiguration", client)
	a.Refused(cognitoidp.RuleThreatRisk, "NotAuthorizedException", "Unable to login because of security reasons.", "InitiateAuth", a.from("192.0.2.1", "risk=high"))
}

// .../API_DescribeRiskConfiguration.html
func TestThePoolsRiskConfigurationIsDescribed(t *testing.T) {
	a := newAccount(t)
	guarded(a, "ENFORCED")
	got, _ := a.Must("DescribeRiskConfiguration", object{"UserPoolId": a.Ref("Pool")})["RiskConfiguration"].(map[string]any)
	takeover, _ := got["AccountTakeoverRiskConfiguration"].(map[string]any)
	a.has(takeover["Actions"].(map[string]any), object{"MediumAction": map[string]any{"EventAction": "MFA_REQUIRED", "Notify": false}})
}
