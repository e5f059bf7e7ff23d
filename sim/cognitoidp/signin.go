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
	AuthFlow        string `aws:"required,enum=USER_SRP_AUTH|REFRESH_TOKEN_AUTH|REFRESH_TOKEN|CUSTOM_AUTH|ADMIN_NO_SRP_AUTH|USER_PASSWORD_AUTH|ADMIN_USER_PASSWORD_AUTH|USER_AUTH"`
	ClientId        string `aws:"required"`
	AuthParameters  map[string]string
	ClientMetadata  map[string]string
	UserContextData userContextData
	// Session is one of ConfirmSignUp, "" for none.
	Session string

	_ struct{} `noeffect:"AnalyticsMetadata"`
}

type adminInitiateAuthInput struct {
	UserPoolId     string `aws:"required"`
	AuthFlow       string `aws:"required,enum=USER_SRP_AUTH|REFRESH_TOKEN_AUTH|REFRESH_TOKEN|CUSTOM_AUTH|ADMIN_NO_SRP_AUTH|USER_PASSWORD_AUTH|ADMIN_USER_PASSWORD_AUTH|USER_AUTH"`
	ClientId       string `aws:"required"`
	AuthParameters map[string]string
	ClientMetadata map[string]string
	ContextData    contextData
	// Session is one of ConfirmSignUp, "" for none.
	Session string

	_ struct{} `noeffect:"AnalyticsMetadata"`
}

func (in adminInitiateAuthInput) pool() string { return in.UserPoolId }

// authOutput is what InitiateAuth and RespondToAuthChallenge answer: tokens, or
// the next challenge.
type authOutput struct {
	AuthenticationResult *authenticationResult `json:",omitempty"`
	ChallengeName        string                `json:",omitempty"`
	ChallengeParameters  map[string]string
	AvailableChallenges  []string `json:",omitempty"`
	Session              string   `json:",omitempty"`
}

type authenticationResult struct {
	AccessToken string
	// ExpiresIn counts the seconds of the access token.
	ExpiresIn    int64
	IdToken      string
	RefreshToken string `json:",omitempty"`
	TokenType    string
	// NewDeviceMetadata is nil unless the pool remembers devices and the sign-in
	// named none.
	NewDeviceMetadata *newDeviceMetadata `json:",omitempty"`
}

// attempt is one sign-in under way.
type attempt struct {
	span       *trace.Span
	client     *client
	parameters map[string]string
	// user is who signs in, once the flow knows it.
	user *user
	// signUp is the session of a sign-up that the sign-in goes on from, "" for
	// none.
	signUp string
	// resumed is the earlier sign-in that a refresh goes on with.
	resumed *signIn
	// grant is nil for a sign-in by API.
	grant *grant
	// sent is what came along with this step.
	sent sentAlong
	// progress is what the sign-in's steps so far have come to.
	progress *progress
}

func newAttempt(span *trace.Span, c *client, parameters map[string]string) *attempt {
	return &attempt{span: span, client: c, parameters: parameters, progress: &progress{}}
}

// initiateAuth starts a sign-in that anybody may start:
//
//  1. the app client exists
//  2. the flow is one for apps, not for servers
//
// It goes on with start.
func (s *UserPools) initiateAuth(c api.Context, in initiateAuthInput) (authOutput, error) {
	client, err := s.findClient(c.Span, in.ClientId) // 1
	if err != nil {
		return authOutput{}, err
	}
	a := newAttempt(c.Span, client, in.AuthParameters)
	a.sent = sentAlong{start: in.ClientMetadata, device: in.UserContextData}
	a.signUp = in.Session
	public := !strings.HasPrefix(in.AuthFlow, "ADMIN_")
	if !a.span.Decide(RuleFlowPublic, public, "a flow for apps", in.AuthFlow) { // 2
		return authOutput{}, awserr.New("InvalidParameterException", "Initiate Auth method not supported")
	}
	return s.start(a, in.AuthFlow)
}

// adminInitiateAuth starts a sign-in for a server with AWS credentials:
//
//  1. the pool exists, and the app client in it
//
// It goes on with start.
func (s *UserPools) adminInitiateAuth(c api.Context, in adminInitiateAuthInput) (authOutput, error) {
	client, err := s.clientOf(c.Span, in.UserPoolId, in.ClientId) // 1
	if err != nil {
		return authOutput{}, err
	}
	if in.AuthFlow == "USER_PASSWORD_AUTH" {
		return authOutput{}, fmt.Errorf("AdminInitiateAuth with USER_PASSWORD_AUTH: what AWS does is not known; servers use ADMIN_USER_PASSWORD_AUTH")
	}
	a := newAttempt(c.Span, client, in.AuthParameters)
	a.sent = sentAlong{start: in.ClientMetadata, device: in.ContextData.userContextData}
	a.signUp = in.Session
	a.progress.byServer = true
	return s.start(a, in.AuthFlow)
}

// clientOf finds an app client of a pool.
func (s *UserPools) clientOf(span *trace.Span, poolID, clientID string) (*client, error) {
	p, err := s.findPool(span, poolID)
	if err != nil {
		return nil, err
	}
	c, ok := s.clients[clientID]
	ok = ok && c.pool == p
	if !span.Decide(RuleClientExists, ok, "app client "+clientID+" of the pool", existence(ok)) {
		return nil, awserr.New("ResourceNotFoundException", "User pool client %s does not exist.", clientID)
	}
	return c, nil
}

