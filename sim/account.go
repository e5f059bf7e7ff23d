// Package sim is a simulated AWS account in one Region, in memory, with a
// virtual clock, and the accounts beside it. It owns the two doors into an
// account (API calls and HTTP requests), the order of checks at each, which
// account answers, and the wiring of the services on one page. It refuses to know
// how a service decides and who is asking.
package sim

import (
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/apigateway"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/host"
	"claimcheck/sim/iam"
	"claimcheck/sim/idp"
	"claimcheck/sim/trace"
)

// Account is a simulated account. Its methods may be called by several
// goroutines: one outer call runs at a time, whichever of the accounts that are
// neighbours it enters by.
type Account struct {
	// name tells a neighbour from the first account, which has none.
	name          string
	cloud         *cloud
	world         *world
	services      map[string]api.Service
	sites         []api.Site
	types         []cloudformation.Type
	iam           *iam.IAM
	userPools     *cognitoidp.UserPools
	gateway       *apigateway.Gateway
	hosts         *host.Hosts
	administrator api.Credentials
}

// New returns an empty account whose clock stands at start.
func New(start time.Time) *Account {
	c := &cloud{now: start, names: map[[2]string]string{}}
	a := &Account{cloud: c, world: &world{cloud: c, account: accountID}}
	a.iam = iam.New(a.world)
	a.open()
	return a
}

// ID is the twelve-digit account id.
func (a *Account) ID() string { return a.world.account }

// Now is the virtual clock.
func (a *Account) Now() time.Time { return a.world.Now() }

// Region is the Region's code.
func (a *Account) Region() string { return a.world.Region() }

// Advance moves the virtual clock forward.
func (a *Account) Advance(d time.Duration) {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	a.cloud.now = a.cloud.now.Add(d)
}

// Administrator returns the access key of an IAM user with every permission,
// for calls that a flow makes to set the scene.
func (a *Account) Administrator() api.Credentials { return a.administrator }

// Deploy creates a template's resources. The error is an *awserr.Error when
// CloudFormation or a service refuses the template, and source.Problems when
// the simulation cannot run it as it is written.
func (a *Account) Deploy(span *trace.Span, t cloudformation.Template) (cloudformation.Stack, error) {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	return cloudformation.Deploy(span, a.world, t, a.types)
}

// AddIdentityProvider starts an identity provider outside AWS, at its own hosts
// behind the account's HTTP door. The error says what of its description is
// missing.
func (a *Account) AddIdentityProvider(p idp.Provider) error {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	provider, err := idp.New(a.world, p)
	if err != nil {
		return err
	}
	a.sites = append(a.sites, provider.Site())
	return nil
}

// Outbox returns what a user pool, of this account or a neighbour, has sent to a user by e-mail or SMS, oldest
// first.
func (a *Account) Outbox(poolID, username string) []cognitoidp.Message {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	var messages []cognitoidp.Message
	for _, account := range a.cloud.accounts {
		messages = append(messages, account.userPools.Outbox(poolID, username)...)
	}
	return messages
}

// Sent returns what all user pools, of this account and its neighbours, have sent
// to users of a name, oldest first.
func (a *Account) Sent(username string) []cognitoidp.Message {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	var messages []cognitoidp.Message
	for _, account := range a.cloud.accounts {
		messages = append(messages, account.userPools.Sent(username)...)
	}
	slices.SortStableFunc(messages, func(a, b cognitoidp.Message) int { return a.At.Compare(b.At) })
	return messages
}

// URL returns the address of a resource that no attribute of it holds: for an
// AWS::ApiGateway::RestApi the URL of its stage.
func (a *Account) URL(typeName, ref string) (string, bool) {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	if typeName != "AWS::ApiGateway::RestApi" {
		return "", false
	}
	return a.gateway.URL(ref)
}

// FindCredentials starts a program and finds its credentials as its SDK does.
// The errors are those of host.Hosts.
func (a *Account) FindCredentials(span *trace.Span, p host.Program) (host.Found, error) {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	return a.hosts.Find(span, p)
}

// Call runs one API operation at the API door.
func (a *Account) Call(span *trace.Span, call api.Call) (map[string]any, error) {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	return doors{a}.Call(span, call)
}

// Send runs one HTTP request at the HTTP door.
func (a *Account) Send(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	return doors{a}.Send(span, request)
}

// doors are the account's doors as its services use them, inside an outer call.
type doors struct{ account *Account }
