package cognitoidp

import (
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type listUsersInput struct {
	UserPoolId string `aws:"required"`
	// Filter is empty, or one comparison such as email = "ana@example.com" or
	// name ^= "An".
	Filter string
	// AttributesToGet are the attributes to return; an empty list means all.
	AttributesToGet []string
	Limit           int64
	PaginationToken string
}

func (in listUsersInput) pool() string { return in.UserPoolId }

type listUsersOutput struct {
	Users           []userDescription
	PaginationToken string `json:",omitempty"`
}

// listUsers lists a pool's users in the order in which they came:
//
//  1. the pool exists
//  2. the schema has the attributes to return
//  3. the filter is one comparison, by what can be searched
//
// The wordings of 2 and 3 are not known to be AWS's.
func (s *UserPools) listUsers(c api.Context, in listUsersInput) (listUsersOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId) // 1
	if err != nil {
		return listUsersOutput{}, err
	}
	for _, name := range in.AttributesToGet { // 2
		if !c.Span.Decide(RuleAttributeSchema, p.schema.has(name), name+" in the schema", existence(p.schema.has(name))) {
			return listUsersOutput{}, awserr.New("InvalidParameterException", "One or more requested attributes do not exist.")
		}
	}
	chosen, err := userFilter(c.Span, in.Filter) // 3
	if err != nil {
		return listUsersOutput{}, err
	}
	users := slices.DeleteFunc(slices.Clone(p.users), func(u *user) bool { return !chosen(u) })
	shown, next, err := pageOf(c.Span, users, wanted{"limit", in.Limit, in.PaginationToken})
	if err != nil {
		return listUsersOutput{}, err
	}
	out := listUsersOutput{Users: []userDescription{}, PaginationToken: next}
	for _, u := range shown {
		out.Users = append(out.Users, u.describeOnly(in.AttributesToGet))
	}
	return out, nil
}

// describeOnly is describe with some of the attributes; an empty list means all.
func (u *user) describeOnly(names []string) userDescription {
	d := u.describe()
	if len(names) > 0 {
		d.Attributes = slices.DeleteFunc(d.Attributes, func(a attribute) bool { return !slices.Contains(names, a.Name) })
	}
	return d
}

// searchable are what users can be searched by:
// https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html
func searchable() []string {
	return []string{
		"username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username",
		"cognito:user_status", "status", "sub",
	}
}

// userFilter reads a filter of ListUsers:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func userFilter(span *trace.Span, filter string) (func(*user) bool, error) {
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
	if !span.Decide(RuleUserFilter, slices.Contains(searchable(), name), "an attribute that can be searched", name) {
		return nil, awserr.New("InvalidParameterException", "Users cannot be searched by %s.", name)
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
