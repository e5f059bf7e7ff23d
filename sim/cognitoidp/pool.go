package cognitoidp

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// pool is one user pool. It has two key pairs: one signs ID tokens, the other
// access tokens.
type pool struct {
	id, issuer       string
	idKey, accessKey jwt.Key
	name             string
	created          time.Time
	modified         time.Time
	settings         configuration
	schema           schema
	users            []*user
	groups           map[string]*group
	outbox           []Message
	domains          []*domain
	resourceServers  []*resourceServer
	providers        []*provider
	mfa              multiFactor
	passkeys         webAuthnConfiguration
	// deviceGroupKey is the same for all devices of the pool, "" where it
	// remembers none.
	deviceGroupKey string
	// risks are the risk configurations by ClientId.
	risks map[string]riskConfiguration
}

// poolProperties are those of AWS::Cognito::UserPool:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html
type poolProperties struct {
	configuration
	EnabledMfas                 []string `aws:"enum=SMS_MFA|SOFTWARE_TOKEN_MFA|EMAIL_OTP"`
	UserPoolName                string
	WebAuthnFactorConfiguration string `aws:"enum=SINGLE_FACTOR|MULTI_FACTOR_WITH_USER_VERIFICATION"`
	WebAuthnRelyingPartyID      string
	WebAuthnUserVerification    string `aws:"enum=required|preferred"`

	_ struct{} `noeffect:"EmailAuthenticationMessage EmailAuthenticationSubject" unsimulated:"IssuerConfiguration KeyConfiguration"`
}

func (s *UserPools) createPool(r cloudformation.Resource, in poolProperties) (cloudformation.Created, error) {
	p, err := s.addPool(r.Span, in.configuration, in.EnabledMfas)
	if err != nil {
		return cloudformation.Created{}, err
	}
	p.name = cmp.Or(in.UserPoolName, r.Stack+"-"+r.LogicalID)
	p.passkeys = webAuthnConfiguration{
		RelyingPartyId: in.WebAuthnRelyingPartyID, UserVerification: in.WebAuthnUserVerification, FactorConfiguration: in.WebAuthnFactorConfiguration,
	}
	return cloudformation.Created{Ref: p.id, Attributes: map[string]string{
		"Arn":          s.arn(p.id),
		"ProviderName": s.host() + "/" + p.id,
		"ProviderURL":  p.issuer,
		"UserPoolId":   p.id,
	}}, nil
}

// addPool makes a pool without a name, whose users can have the given second
// factors:
//
//  1. the settings are legal (see poolSettings.check)
//  2. the schema is legal (see checkSchema)
func (s *UserPools) addPool(span *trace.Span, in configuration, factors []string) (*pool, error) {
	mfa := in.multiFactor(factors)
	if err := in.check(span, mfa); err != nil { // 1
		return nil, err
	}
	if err := checkSchema(span, "schema", in.Schema, isStandard); err != nil { // 2
		return nil, err
	}
	id, now := s.world.Region()+"_"+s.world.Token(9, api.Alphanumeric), s.world.Now()
	p := &pool{
		id:        id,
		issuer:    "https://" + s.host() + "/" + id,
		idKey:     jwt.DevelopmentKey(2*s.made, s.keyID(), jwt.RS256),
		accessKey: jwt.DevelopmentKey(2*s.made+1, s.keyID(), jwt.RS256),
		settings:  in,
		schema:    newSchema(in.Schema),
		groups:    map[string]*group{},
		risks:     map[string]riskConfiguration{},
		mfa:       mfa,
		created:   now,
		modified:  now,
	}
	s.made++
	s.pools[id] = p
	return p, nil
}

// checkRange refuses a number outside its range; 0 stands for a number that was
// left out.
func checkRange(span *trace.Span, path string, value, least, most int64) error {
	if value == 0 {
		return nil
	}
	inRange := value >= least && value <= most
	if span.Decide(RuleSettingRange, inRange, fmt.Sprintf("%s from %d to %d", path, least, most), fmt.Sprint(value)) {
		return nil
	}
	constraint := fmt.Sprintf("greater than or equal to %d", least)
	if value > most {
		constraint = fmt.Sprintf("less than or equal to %d", most)
	}
	return awserr.New("InvalidParameterException", "1 validation error detected: Value '%d' at '%s' failed to satisfy constraint: Member must have value %s", value, path, constraint)
}

