package cognitoidp

import (
	"fmt"

	"claimcheck/sim/trace"
)

// newcomer is a user whom the pool is about to store.
type newcomer struct {
	span *trace.Span
	pool *pool
	// client is nil when an administrator creates the user.
	client *client
	// username is the name that the user will have.
	username   string
	attributes map[string]string
	// validationData reaches pre sign-up alone; metadata is ClientMetadata.
	validationData, metadata map[string]string
}

// preSignUpAnswer is what pre sign-up decides about a newcomer.
type preSignUpAnswer struct {
	AutoConfirmUser bool `aws:"name=autoConfirmUser"`
	AutoVerifyEmail bool `aws:"name=autoVerifyEmail"`
	AutoVerifyPhone bool `aws:"name=autoVerifyPhone"`
}

// beforeSignUp asks the pre sign-up trigger; source is the end of the
// triggerSource: SignUp, AdminCreateUser or ExternalProvider. The answer has no
// effect on users that administrators create:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
func (s *UserPools) beforeSignUp(n newcomer, source string) (preSignUpAnswer, error) {
	if config := n.pool.settings.LambdaConfig; config != (lambdaConfig{}) {
		n.span.Note(RuleSignUpTrigger, config.PreSignUp != "", "a pre sign-up trigger, which may turn the user away", existence(config.PreSignUp != ""))
	}
	var answer preSignUpAnswer
	attributes := texts(n.attributes)
	delete(attributes, "sub")
	_, err := s.consult(occasion{
		span: n.span, pool: n.pool, client: n.client, username: n.username,
		trigger: preSignUp, source: "PreSignUp_" + source,
		request: map[string]any{
			"userAttributes": attributes,
			"validationData": texts(n.validationData),
			"clientMetadata": texts(n.metadata),
		},
		response: map[string]any{"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false},
	}, &answer)
	if err != nil {
		return preSignUpAnswer{}, err
	}
	if source == "AdminCreateUser" {
		return preSignUpAnswer{}, nil
	}
	return answer, answer.verify(n)
}

// verify marks the attributes that the trigger vouches for; an alias moves to
// the new user. AWS documents that
// one which is missing fails the sign-up, without the wording.
func (answer preSignUpAnswer) verify(n newcomer) error {
	for _, vouched := range []struct {
		verified          bool
		member, attribute string
	}{
		{answer.AutoVerifyEmail, "autoVerifyEmail", "email"},
		{answer.AutoVerifyPhone, "autoVerifyPhone", "phone_number"},
	} {
		if !vouched.verified {
			continue
		}
		has := n.attributes[vouched.attribute] != ""
		if !n.span.Decide(RuleAutoVerify, has, fmt.Sprintf("a user with %s for %s", vouched.attribute, vouched.member), presence(n.attributes[vouched.attribute])) {
			return invalidResponse("Attribute " + vouched.attribute + " is required for " + vouched.member + ".")
		}
		n.attributes[vouched.attribute+"_verified"] = "true"
		if err := n.pool.takeAlias(n.span, nil, vouched.attribute, n.attributes[vouched.attribute], true); err != nil {
			return err
		}
	}
	return nil
}

// confirmation is the moment at which a user is confirmed: by a sign-up, or by
// a forgotten password that was replaced.
type confirmation struct {
	span *trace.Span
	pool *pool
	// client is nil when an administrator confirms the user.
	client *client
	user   *user
	// source is the end of triggerSource: ConfirmSignUp or ConfirmForgotPassword.
	source   string
	metadata map[string]string
}

// afterConfirmation asks the post confirmation trigger. An error is reported,
// though the user stays confirmed.
func (s *UserPools) afterConfirmation(c confirmation) error {
	_, err := s.consult(occasion{
		span: c.span, pool: c.pool, client: c.client, username: c.user.username,
		trigger: postConfirmation, source: "PostConfirmation_" + c.source,
		request:  map[string]any{"userAttributes": c.user.eventAttributes(), "clientMetadata": texts(c.metadata)},
		response: map[string]any{},
	}, &struct{}{})
	return err
}
