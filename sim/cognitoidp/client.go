package cognitoidp

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// client is one app client of a pool.
type client struct {
	id, name, secret string
	pool             *pool
	settings         clientSettings
	// flows are the values of ExplicitAuthFlows in effect.
	flows []string
	// How long tokens live.
	idValidity, accessValidity, refreshValidity time.Duration
	created, modified                           time.Time
}

// clientSettings are those that UpdateUserPoolClient replaces, all at once:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
type clientSettings struct {
	ExplicitAuthFlows                        []string             `aws:"enum=ALLOW_USER_AUTH|ALLOW_ADMIN_USER_PASSWORD_AUTH|ALLOW_CUSTOM_AUTH|ALLOW_USER_PASSWORD_AUTH|ALLOW_USER_SRP_AUTH|ALLOW_REFRESH_TOKEN_AUTH|ADMIN_NO_SRP_AUTH|CUSTOM_AUTH_FLOW_ONLY|USER_PASSWORD_AUTH" json:",omitempty"`
	AccessTokenValidity                      int64                `json:",omitempty"`
	IdTokenValidity                          int64                `json:",omitempty"`
	RefreshTokenValidity                     int64                `json:",omitempty"`
	TokenValidityUnits                       tokenValidityUnits   `json:",omitzero"`
	AuthSessionValidity                      int64                `json:",omitempty"`
	EnableTokenRevocation                    *bool                `json:",omitempty"`
	EnablePropagateAdditionalUserContextData bool                 `json:",omitempty"`
	PreventUserExistenceErrors               string               `aws:"enum=LEGACY|ENABLED" json:",omitempty"`
	ReadAttributes                           []string             `json:",omitempty"`
	WriteAttributes                          []string             `json:",omitempty"`
	RefreshTokenRotation                     refreshTokenRotation `json:",omitzero"`

	AllowedOAuthFlows               []string `aws:"enum=code|implicit|client_credentials" json:",omitempty"`
	AllowedOAuthFlowsUserPoolClient bool     `json:",omitempty"`
	AllowedOAuthScopes              []string `json:",omitempty"`
	CallbackURLs                    []string `json:",omitempty"`
	DefaultRedirectURI              string   `json:",omitempty"`
	LogoutURLs                      []string `json:",omitempty"`
	SupportedIdentityProviders      []string `json:",omitempty"`

	_ struct{} `unsimulated:"AnalyticsConfiguration"`
}

type tokenValidityUnits struct {
	AccessToken  string `aws:"enum=seconds|minutes|hours|days" json:",omitempty"`
	IdToken      string `aws:"enum=seconds|minutes|hours|days" json:",omitempty"`
	RefreshToken string `aws:"enum=seconds|minutes|hours|days" json:",omitempty"`
}

const day = 24 * time.Hour

// clientProperties are those of AWS::Cognito::UserPoolClient:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html
type clientProperties struct {
	UserPoolId     string `aws:"required"`
	ClientName     string
	GenerateSecret bool
	clientSettings
}

func (s *UserPools) createClient(r cloudformation.Resource, in clientProperties) (cloudformation.Created, error) {
	c, err := s.addClient(r.Span, in)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if c.name == "" {
		c.name = r.LogicalID + "-" + s.world.Token(12, api.Alphanumeric)
	}
	attributes := map[string]string{"ClientId": c.id, "ClientSecret": c.secret, "Name": c.name}
	return cloudformation.Created{Ref: c.id, Attributes: attributes}, nil
}

// addClient makes an app client:
//
//  1. the pool exists
//  2. the settings are legal (see client.configure)
func (s *UserPools) addClient(span *trace.Span, in clientProperties) (*client, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, err
	}
	now := s.world.Now()
	c := &client{id: s.world.Token(26, api.LowerAlphanumeric), name: in.ClientName, pool: p, created: now, modified: now}
	if in.GenerateSecret {
		c.secret = s.world.Token(51, api.LowerAlphanumeric)
	}
	if err := c.configure(span, in.clientSettings, "creating"); err != nil { // 2
		return nil, err
	}
	s.clients[c.id] = c
	return c, nil
}

