package appsync

import (
	"cmp"
	"fmt"
	"maps"

	"github.com/vektah/gqlparser/v2/ast"
)

// contextOf is ctx as the first function of a resolver sees it.
// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html
func (c *call) contextOf(f *field, source any) (map[string]any, error) {
	arguments, err := c.argumentsOf(f)
	if err != nil {
		return nil, fmt.Errorf("the arguments of %s: %w", f.name, err)
	}
	return map[string]any{
		"arguments": arguments, "source": source, "identity": c.identity(), "stash": map[string]any{}, "prev": nil,
		"request": map[string]any{"headers": c.headers(), "domainName": nil},
		"info": map[string]any{
			"fieldName": f.name, "parentTypeName": f.parent.Name, "variables": orEmpty(c.document.variables),
			"selectionSetList": c.selectionNames(f, ""), "selectionSetGraphQL": selectionText(f.selections),
		},
	}, nil
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// identity is ctx.identity: who calls, in the shape of the mode. It is nil for an
// API key.
func (c *call) identity() any {
	switch c.mode.kind {
	case modeIAM:
		return c.iamIdentity()
	case modeLambda:
		return map[string]any{"resolverContext": orEmpty(c.answer.ResolverContext)}
	case modeCognito:
		return c.poolIdentity()
	case modeOIDC:
		claims := c.credential.token.Claims
		return map[string]any{"sub": claims["sub"], "issuer": claims["iss"], "claims": claims}
	}
	return nil
}

// poolIdentity is that of a user of a user pool. Claims keep their JSON types.
func (c *call) poolIdentity() map[string]any {
	token := c.credential.token
	strategy := "ALLOW"
	if c.mode.deny {
		strategy = "DENY"
	}
	return map[string]any{
		"sub": token.Claims["sub"], "issuer": token.Claims["iss"], "claims": token.Claims, "groups": token.Claims["cognito:groups"],
		"username": cmp.Or(token.Text("cognito:username"), token.Text("username")), "sourceIp": c.sourceIP(), "defaultAuthStrategy": strategy,
	}
}

// selectionNames are the fields below a field, as paths such as "author/name".
func (c *call) selectionNames(f *field, prefix string) []any {
	list := []any{}
	definition := c.api.schema.types.Types[f.definition.Type.Name()]
	if definition == nil || len(f.selections) == 0 {
		return list
	}
	for _, below := range c.collect(definition, f.selections) {
		path := prefix + below.response
		list = append(list, path)
		if below.definition != nil {
			list = append(list, c.selectionNames(below, path+"/")...)
		}
	}
	return list
}

// selectionText is a selection set as GraphQL.
func selectionText(set ast.SelectionSet) string {
	if len(set) == 0 {
		return ""
	}
	text := "{"
	for _, selection := range set {
		switch node := selection.(type) {
		case *ast.Field:
			text += "\n  " + node.Name + selectionText(node.SelectionSet)
		case *ast.FragmentSpread:
			text += "\n  ..." + node.Name
		case *ast.InlineFragment:
			text += "\n  ... on " + node.TypeCondition + selectionText(node.SelectionSet)
		}
	}
	return text + "\n}"
}

// with is a context with members changed.
func with(context map[string]any, members map[string]any) map[string]any {
	changed := maps.Clone(context)
	maps.Copy(changed, members)
	return changed
}
