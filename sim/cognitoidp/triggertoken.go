package cognitoidp

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"claimcheck/sim/shape"
	"claimcheck/sim/trace"
)

// fromTrigger marks the claims that a pre token generation trigger wrote.
const fromTrigger = "pre token generation trigger"

// maxTokenChanges is the largest number of claims and scopes that one answer
// may change: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const maxTokenChanges = 5000

// tokenChanges are what a pre token generation trigger makes of the tokens of
// one sign-in or refresh. A nil *tokenChanges changes nothing.
type tokenChanges struct {
	version    string
	id, access claimChanges
	// groups is nil when the trigger leaves the groups alone.
	groups *groupOverride
}

// claimChanges are the changes of one token.
type claimChanges struct {
	ClaimsToAddOrOverride map[string]any `aws:"name=claimsToAddOrOverride"`
	ClaimsToSuppress      []string       `aws:"name=claimsToSuppress"`
	ScopesToAdd           []string       `aws:"name=scopesToAdd"`
	ScopesToSuppress      []string       `aws:"name=scopesToSuppress"`
}

func (c claimChanges) count() int {
	return len(c.ClaimsToAddOrOverride) + len(c.ClaimsToSuppress) + len(c.ScopesToAdd) + len(c.ScopesToSuppress)
}

// groupOverride takes the place of the user's groups. What it leaves out is
// removed:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
type groupOverride struct {
	GroupsToOverride   []string `aws:"name=groupsToOverride"`
	IamRolesToOverride []string `aws:"name=iamRolesToOverride"`
	PreferredRole      string   `aws:"name=preferredRole"`
}

// firstDetails are the answer to an event V1_0. Its claims are text.
type firstDetails struct {
	ClaimsToAddOrOverride map[string]string `aws:"name=claimsToAddOrOverride"`
	ClaimsToSuppress      []string          `aws:"name=claimsToSuppress"`
	GroupOverrideDetails  groupOverride     `aws:"name=groupOverrideDetails"`
}

// laterDetails are the answer to an event V2_0 or V3_0.
type laterDetails struct {
	IDTokenGeneration     claimChanges  `aws:"name=idTokenGeneration"`
	AccessTokenGeneration claimChanges  `aws:"name=accessTokenGeneration"`
	GroupOverrideDetails  groupOverride `aws:"name=groupOverrideDetails"`
}

// beforeTokens asks the pre token generation trigger of a user's tokens. The
// changes are nil when the pool has none.
func (s *UserPools) beforeTokens(a *attempt, in *signIn) (*tokenChanges, error) {
	o := a.about(preTokenGeneration, tokenSource(a, in), in.user)
	o.request = map[string]any{
		"userAttributes":     in.user.eventAttributes(),
		"groupConfiguration": groupConfiguration(in.user.memberOf()),
		"clientMetadata":     texts(a.answerMetadata()),
	}
	return s.changeTokens(o, in.scopes())
}

// beforeMachineToken asks the trigger of a token that a client gets for itself.
// Only event version V3_0 runs for these.
func (s *UserPools) beforeMachineToken(span *trace.Span, c *client, scopes []string) (*tokenChanges, error) {
	if c.pool.settings.LambdaConfig.tokenVersion() != "V3_0" {
		return nil, nil
	}
	return s.changeTokens(occasion{
		span: span, pool: c.pool, client: c, username: "ClientCredentials",
		trigger: preTokenGeneration, source: "TokenGeneration_ClientCredentials",
		request: map[string]any{"userAttributes": map[string]any{}, "groupConfiguration": nil, "clientMetadata": map[string]any{}},
	}, scopes)
}

// tokenSource is the event's triggerSource. For GetTokensFromRefreshToken AWS
// documents two; this is the one that most pages have.
func tokenSource(a *attempt, in *signIn) string {
	switch {
	case a.resumed != nil:
		return "TokenGeneration_RefreshTokens"
	case in.grant != nil:
		return "TokenGeneration_HostedAuth"
	case a.progress.answered == devicePasswordVerifier:
		return "TokenGeneration_AuthenticateDevice"
	case a.progress.answered == newPasswordRequired:
		return "TokenGeneration_NewPasswordChallenge"
	default:
		return "TokenGeneration_Authentication"
	}
}

