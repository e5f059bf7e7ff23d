package sim

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"claimcheck/sim/trace"
)

// cloud is what the accounts of one simulation share: the clock, the source of
// identifiers, the names that the whole of AWS has once, and the lock.
type cloud struct {
	mu  sync.Mutex
	now time.Time
	// next counts the identifiers made so far.
	next uint64
	// requests counts request ids, apart from all other identifiers.
	requests uint64
	// accounts are in the order in which they were added, the first one first.
	accounts []*Account
	// names are the accounts that hold a name, by the kind of thing and the name.
	names map[[2]string]string
}

// account finds an account by its id.
func (c *cloud) account(id string) (*Account, bool) {
	for _, a := range c.accounts {
		if a.world.account == id {
			return a, true
		}
	}
	return nil, false
}

// mainAccount is what an organization calls the first account.
const mainAccount = "Main"

// Named finds the id of the account of that name.
func (c *cloud) Named(name string) (string, bool) {
	for _, a := range c.accounts {
		if name == a.name && name != "" || name == mainAccount && a.name == "" {
			return a.world.account, true
		}
	}
	return "", false
}

// issuer is the account that has issued an access key id, and the given one
// when none has.
func (c *cloud) issuer(accessKeyID string, otherwise *Account) *Account {
	for _, a := range c.accounts {
		if a.iam.HasIssued(accessKeyID) {
			return a
		}
	}
	return otherwise
}

// Neighbour adds an account beside this one: of the same Region, with the same
// clock, and with resources and an administrator of its own. Callers of either
// reach what the other lets them. The name stands behind the lanes of its
// services in traces, as in "STS (Partner)". The error says why no account can
// have that name or id.
func (a *Account) Neighbour(name, id string) (*Account, error) {
	a.cloud.mu.Lock()
	defer a.cloud.mu.Unlock()
	if !regexp.MustCompile(`^\d{12}$`).MatchString(id) {
		return nil, fmt.Errorf("account %s: an account id has twelve digits, found %q", name, id)
	}
	_, idTaken := a.cloud.account(id)
	_, nameTaken := a.cloud.Named(name)
	if idTaken || nameTaken || name == "" {
		return nil, fmt.Errorf("account %s, %s: another account has that name or id", name, id)
	}
	n := &Account{name: name, cloud: a.cloud, world: &world{cloud: a.cloud, account: id}}
	n.iam = a.iam.Neighbour(n.world)
	n.open()
	return n, nil
}

// open wires an account's services and puts it among the others.
func (a *Account) open() {
	a.wire()
	a.cloud.accounts = append(a.cloud.accounts, a)
}

// lane is an actor of this account. Those of the first account have no mark:
// where there is one account there is nothing to tell apart.
func (a *Account) lane(actor trace.Actor) trace.Actor {
	mark := trace.Actor(" (" + a.name + ")")
	if a.name == "" || strings.HasSuffix(string(actor), string(mark)) {
		return actor
	}
	return actor + mark
}
