package appsync

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// grant is one authorization directive: a mode that is let in, perhaps for some
// groups only.
type grant struct {
	kind   string
	groups []string
}

// grantsOf are the directives that hold for a field: its own, or else those of
// its type. place says whose they are.
func grantsOf(f *field) (grants []grant, place string) {
	if grants = grantsIn(f.definition.Directives); len(grants) > 0 {
		return grants, f.parent.Name + "." + f.name
	}
	return grantsIn(f.parent.Directives), f.parent.Name
}

func grantsIn(directives ast.DirectiveList) []grant {
	var grants []grant
	for _, d := range directives {
		kinds := map[string]string{
			"aws_api_key": modeKey, "aws_iam": modeIAM, "aws_oidc": modeOIDC, "aws_lambda": modeLambda, "aws_cognito_user_pools": modeCognito,
		}
		if kind, ok := kinds[d.Name]; ok {
			grants = append(grants, grant{kind: kind, groups: groupsIn(d)})
		}
	}
	return grants
}

func groupsIn(d *ast.Directive) []string {
	argument := d.Arguments.ForName("cognito_groups")
	if argument == nil {
		return nil
	}
	var groups []string
	for _, child := range argument.Value.Children {
		groups = append(groups, child.Value.Raw)
	}
	return groups
}

// admit decides whether the request may have a field:
//
//  1. AWS_LAMBDA: it is not one of deniedFields. AWS documents that the field is
//     null then; that errors has an entry for it too is inferred.
//  2. @aws_auth, where a user pool is the only mode and the field is one of the
//     operation's root: the caller is in one of its groups. With further modes
//     it is ignored.
//  3. no directive: the API's default mode, if DefaultAction allows
//  4. directives of the field, or else of its type: one of them is for the mode
//  5. and names no groups, or one that the caller is in
//
// https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
func (c *call) admit(f *field) bool {
	name := f.parent.Name + "." + f.name
	// 1
	if c.mode.kind == modeLambda && !c.span.Decide(RuleDeniedFields, !c.denies(f.parent.Name, f.name), name+" is not in deniedFields", listOr(c.answer.DeniedFields, "none denied")) {
		return false
	}
	// 2
	if legacy := f.definition.Directives.ForName("aws_auth"); legacy != nil && c.isRoot(f.parent) {
		if c.span.Note(RuleAwsAuth, len(c.api.modes) == 1, "a user pool as the only mode for @aws_auth", c.api.kinds()) {
			return c.inGroups(name, groupsIn(legacy))
		}
	}
	grants, place := grantsOf(f)
	// 3
	if len(grants) == 0 {
		return c.admitByDefault(name)
	}
	// 4
	fit := slices.IndexFunc(grants, func(g grant) bool { return g.kind == c.mode.kind })
	if !c.span.Decide(RuleFieldMode, fit >= 0, name+": a directive for "+c.mode.kind, "on "+place+": "+names(grants)) {
		return false
	}
	// 5
	return len(grants[fit].groups) == 0 || c.inGroups(name, grants[fit].groups)
}

// admitByDefault makes check 3.
func (c *call) admitByDefault(name string) bool {
	first := c.api.modes[0]
	if !c.span.Decide(RuleDefaultMode, c.mode.kind == first.kind && c.mode.issuer == first.issuer, name+": the default mode "+first.kind, c.mode.kind) {
		return false
	}
	if first.kind != modeCognito {
		return true
	}
	found := "ALLOW"
	if first.deny {
		found = "DENY"
	}
	return c.span.Decide(RuleDefaultAction, !first.deny, name+": DefaultAction ALLOW", found)
}

func (c *call) inGroups(name string, wanted []string) bool {
	groups := c.credential.token.Texts("cognito:groups")
	held := slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(wanted, g) })
	return c.span.Decide(RuleGroups, held, name+": a user in "+strings.Join(wanted, " or "), listOr(groups, "in no group"))
}

// isRoot reports whether a type is one of the operations' root types.
func (c *call) isRoot(d *ast.Definition) bool {
	types := c.api.schema.types
	return d == types.Query || d == types.Mutation || d == types.Subscription
}

func names(grants []grant) string {
	list := make([]string, len(grants))
	for i, g := range grants {
		list[i] = g.kind
	}
	return strings.Join(list, ", ")
}

func listOr(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	return strings.Join(list, ", ")
}
