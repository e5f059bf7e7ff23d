package cognitoidp

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type initiateAuthInput struct {
	AuthFlow       string `aws:"required,enum=USER_SRP_AUTH|REFRESH_TOKEN_AUTH|REFRESH_TOKEN|CUSTOM_AUTH|ADMIN_NO_SRP_AUTH|USER_PASSWORD_AUTH|ADMIN_USER_PASSWORD_AUTH|USER_AUTH"`
	ClientId       string `aws:"required"`
	AuthParameters map[string]string

	_ struct{} `noeffect:"AnalyticsMetadata ClientMetadata UserContextData" unsimulated:"Session"`
}

// authOutput is what InitiateAuth and RespondToAuthChallenge answer: tokens, or
// the next challenge.
type authOutput struct {
	AuthenticationResult *authenticationResult `json:",omitempty"`
	ChallengeName        string                `json:",omitempty"`
	ChallengeParameters  map[string]string
	Session              string `json:",omitempty"`
}

type authenticationResult struct {
	AccessToken string
	// ExpiresIn counts the seconds of the access token.
	ExpiresIn    int64
	IdToken      string
	RefreshToken string `json:",omitempty"`
	TokenType    string
}

// attempt is one sign-in under way.
type attempt struct {
	span       *trace.Span
	client     *client
	parameters map[string]string
	// user is who signs in, once the flow knows it.
	user *user
	// resumed is the earlier sign-in that a refresh goes on with.
	resumed *signIn
}

// initiateAuth signs a user in. The phases are the same for every flow:
//
//  1. the app client exists
//  2. the flow is one for apps, not for servers
//  3. the app client allows the flow
//  4. the flow's parameters were sent
//  5. SECRET_HASH proves the app client, when it has a secret
//  6. the flow authenticates the user (its own checks are with it)
//  7. a challenge that is due is answered first
//  8. tokens are issued
func (s *UserPools) initiateAuth(c api.Context, in initiateAuthInput) (authOutput, error) {
	client, err := s.findClient(c.Span, in.ClientId) // 1
	if err != nil {
		return authOutput{}, err
	}
	a := &attempt{span: c.Span, client: client, parameters: in.AuthParameters}
	f, err := publicFlow(a, in.AuthFlow) // 2
	if err != nil {
		return authOutput{}, err
	}
	if err := f.checkEnabled(a); err != nil { // 3
		return authOutput{}, err
	}
	if err := a.require(f.parameters...); err != nil { // 4
		return authOutput{}, err
	}
	if err := f.checkSecretHash(s, a); err != nil { // 5
		return authOutput{}, err
	}
	if err := f.authenticate(s, a); err != nil { // 6
		return authOutput{}, err
	}
	if out, due := s.challenge(a); due { // 7
		return out, nil
	}
	return s.complete(a) // 8
}

// flow is what differs between the values of AuthFlow.
type flow struct {
	name string
	// allowedBy is the value of ExplicitAuthFlows that turns the flow on.
	allowedBy  string
	parameters []string
	// secretHashName is the username that SECRET_HASH was made with, "" when
	// the flow cannot tell: then it refuses the attempt on its own grounds.
	secretHashName func(s *UserPools, a *attempt) string
	// authenticate sets the attempt's user, and resumed for a refresh.
	authenticate func(s *UserPools, a *attempt) error
}

func flows() []flow {
	return []flow{
		{"USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH", []string{"USERNAME", "PASSWORD"}, typedName, authenticateByPassword},
		{"REFRESH_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", []string{"REFRESH_TOKEN"}, refreshedName, authenticateByRefreshToken},
		{"REFRESH_TOKEN", "ALLOW_REFRESH_TOKEN_AUTH", []string{"REFRESH_TOKEN"}, refreshedName, authenticateByRefreshToken},
	}
}

func publicFlow(a *attempt, name string) (flow, error) {
	if !a.span.Decide(RuleFlowPublic, !strings.HasPrefix(name, "ADMIN_"), "a flow for apps", name) {
		return flow{}, awserr.New("InvalidParameterException", "Initiate Auth method not supported")
	}
	for _, f := range flows() {
		if f.name == name {
			return f, nil
		}
	}
	return flow{}, fmt.Errorf("AuthFlow %s: AWS has it, the simulation does not", name)
}

// checkEnabled gives every flow the wording that was seen for
// USER_PASSWORD_AUTH: https://github.com/floci-io/floci/pull/3974
func (f flow) checkEnabled(a *attempt) error {
	enabled := slices.Contains(a.client.flows, f.allowedBy)
	if !a.span.Decide(RuleFlowEnabled, enabled, f.allowedBy+" on the app client", phrase(a.client.flows, "no flow")) {
		return awserr.New("InvalidParameterException", "%s flow not enabled for this client", f.name)
	}
	return nil
}