// configure gives a client its settings, or changes nothing. Doing is "creating"
// or "updating", AWS's words for it. In order:
//
//  1. AuthSessionValidity and every token validity is in its range
//  2. the attributes to read and to write are in the pool's schema
//  3. the settings of the OAuth endpoints fit together (see checkOAuth)
//  4. the flows do not exclude rotation, and the pool's plan has them
func (c *client) configure(span *trace.Span, settings clientSettings, doing string) error {
	draft := *c
	draft.settings = settings
	if err := checkRange(span, "authSessionValidity", settings.AuthSessionValidity, 3, 15); err != nil { // 1
		return err
	}
	if err := draft.setValidity(span); err != nil { // 1
		return err
	}
	if err := draft.checkAttributes(span, doing); err != nil { // 2
		return err
	}
	if err := draft.checkOAuth(span); err != nil { // 3
		return err
	}
	flows, err := authFlows(settings.ExplicitAuthFlows)
	if err != nil {
		return err
	}
	draft.flows = flows
	if err := draft.checkRotation(span); err != nil { // 4
		return err
	}
	choice := feature{"Choice-based sign-in", essentials, draft.allows("ALLOW_USER_AUTH")}
	if err := checkPlan(span, c.pool.settings.plan(), []feature{choice}); err != nil { // 4
		return err
	}
	*c = draft
	return nil
}

// setValidity reads the three validities and their units:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TokenValidityUnitsType.html
func (c *client) setValidity(span *trace.Span) error {
	in, units := c.settings, c.settings.TokenValidityUnits
	for _, v := range []struct {
		name        string
		value       int64
		unit        string
		least, most time.Duration
		otherwise   time.Duration
		into        *time.Duration
	}{
		{"AccessTokenValidity", in.AccessTokenValidity, cmp.Or(units.AccessToken, "hours"), 5 * time.Minute, day, time.Hour, &c.accessValidity},
		{"IdTokenValidity", in.IdTokenValidity, cmp.Or(units.IdToken, "hours"), 5 * time.Minute, day, time.Hour, &c.idValidity},
		{"RefreshTokenValidity", in.RefreshTokenValidity, cmp.Or(units.RefreshToken, "days"), time.Hour, 3650 * day, 30 * day, &c.refreshValidity},
	} {
		*v.into = v.otherwise
		if v.value == 0 {
			continue
		}
		// Counted in units, so that no value can overflow a Duration.
		unit := unitOf(v.unit)
		inRange := v.value > 0 && v.value <= int64(v.most/unit) && time.Duration(v.value)*unit >= v.least
		wanted := fmt.Sprintf("%s of %s to %s", v.name, inWords(v.least), inWords(v.most))
		if !span.Decide(RuleClientValidity, inRange, wanted, fmt.Sprintf("%d %s", v.value, v.unit)) {
			return awserr.New("InvalidParameterException", "Invalid range for token validity.")
		}
		*v.into = time.Duration(v.value) * unit
	}
	return nil
}

