package cognitoidp

import (
	"fmt"

	"claimcheck/sim/trace"
)

// sentAlong is what an app adds to a step of a sign-in, in ClientMetadata and
// UserContextData. Which triggers get the metadata depends on the step:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
type sentAlong struct {
	// start is the ClientMetadata of InitiateAuth, which reaches only pre
	// authentication and user migration; answer is that of a later step, which
	// reaches all other triggers.
	start, answer map[string]string
	// device is what the app's device tells of itself.
	device userContextData
}

// answerMetadata is the ClientMetadata for triggers after the start.
func (a *attempt) answerMetadata() map[string]string { return a.sent.answer }

// beforeAuthentication asks the pre authentication trigger, before the flow
// looks at the password. It runs for the first step of a sign-in and not for
// refreshes; that it runs for CUSTOM_AUTH too is what the guide implies and one
// report denies. A pool that hides unknown users asks about these as well:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
func (s *UserPools) beforeAuthentication(a *attempt) error {
	username := a.parameters["USERNAME"]
	if username == "" {
		return nil
	}
	u := a.client.pool.find(username)
	if u == nil && (!a.client.hidesUnknownUsers() || a.migrates()) {
		return nil
	}
	request := map[string]any{"userAttributes": map[string]any{}, "validationData": texts(a.sent.start)}
	if u == nil {
		u = &user{username: username}
		request["userNotFound"] = true
	} else {
		request["userAttributes"] = u.eventAttributes()
		if a.client.hidesUnknownUsers() {
			request["userNotFound"] = false
		}
	}
	o := a.about(preAuthentication, "PreAuthentication_Authentication", u)
	o.request, o.response = request, map[string]any{}
	_, err := s.consult(o, &struct{}{})
	return err
}

// afterAuthentication asks the post authentication trigger of a user who has
// answered every challenge and has no tokens yet.
func (s *UserPools) afterAuthentication(a *attempt) error {
	o := a.about(postAuthentication, "PostAuthentication_Authentication", a.user)
	o.request = map[string]any{
		"userAttributes": a.user.eventAttributes(), "newDeviceUsed": a.client.pool.remembersDevices() && a.progress.deviceKey == "",
		"clientMetadata": texts(a.answerMetadata()),
	}
	o.response = map[string]any{}
	_, err := s.consult(o, &struct{}{})
	return err
}

// migrates reports whether the user migration trigger could find an unknown
// user of this attempt: the pool has one, and the flow sends the password.
func (a *attempt) migrates() bool {
	return a.client.pool.settings.LambdaConfig.UserMigration != "" && a.parameters["PASSWORD"] != ""
}

// migrationAnswer is a user that the trigger found in another directory. Its
// other members steer a welcome message and aliases: the simulation sends no
// such message.
type migrationAnswer struct {
	UserAttributes  map[string]string `aws:"name=userAttributes"`
	FinalUserStatus string            `aws:"name=finalUserStatus"`
	EnableSMSMFA    bool              `aws:"name=enableSMSMFA"`
}

// findOrMigrate is the user of a sign-in, from the pool or else from where the
// user migration trigger finds one; nil when there is none.
func (s *UserPools) findOrMigrate(a *attempt) (*user, error) {
	if u := a.client.pool.find(a.parameters["USERNAME"]); u != nil {
		return u, nil
	}
	return s.migrateAtSignIn(a)
}

// migrateAtSignIn looks for an unknown user with the user migration trigger and
// stores whom it finds, nil when it finds nobody. The password becomes the
// user's, whatever the password policy says.
func (s *UserPools) migrateAtSignIn(a *attempt) (*user, error) {
	a.noteMigration()
	password := a.parameters["PASSWORD"]
	o := a.about(userMigration, "UserMigration_Authentication", &user{username: a.parameters["USERNAME"]})
	o.request = map[string]any{"password": password, "validationData": texts(a.sent.start), "clientMetadata": map[string]any{}}
	return s.migrate(o, password)
}

// noteMigration says of an unknown user whether the user migration trigger can
// run. A sign-in by SRP sends no password: it is refused for that, unless the
// app client must not learn that there is no such user.
func (a *attempt) noteMigration() {
	if a.user != nil || a.client.pool.settings.LambdaConfig.UserMigration == "" {
		return
	}
	check := a.span.Decide
	if a.client.hidesUnknownUsers() {
		check = a.span.Note
	}
	check(RuleMigrationPassword, a.parameters["PASSWORD"] != "", "a flow that sends the password", a.progress.flow)
}

// migrateAtForgotPassword is migrateAtSignIn for an unknown user who has
// forgotten the password; the trigger gets none.
func (s *UserPools) migrateAtForgotPassword(span *trace.Span, c *client, username string, metadata map[string]string) error {
	if c.pool.find(username) != nil {
		return nil
	}
	_, err := s.migrate(occasion{
		span: span, pool: c.pool, client: c, username: username, trigger: userMigration, source: "UserMigration_ForgotPassword",
		request: map[string]any{"validationData": map[string]any{}, "clientMetadata": texts(metadata)},
	}, "")
	return err
}

// migrate asks the trigger and stores the user:
//
//  1. the pool has the trigger; it answers, and did not throw; what it threw reaches the app:
//     https://github.com/aws-amplify/amplify-flutter/issues/3779
//  2. it found attributes of the user
//  3. the schema has them
func (s *UserPools) migrate(o occasion, password string) (*user, error) {
	o.response = map[string]any{
		"userAttributes": nil, "forceAliasCreation": nil, "enableSMSMFA": nil,
		"finalUserStatus": nil, "messageAction": nil, "desiredDeliveryMediums": nil,
	}
	var answer migrationAnswer
	ran, err := s.consult(o, &answer) // 1
	if err != nil || !ran {
		return nil, err
	}
	found := len(answer.UserAttributes) > 0
	if !o.span.Note(RuleMigrationAnswer, found, "userAttributes of the user", fmt.Sprintf("%d attributes", len(answer.UserAttributes))) { // 2
		return nil, nil
	}
	attributes := answer.UserAttributes
	delete(attributes, "username")
	delete(attributes, "sub")
	if err := o.pool.schema.checkValues(o.span, attributes); err != nil { // 3
		return nil, err
	}
	u := s.addUser(o.pool, o.username, attributes)
	u.password, u.status = password, statusResetRequired
	if answer.FinalUserStatus == statusConfirmed {
		u.status = statusConfirmed
	}
	if answer.EnableSMSMFA {
		u.factors.chosen = []string{smsMFA}
	}
	return u, nil
}
