package cognitoidp

import (
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type resendConfirmationCodeInput struct {
	ClientId       string `aws:"required"`
	Username       string `aws:"required"`
	SecretHash     string
	ClientMetadata map[string]string

	_ struct{} `noeffect:"AnalyticsMetadata UserContextData"`
}

// resendConfirmationCode sends a new code to a user who signed up:
//
//  1. the app client exists, and proves its secret
//  2. the user exists; a client that must not learn this hears of a message
//     that nobody gets
//  3. the user is not confirmed yet
//  4. the user does not ask too often
func (s *UserPools) resendConfirmationCode(c api.Context, in resendConfirmationCodeInput) (codeDeliveryOutput, error) {
	none := codeDeliveryOutput{}
	client, err := s.provenClient(c.Span, in.ClientId, in.Username, in.SecretHash) // 1
	if err != nil {
		return none, err
	}
	u, pretended, err := client.findForCode(c.Span, in.Username) // 2
	if err != nil || u == nil {
		return codeDeliveryOutput{pretended}, err
	}
	if !c.Span.Decide(RuleSignUpUnconfirmed, u.status == statusUnconfirmed, "a user who is UNCONFIRMED", u.status) { // 3
		return none, awserr.New("InvalidParameterException", "User is already confirmed.")
	}
	if err := s.checkQuota(c.Span, u, "ResendConfirmationCode"); err != nil { // 4
		return none, err
	}
	sent, err := s.sendSignUpCode(letter{span: c.Span, pool: client.pool, client: client, user: u, reason: "ResendCode", metadata: in.ClientMetadata})
	return codeDeliveryOutput{sent}, err
}

// deleteUser lets a signed-in user go for good.
func (s *UserPools) deleteUser(c api.Context, in accessTokenInput) (empty, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return empty{}, err
	}
	signedIn.client.pool.delete(signedIn.user)
	return empty{}, nil
}

func (s *UserPools) adminDeleteUser(c api.Context, in ofUser) (empty, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	p.delete(u)
	return empty{}, nil
}

func (p *pool) delete(u *user) {
	p.users = slices.DeleteFunc(p.users, func(other *user) bool { return other == u })
}

// checkPresent refuses the tokens of a user who was deleted.
func (p *pool) checkPresent(span *trace.Span, u *user) error {
	present := slices.Contains(p.users, u)
	if !span.Decide(RuleUserExists, present, "a user who was not deleted", existence(present)) {
		return awserr.New("UserNotFoundException", "User does not exist.")
	}
	return nil
}

func (s *UserPools) adminRemoveUserFromGroup(c api.Context, in adminAddUserToGroupInput) (empty, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return empty{}, err
	}
	_, ok := p.groups[in.GroupName]
	if !c.Span.Decide(RuleGroupExists, ok, "group "+in.GroupName, existence(ok)) {
		return empty{}, awserr.New("ResourceNotFoundException", "Group not found.")
	}
	delete(u.groups, in.GroupName)
	return empty{}, nil
}

type adminListGroupsForUserInput struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`

	_ struct{} `unsimulated:"Limit NextToken"`
}

func (in adminListGroupsForUserInput) pool() string { return in.UserPoolId }

type adminListGroupsForUserOutput struct {
	Groups []groupDescription
}

// adminListGroupsForUser lists the user's groups by name.
func (s *UserPools) adminListGroupsForUser(c api.Context, in adminListGroupsForUserInput) (adminListGroupsForUserOutput, error) {
	_, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return adminListGroupsForUserOutput{}, err
	}
	out := adminListGroupsForUserOutput{Groups: []groupDescription{}}
	for _, g := range u.memberOf() {
		out.Groups = append(out.Groups, g.describe(in.UserPoolId))
	}
	return out, nil
}

type listUsersInput struct {
	UserPoolId string `aws:"required"`
	// Filter is empty, or one comparison such as email = "ana@example.com" or
	// name ^= "An".
	Filter string

	_ struct{} `unsimulated:"AttributesToGet Limit PaginationToken"`
}

func (in listUsersInput) pool() string { return in.UserPoolId }

type listUsersOutput struct {
	Users []userDescription
}

// listUsers lists a pool's users in the order in which they came.
func (s *UserPools) listUsers(c api.Context, in listUsersInput) (listUsersOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return listUsersOutput{}, err
	}
	chosen, err := userFilter(in.Filter)
	if err != nil {
		return listUsersOutput{}, err
	}
	out := listUsersOutput{Users: []userDescription{}}
	for _, u := range p.users {
		if chosen(u) {
			out.Users = append(out.Users, u.describe())
		}
	}
	return out, nil
}

// userFilter reads a filter of ListUsers:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func userFilter(filter string) (func(*user) bool, error) {
	if filter == "" {
		return func(*user) bool { return true }, nil
	}
	name, value, ok := strings.Cut(filter, "=")
	name, prefix := strings.CutSuffix(strings.TrimSpace(name), "^")
	name, value = strings.Trim(name, ` "`), strings.TrimSpace(value)
	text := strings.TrimSuffix(strings.TrimPrefix(value, `"`), `"`)
	if !ok || name == "" || len(value) < 2 || `"`+text+`"` != value {
		return nil, fmt.Errorf("filter %s: write it like email = \"ana@example.com\"", filter)
	}
	return func(u *user) bool {
		found := u.named(name)
		return found == text || prefix && strings.HasPrefix(found, text)
	}, nil
}

// named is an attribute or one of the words that filters have for the rest.
func (u *user) named(name string) string {
	switch name {
	case "username":
		return u.username
	case "cognito:user_status":
		return u.status
	case "status":
		if u.disabled {
			return "Disabled"
		}
		return "Enabled"
	default:
		return u.attributes[name]
	}
}
