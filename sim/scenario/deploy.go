package scenario

import (
	"time"

	"claimcheck/sim"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/idp"
)

// Deployment is a program's stack in an account of its own, with its set-up
// calls made: what a flow finds when it begins.
type Deployment struct {
	Account *sim.Account
	// Resources are in the order of the template, those of the accounts beside
	// it after them.
	Resources []Resource
	// Values are those of the template's metadata, such as passwords.
	Values map[string]any
	// Providers are the identity providers outside AWS.
	Providers []idp.Provider
}

// Resource is one resource of a deployment.
type Resource struct {
	// ID is the logical id; in an account beside the first it stands behind the
	// account's name, as in "Partner.Role".
	ID, Type string
	// Attributes are what a flow may ask of the resource, Ref among them.
	Attributes map[string]any
}

// Deploy deploys a program's stack into a fresh account whose clock stands at
// start, and makes its set-up calls. The error is an *awserr.Error when
// CloudFormation refuses the stack; any other says, with a position, what cannot
// be run.
func Deploy(p Program, start time.Time) (Deployment, error) {
	account := sim.New(start)
	r, around, err := begin(p, account, nil)
	if err != nil {
		return Deployment{}, err
	}
	d := Deployment{Account: account, Values: around.values, Providers: around.providers}
	d.add("", account, r.stack)
	for _, n := range around.neighbours {
		d.add(n.name+".", n.account, n.stack)
	}
	return d, nil
}

// add adds the resources of a stack.
func (d *Deployment) add(prefix string, account *sim.Account, stack cloudformation.Stack) {
	for _, id := range stack.LogicalIDs() {
		created, _ := stack.Resource(id)
		typeName := stack.Type(id)
		d.Resources = append(d.Resources, Resource{ID: prefix + id, Type: typeName, Attributes: attributes(account, typeName, created)})
	}
}
