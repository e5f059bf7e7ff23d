package iam

import (
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
)

// namedPolicy is the member that names an inline policy.
type namedPolicy struct {
	PolicyName string `aws:"required"`
}

func (n namedPolicy) policy() string { return n.PolicyName }

// policyText is the member with a policy's JSON.
type policyText struct {
	PolicyDocument string `aws:"required"`
}

func (t policyText) text() string { return t.PolicyDocument }

// The inputs of Put…Policy, of Get… and Delete…Policy, and of List…Policies.
type (
	putUserPolicyInput struct {
		userName
		namedPolicy
		policyText
	}
	putGroupPolicyInput struct {
		groupName
		namedPolicy
		policyText
	}
	putRolePolicyInput struct {
		roleName
		namedPolicy
		policyText
	}
	userPolicyInput struct {
		userName
		namedPolicy
	}
	groupPolicyInput struct {
		groupName
		namedPolicy
	}
	rolePolicyInput struct {
		roleName
		namedPolicy
	}
	userListInput struct {
		userName
		listing
	}
	groupListInput struct {
		groupName
		listing
	}
	roleListInput struct {
		roleName
		listing
	}
)

func (l listing) page() listing { return l }

// inlinePolicies are the operations on the inline policies of one kind of
// holder.
func inlinePolicies[Put interface {
	ofHolder
	policy() string
	text() string
}, One interface {
	ofHolder
	policy() string
}, List interface {
	ofHolder
	page() listing
}](i *IAM, kind string) []api.Operation {
	return []api.Operation{
		onHolder(i, "Put"+kind+"Policy", func(c api.Context, in Put) (struct{}, error) {
			h, err := i.held(in.holder())
			if err != nil {
				return struct{}{}, err
			}
			return struct{}{}, h.putInline(c.Span, in.policy(), in.text())
		}),
		onHolder(i, "Get"+kind+"Policy", func(_ api.Context, in One) (inlineOutput, error) {
			h, at, err := i.inlineOf(in.holder(), in.policy())
			if err != nil {
				return inlineOutput{}, err
			}
			return h.describeInline(h.inline[at].Name), nil
		}),
		onHolder(i, "Delete"+kind+"Policy", func(_ api.Context, in One) (struct{}, error) {
			h, at, err := i.inlineOf(in.holder(), in.policy())
			if err != nil {
				return struct{}{}, err
			}
			delete(h.written, h.inline[at].Name)
			h.inline = slices.Delete(h.inline, at, at+1)
			return struct{}{}, nil
		}),
		onHolder(i, "List"+kind+"Policies", func(_ api.Context, in List) (policyNamesOutput, error) {
			h, err := i.held(in.holder())
			if err != nil {
				return policyNamesOutput{}, err
			}
			names := []string{}
			for _, p := range h.inline {
				names = append(names, p.Name)
			}
			slices.Sort(names)
			shown, rest, err := pageOf(names, in.page())
			return policyNamesOutput{shown, rest}, err
		}),
	}
}

// inlineOutput is an inline policy with its holder. The wire carries the
// document as URL-encoded JSON.
type inlineOutput struct {
	UserName       string `json:",omitempty"`
	GroupName      string `json:",omitempty"`
	RoleName       string `json:",omitempty"`
	PolicyName     string
	PolicyDocument any
}

func (h *holder) describeInline(name string) inlineOutput {
	out := inlineOutput{PolicyName: name, PolicyDocument: h.written[name]}
	switch h.kind {
	case "user":
		out.UserName = h.name
	case "group":
		out.GroupName = h.name
	default:
		out.RoleName = h.name
	}
	return out
}

type policyNamesOutput struct {
	PolicyNames []string
	truncation
}

// inlineOf finds an inline policy by its place in its holder's list.
func (i *IAM) inlineOf(named reference, name string) (*holder, int, error) {
	h, err := i.held(named)
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(h.inline, func(p policy.Policy) bool { return p.Name == name })
	if at < 0 {
		return nil, 0, awserr.WithStatus(404, "NoSuchEntity", "The %s policy with name %s cannot be found.", h.kind, name)
	}
	return h, at, nil
}
