package cognitoidp

import (
	"cmp"
	"maps"
	"slices"

	"claimcheck/sim/api"
)

type createUserPoolClientInput struct {
	UserPoolId     string `aws:"required"`
	ClientName     string `aws:"required"`
	GenerateSecret bool
	clientSettings

	_ struct{} `unsimulated:"ClientSecret"`
}

func (in createUserPoolClientInput) pool() string { return in.UserPoolId }

type userPoolClientOutput struct {
	UserPoolClient clientDescription
}

// clientDescription is an app client as AWS describes it, secret included:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
type clientDescription struct {
	UserPoolId   string
	ClientId     string
	ClientName   string
	ClientSecret string `json:",omitempty"`
	clientSettings
	CreationDate     api.Timestamp
	LastModifiedDate api.Timestamp
}

func (c *client) describe() clientDescription {
	return clientDescription{
		UserPoolId: c.pool.id, ClientId: c.id, ClientName: c.name, ClientSecret: c.secret, clientSettings: c.settings.inEffect(),
		CreationDate: api.Epoch(c.created), LastModifiedDate: api.Epoch(c.modified),
	}
}

// inEffect are the settings with the defaults that AWS shows for what was left
// out.
func (in clientSettings) inEffect() clientSettings {
	in.RefreshTokenValidity = cmp.Or(in.RefreshTokenValidity, 30)
	in.AuthSessionValidity = cmp.Or(in.AuthSessionValidity, 3)
	if in.EnableTokenRevocation == nil {
		on := true
		in.EnableTokenRevocation = &on
	}
	return in
}

// createUserPoolClient makes an app client by the checks of a template's (see
// addClient).
func (s *UserPools) createUserPoolClient(c api.Context, in createUserPoolClientInput) (userPoolClientOutput, error) {
	made, err := s.addClient(c.Span, clientProperties{in.UserPoolId, in.ClientName, in.GenerateSecret, in.clientSettings})
	if err != nil {
		return userPoolClientOutput{}, err
	}
	hides := made.settings.PreventUserExistenceErrors
	c.Span.Note(RuleClientDefaults, hides != "", "a word on unknown users", cmp.Or(hides, "left out: LEGACY; the console says ENABLED"))
	return userPoolClientOutput{UserPoolClient: made.describe()}, nil
}

// ofClient is the input of an operation on one app client.
type ofClient struct {
	UserPoolId string `aws:"required"`
	ClientId   string `aws:"required"`
}

func (in ofClient) pool() string { return in.UserPoolId }

func (s *UserPools) describeUserPoolClient(c api.Context, in ofClient) (userPoolClientOutput, error) {
	found, err := s.clientOf(c.Span, in.UserPoolId, in.ClientId)
	if err != nil {
		return userPoolClientOutput{}, err
	}
	has := found.secret != ""
	c.Span.Note(RuleSecretAtCreation, has, "a secret from its creation", secretOrNot(has))
	return userPoolClientOutput{UserPoolClient: found.describe()}, nil
}

type updateUserPoolClientInput struct {
	UserPoolId string `aws:"required"`
	ClientId   string `aws:"required"`
	ClientName string
	clientSettings
}

func (in updateUserPoolClientInput) pool() string { return in.UserPoolId }

// updateUserPoolClient gives an app client new settings: what the caller leaves
// out goes back to its default, and the tokens issued before keep their life.
// Secret and name are kept; that a name left out is, is inferred.
//
//  1. the pool and the app client exist
//  2. the new settings are legal (see client.configure)
func (s *UserPools) updateUserPoolClient(c api.Context, in updateUserPoolClientInput) (userPoolClientOutput, error) {
	found, err := s.clientOf(c.Span, in.UserPoolId, in.ClientId) // 1
	if err != nil {
		return userPoolClientOutput{}, err
	}
	before := found.settings.inEffect()
	if err := found.configure(c.Span, in.clientSettings, "updating"); err != nil { // 2
		return userPoolClientOutput{}, err
	}
	if err := noteResets(c.Span, before, found.settings.inEffect(), in.clientSettings); err != nil {
		return userPoolClientOutput{}, err
	}
	found.name, found.modified = cmp.Or(in.ClientName, found.name), s.world.Now()
	return userPoolClientOutput{UserPoolClient: found.describe()}, nil
}

type listUserPoolClientsInput struct {
	UserPoolId string `aws:"required"`
	MaxResults int64
	NextToken  string
}

func (in listUserPoolClientsInput) pool() string { return in.UserPoolId }

type listUserPoolClientsOutput struct {
	UserPoolClients []clientSummary
	NextToken       string `json:",omitempty"`
}

type clientSummary struct{ ClientId, UserPoolId, ClientName string }

// listUserPoolClients lists a pool's app clients without their secrets, the
// oldest first; in which order AWS lists them is not documented.
func (s *UserPools) listUserPoolClients(c api.Context, in listUserPoolClientsInput) (listUserPoolClientsOutput, error) {
	none := listUserPoolClientsOutput{}
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return none, err
	}
	clients := slices.DeleteFunc(slices.Collect(maps.Values(s.clients)), func(c *client) bool { return c.pool != p })
	slices.SortFunc(clients, func(a, b *client) int {
		return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.id, b.id))
	})
	shown, next, err := pageOf(c.Span, clients, wanted{"maxResults", in.MaxResults, in.NextToken})
	if err != nil {
		return none, err
	}
	out := listUserPoolClientsOutput{UserPoolClients: []clientSummary{}, NextToken: next}
	for _, found := range shown {
		out.UserPoolClients = append(out.UserPoolClients, clientSummary{found.id, p.id, found.name})
	}
	return out, nil
}

// deleteUserPoolClient deletes an app client, whose refresh tokens are worth
// nothing from then on. What becomes of its access tokens AWS does not document:
// here they live on.
func (s *UserPools) deleteUserPoolClient(c api.Context, in ofClient) (empty, error) {
	found, err := s.clientOf(c.Span, in.UserPoolId, in.ClientId)
	if err != nil {
		return empty{}, err
	}
	delete(s.clients, found.id)
	delete(found.pool.risks, found.id)
	delete(s.web.styles, found.id)
	return empty{}, nil
}
