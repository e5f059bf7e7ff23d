package sim

import (
	"net/url"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/sigv4"
)

// receiver is the account that answers a call. An endpoint of AWS serves every
// account, and who is meant follows from the call:
//
//  1. what needs no signature goes to the account that has what its input names
//  2. a signed call is about the caller's own account
//  3. unless its target has an ARN of another account, or one without an account
//     that another account has, such as a bucket's
//
// Where nobody has what is named, the account at the door answers, or the
// caller's own.
func (d doors) receiver(call api.Call, request api.HTTPRequest) *Account {
	c := d.account.cloud
	operation, ok := d.account.services[call.Service].Operation(call.Operation)
	if !ok || len(c.accounts) == 1 {
		return d.account
	}
	// 1
	if operation.Access != api.Signed {
		return c.holder(call, d.account)
	}
	// 2
	caller := d.account
	if signature, err := sigv4.Parse(request); err == nil {
		caller = c.issuer(signature.AccessKeyID, d.account)
	}
	// 3
	operation, _ = caller.services[call.Service].Operation(call.Operation)
	input, faults := operation.Decode(call.Input)
	if operation.Target == nil || len(faults) > 0 {
		return caller
	}
	target, err := arn.Parse(operation.Target(input).Resource)
	if err != nil {
		return caller
	}
	if target.Account == "" {
		return c.holder(call, caller)
	}
	if owner, ok := c.account(target.Account); ok {
		return owner
	}
	return caller
}

// holder is the account that has what a call's input names, and the given one
// when none has.
func (c *cloud) holder(call api.Call, otherwise *Account) *Account {
	for _, a := range c.accounts {
		if service := a.services[call.Service]; service.Has != nil && service.Has(call.Input) {
			return a
		}
	}
	return otherwise
}

// site finds who answers for an address: the site, of any account, that has
// what the address names, or else the first one with the host.
func (d doors) site(address *url.URL) (*Account, api.Site, bool) {
	for _, a := range d.account.cloud.accounts {
		for _, s := range a.sites {
			if s.Hosts(address.Host) && s.Has != nil && s.Has(address) {
				return a, s, true
			}
		}
	}
	for _, a := range d.account.cloud.accounts {
		for _, s := range a.sites {
			if s.Hosts(address.Host) {
				return a, s, true
			}
		}
	}
	return nil, api.Site{}, false
}
