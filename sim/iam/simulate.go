package iam

import (
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
)

// The results on a page of a simulation.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
const (
	usualPage   = 100
	longestPage = 1000
)

// contextEntry is the structure ContextEntry. The type has no effect: a
// condition operator reads the values in its own way.
type contextEntry struct {
	ContextKeyName   string
	ContextKeyValues []string
	ContextKeyType   string `aws:"enum=string|stringList|numeric|numericList|boolean|booleanList|ip|ipList|binary|binaryList|date|dateList"`
}

// simulationInput are the members that both simulations have.
type simulationInput struct {
	PermissionsBoundaryPolicyInputList []string
	ActionNames                        []string `aws:"required"`
	ResourceArns                       []string
	ResourcePolicy                     string
	ResourceOwner                      string
	CallerArn                          string
	ContextEntries                     []contextEntry
	MaxItems                           int
	Marker                             string
	_                                  struct{} `unsimulated:"ResourceHandlingOption"`
}

type simulateCustomInput struct {
	PolicyInputList []string `aws:"required"`
	simulationInput
}

type simulatePrincipalInput struct {
	PolicySourceArn string `aws:"required"`
	PolicyInputList []string
	simulationInput
}

// simulateCustom decides requests by documents that nobody has to have stored:
//
//  1. the documents are policies, and the actions are whole names
//  2. every action is decided on every resource
//  3. the answer has a page of the results
//
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html;
// the words of InvalidInput are inferred.
func (i *IAM) simulateCustom(_ api.Context, in simulateCustomInput) (simulationOutput, error) {
	s, err := i.prepare(in.simulationInput, nil, in.PolicyInputList) // 1
	if err != nil {
		return simulationOutput{}, err
	}
	return s.page(in.simulationInput) // 2, 3
}

// simulatePrincipal does so by the policies of a user, with those of its groups,
// of a group or of a role, and by further documents. A user calls with its own
// ARN.
//
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
func (i *IAM) simulatePrincipal(_ api.Context, in simulatePrincipalInput) (simulationOutput, error) {
	from, err := i.policySource(in.PolicySourceArn)
	if err != nil {
		return simulationOutput{}, err
	}
	if in.CallerArn == "" && from.isUser {
		in.CallerArn = in.PolicySourceArn
	}
	s, err := i.prepare(in.simulationInput, from.policies, in.PolicyInputList)
	if err != nil {
		return simulationOutput{}, err
	}
	if len(in.PermissionsBoundaryPolicyInputList) == 0 {
		s.boundary = boundary(from.boundary)
	}
	return s.page(in.simulationInput)
}

// policySource is who has the policies of a simulation.
type policySource struct {
	policies []policy.Policy
	boundary *managedPolicy
	isUser   bool
}

// policySource finds a user, group or role by its ARN.
func (i *IAM) policySource(at string) (policySource, error) {
	a, err := arn.Parse(at)
	kind, _, _ := strings.Cut(a.Resource, "/")
	if err != nil || a.Service != "iam" || !slices.Contains([]string{"user", "group", "role"}, kind) {
		return policySource{}, invalidInput("Invalid Entity Arn: %s does not clearly define entity type and name.", at)
	}
	if u, ok := i.users[a.Name()]; ok && u.arn == at {
		from := policySource{policies: u.sources("user"), boundary: u.boundary, isUser: true}
		for _, g := range u.groups {
			from.policies = append(from.policies, g.sources("group")...)
		}
		return from, nil
	}
	if g, ok := i.groups[a.Name()]; ok && g.arn == at {
		return policySource{policies: g.sources("group")}, nil
	}
	if r, ok := i.roleByARN(at); ok {
		return policySource{policies: r.sources("role"), boundary: r.boundary}, nil
	}
	return policySource{}, missing(kind, a.Name())
}

// sources are a holder's policies under the names that simulations give them.
// Source: https://github.com/faiscadev/fakecloud/pull/1904 (observed)
func (h *holder) sources(kind string) []policy.Policy {
	list := h.policies()
	for n := range h.inline {
		list[n].Name = kind + "_" + h.name + "_" + list[n].Name
	}
	return list
}

// simulation is what stays the same for every request of one.
type simulation struct {
	principal policy.Principal
	owner     string // the account of resources whose ARN has none
	identity  []policy.Policy
	boundary  policy.Policy
	resource  policy.Policy
	context   policy.Context
	// missing are the keys that the policies look at and nobody gave.
	missing []string
}

