package main

import (
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/arn"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/source"
)

// The values of principalType.
const (
	typeUser      = "user"
	typeRole      = "assumedRole"
	typeFederated = "federated"
	typeService   = "service"
)

// principalOf reads who asks. The type may be "" when the name is an ARN.
func principalOf(name, kind string) (policy.Principal, error) {
	known := []string{typeUser, typeRole, typeFederated, typeService}
	if kind != "" && !slices.Contains(known, kind) {
		return policy.Principal{}, fmt.Errorf("principalType is one of %s, found %q%s", strings.Join(known, ", "), kind, source.Suggest(kind, known))
	}
	if name == "*" && kind == "" {
		return policy.Principal{Kind: policy.Anonymous}, nil
	}
	a, err := arn.Parse(name)
	if err != nil {
		return namedPrincipal(name, kind)
	}
	p, is := arnPrincipal(name, a)
	switch {
	case is == "":
		return p, fmt.Errorf("%s is the ARN of no principal: want a user, a role, a session, an identity provider or an account's root", name)
	case kind != "" && kind != is:
		return p, fmt.Errorf("%s is of the type %s, not %s", name, is, kind)
	}
	return p, nil
}

// namedPrincipal is a service or an identity provider, which have no ARN.
func namedPrincipal(name, kind string) (policy.Principal, error) {
	switch kind {
	case typeService:
		return policy.Principal{Kind: policy.Service, Name: name}, nil
	case typeFederated:
		return policy.Principal{Kind: policy.WebIdentity, Name: name}, nil
	case "":
		return policy.Principal{}, fmt.Errorf("%q is no ARN: say by principalType whether it is a service or a federated identity", name)
	}
	return policy.Principal{}, fmt.Errorf("the ARN of a principal of the type %s is wanted, found %q", kind, name)
}

// arnPrincipal says what an ARN stands for, and its type; "" for no principal.
func arnPrincipal(text string, a arn.ARN) (policy.Principal, string) {
	p := policy.Principal{ARN: text, Account: a.Account}
	kind, rest, _ := strings.Cut(a.Resource, "/")
	switch a.Service + " " + kind {
	case "iam root":
		p.Kind = policy.Root
		return p, typeUser
	case "iam user":
		p.Kind = policy.User
		return p, typeUser
	case "iam role":
		p.Kind, p.Origin = policy.RoleSession, text
		return p, typeRole
	case "sts assumed-role":
		role, _, _ := strings.Cut(rest, "/")
		a.Service, a.Resource = "iam", "role/"+role
		p.Kind, p.Origin = policy.RoleSession, a.String()
		return p, typeRole
	case "sts federated-user":
		p.Kind = policy.FederatedUser
		return p, typeFederated
	case "iam oidc-provider", "iam saml-provider":
		return policy.Principal{Kind: policy.WebIdentity, Name: text}, typeFederated
	}
	return p, ""
}

// originOf completes the role behind a session: the session's ARN leaves out
// the role's path, aws:PrincipalArn has it.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func originOf(p policy.Principal, context map[string][]string) policy.Principal {
	if p.Kind != policy.RoleSession {
		return p
	}
	for name, values := range context {
		if !strings.EqualFold(name, "aws:PrincipalArn") || len(values) != 1 {
			continue
		}
		given, err := arn.Parse(values[0])
		role, roleErr := arn.Parse(p.Origin)
		if err == nil && roleErr == nil && given.Account == role.Account && strings.HasPrefix(given.Resource, "role/") && given.Name() == role.Name() {
			p.Origin = values[0]
		}
	}
	return p
}

// kindOfResourcePolicy is the grammar of the policy that the request's resource
// has: those of roles and of KMS keys have their own rules.
func kindOfResourcePolicy(request policy.Request) policy.Kind {
	a, err := arn.Parse(request.Resource)
	service, _, _ := strings.Cut(request.Action, ":")
	switch {
	case err != nil:
	case a.Service == "iam" && strings.HasPrefix(a.Resource, "role/") && strings.EqualFold(service, "sts"):
		return policy.TrustPolicy
	case a.Service == "kms" && strings.HasPrefix(a.Resource, "key/"):
		return policy.KeyPolicy
	}
	return policy.ResourcePolicy
}