// groupConfiguration is the user's groups as the event shows them.
func groupConfiguration(groups []*group) map[string]any {
	names, roles := []string{}, []string{}
	for _, g := range groups {
		names = append(names, g.name)
		if g.role != "" && !slices.Contains(roles, g.role) {
			roles = append(roles, g.role)
		}
	}
	configuration := map[string]any{"groupsToOverride": names, "iamRolesToOverride": roles, "preferredRole": nil}
	if preferred := preferredRole(groups); len(preferred) == 1 {
		configuration["preferredRole"] = preferred[0]
	}
	return configuration
}

// changeTokens asks the trigger and reads the answer in the form of the event's
// version.
func (s *UserPools) changeTokens(o occasion, scopes []string) (*tokenChanges, error) {
	version := o.pool.settings.LambdaConfig.tokenVersion()
	member := "claimsOverrideDetails"
	if version != "V1_0" {
		member = "claimsAndScopeOverrideDetails"
		o.request["scopes"] = scopes
	}
	o.version = version[1:2]
	o.response = map[string]any{member: nil}
	var answer struct {
		First map[string]any `aws:"name=claimsOverrideDetails"`
		Later map[string]any `aws:"name=claimsAndScopeOverrideDetails"`
	}
	ran, err := s.consult(o, &answer)
	if err != nil || !ran {
		return nil, err
	}
	changes := &tokenChanges{version: version}
	if version == "V1_0" {
		err = changes.readFirst(o.span, answer.First)
	} else {
		err = changes.readLater(o.span, answer.Later)
	}
	if err != nil {
		return nil, err
	}
	return changes, changes.checkCount(o.span)
}

func (c *tokenChanges) readFirst(span *trace.Span, tree map[string]any) error {
	var details firstDetails
	if err := readDetails(span, tree, &details); err != nil {
		return err
	}
	c.id.ClaimsToSuppress = details.ClaimsToSuppress
	c.id.ClaimsToAddOrOverride = texts(details.ClaimsToAddOrOverride)
	c.readGroups(tree, details.GroupOverrideDetails)
	return nil
}

func (c *tokenChanges) readLater(span *trace.Span, tree map[string]any) error {
	var details laterDetails
	if err := readDetails(span, tree, &details); err != nil {
		return err
	}
	c.id, c.access = details.IDTokenGeneration, details.AccessTokenGeneration
	c.readGroups(tree, details.GroupOverrideDetails)
	return nil
}

// readGroups keeps the override when the answer has one, even null.
func (c *tokenChanges) readGroups(tree map[string]any, groups groupOverride) {
	if _, given := tree["groupOverrideDetails"]; given {
		c.groups = &groups
	}
}

func readDetails(span *trace.Span, tree map[string]any, into any) error {
	if tree == nil {
		return nil
	}
	for _, fault := range shape.Decode(tree, into, shape.Exact) {
		if fault.Kind == shape.WrongType {
			span.Decide(RuleTriggerAnswer, false, "details of the right types", fault.String())
			return invalidResponse("Unrecognizable lambda output")
		}
	}
	return nil
}

// checkCount refuses an answer with too many changes. AWS documents the limit
// without the wording of its error.
func (c *tokenChanges) checkCount(span *trace.Span) error {
	n := c.id.count() + c.access.count()
	if !span.Decide(RuleTokenChangeCount, n <= maxTokenChanges, fmt.Sprintf("at most %d changes", maxTokenChanges), fmt.Sprint(n)) {
		return invalidResponse("Too many claims and scopes in the response.")
	}
	return nil
}

// toID returns the claims of an ID token with the changes made.
func (c *tokenChanges) toID(span *trace.Span, claims []claim) []claim {
	if c == nil {
		return claims
	}
	claims = c.groups.apply(claims, "cognito:groups", "cognito:roles", "cognito:preferred_role")
	return c.id.apply(span, claims, "ID token", "")
}

