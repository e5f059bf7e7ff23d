package cognitoidp

import (
	"cmp"
	"maps"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// ofGroup is the input of an operation on one group.
type ofGroup struct {
	UserPoolId string `aws:"required"`
	GroupName  string `aws:"required"`
}

func (in ofGroup) pool() string { return in.UserPoolId }

type groupOutput struct {
	Group groupDescription
}

// findGroup has the wording of
// https://github.com/aws-amplify/amplify-cli/issues/2214
func (p *pool) findGroup(span *trace.Span, name string) (*group, error) {
	g, ok := p.groups[name]
	if !span.Decide(RuleGroupExists, ok, "group "+name, existence(ok)) {
		return nil, awserr.New("ResourceNotFoundException", "Group not found.")
	}
	return g, nil
}

// groupOf finds a group of a pool:
//
//  1. the pool exists
//  2. the group exists
func (s *UserPools) groupOf(span *trace.Span, in ofGroup) (*pool, *group, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, nil, err
	}
	g, err := p.findGroup(span, in.GroupName) // 2
	return p, g, err
}

func (s *UserPools) getGroup(c api.Context, in ofGroup) (groupOutput, error) {
	p, g, err := s.groupOf(c.Span, in)
	if err != nil {
		return groupOutput{}, err
	}
	return groupOutput{Group: g.describe(p.id)}, nil
}

// updateGroup changes what the caller names; that the rest is kept is inferred:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html
func (s *UserPools) updateGroup(c api.Context, in createGroupInput) (groupOutput, error) {
	p, g, err := s.groupOf(c.Span, ofGroup{in.UserPoolId, in.GroupName})
	if err != nil {
		return groupOutput{}, err
	}
	if err := checkPrecedence(c.Span, in.Precedence); err != nil {
		return groupOutput{}, err
	}
	g.description = cmp.Or(in.Description, g.description)
	g.role = cmp.Or(in.RoleArn, g.role)
	g.precedence = cmp.Or(in.Precedence, g.precedence)
	g.modified = s.world.Now()
	return groupOutput{Group: g.describe(p.id)}, nil
}

// deleteGroup deletes a group. Its members stay users of the pool.
func (s *UserPools) deleteGroup(c api.Context, in ofGroup) (empty, error) {
	p, g, err := s.groupOf(c.Span, in)
	if err != nil {
		return empty{}, err
	}
	delete(p.groups, g.name)
	for _, u := range p.users {
		delete(u.groups, g.name)
	}
	return empty{}, nil
}

// listInPool is the input of a list of what a pool has.
type listInPool struct {
	UserPoolId string `aws:"required"`
	Limit      int64
	NextToken  string
}

func (in listInPool) pool() string { return in.UserPoolId }

type listGroupsOutput struct {
	Groups    []groupDescription
	NextToken string `json:",omitempty"`
}

// listGroups lists a pool's groups by name; in which order AWS lists them is not
// documented.
func (s *UserPools) listGroups(c api.Context, in listInPool) (listGroupsOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return listGroupsOutput{}, err
	}
	return describeGroups(c.Span, p, p.groups, wanted{"limit", in.Limit, in.NextToken})
}

func describeGroups(span *trace.Span, p *pool, groups map[string]*group, ask wanted) (listGroupsOutput, error) {
	shown, next, err := pageOf(span, slices.Sorted(maps.Keys(groups)), ask)
	if err != nil {
		return listGroupsOutput{}, err
	}
	out := listGroupsOutput{Groups: []groupDescription{}, NextToken: next}
	for _, name := range shown {
		out.Groups = append(out.Groups, groups[name].describe(p.id))
	}
	return out, nil
}

type adminListGroupsForUserInput struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`
	Limit      int64
	NextToken  string
}

func (in adminListGroupsForUserInput) pool() string { return in.UserPoolId }

// adminListGroupsForUser lists the user's groups by name.
func (s *UserPools) adminListGroupsForUser(c api.Context, in adminListGroupsForUserInput) (listGroupsOutput, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return listGroupsOutput{}, err
	}
	return describeGroups(c.Span, p, u.groups, wanted{"limit", in.Limit, in.NextToken})
}

type listUsersInGroupInput struct {
	UserPoolId string `aws:"required"`
	GroupName  string `aws:"required"`
	Limit      int64
	NextToken  string
}

func (in listUsersInGroupInput) pool() string { return in.UserPoolId }

type listUsersInGroupOutput struct {
	Users     []userDescription
	NextToken string `json:",omitempty"`
}

// listUsersInGroup lists a group's members in the order in which they came to
// the pool.
func (s *UserPools) listUsersInGroup(c api.Context, in listUsersInGroupInput) (listUsersInGroupOutput, error) {
	p, g, err := s.groupOf(c.Span, ofGroup{in.UserPoolId, in.GroupName})
	if err != nil {
		return listUsersInGroupOutput{}, err
	}
	members := slices.DeleteFunc(slices.Clone(p.users), func(u *user) bool { return u.groups[g.name] == nil })
	shown, next, err := pageOf(c.Span, members, wanted{"limit", in.Limit, in.NextToken})
	if err != nil {
		return listUsersInGroupOutput{}, err
	}
	out := listUsersInGroupOutput{Users: []userDescription{}, NextToken: next}
	for _, u := range shown {
		out.Users = append(out.Users, u.describe())
	}
	return out, nil
}
