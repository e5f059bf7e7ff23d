package cognitoidentity

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// chooseRole decides which role an identity is given in the enhanced flow:
//
//  1. a guest gets the role for guests
//  2. without a role mapping for the login's provider and app client, the role
//     for authenticated users, whatever groups the token names
//  3. a mapping of type Token takes cognito:preferred_role, one of type Rules
//     the role of the first rule that matches
//  4. with CustomRoleArn, that role, if the token or a matching rule offers it
//  5. when there is no such role AmbiguousRoleResolution decides: the role for
//     authenticated users, or none
//
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
func chooseRole(span *trace.Span, caller admission, custom string) (string, error) {
	i := caller.identity
	mapped, ok, err := i.pool.mappingFor(span, caller.proofs)
	switch {
	case err != nil:
		return "", err
	case !ok && custom != "":
		return "", fmt.Errorf("CustomRoleArn without a role mapping for the login: AWS documents no outcome")
	case !ok: // 1 and 2
		return i.defaultRole(span)
	}
	offered, err := mapped.mapping.offer(span, mapped.key, mapped.token) // 3
	if err != nil {
		return "", err
	}
	if custom != "" { // 4
		held := slices.Contains(offered.roles, custom)
		if !span.Decide(RuleCustomRole, held, "a role that the token or a rule offers", abbreviate(custom)) {
			return "", notAuthorized("Access to Role '%s' is forbidden.", custom)
		}
		return custom, nil
	}
	if offered.preferred != "" {
		return offered.preferred, nil
	}
	resolution := mapped.mapping.AmbiguousRoleResolution // 5
	if !span.Decide(RuleAmbiguousRole, resolution != resolveToDeny, "one role, or AmbiguousRoleResolution AuthenticatedRole", "no single role, "+resolution) {
		return "", notAuthorized("The ambiguous role mapping rules for: %s denied this request.", mapped.key)
	}
	return i.defaultRole(span)
}

// defaultRole is the pool's role for the kind of an identity.
func (i *identity) defaultRole(span *trace.Span) (string, error) {
	kind, role := "authenticated", i.pool.roles.Authenticated
	if len(i.logins) == 0 {
		kind, role = "unauthenticated", i.pool.roles.Unauthenticated
	}
	if !span.Decide(RuleRoleConfigured, role != "", "a role for the kind "+kind, cmp.Or(role, "none")) {
		return "", badConfiguration()
	}
	return role, nil
}

// mapped is a login with the role mapping that holds for it.
type mapped struct {
	key     string
	mapping roleMapping
	token   jwt.Token
}

// mappingFor finds the one role mapping for a caller's logins. Whether there is
// one is noted where it matters: for tokens with groups, and in pools that map.
func (p *pool) mappingFor(span *trace.Span, proofs []proof) (mapped, bool, error) {
	var found []mapped
	for _, l := range proofs {
		key := l.mappingKey
		m, ok := p.mappings[key]
		if ok {
			found = append(found, mapped{key, m, l.token})
		}
		if groups := l.token.Texts("cognito:groups"); len(groups) > 0 || len(p.mappings) > 0 {
			span.Note(RuleMapping, ok, "a role mapping for this provider and app client", mappingOrNot(m.Type, groups))
		}
	}
	if len(found) > 1 {
		return mapped{}, false, fmt.Errorf("two logins with role mappings, %s and %s: AWS documents no order", found[0].key, found[1].key)
	}
	if len(found) == 0 {
		return mapped{}, false, nil
	}
	return found[0], true, nil
}

func mappingOrNot(kind string, groups []string) string {
	switch {
	case kind != "":
		return "one of type " + kind
	case len(groups) > 0:
		return "none: the groups change nothing"
	default:
		return "none"
	}
}

// offer is what a mapping makes of a token: the role it prefers, "" for none,
// and all that the caller may ask for.
type offer struct {
	preferred string
	roles     []string
}

func (m roleMapping) offer(span *trace.Span, key string, token jwt.Token) (offer, error) {
	if m.Type == mappingToken && isSAML(key) {
		return offerOfAssertion(span, token), nil
	}
	if m.Type == mappingToken {
		preferred := token.Text("cognito:preferred_role")
		span.Note(RuleTokenRole, preferred != "", "cognito:preferred_role", cmp.Or(abbreviate(preferred), "none"))
		return offer{preferred, token.Texts("cognito:roles")}, nil
	}
	var o offer
	for _, r := range m.rules() {
		held, found, err := r.matches(token)
		if err != nil {
			return offer{}, err
		}
		if o.preferred == "" {
			span.Note(RuleMappingRule, held, fmt.Sprintf("%s %s %s", r.Claim, r.MatchType, r.Value), found)
		}
		if !held {
			continue
		}
		o.roles = append(o.roles, r.RoleARN)
		if o.preferred == "" {
			o.preferred = r.RoleARN
		}
	}
	return o, nil
}

// offerOfAssertion are the roles in a SAML assertion. One alone is preferred;
// among several the app chooses with CustomRoleArn.
//
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/saml-identity-provider.html
func offerOfAssertion(span *trace.Span, token jwt.Token) offer {
	o := offer{roles: rolesOf(token)}
	if len(o.roles) == 1 {
		o.preferred = o.roles[0]
	}
	span.Note(RuleTokenRole, o.preferred != "", "one role in the attribute Role", cmp.Or(abbreviate(strings.Join(o.roles, ", ")), "none"))
	return o
}

// matches decides about one rule. A claim that is missing matches no rule, not
// even NotEqual. Case counts (inferred). Contains looks for one of a list's
// members (inferred); what the others make of a list AWS does not say.
//
// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
func (r mappingRule) matches(token jwt.Token) (held bool, found string, err error) {
	value, ok := token.Claims[r.Claim]
	if !ok {
		return false, "no claim " + r.Claim, nil
	}
	if _, list := value.([]any); list {
		texts := token.Texts(r.Claim)
		if r.MatchType != "Contains" {
			return false, "", fmt.Errorf("role mapping rule %s on the list %s: AWS documents no outcome", r.MatchType, r.Claim)
		}
		return slices.Contains(texts, r.Value), strings.Join(texts, ", "), nil
	}
	text, err := claimText(r.Claim, value)
	if err != nil {
		return false, "", err
	}
	switch r.MatchType {
	case "Equals":
		held = text == r.Value
	case "Contains":
		held = strings.Contains(text, r.Value)
	case "StartsWith":
		held = strings.HasPrefix(text, r.Value)
	case "NotEqual":
		held = text != r.Value
	}
	return held, abbreviate(text), nil
}

// claimText is a claim as rules and tags see it.
func claimText(name string, value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	}
	return "", fmt.Errorf("claim %s is a list or a structure: AWS does not document what it is mapped to", name)
}

func abbreviate(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return text
}