// toAccess returns the claims of an access token with the changes made. Events
// of V1_0 change it only by its groups.
func (c *tokenChanges) toAccess(span *trace.Span, claims []claim, clientID string) []claim {
	if c == nil {
		return claims
	}
	span.Note(RuleAccessTokenTrigger, c.version != "V1_0", "a trigger of version V2_0 or V3_0 for the access token", c.version)
	claims = c.groups.apply(claims, "cognito:groups")
	claims = c.access.applyScopes(claims)
	return c.access.apply(span, claims, "access token", clientID)
}

// apply sets the named claims of groups and roles, or removes those that the
// override leaves out.
func (g *groupOverride) apply(claims []claim, names ...string) []claim {
	if g == nil {
		return claims
	}
	for _, name := range names {
		claims = without(claims, name)
		switch {
		case name == "cognito:groups" && len(g.GroupsToOverride) > 0:
			claims = append(claims, claim{fromTrigger, name, g.GroupsToOverride})
		case name == "cognito:roles" && len(g.IamRolesToOverride) > 0:
			claims = append(claims, claim{fromTrigger, name, g.IamRolesToOverride})
		case name == "cognito:preferred_role" && g.PreferredRole != "":
			claims = append(claims, claim{fromTrigger, name, g.PreferredRole})
		}
	}
	return claims
}

// applyScopes changes the scope claim.
func (c claimChanges) applyScopes(claims []claim) []claim {
	if len(c.ScopesToAdd)+len(c.ScopesToSuppress) == 0 {
		return claims
	}
	var scopes []string
	for _, old := range claims {
		if text, ok := old.value.(string); ok && old.name == "scope" {
			scopes = strings.Fields(text)
		}
	}
	for _, added := range c.ScopesToAdd {
		if !slices.Contains(scopes, added) {
			scopes = append(scopes, added)
		}
	}
	scopes = slices.DeleteFunc(scopes, func(scope string) bool { return slices.Contains(c.ScopesToSuppress, scope) })
	return put(claims, claim{fromTrigger, "scope", strings.Join(scopes, " ")})
}

// apply adds, overrides and suppresses claims; a claim in both lists is
// suppressed. Claims that AWS keeps to itself stay as they are.
func (c claimChanges) apply(span *trace.Span, claims []claim, token, clientID string) []claim {
	for _, name := range slices.Sorted(maps.Keys(c.ClaimsToAddOrOverride)) {
		value := c.ClaimsToAddOrOverride[name]
		free := !reserved(name) && !strings.HasPrefix(name, "dev:")
		if name == "aud" {
			free = clientID != "" && value == clientID
		}
		if span.Note(RuleTokenReserved, free, "a claim of the "+token+" that a trigger may write", name) {
			claims = put(claims, claim{fromTrigger, name, value})
		}
	}
	suppressed := slices.Clone(c.ClaimsToSuppress)
	sort.Strings(suppressed)
	for _, name := range suppressed {
		free := !reserved(name) && name != "aud"
		if span.Note(RuleTokenReserved, free, "a claim of the "+token+" that a trigger may suppress", name) {
			claims = without(claims, name)
		}
	}
	return claims
}

// reserved reports whether no trigger can change a claim. dev:* can only be
// suppressed, and aud only be set, in an access token and to the client's id:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func reserved(name string) bool {
	return strings.HasPrefix(name, "cognito:") || slices.Contains([]string{
		"acr", "amr", "at_hash", "auth_time", "azp", "client_id", "device_key", "event_id", "exp", "iat", "identities",
		"iss", "jti", "nbf", "nonce", "origin_jti", "sub", "token_use", "username", "version",
	}, name)
}

// put replaces a claim where it stands, or adds it at the end.
func put(claims []claim, c claim) []claim {
	for i := range claims {
		if claims[i].name == c.name {
			claims[i] = c
			return claims
		}
	}
	return append(claims, c)
}

func without(claims []claim, name string) []claim {
	return slices.DeleteFunc(claims, func(c claim) bool { return c.name == name })
}
