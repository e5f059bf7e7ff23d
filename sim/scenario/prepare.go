package scenario

import (
	"errors"
	"fmt"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/idp"
	"claimcheck/sim/jwt"
	"claimcheck/sim/source"
)

// prepare fills in what flows may refer to and makes the stack's set-up calls.
// Both stand in the template under Metadata.Claimcheck:
//
//	Accounts:          other accounts with resources of their own (see neighbours.go)
//	Values:            constants that flows and set-up calls may use, such as passwords
//	IdentityProviders: Google and others outside AWS, with their users (see providers.go)
//	Setup:             steps that an administrator makes after the deployment
func (r *run) prepare(m metadata) error {
	r.env = r.library()
	for _, id := range r.stack.LogicalIDs() {
		created, _ := r.stack.Resource(id)
		r.env[id] = attributes(r.account, r.stack.Type(id), created)
	}
	if err := r.introduce(m.neighbours); err != nil {
		return err
	}
	for _, provider := range m.providers {
		if err := r.account.AddIdentityProvider(provider); err != nil {
			return fmt.Errorf("%s: %w", m.at, err)
		}
	}
	for name, value := range m.values {
		if _, taken := r.env[name]; taken {
			return fmt.Errorf("%s: the value %q has the name of something else: give it another", m.at, name)
		}
		r.env[name] = value
	}
	if err := r.setUp(r.account.Administrator(), m.setup); err != nil {
		return err
	}
	for _, n := range m.neighbours {
		if err := r.setUp(n.account.Administrator(), n.setup); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) setUp(administrator api.Credentials, setup Flow) error {
	r.caller = &administrator
	defer func() { r.caller = nil }()
	err := r.steps(setup)
	var no *refuted
	if errors.As(err, &no) {
		return fmt.Errorf("set-up of the stack: %s: %s", no.expected, no.happened)
	}
	return err
}

// metadata is what a template says under Metadata.Claimcheck.
type metadata struct {
	at         source.Position
	neighbours []neighbour
	values     map[string]any
	providers  []idp.Provider
	setup      Flow
}

func parseMetadata(n source.Node) (metadata, error) {
	if n.IsNull() {
		return metadata{}, nil
	}
	var problems source.Problems
	fields := n.Fields(&problems, nil, []string{"Accounts", "Values", "IdentityProviders", "Setup"})
	m := metadata{at: n.At(), values: map[string]any{}}
	if node, ok := fields["Accounts"]; ok {
		m.neighbours = parseNeighbours(node, &problems)
	}
	if node, ok := fields["Values"]; ok {
		for _, e := range node.Entries(&problems) {
			m.values[e.Key] = e.Value.Tree()
		}
	}
	if node, ok := fields["IdentityProviders"]; ok {
		m.providers = parseProviders(node, &problems)
	}
	if node, ok := fields["Setup"]; ok {
		m.setup = ParseFlow(node, &problems)
	}
	return m, problems.Err()
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
	messages := r.account.Outbox(poolID(pool), username)
	if len(messages) == 0 {
		return nil
	}
	return messages[len(messages)-1].Code
}

// totp is nil for a secret that is not Base32 text.
func (r *run) totp(secret string) any {
	code, err := totp.GenerateCodeCustom(secret, r.account.Now(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
	if err != nil {
		return nil
	}
	return code
}

func credentialsTree(c api.Credentials) map[string]any {
	return map[string]any{"AccessKeyId": c.AccessKeyID, "SecretAccessKey": c.SecretAccessKey, "SessionToken": c.SessionToken}
}

// attributes are what a flow may ask of a resource: Ref, what Fn::GetAtt gives,
// and the Url of an API.
func attributes(account *sim.Account, typeName string, created cloudformation.Created) map[string]any {
	tree := map[string]any{"Ref": created.Ref}
	for _, group := range []map[string]string{created.Attributes, created.Extra} {
		for name, value := range group {
			tree[name] = value
		}
	}
	if url, ok := account.URL(typeName, created.Ref); ok {
		tree["Url"] = url
	}
	return tree
}