func inWords(d time.Duration) string {
	if d >= day {
		return fmt.Sprintf("%d days", d/day)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}

func unitOf(unit string) time.Duration {
	switch unit {
	case "seconds":
		return time.Second
	case "minutes":
		return time.Minute
	case "hours":
		return time.Hour
	default:
		return day
	}
}

func (c *client) checkAttributes(span *trace.Span, doing string) error {
	for _, list := range []struct {
		use   string
		names []string
	}{{"read", c.settings.ReadAttributes}, {"write", c.settings.WriteAttributes}} {
		for _, name := range list.names {
			known := c.pool.schema.has(name)
			if !span.Decide(RuleClientAttributes, known, list.use+" attribute "+name+" in the schema", existence(known)) {
				return awserr.New("InvalidParameterException", "Invalid %s attributes specified while %s a client", list.use, doing)
			}
		}
	}
	return nil
}

// authFlows returns the flows in effect for a value of ExplicitAuthFlows. The
// three values without ALLOW_ are older and mean what is written here:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
func authFlows(explicit []string) ([]string, error) {
	if len(explicit) == 0 {
		return []string{"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"}, nil
	}
	legacy := map[string]string{
		"ADMIN_NO_SRP_AUTH":     "ALLOW_ADMIN_USER_PASSWORD_AUTH",
		"CUSTOM_AUTH_FLOW_ONLY": "ALLOW_CUSTOM_AUTH",
		"USER_PASSWORD_AUTH":    "ALLOW_USER_PASSWORD_AUTH",
	}
	var flows []string
	for _, flow := range explicit {
		if today, ok := legacy[flow]; ok {
			flows = append(flows, today)
		}
	}
	if len(flows) == 0 {
		return explicit, nil
	}
	if len(flows) < len(explicit) {
		return nil, fmt.Errorf("ExplicitAuthFlows mixes values with and without ALLOW_: AWS refuses it with words that the simulation does not know")
	}
	return append(flows, "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"), nil
}

// allows reports whether a value of ExplicitAuthFlows is in effect.
func (c *client) allows(flow string) bool { return slices.Contains(c.flows, flow) }

// hidesUnknownUsers is PreventUserExistenceErrors; LEGACY is the API's default.
func (c *client) hidesUnknownUsers() bool { return c.settings.PreventUserExistenceErrors == "ENABLED" }

// revokes is EnableTokenRevocation, which is on for new clients.
func (c *client) revokes() bool {
	return c.settings.EnableTokenRevocation == nil || *c.settings.EnableTokenRevocation
}

// sessionValidity is how long a challenge waits for its answer.
func (c *client) sessionValidity() time.Duration {
	if c.settings.AuthSessionValidity == 0 {
		return 3 * time.Minute
	}
	return time.Duration(c.settings.AuthSessionValidity) * time.Minute
}

// reads reports whether the client may read an attribute. A client without a
// list reads all of them.
func (c *client) reads(attribute string) bool {
	list := c.settings.ReadAttributes
	return attribute == "sub" || len(list) == 0 || slices.Contains(list, attribute)
}

// writes reports whether the client may write an attribute. A client without a
// list writes all but those that Cognito keeps itself.
func (c *client) writes(attribute string) bool {
	if len(c.settings.WriteAttributes) > 0 {
		return slices.Contains(c.settings.WriteAttributes, attribute)
	}
	return attribute != "sub" && attribute != "email_verified" && attribute != "phone_number_verified"
}

// checkSecretHash looks at the SECRET_HASH that came with a username. Clients
// without a secret need none:
// https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
func (c *client) checkSecretHash(span *trace.Span, username, hash string) error {
	if c.secret == "" {
		return nil
	}
	const wanted = "SECRET_HASH of username and client id"
	if !span.Decide(RuleSecretHash, hash != "", wanted, sentOrNot(hash)) {
		return awserr.New("NotAuthorizedException", "Client %s is configured with secret but SECRET_HASH was not received", c.id)
	}
	matches := hmac.Equal([]byte(hash), []byte(secretHash(c.secret, username, c.id)))
	if !span.Decide(RuleSecretHash, matches, wanted, sameOrNot(matches)) {
		return awserr.New("NotAuthorizedException", "Unable to verify secret hash for client %s", c.id)
	}
	return nil
}

func secretHash(secret, username, clientID string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(username + clientID))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func sentOrNot(value string) string {
	if value == "" {
		return "none sent"
	}
	return "one was sent"
}

func sameOrNot(same bool) string {
	if same {
		return "the same"
	}
	return "another"
}
