package cognitoidp

import (
	"cmp"
	"net/netip"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// riskSettings are what threat protection does, in the template and the API
// alike:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetRiskConfiguration.html
type riskSettings struct {
	AccountTakeoverRiskConfiguration        takeoverConfiguration    `json:",omitzero"`
	CompromisedCredentialsRiskConfiguration compromisedConfiguration `json:",omitzero"`
	RiskExceptionConfiguration              riskExceptions           `json:",omitzero"`
}

type takeoverConfiguration struct {
	Actions takeoverActions

	_ struct{} `noeffect:"NotifyConfiguration"`
}

// takeoverActions are what happens at each level of risk.
type takeoverActions struct {
	LowAction    takeoverAction `json:",omitzero"`
	MediumAction takeoverAction `json:",omitzero"`
	HighAction   takeoverAction `json:",omitzero"`
}

type takeoverAction struct {
	EventAction string `aws:"required,enum=BLOCK|MFA_IF_CONFIGURED|MFA_REQUIRED|NO_ACTION"`
	Notify      bool
}

type compromisedConfiguration struct {
	Actions compromisedActions
	// EventFilter lists the events to look at; an empty one means all.
	EventFilter []string `aws:"enum=SIGN_IN|PASSWORD_CHANGE|SIGN_UP" json:",omitempty"`
}

type compromisedActions struct {
	EventAction string `aws:"required,enum=BLOCK|NO_ACTION"`
}

// riskExceptions are ranges of addresses in CIDR notation.
type riskExceptions struct {
	BlockedIPRangeList []string `json:",omitempty"`
	SkippedIPRangeList []string `json:",omitempty"`
}

// maxRanges is how many ranges a list holds.
const maxRanges = 200

// check has no wording of AWS.
func (e riskExceptions) check(span *trace.Span) error {
	for _, ranges := range [][]string{e.BlockedIPRangeList, e.SkippedIPRangeList} {
		if len(ranges) > maxRanges {
			return awserr.New("InvalidParameterException", "There are more than %d IP ranges.", maxRanges)
		}
		for _, text := range ranges {
			if _, err := netip.ParsePrefix(text); !span.Decide(RuleAddressRange, err == nil, "addresses in CIDR notation", text) {
				return awserr.New("InvalidParameterException", "%s is not in CIDR notation.", text)
			}
		}
	}
	return nil
}

// contains reports whether one of the ranges holds the address. Text that is no
// address is in none.
func contains(ranges []string, address string) bool {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, text := range ranges {
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Contains(at) {
			return true
		}
	}
	return false
}

func (s *UserPools) threatOperations() []api.Operation {
	return []api.Operation{
		onPool(s, "SetRiskConfiguration", s.setRiskConfiguration),
		onPool(s, "DescribeRiskConfiguration", s.describeRiskConfiguration),
	}
}

// allClients is the ClientId of a configuration for the whole pool.
const allClients = "ALL"

// riskProperties are those of AWS::Cognito::UserPoolRiskConfigurationAttachment:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolriskconfigurationattachment.html
type riskProperties struct {
	UserPoolId string `aws:"required"`
	// ClientId is an app client, or ALL for the whole pool.
	ClientId string `aws:"required"`
	riskSettings
}

func (s *UserPools) attachRiskConfiguration(r cloudformation.Resource, in riskProperties) (cloudformation.Created, error) {
	if err := s.configureRisks(r.Span, in.UserPoolId, in.ClientId, in.riskSettings); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: "UserPoolRiskConfigurationAttachment-" + in.UserPoolId + "-" + in.ClientId}, nil
}

// configureRisks sets what threat protection does:
//
//  1. the pool exists, and the app client
//  2. the pool's plan has threat protection
//  3. exceptions are ranges of addresses
func (s *UserPools) configureRisks(span *trace.Span, poolID, clientID string, settings riskSettings) error {
	p, err := s.riskPool(span, poolID, clientID) // 1
	if err != nil {
		return err
	}
	if err := checkPlan(span, p.settings.plan(), []feature{{"Threat Protection", plus, true}}); err != nil { // 2
		return err
	}
	if err := settings.RiskExceptionConfiguration.check(span); err != nil { // 3
		return err
	}
	p.risks[clientID] = riskConfiguration{settings: settings, modified: s.world.Now()}
	return nil
}

// riskPool finds the pool, and the app client unless all are meant.
func (s *UserPools) riskPool(span *trace.Span, poolID, clientID string) (*pool, error) {
	p, err := s.findPool(span, poolID)
	if err != nil || clientID == allClients {
		return p, err
	}
	_, err = s.clientOf(span, poolID, clientID)
	return p, err
}

// riskConfiguration is one that was set, for the pool or for an app client.
type riskConfiguration struct {
	settings riskSettings
	modified time.Time
}

// riskSettings are the client's own, or else the pool's.
func (p *pool) riskSettings(c *client) riskSettings {
	if c != nil {
		if own, ok := p.risks[c.id]; ok {
			return own.settings
		}
	}
	return p.risks[allClients].settings
}

type riskInput struct {
	UserPoolId string `aws:"required"`
	// ClientId is an app client, "" for the whole pool.
	ClientId string
}

func (in riskInput) pool() string { return in.UserPoolId }

func (in riskInput) client() string { return cmp.Or(in.ClientId, allClients) }

type setRiskInput struct {
	riskInput
	riskSettings
}

type riskOutput struct {
	RiskConfiguration describedRisks
}

type describedRisks struct {
	UserPoolId string
	ClientId   string `json:",omitempty"`
	riskSettings
	LastModifiedDate api.Timestamp `json:",omitzero"`
}

// setRiskConfiguration replaces a configuration. For an app client, nothing but
// its id gives it the pool's again.
func (s *UserPools) setRiskConfiguration(c api.Context, in setRiskInput) (riskOutput, error) {
	if err := s.configureRisks(c.Span, in.UserPoolId, in.client(), in.riskSettings); err != nil {
		return riskOutput{}, err
	}
	p := s.pools[in.UserPoolId]
	if in.ClientId != "" && in.empty() {
		delete(p.risks, in.ClientId)
	}
	return s.describedRisks(p, in.riskInput), nil
}

func (r riskSettings) empty() bool {
	return r.AccountTakeoverRiskConfiguration.Actions == (takeoverActions{}) &&
		r.CompromisedCredentialsRiskConfiguration.Actions == (compromisedActions{}) &&
		len(r.RiskExceptionConfiguration.BlockedIPRangeList)+len(r.RiskExceptionConfiguration.SkippedIPRangeList) == 0
}

// describeRiskConfiguration shows what was set for the pool or the client, not
// what a client takes over from the pool.
func (s *UserPools) describeRiskConfiguration(c api.Context, in riskInput) (riskOutput, error) {
	p, err := s.riskPool(c.Span, in.UserPoolId, in.client())
	if err != nil {
		return riskOutput{}, err
	}
	return s.describedRisks(p, in), nil
}

func (s *UserPools) describedRisks(p *pool, in riskInput) riskOutput {
	set, ok := p.risks[in.client()]
	described := describedRisks{UserPoolId: in.UserPoolId, ClientId: in.ClientId, riskSettings: set.settings}
	if ok {
		described.LastModifiedDate = api.Epoch(set.modified)
	}
	return riskOutput{described}
}
