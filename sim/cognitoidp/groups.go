package cognitoidp

import (
	"fmt"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// createGroupInput has the fields of groupProperties, so that one converts to
// the other.
type createGroupInput struct {
	UserPoolId  string `aws:"required"`
	GroupName   string `aws:"required"`
	Description string
	Precedence  *int64
	RoleArn     string
}

func (in createGroupInput) pool() string { return in.UserPoolId }

type createGroupOutput struct {
	Group groupDescription
}

type groupDescription struct {
	UserPoolId       string
	GroupName        string
	Description      string `json:",omitempty"`
	Precedence       *int64 `json:",omitempty"`
	RoleArn          string `json:",omitempty"`
	CreationDate     api.Timestamp
	LastModifiedDate api.Timestamp
}

func (s *UserPools) createGroup(c api.Context, in createGroupInput) (createGroupOutput, error) {
	g, err := s.addGroup(c.Span, in)
	if err != nil {
		return createGroupOutput{}, err
	}
	return createGroupOutput{Group: g.describe(in.UserPoolId)}, nil
}

func (g *group) describe(poolID string) groupDescription {
	return groupDescription{
		UserPoolId: poolID, GroupName: g.name, Description: g.description, Precedence: g.precedence, RoleArn: g.role,
		CreationDate: api.Epoch(g.created), LastModifiedDate: api.Epoch(g.modified),
	}
}

// addGroup makes a group:
//
//  1. the pool exists
//  2. the name is free
//  3. the precedence is not negative
func (s *UserPools) addGroup(span *trace.Span, in createGroupInput) (*group, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, err
	}
	_, taken := p.groups[in.GroupName]
	if !span.Decide(RuleGroupFree, !taken, "a group name that is free", fmt.Sprintf("%s: %s", in.GroupName, existence(taken))) { // 2
		return nil, awserr.New("GroupExistsException", "A group with the name already exists.")
	}
	if err := checkPrecedence(span, in.Precedence); err != nil { // 3
		return nil, err
	}
	now := s.world.Now()
	g := &group{name: in.GroupName, description: in.Description, role: in.RoleArn, precedence: in.Precedence, created: now, modified: now}
	p.groups[g.name] = g
	return g, nil
}

func checkPrecedence(span *trace.Span, precedence *int64) error {
	if precedence == nil {
		return nil
	}
	return checkRange(span, "precedence", *precedence, 0, maximumPrecedence)
}

// maximumPrecedence is 2^31-1, the largest Precedence:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GroupType.html
const maximumPrecedence = 1<<31 - 1

type adminAddUserToGroupInput struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`
	GroupName  string `aws:"required"`
}

func (in adminAddUserToGroupInput) pool() string { return in.UserPoolId }

func (s *UserPools) adminAddUserToGroup(c api.Context, in adminAddUserToGroupInput) (empty, error) {
	return empty{}, s.join(c.Span, in)
}

// join puts a user in a group:
//
//  1. the pool and the user exist
//  2. the group exists
func (s *UserPools) join(span *trace.Span, in adminAddUserToGroupInput) error {
	p, u, err := s.findUser(span, in.UserPoolId, in.Username) // 1
	if err != nil {
		return err
	}
	g, err := p.findGroup(span, in.GroupName) // 2
	if err != nil {
		return err
	}
	u.groups[g.name] = g
	return nil
}

// groupProperties are those of AWS::Cognito::UserPoolGroup:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolgroup.html
type groupProperties struct {
	UserPoolId  string `aws:"required"`
	GroupName   string
	Description string
	Precedence  *int64
	RoleArn     string
}

func (s *UserPools) createGroupResource(r cloudformation.Resource, in groupProperties) (cloudformation.Created, error) {
	if in.GroupName == "" {
		in.GroupName = s.physicalName(r)
	}
	g, err := s.addGroup(r.Span, createGroupInput(in))
	if err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: g.name}, nil
}

func (s *UserPools) attachUserToGroup(r cloudformation.Resource, in adminAddUserToGroupInput) (cloudformation.Created, error) {
	if err := s.join(r.Span, in); err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: s.physicalName(r)}, nil
}
