package policy

import (
	"fmt"
	"strings"

	"claimcheck/sim/arn"
)

// PrincipalKind is what kind of principal makes a request.
type PrincipalKind string

// The kinds of principal.
const (
	// Anonymous callers have no identity at all.
	Anonymous PrincipalKind = "anonymous"
	// Root is the root user of an account.
	Root PrincipalKind = "root user"
	// User is an IAM user.
	User PrincipalKind = "IAM user"
	// RoleSession is a role that has been assumed.
	RoleSession PrincipalKind = "role session"
	// FederatedUser is a session of GetFederationToken.
	FederatedUser PrincipalKind = "federated user"
	// WebIdentity is a person an identity provider vouches for, before any
	// role is assumed.
	WebIdentity PrincipalKind = "web identity"
	// Service is an AWS service acting for itself.
	Service PrincipalKind = "AWS service"
)

// Principal is who makes a request.
type Principal struct {
	Kind PrincipalKind
	// ARN is the user's or the session's.
	ARN string
	// Origin is the role behind a RoleSession, or the IAM user behind a
	// FederatedUser.
	Origin string
	// Account is the twelve-digit account id.
	Account string
	// Name is the service principal of a Service and the provider of a
	// WebIdentity, as policies name them.
	Name string
}

// hasIdentity reports whether identity-based policies can speak for the
// principal. For the others the resource's policy decides alone.
func (p Principal) hasIdentity() bool {
	return p.Kind != Anonymous && p.Kind != Service && p.Kind != WebIdentity
}

// String is how messages and traces name the principal.
func (p Principal) String() string {
	switch {
	case p.ARN != "":
		return p.ARN
	case p.Name != "":
		return p.Name
	}
	return string(Anonymous)
}

// naming says how closely a Principal element names a principal. What it names
// decides which implicit denies still count.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
type naming int

const (
	notNamed naming = iota
	// byAccount names the account: it only delegates to the account's own
	// identity-based policies.
	byAccount
	// byOrigin names the role of a session or the user of a federated user: no
	// identity-based Allow is needed, boundary and session policies still limit.
	byOrigin
	// byName names the user, the session, the service or everyone: nothing else
	// is needed within the account.
	byName
)

// principalPattern is one value of a Principal element.
type principalPattern struct {
	// key is AWS, Federated, Service or CanonicalUser.
	key, value string
}

// The keys of a Principal element.
const (
	keyAWS       = "AWS"
	keyFederated = "Federated"
	keyService   = "Service"
	keyCanonical = "CanonicalUser"
)

// names says how the pattern names a principal.
func (pattern principalPattern) names(p *Principal) naming {
	switch pattern.key {
	case keyService:
		return whether(p.Kind == Service && pattern.value == p.Name)
	case keyFederated:
		return whether(p.Kind == WebIdentity && pattern.value == p.Name)
	case keyCanonical:
		return notNamed
	}
	switch {
	case pattern.value == "*":
		return byName
	case !p.hasIdentity():
		return notNamed
	case p.Origin != "" && pattern.value == p.Origin:
		return byOrigin
	case pattern.value == p.ARN:
		return byName
	case pattern.value == p.Account || isRootOf(pattern.value, p.Account):
		return byAccount
	}
	return notNamed
}

func whether(named bool) naming {
	if named {
		return byName
	}
	return notNamed
}

func isRootOf(value, account string) bool {
	rest, ok := strings.CutSuffix(value, ":root")
	if !ok || !strings.HasSuffix(rest, account) {
		return false
	}
	return strings.HasPrefix(rest, "arn:") && strings.HasSuffix(rest, ":iam::"+account)
}

// principalElement reads Principal or NotPrincipal.
//
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (p *parser) principalElement(path string, m map[string]any, effect Effect) ([]principalPattern, bool) {
	_, hasPlain := m["Principal"]
	_, hasNegated := m["NotPrincipal"]
	name := "Principal"
	if hasNegated {
		name = "NotPrincipal"
	}
	switch {
	case !p.namesPrincipals():
		if hasPlain || hasNegated {
			p.fault(path+"."+name, principalNotHere, "an identity-based policy has no %s: it belongs to who it is attached to", name)
		}
		return nil, false
	case hasPlain && hasNegated:
		p.fault(path, syntaxError, "a statement has Principal or NotPrincipal, not both")
	case !hasPlain && !hasNegated:
		p.fault(path, principalMissing, "a statement of a %s has a Principal", p.kind)
		return nil, false
	case hasNegated && p.kind == TrustPolicy:
		p.fault(path+".NotPrincipal", syntaxError, "a trust policy has no NotPrincipal")
	case hasNegated && effect == Allow:
		p.fault(path+".NotPrincipal", syntaxError, "NotPrincipal stands only with the effect Deny")
	}
	patterns := p.principals(path+"."+name, m[name])
	if p.kind == ResourceControlPolicy && (hasNegated || len(patterns) != 1 || patterns[0].value != "*") {
		p.fault(path+"."+name, otherPolicyType, `the only principal of a resource control policy is "*"`)
	}
	return patterns, hasNegated
}

func (p *parser) principals(path string, tree any) []principalPattern {
	if tree == "*" {
		if p.kind == TrustPolicy {
			p.fault(path, fmt.Sprintf(invalidTrustPrincipal, "STAR", "*"), `a trust policy names principals by kind: {"AWS": "*"}`)
		}
		return []principalPattern{{key: keyAWS, value: "*"}}
	}
	m, ok := tree.(map[string]any)
	if !ok {
		p.fault(path, syntaxError, `principals are "*" or an object by kind, found %s`, describe(tree))
		return nil
	}
	kinds := []string{keyAWS, keyCanonical, keyFederated, keyService}
	p.known(path, m, kinds...)
	if len(m) == 0 {
		p.fault(path, syntaxError, "no principal is named")
	}
	var patterns []principalPattern
	for _, key := range kinds {
		tree, present := m[key]
		if !present {
			continue
		}
		if isEmpty(tree) {
			p.fault(join(path, key), syntaxError, "no principal is named")
		}
		for _, value := range p.texts(join(path, key), tree) {
			if !legalPrincipal(key, value) {
				p.fault(join(path, key), fmt.Sprintf(invalidPrincipal, key, value), "%q names no principal of kind %s", value, key)
			}
			patterns = append(patterns, principalPattern{key: key, value: value})
		}
	}
	return patterns
}

// legalPrincipal reports whether a value has a form that principals of the kind
// have. A wildcard is only ever the whole value, and only for AWS.
func legalPrincipal(key, value string) bool {
	switch {
	case key == keyAWS && value == "*":
		return true
	case value == "" || strings.ContainsAny(value, "*? "):
		return false
	case key != keyAWS:
		return true
	case isAccount(value) || isUniqueID(value):
		return true
	}
	a, err := arn.Parse(value)
	if err != nil {
		return false
	}
	kind, _, _ := strings.Cut(a.Resource, "/")
	switch a.Service {
	case "iam":
		return kind == "root" || kind == "user" || kind == "role"
	case "sts":
		return kind == "assumed-role" || kind == "federated-user"
	}
	return false
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// isUniqueID knows AIDA… of users and AROA… of roles.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func isUniqueID(s string) bool {
	return (strings.HasPrefix(s, "AIDA") || strings.HasPrefix(s, "AROA")) && !strings.ContainsFunc(s, notAlphanumeric)
}