func (f flow) checkSecretHash(s *UserPools, a *attempt) error {
	username := f.secretHashName(s, a)
	if username == "" {
		return nil
	}
	return a.client.checkSecretHash(a.span, username, a.parameters["SECRET_HASH"])
}

// require refuses an attempt without one of the parameters.
func (a *attempt) require(names ...string) error {
	for _, name := range names {
		value := a.parameters[name]
		if !a.span.Decide(RuleFlowParameters, value != "", "parameter "+name, presence(value)) {
			return awserr.New("InvalidParameterException", "Missing required parameter %s", name)
		}
	}
	return nil
}

func typedName(_ *UserPools, a *attempt) string { return a.parameters["USERNAME"] }

// authenticateByPassword knows the user by username and password:
//
//  1. the user exists
//  2. the user is enabled
//  3. the user is confirmed; this comes before the password
//  4. the password is right
//  5. a temporary password has not expired
func authenticateByPassword(s *UserPools, a *attempt) error {
	u := a.client.pool.find(a.parameters["USERNAME"])
	if !a.span.Decide(RuleUserExists, u != nil, "a user of this name", existence(u != nil)) { // 1
		return unknownUser(a.client)
	}
	if err := checkEnabledUser(a.span, u); err != nil { // 2
		return err
	}
	if !a.span.Decide(RuleUserConfirmed, u.status != statusUnconfirmed, "a confirmed user", u.status) { // 3
		return awserr.New("UserNotConfirmedException", "User is not confirmed.")
	}
	right := u.password != "" && u.password == a.parameters["PASSWORD"]
	if !a.span.Decide(RulePassword, right, "the user's password", sameOrNot(right)) { // 4
		return wrongPassword()
	}
	if u.status == statusForceChange { // 5
		valid := s.world.Now().Before(u.temporaryUntil)
		if !a.span.Decide(RulePasswordTemporary, valid, "a temporary password that is still valid", "until "+at(u.temporaryUntil)) {
			return awserr.New("NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.")
		}
	}
	a.user = u
	return nil
}

func unknownUser(c *client) error {
	if c.hidesUnknownUsers() {
		return wrongPassword()
	}
	return awserr.New("UserNotFoundException", "User does not exist.")
}

func wrongPassword() error {
	return awserr.New("NotAuthorizedException", "Incorrect username or password.")
}

func checkEnabledUser(span *trace.Span, u *user) error {
	found := "enabled"
	if u.disabled {
		found = "disabled"
	}
	if !span.Decide(RuleUserEnabled, !u.disabled, "an enabled user", found) {
		return awserr.New("NotAuthorizedException", "User is disabled.")
	}
	return nil
}

// refreshedName is the real username, never the alias that was typed:
// https://github.com/boto/boto3/issues/2736
func refreshedName(s *UserPools, a *attempt) string {
	if in, ok := s.refreshTokens[a.parameters["REFRESH_TOKEN"]]; ok {
		return in.user.username
	}
	return ""
}

// authenticateByRefreshToken goes on with an earlier sign-in:
//
//  1. this app client was given the token
//  2. the token is not revoked
//  3. the token has not expired
//  4. the user is enabled
func authenticateByRefreshToken(s *UserPools, a *attempt) error {
	in, ok := s.refreshTokens[a.parameters["REFRESH_TOKEN"]]
	known := ok && in.client == a.client
	if !a.span.Decide(RuleRefreshKnown, known, "a refresh token of this app client", refreshFound(ok, known)) { // 1
		return awserr.New("NotAuthorizedException", "Invalid Refresh Token")
	}
	if !a.span.Decide(RuleRefreshAlive, !in.revoked, "a refresh token that lives", revokedOrNot(in)) { // 2
		return awserr.New("NotAuthorizedException", "Refresh Token has been revoked")
	}
	valid := s.world.Now().Before(in.refreshExpires)
	if !a.span.Decide(RuleRefreshExpiry, valid, "a refresh token in its lifetime", "until "+at(in.refreshExpires)) { // 3
		return awserr.New("NotAuthorizedException", "Refresh Token has expired")
	}
	if err := checkEnabledUser(a.span, in.user); err != nil { // 4
		return err
	}
	a.user, a.resumed = in.user, in
	return nil
}

func refreshFound(issued, known bool) string {
	switch {
	case known:
		return "it was issued here"
	case issued:
		return "it belongs to another app client"
	default:
		return "no token of this pool"
	}
}

func revokedOrNot(in *signIn) string {
	if in.revoked {
		return "revoked"
	}
	return "not revoked"
}

// at is a time as learners read it in a trace.
func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
