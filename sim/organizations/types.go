package organizations

import (
	"fmt"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// organizationProperties are those of AWS::Organizations::Organization:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-organizations-organization.html
type organizationProperties struct {
	FeatureSet string `aws:"enum=ALL|CONSOLIDATED_BILLING"`
}

// createOrganization makes the account the management account of a new
// organization.
func (s *Organizations) createOrganization(r cloudformation.Resource, in organizationProperties) (cloudformation.Created, error) {
	member := s.guard.OrganizationOf(s.world.Account())
	found := "no"
	if member != "" {
		found = "a member of " + member
	}
	if !r.Span.Decide(RuleOneOrganization, member == "", "an account in no organization", found) {
		return cloudformation.Created{}, awserr.New("AlreadyInOrganizationException", "This account is already a member of an organization. An account can belong to only one organization at a time.")
	}
	o := &organization{
		id:           "o-" + s.world.Token(10, api.LowerAlphanumeric),
		consolidated: in.FeatureSet == "CONSOLIDATED_BILLING",
		nodes:        map[string]*node{}, policies: map[string]*controlPolicy{},
	}
	for _, p := range defaults() {
		o.policies[p.id] = p
	}
	o.root = o.add("r-"+s.world.Token(4, api.LowerAlphanumeric), "the root", nil)
	s.own = o
	account := s.world.Account()
	return cloudformation.Created{Ref: o.id, Attributes: map[string]string{
		"Arn": s.arn("organization/" + o.id), "Id": o.id, "RootId": o.root.id,
		"ManagementAccountArn": s.arn("account/" + o.id + "/" + account), "ManagementAccountId": account,
	}}, s.apply()
}

// unitProperties are those of AWS::Organizations::OrganizationalUnit:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-organizations-organizationalunit.html
type unitProperties struct {
	Name     string   `aws:"required"`
	ParentId string   `aws:"required"`
	_        struct{} `noeffect:"Tags"`
}

func (s *Organizations) createUnit(r cloudformation.Resource, in unitProperties) (cloudformation.Created, error) {
	parent, err := s.find(r.Span, in.ParentId, parentNotFound())
	if err != nil {
		return cloudformation.Created{}, err
	}
	o := s.own
	id := "ou-" + strings.TrimPrefix(o.root.id, "r-") + "-" + s.world.Token(8, api.LowerAlphanumeric)
	o.add(id, "OU "+in.Name, parent)
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"Arn": s.arn("ou/" + o.id + "/" + id), "Id": id}}, nil
}

// accountProperties are those of AWS::Organizations::Account:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-organizations-account.html
type accountProperties struct {
	AccountName string `aws:"required"`
	Email       string `aws:"required"`
	ParentIds   []string
	_           struct{} `noeffect:"RoleName Tags"`
}

// createAccount gives an account its place in the tree. AWS would make the
// account; here it stands for one of the simulation by its name.
func (s *Organizations) createAccount(r cloudformation.Resource, in accountProperties) (cloudformation.Created, error) {
	id, ok := s.accounts.Named(in.AccountName)
	if !ok {
		return cloudformation.Created{}, fmt.Errorf("AccountName %q names no account of the simulation: it is that of one beside the stack's, or Main for the stack's own", in.AccountName)
	}
	parent := ""
	if len(in.ParentIds) > 0 {
		parent = in.ParentIds[0]
	} else if s.own != nil {
		parent = s.own.root.id
	}
	at, err := s.find(r.Span, parent, parentNotFound())
	if err != nil {
		return cloudformation.Created{}, err
	}
	if s.guard.OrganizationOf(id) != "" {
		return cloudformation.Created{}, fmt.Errorf("the account %q is in an organization already: AWS would make another of that name, the simulation does not", in.AccountName)
	}
	s.own.add(id, "account "+in.AccountName, at)
	return cloudformation.Created{Ref: id, Attributes: map[string]string{
		"AccountId": id, "Arn": s.arn("account/" + s.own.id + "/" + id), "JoinedMethod": "CREATED", "Status": "ACTIVE",
	}}, s.apply()
}

// policyProperties are those of AWS::Organizations::Policy:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-organizations-policy.html
type policyProperties struct {
	Content   any    `aws:"required"`
	Name      string `aws:"required"`
	TargetIds []string
	Type      string   `aws:"required"`
	_         struct{} `noeffect:"Description Tags"`
}

// createPolicy makes a policy and attaches it, checking in this order:
//
//  1. the account manages an organization
//  2. its feature set has control policies
//  3. the document is a policy of the type
//  4. every target is in the organization
func (s *Organizations) createPolicy(r cloudformation.Resource, in policyProperties) (cloudformation.Created, error) {
	kind := api.ControlKind(in.Type)
	if kind != api.ServiceControl && kind != api.ResourceControl {
		return cloudformation.Created{}, fmt.Errorf("policies of type %s decide about no request and are not simulated", in.Type)
	}
	if err := s.managed(r.Span); err != nil { // 1
		return cloudformation.Created{}, err
	}
	if !r.Span.Decide(RuleFeatures, !s.own.consolidated, "the feature set ALL", s.own.features()) { // 2
		return cloudformation.Created{}, awserr.New("PolicyTypeNotAvailableForOrganizationException", "You can't use the specified policy type with the feature set currently enabled for this organization.")
	}
	content := tree(in.Content)
	if err := s.checkContent(r.Span, kind, content); err != nil { // 3
		return cloudformation.Created{}, err
	}
	p := &controlPolicy{id: "p-" + s.world.Token(8, api.LowerAlphanumeric), name: in.Name, kind: kind, content: content}
	s.own.policies[p.id] = p
	for _, id := range in.TargetIds { // 4
		target, err := s.find(r.Span, id, targetNotFound())
		if err != nil {
			return cloudformation.Created{}, err
		}
		target.attached[kind] = append(target.attached[kind], p)
	}
	return cloudformation.Created{Ref: p.id, Attributes: map[string]string{
		"Arn": s.arn("policy/" + s.own.id + "/" + strings.ToLower(in.Type) + "/" + p.id), "AwsManaged": "false", "Id": p.id,
	}}, s.apply()
}

func (o *organization) features() string {
	if o.consolidated {
		return "CONSOLIDATED_BILLING"
	}
	return "ALL"
}