// start begins a sign-in. The phases are the same for every flow:
//
//  3. the app client allows the flow
//  4. the flow's parameters were sent
//  5. SECRET_HASH proves the app client, when it has a secret
//  6. the pre authentication trigger lets the user in, and the flow begins
//     (its own checks are with it)
//  7. a challenge that is due is answered first
//  8. tokens are issued
func (s *UserPools) start(a *attempt, name string) (authOutput, error) {
	f, ok := flowNamed(name)
	if !ok {
		return authOutput{}, fmt.Errorf("AuthFlow %s: AWS has it, the simulation does not", name)
	}
	a.progress.flow = f.name
	if err := f.checkEnabled(a); err != nil { // 3
		return authOutput{}, err
	}
	if err := a.require(f.parameters...); err != nil { // 4
		return authOutput{}, err
	}
	if err := f.checkSecretHash(s, a); err != nil { // 5
		return authOutput{}, err
	}
	if err := a.noteStart(); err != nil {
		return authOutput{}, err
	}
	if err := s.beforeAuthentication(a); err != nil { // 6
		return authOutput{}, err
	}
	asked, err := f.begin(s, a)
	if err != nil {
		return authOutput{}, err
	}
	return s.proceed(a, asked) // 7, 8
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
	// begin sets the attempt's user, and resumed for a refresh. It returns the
	// challenge that the flow opens with, nil when it has authenticated the user.
	begin func(s *UserPools, a *attempt) (*question, error)
}

func flows() []flow {
	password := []string{"USERNAME", "PASSWORD"}
	return []flow{
		{"USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH", password, typedName, beginByPassword},
		{"ADMIN_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", password, typedName, beginByPassword},
		{"ADMIN_NO_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", password, typedName, beginByPassword},
		{"USER_SRP_AUTH", "ALLOW_USER_SRP_AUTH", []string{"USERNAME", "SRP_A"}, typedName, beginBySRP},
		{"CUSTOM_AUTH", "ALLOW_CUSTOM_AUTH", []string{"USERNAME"}, typedName, beginCustom},
		{"USER_AUTH", "ALLOW_USER_AUTH", []string{"USERNAME"}, typedName, beginByChoice},
		{"REFRESH_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", []string{"REFRESH_TOKEN"}, refreshedName, beginByRefreshToken},
		{"REFRESH_TOKEN", "ALLOW_REFRESH_TOKEN_AUTH", []string{"REFRESH_TOKEN"}, refreshedName, beginByRefreshToken},
	}
}

func flowNamed(name string) (flow, bool) {
	for _, f := range flows() {
		if f.name == name {
			return f, true
		}
	}
	return flow{}, false
}

// checkEnabled gives every flow of apps the wording that was seen for
// USER_PASSWORD_AUTH: https://github.com/floci-io/floci/pull/3974
func (f flow) checkEnabled(a *attempt) error {
	enabled := slices.Contains(a.client.flows, f.allowedBy)
	if a.span.Decide(RuleFlowEnabled, enabled, f.allowedBy+" on the app client", phrase(a.client.flows, "no flow")) {
		return nil
	}
	if strings.HasPrefix(f.name, "ADMIN_") {
		return awserr.New("InvalidParameterException", "Auth flow not enabled for this client")
	}
	return awserr.New("InvalidParameterException", "%s flow not enabled for this client", f.name)
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

// beginByPassword knows the user by username and password:
//
//  1. the user exists
//  2. the password admits the user
func beginByPassword(s *UserPools, a *attempt) (*question, error) {
	u, err := s.findOrMigrate(a)
	if err != nil {
		return nil, err
	}
	if !a.span.Decide(RuleUserExists, u != nil, "a user of this name", existence(u != nil)) { // 1
		return nil, unknownUser(a.client)
	}
	return nil, s.admit(a, u, proof{ // 2
		rule: RulePassword, wanted: "the user's password",
		right: u.password != "" && u.password == a.parameters["PASSWORD"],
	})
}

// proof is how a user has shown to know the password.
type proof struct {
	rule   trace.RuleID
	wanted string
	right  bool
}

// admit lets in the user who knows the password:
//
//  1. the user is enabled
//  2. the user is confirmed; this comes before the password
//  3. failed attempts have not locked the user
//  4. the password is right; an imported user has none and is let past
//  5. a temporary password has not expired
//  6. the password needs no reset
func (s *UserPools) admit(a *attempt, u *user, p proof) error {
	if err := checkEnabledUser(a.span, u); err != nil { // 1
		return err
	}
	if !a.span.Decide(RuleUserConfirmed, u.status != statusUnconfirmed, "a confirmed user", u.status) { // 2
		return awserr.New("UserNotConfirmedException", "User is not confirmed.")
	}
	if err := s.checkLock(a.span, u); err != nil { // 3
		return err
	}
	imported := u.password == "" && u.status == statusResetRequired
	if !imported && !a.span.Decide(p.rule, p.right, p.wanted, sameOrNot(p.right)) { // 4
		u.failures.fail(s.world.Now())
		return wrongPassword()
	}
	if u.status == statusForceChange { // 5
		valid := s.world.Now().Before(u.temporaryUntil)
		if !a.span.Decide(RulePasswordTemporary, valid, "a temporary password that is still valid", "until "+at(u.temporaryUntil)) {
			return awserr.New("NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.")
		}
	}
	if !a.span.Decide(RulePasswordReset, u.status != statusResetRequired, "a password that needs no reset", u.status) { // 6
		return awserr.New("PasswordResetRequiredException", "Password reset required for the user")
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

// at is a time as learners read it in a trace.
func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