// keyID is a new kid, in the form of Cognito's: 32 random bytes in base64.
func (s *UserPools) keyID() string { return s.world.Token(43, api.Alphanumeric) + "=" }

// find returns the user whom a name means, or nil. The name is a username, an
// alias or, in a pool with UsernameAttributes, the value of one of these.
func (p *pool) find(name string) *user {
	for _, u := range p.users {
		if p.same(u.username, name) {
			return u
		}
		for _, attribute := range p.settings.UsernameAttributes {
			if value := u.attributes[attribute]; value != "" && p.same(value, name) {
				return u
			}
		}
		if p.hasAlias(u, name) {
			return u
		}
	}
	return nil
}

// same compares names. They are case-sensitive unless the pool says otherwise:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UsernameConfigurationType.html
func (p *pool) same(a, b string) bool {
	if c := p.settings.UsernameConfiguration; c != nil && !c.CaseSensitive {
		return strings.EqualFold(a, b)
	}
	return a == b
}

// The values of UserStatus that the simulation reaches.
const (
	statusUnconfirmed   = "UNCONFIRMED"
	statusConfirmed     = "CONFIRMED"
	statusForceChange   = "FORCE_CHANGE_PASSWORD"
	statusResetRequired = "RESET_REQUIRED"
)

// user is one profile of a pool.
type user struct {
	username string
	// attributes hold all values as text, among them sub.
	attributes map[string]string
	password   string
	// passwords are the permanent ones so far, the current one last.
	passwords []string
	// temporaryUntil is when a temporary password expires.
	temporaryUntil    time.Time
	status            string
	disabled          bool
	created, modified time.Time
	groups            map[string]*group
	// identities are what the user is at identity providers.
	identities []identity
	// code confirms the sign-up, reset a new password, and verifying an address.
	code, reset *code
	verifying   map[string]*code
	// calls are the times at which the user did what has a quota.
	calls    map[string][]time.Time
	failures failures
	factors  userFactors
	// devices are those that were confirmed, oldest first.
	devices []*device
	// passkeys are those that were registered, oldest first; registration is one
	// that is under way, nil for none.
	passkeys     []*passkey
	registration *registration
	// enrolment is an authenticator app that waits for its first code.
	enrolment *softwareToken
}

// code is a verification code that was sent and not yet used.
type code struct {
	value     string
	attribute string
	// address is the one to verify, "" for the attribute's value.
	address string
	expires time.Time
}

// group is one group of a pool.
type group struct {
	name, description, role string
	// precedence is nil when none was given, which ranks last.
	precedence        *int64
	created, modified time.Time
}

// memberOf returns the user's groups by name.
func (u *user) memberOf() []*group {
	groups := make([]*group, 0, len(u.groups))
	for _, g := range u.groups {
		groups = append(groups, g)
	}
	sort.Slice(groups, func(i, j int) bool { return groups[i].name < groups[j].name })
	return groups
}

// Message is what a pool sent to a user.
type Message struct {
	At       time.Time
	Username string
	// Medium is EMAIL or SMS, and To the address or number.
	Medium, To string
	// Code is the confirmation code of a sign-up, or the temporary password of
	// an invitation.
	Code string
	// Subject and Text are what a custom message trigger wrote, or else the
	// pool's own template; "" where they are AWS's.
	Subject, Text string
}

// Outbox returns what a pool has sent to a user, oldest first. Nothing is sent
// by an unknown pool or to an unknown user.
func (s *UserPools) Outbox(poolID, username string) []Message {
	p, ok := s.pools[poolID]
	if !ok {
		return nil
	}
	u := p.find(username)
	var messages []Message
	for _, m := range p.outbox {
		if u != nil && m.Username == u.username {
			messages = append(messages, m)
		}
	}
	return messages
}

// Sent returns what all pools have sent to users of a name, pool after pool.
func (s *UserPools) Sent(username string) []Message {
	var messages []Message
	for _, id := range slices.Sorted(maps.Keys(s.pools)) {
		messages = append(messages, s.Outbox(id, username)...)
	}
	return messages
}

func mediumOf(attribute string) string {
	if attribute == "phone_number" {
		return "SMS"
	}
	return "EMAIL"
}
