package cognitoidp

import (
	"slices"

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
	if _, err := p.findGroup(c.Span, in.GroupName); err != nil {
		return empty{}, err
	}
	delete(u.groups, in.GroupName)
	return empty{}, nil
}
