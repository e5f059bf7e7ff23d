package scenario

import (
	"errors"
	"fmt"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/jwt"
	"claimcheck/sim/source"
)

// prepare fills in what flows may refer to and makes the stack's set-up calls.
// Both stand in the template under Metadata.Claimcheck:
//
//	Values: constants that flows and set-up calls may use, such as passwords
//	Setup:  steps that an administrator makes after the deployment
func (r *run) prepare(metadata source.Node) error {
	r.env = r.library()
	for _, id := range r.stack.LogicalIDs() {
		created, _ := r.stack.Resource(id)
		r.env[id] = r.attributes(r.stack.Type(id), created)
	}
	if metadata.IsNull() {
		return nil
	}
	values, setup, err := parseMetadata(metadata)
	if err != nil {
		return err
	}
	for name, value := range values {
		if _, taken := r.env[name]; taken {
			return fmt.Errorf("%s: the value %q has the name of something else: give it another", metadata.At(), name)
		}
		r.env[name] = value
	}
	administrator := r.account.Administrator()
	r.caller = &administrator
	defer func() { r.caller = nil }()
	return r.setUp(setup)
}

func (r *run) setUp(setup Flow) error {
	err := r.steps(setup)
	var no *refuted
	if errors.As(err, &no) {
		return fmt.Errorf("set-up of the stack: %s: %s", no.expected, no.happened)
	}
	return err
}

func parseMetadata(n source.Node) (map[string]any, Flow, error) {
	var problems source.Problems
	fields := n.Fields(&problems, nil, []string{"Values", "Setup"})
	values := map[string]any{}
	if node, ok := fields["Values"]; ok {
		for _, e := range node.Entries(&problems) {
			values[e.Key] = e.Value.Tree()
		}
	}
	var setup Flow
	if node, ok := fields["Setup"]; ok {
		setup = ParseFlow(node, &problems)
	}
	return values, setup, problems.Err()
}

// library are the functions and values that every flow has:
//
//	claims(token)      the claims of a JWT, not verified; {} when it is none
//	code(pool, user)   the latest code that a user pool has sent to a user
//	resources(type)    the logical ids of the stack's resources of a type
//	administrator      credentials of the account's administrator
func (r *run) library() map[string]any {
	administrator := r.account.Administrator()
	return map[string]any{
		"claims":        claims,
		"code":          r.code,
		"resources":     r.stack.OfType,
		"administrator": credentialsTree(administrator),
	}
}

func claims(token string) map[string]any {
	parsed, err := jwt.Parse(token)
	if err != nil {
		return map[string]any{}
	}
	return parsed.Claims
}

// code is nil when the pool has sent the user nothing. The pool is its id or
// the resource.
func (r *run) code(pool any, username string) any {
	id, _ := pool.(string)
	if resource, ok := pool.(map[string]any); ok {
		id = textOf(resource, "Ref")
	}
	messages := r.account.Outbox(id, username)
	if len(messages) == 0 {
		return nil
	}
	return messages[len(messages)-1].Code
}

func credentialsTree(c api.Credentials) map[string]any {
	return map[string]any{"AccessKeyId": c.AccessKeyID, "SecretAccessKey": c.SecretAccessKey, "SessionToken": c.SessionToken}
}

// attributes are what a flow may ask of a resource: Ref, what Fn::GetAtt gives,
// and the Url of an API.
func (r *run) attributes(typeName string, created cloudformation.Created) map[string]any {
	tree := map[string]any{"Ref": created.Ref}
	for _, group := range []map[string]string{created.Attributes, created.Extra} {
		for name, value := range group {
			tree[name] = value
		}
	}
	if url, ok := r.account.URL(typeName, created.Ref); ok {
		tree["Url"] = url
	}
	return tree
}
