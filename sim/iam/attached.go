package iam

import (
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// namedARN is the member that names a managed policy.
type namedARN struct {
	PolicyArn string `aws:"required"`
}

func (n namedARN) policy() string { return n.PolicyArn }

// The inputs of Attach… and Detach…Policy, and of ListAttached…Policies.
type (
	attachUserPolicyInput struct {
		userName
		namedARN
	}
	attachGroupPolicyInput struct {
		groupName
		namedARN
	}
	attachRolePolicyInput struct {
		roleName
		namedARN
	}
	attachedUserListInput struct {
		userName
		listing
		PathPrefix string
	}
	attachedGroupListInput struct {
		groupName
		listing
		PathPrefix string
	}
	attachedRoleListInput struct {
		roleName
		listing
		PathPrefix string
	}
)

func (in attachedUserListInput) under() string  { return in.PathPrefix }
func (in attachedGroupListInput) under() string { return in.PathPrefix }
func (in attachedRoleListInput) under() string  { return in.PathPrefix }

// attachedPolicies are the operations on the managed policies of one kind of
// holder.
func attachedPolicies[One interface {
	ofHolder
	policy() string
}, List interface {
	ofHolder
	page() listing
	under() string
}](i *IAM, kind string) []api.Operation {
	return []api.Operation{
		onHolder(i, "Attach"+kind+"Policy", func(c api.Context, in One) (struct{}, error) {
			h, err := i.held(in.holder())
			if err != nil {
				return struct{}{}, err
			}
			m, err := i.managedPolicy(in.policy())
			if err != nil {
				return struct{}{}, err
			}
			return struct{}{}, h.attach(c.Span, m)
		}),
		onHolder(i, "Detach"+kind+"Policy", func(_ api.Context, in One) (struct{}, error) {
			h, err := i.held(in.holder())
			if err != nil {
				return struct{}{}, err
			}
			return struct{}{}, h.detach(in.policy())
		}),
		onHolder(i, "ListAttached"+kind+"Policies", func(_ api.Context, in List) (attachedOutput, error) {
			h, err := i.held(in.holder())
			if err != nil {
				return attachedOutput{}, err
			}
			list := []attachedPolicy{}
			for _, m := range h.attached {
				if strings.HasPrefix(m.path(), in.under()) {
					list = append(list, attachedPolicy{m.name, m.arn})
				}
			}
			shown, rest, err := pageOf(list, in.page())
			return attachedOutput{shown, rest}, err
		}),
	}
}

type attachedPolicy struct{ PolicyName, PolicyArn string }

type attachedOutput struct {
	AttachedPolicies []attachedPolicy
	truncation
}

// detach takes a policy off. AWS documents the error without its wording.
func (h *holder) detach(at string) error {
	n := slices.IndexFunc(h.attached, func(m *managedPolicy) bool { return m.arn == at })
	if n < 0 {
		return awserr.WithStatus(404, "NoSuchEntity", "Policy %s was not found.", at)
	}
	h.attached = slices.Delete(h.attached, n, n+1)
	return nil
}