// prepare reads the documents of a simulation: those given as text come after
// those that a principal has.
func (i *IAM) prepare(in simulationInput, identity []policy.Policy, documents []string) (*simulation, error) {
	s := &simulation{identity: identity, principal: policy.Principal{Kind: policy.User, Account: i.world.Account()}}
	for n, text := range documents {
		p, err := simulated("PolicyInputList."+strconv.Itoa(n+1), text, policy.IdentityPolicy)
		if err != nil {
			return nil, err
		}
		s.identity = append(s.identity, p)
	}
	var err error
	if len(in.PermissionsBoundaryPolicyInputList) > 0 {
		if s.boundary, err = simulated("PermissionsBoundaryPolicyInputList.1", in.PermissionsBoundaryPolicyInputList[0], policy.IdentityPolicy); err != nil {
			return nil, err
		}
	}
	if err := s.setCaller(in); err != nil {
		return nil, err
	}
	if err := s.setResourcePolicy(in); err != nil {
		return nil, err
	}
	if err := checkActions(in.ActionNames); err != nil {
		return nil, err
	}
	keys := map[string][]string{}
	for _, e := range in.ContextEntries {
		keys[e.ContextKeyName] = e.ContextKeyValues
	}
	s.context, s.missing = policy.NewContext(keys), s.missingKeys(keys)
	return s, nil
}

func simulated(name, text string, kind policy.Kind) (policy.Policy, error) {
	document, err := policy.ParseJSON([]byte(text), kind)
	if err != nil {
		return policy.Policy{}, invalidInput("Invalid Input: %s: %s", name, firstLine(err))
	}
	return policy.Policy{Name: name, Document: document}, nil
}

// setCaller reads CallerArn, which is the ARN of a user, and ResourceOwner.
func (s *simulation) setCaller(in simulationInput) error {
	if in.CallerArn == "" && in.ResourcePolicy != "" {
		return invalidInput("CallerArn is required when ResourcePolicy is specified.")
	}
	if in.CallerArn != "" {
		a, err := arn.Parse(in.CallerArn)
		if err != nil || a.Service != "iam" || !strings.HasPrefix(a.Resource, "user/") {
			return invalidInput("CallerArn %s is not the ARN of an IAM user.", in.CallerArn)
		}
		s.principal.ARN, s.principal.Account = in.CallerArn, a.Account
	}
	s.owner = s.principal.Account
	if in.ResourceOwner == "" {
		return nil
	}
	a, err := arn.Parse(in.ResourceOwner)
	if err != nil || a.Account == "" {
		return invalidInput("ResourceOwner %s is not the ARN of an account.", in.ResourceOwner)
	}
	s.owner = a.Account
	return nil
}

// setResourcePolicy reads ResourcePolicy. One for a role is read as a trust
// policy, although no decision looks at it.
// Source: https://github.com/aws/aws-cli/issues/10314 (observed)
func (s *simulation) setResourcePolicy(in simulationInput) error {
	if in.ResourcePolicy == "" {
		return nil
	}
	kind := policy.ResourcePolicy
	if !slices.ContainsFunc(in.ActionNames, func(action string) bool { return !isForRole(action) }) {
		kind = policy.TrustPolicy
	}
	var err error
	s.resource, err = simulated("ResourcePolicy", in.ResourcePolicy, kind)
	return err
}

// checkActions wants whole names, such as iam:CreateUser.
func checkActions(names []string) error {
	for _, name := range names {
		service, action, ok := strings.Cut(name, ":")
		if !ok || service == "" || action == "" || strings.ContainsAny(name, "*? ") {
			return invalidInput("Invalid Action: %s is not the name of one action, such as iam:CreateUser.", name)
		}
	}
	return nil
}

// missingKeys are those of every statement, whether or not it is about the
// action.
// Source: https://github.com/boto/boto3/issues/3111 (observed)
func (s *simulation) missingKeys(given map[string][]string) []string {
	var keys []string
	for _, p := range append(slices.Clone(s.identity), s.boundary, s.resource) {
		if p.Document != nil {
			keys = append(keys, p.Document.Keys()...)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	keys = slices.CompactFunc(keys, strings.EqualFold)
	return slices.DeleteFunc(keys, func(key string) bool {
		for name := range given {
			if strings.EqualFold(name, key) {
				return true
			}
		}
		return false
	})
}

func invalidInput(format string, args ...any) error {
	return awserr.New("InvalidInput", format, args...)
}

type customKeysInput struct {
	PolicyInputList []string `aws:"required"`
}

type contextKeysOutput struct{ ContextKeyNames []string }

// contextKeysOfCustom lists the keys that a simulation of the documents may
// want.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html
func (i *IAM) contextKeysOfCustom(_ api.Context, in customKeysInput) (contextKeysOutput, error) {
	s, err := i.prepare(simulationInput{}, nil, in.PolicyInputList)
	if err != nil {
		return contextKeysOutput{}, err
	}
	return contextKeysOutput{ContextKeyNames: s.missing}, nil
}

type principalKeysInput struct {
	PolicySourceArn string `aws:"required"`
	PolicyInputList []string
}

// contextKeysOfPrincipal does so for the policies of a user, group or role.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForPrincipalPolicy.html
func (i *IAM) contextKeysOfPrincipal(_ api.Context, in principalKeysInput) (contextKeysOutput, error) {
	from, err := i.policySource(in.PolicySourceArn)
	if err != nil {
		return contextKeysOutput{}, err
	}
	s, err := i.prepare(simulationInput{}, from.policies, in.PolicyInputList)
	if err != nil {
		return contextKeysOutput{}, err
	}
	return contextKeysOutput{ContextKeyNames: s.missing}, nil
}
