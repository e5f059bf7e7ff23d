package iam

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// reference names a user, group or role, as an operation does.
type reference struct{ kind, name string }

// ofHolder is the input of an operation on a user, group or role.
type ofHolder interface{ holder() reference }

// The members that name the three kinds.
type (
	userName struct {
		UserName string `aws:"required"`
	}
	groupName struct {
		GroupName string `aws:"required"`
	}
	roleName struct {
		RoleName string `aws:"required"`
	}
)

func (n userName) holder() reference  { return reference{"user", n.UserName} }
func (n groupName) holder() reference { return reference{"group", n.GroupName} }
func (n roleName) holder() reference  { return reference{"role", n.RoleName} }

// onHolder describes an operation that is authorized against the user, group or
// role that it names.
func onHolder[In ofHolder, Out any](i *IAM, name string, run func(api.Context, In) (Out, error)) api.Operation {
	return api.On(api.Operate(name, api.Signed, run), func(in In) api.Target {
		named := in.holder()
		if h, err := i.held(named); err == nil {
			return api.Target{Resource: h.arn}
		}
		return api.Target{Resource: arn.New("iam", "", i.world.Account(), named.kind+"/"+named.name)}
	})
}

// held finds a user, group or role, or says NoSuchEntity.
func (i *IAM) held(named reference) (*holder, error) {
	switch named.kind {
	case "user":
		u, err := find(named.kind, i.users, named.name)
		if err != nil {
			return nil, err
		}
		return &u.holder, nil
	case "group":
		g, err := find(named.kind, i.groups, named.name)
		if err != nil {
			return nil, err
		}
		return &g.holder, nil
	}
	r, err := find(named.kind, i.roles, named.name)
	if err != nil {
		return nil, err
	}
	return &r.holder, nil
}

// putInline stores an inline policy, given as a tree or as JSON text.
func (h *holder) putInline(span *trace.Span, name string, written any) error {
	document, err := checkDocument(span, written, policy.IdentityPolicy)
	if err != nil {
		return err
	}
	if err := h.put(span, policy.Policy{Name: name, Document: document}); err != nil {
		return err
	}
	if h.written == nil {
		h.written = map[string]any{}
	}
	h.written[name], err = documentTree(written)
	return err
}

// documentTree is a policy document, given as a tree or as JSON text, as a tree.
func documentTree(written any) (any, error) {
	text, ok := written.(string)
	if !ok {
		return written, nil
	}
	var tree any
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return nil, fmt.Errorf("the policy is no JSON: %w", err)
	}
	return tree, nil
}

// checkUnused refuses to delete what policies still hang on, in the words of
// https://github.com/awslabs/aws-orbit-workbench/issues/633 and
// https://github.com/ansible/ansible/issues/22832 (observed):
//
//  1. its inline policies are deleted
//  2. its managed policies are detached
func (h *holder) checkUnused(span *trace.Span) error {
	if err := checkFree(span, len(h.inline) == 0, "no inline policy", "must delete policies first"); err != nil { // 1
		return err
	}
	return checkFree(span, len(h.attached) == 0, "no attached policy", "must detach all policies first") // 2
}

// checkFree is one condition of a deletion.
func checkFree(span *trace.Span, free bool, wanted, must string) error {
	found := "there is none"
	if !free {
		found = "there is at least one"
	}
	if !span.Decide(RuleDeleteUnused, free, wanted, found) {
		return awserr.WithStatus(409, "DeleteConflict", "Cannot delete entity, %s.", must)
	}
	return nil
}

// listing says which page of a list to give.
type listing struct {
	Marker   string
	MaxItems int
}

// truncation says whether a list goes on, and where.
type truncation struct {
	IsTruncated bool
	Marker      string `json:",omitempty"`
}

// Pages of lists: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
const (
	usualItems = 100
	mostItems  = 1000
)

// pageOf cuts one page out of a list.
func pageOf[T any](list []T, in listing) ([]T, truncation, error) {
	if in.MaxItems < 0 || in.MaxItems > mostItems {
		return nil, truncation{}, outOfRange("maxItems", in.MaxItems, fmt.Sprintf("between 1 and %d", mostItems))
	}
	from, most := 0, in.MaxItems
	if most == 0 {
		most = usualItems
	}
	if in.Marker != "" {
		n, err := strconv.Atoi(in.Marker)
		if err != nil || n < 1 || n >= len(list) {
			return nil, truncation{}, awserr.New("ValidationError", "Invalid Marker: %s", in.Marker)
		}
		from = n
	}
	until := min(from+most, len(list))
	if until < len(list) {
		return list[from:until], truncation{IsTruncated: true, Marker: strconv.Itoa(until)}, nil
	}
	return list[from:until], truncation{}, nil
}

// byPath sorts what has a path by name, and leaves out what stands elsewhere
// than under the prefix.
func byPath[T any](all map[string]T, prefix string, of func(T) *holder) []T {
	var list []T
	for _, item := range all {
		if strings.HasPrefix(of(item).path, prefix) {
			list = append(list, item)
		}
	}
	slices.SortFunc(list, func(a, b T) int { return strings.Compare(of(a).name, of(b).name) })
	return list
}
