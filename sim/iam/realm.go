package iam

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
)

// realm is every account that IAM knows. An access key says nothing of its
// account: IAM finds the directory that issued it, and what binds the caller is
// there, wherever the resource is.
type realm struct {
	directories []*IAM
	// members are the accounts that are in an organization, by their ids.
	members map[string]membership
}

// Neighbour returns the empty directory of another account of the same AWS.
func (i *IAM) Neighbour(w api.World) *IAM {
	n := New(w)
	n.realm = i.realm
	n.realm.directories = append(n.realm.directories, n)
	return n
}

// HasIssued reports whether an access key id, long-term or temporary, is one of
// this account's.
func (i *IAM) HasIssued(accessKeyID string) bool {
	return i.keys[accessKeyID] != nil || i.sessions[accessKeyID] != nil
}

// issuer is the directory that has issued an access key id, and this one when
// none has.
func (i *IAM) issuer(accessKeyID string) *IAM {
	for _, directory := range i.realm.directories {
		if directory.HasIssued(accessKeyID) {
			return directory
		}
	}
	return i
}

// AccountOfKey is the account of an access key id, of whichever account.
func (i *IAM) AccountOfKey(accessKeyID string) (account string, known bool) {
	from := i.issuer(accessKeyID)
	return from.world.Account(), from.HasIssued(accessKeyID)
}

// home is the directory of a principal's account, and this one when there is
// none: nobody and AWS services have no policies of their own anywhere.
func (i *IAM) home(p api.Principal) *IAM {
	for _, directory := range i.realm.directories {
		if directory.world.Account() == p.Account {
			return directory
		}
	}
	return i
}

// owner is the account of a resource: that in its ARN, and this one for an ARN
// without, such as a bucket's.
func (i *IAM) owner(resource string) string {
	if a, err := arn.Parse(resource); err == nil && a.Account != "" {
		return a.Account
	}
	return i.world.Account()
}
