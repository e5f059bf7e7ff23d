package cognitoidp

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/shape"
	"claimcheck/sim/trace"
)

// trigger is a moment at which a pool asks a Lambda function, named by its key
// in LambdaConfig.
type trigger string

// The triggers that a pool waits for, and the two that take the place of its own
// messages.
const (
	preSignUp                   trigger = "PreSignUp"
	postConfirmation            trigger = "PostConfirmation"
	preAuthentication           trigger = "PreAuthentication"
	postAuthentication          trigger = "PostAuthentication"
	preTokenGeneration          trigger = "PreTokenGeneration"
	userMigration               trigger = "UserMigration"
	customMessage               trigger = "CustomMessage"
	defineAuthChallenge         trigger = "DefineAuthChallenge"
	createAuthChallenge         trigger = "CreateAuthChallenge"
	verifyAuthChallengeResponse trigger = "VerifyAuthChallengeResponse"
	inboundFederation           trigger = "InboundFederation"
	customEmailSender           trigger = "CustomEmailSender"
	customSMSSender             trigger = "CustomSMSSender"
)

const (
	// triggerPatience is how long a pool waits for a function, whatever the
	// function's own timeout, and triggerAttempts how often it calls one that
	// does not answer in time:
	// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
	triggerPatience = 5 * time.Second
	triggerAttempts = 3
	// waiting and unawaited are the values of InvocationType that a pool uses.
	waiting, unawaited = "RequestResponse", "Event"
	// noClient is the clientId of events that no app client caused.
	noClient = "CLIENT_ID_NOT_APPLICABLE"
)

// occasion is one event that a pool may ask a function about.
type occasion struct {
	span *trace.Span
	pool *pool
	// client is the app client that caused the event, nil for administrators.
	client   *client
	username string
	trigger  trigger
	// source is triggerSource, such as "PreSignUp_SignUp".
	source string
	// version is the event's, "" for "1".
	version string
	// request and response are the trigger's own parts of the event; response
	// holds the defaults that the function may change.
	request, response map[string]any
}

// about is an occasion of a sign-in under way.
func (a *attempt) about(t trigger, source string, u *user) occasion {
	return occasion{span: a.span, pool: a.client.pool, client: a.client, username: u.username, trigger: t, source: source}
}

// event is what the function gets, in AWS's order:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
type event struct {
	Version       string         `json:"version"`
	TriggerSource string         `json:"triggerSource"`
	Region        string         `json:"region"`
	UserPoolID    string         `json:"userPoolId"`
	UserName      string         `json:"userName"`
	CallerContext callerContext  `json:"callerContext"`
	Request       map[string]any `json:"request"`
	Response      map[string]any `json:"response"`
}

type callerContext struct {
	AwsSdkVersion string `json:"awsSdkVersion"`
	ClientID      string `json:"clientId"`
}

func (s *UserPools) event(o occasion) event {
	clientID := noClient
	if o.client != nil {
		clientID = o.client.id
	}
	return event{
		Version: cmp.Or(o.version, "1"), TriggerSource: o.source, Region: s.world.Region(),
		UserPoolID: o.pool.id, UserName: o.username,
		CallerContext: callerContext{AwsSdkVersion: "aws-sdk-unknown-unknown", ClientID: clientID},
		Request:       o.request, Response: o.response,
	}
}

// consult calls the trigger's function and fills the struct that into points to
// from the response part of the event that it returns; members of the response
// that into does not have are ignored. ran is false when the pool has no
// function for the trigger. In order:
//
//  1. Cognito may invoke the function
//  2. the function answers within five seconds
//  3. it does not throw
//  4. it returns the event, with a response of the right types
func (s *UserPools) consult(o occasion, into any) (ran bool, err error) {
	function := o.pool.settings.LambdaConfig.function(o.trigger)
	if function == "" {
		return false, nil
	}
	output, err := s.invoke(o, function, waiting) // 1, 2
	if err != nil {
		return true, err
	}
	payload, _ := output["Payload"].(string)
	if err := checkThrown(o, output["FunctionError"] != nil, payload); err != nil { // 3
		return true, err
	}
	return true, readResponse(o, payload, into) // 4
}

// invoke calls the function until it answers in time. kind is waiting or
// unawaited.
func (s *UserPools) invoke(o occasion, function, kind string) (map[string]any, error) {
	payload, err := json.Marshal(s.event(o))
	if err != nil {
		return nil, fmt.Errorf("the event of %s cannot be written as JSON: %w", o.source, err)
	}
	for attempt := 1; ; attempt++ {
		output, late, err := s.call(o, function, kind, string(payload))
		if err != nil {
			return nil, err
		}
		o.span.Note(RuleTriggerAttempts, !late && attempt == 1, "an answer to the first call", fmt.Sprintf("call %d: %s", attempt, answered(late)))
		if late && attempt < triggerAttempts {
			continue
		}
		if !o.span.Decide(RuleTriggerTime, !late, "an answer within 5 seconds", answered(late)) {
			return nil, unexpected(o, "Socket timeout while invoking Lambda function")
		}
		return output, nil
	}
}

// call makes one call; late is true when no answer came in time.
func (s *UserPools) call(o occasion, function, kind, payload string) (output map[string]any, late bool, err error) {
	output, err = s.doors.Call(o.span, api.Call{
		From: name, Service: "lambda", Operation: "Invoke", Patience: triggerPatience,
		Input:  map[string]any{"FunctionName": function, "InvocationType": kind, "Payload": payload},
		Caller: api.Caller{Service: "cognito-idp.amazonaws.com", SourceARN: s.arn(o.pool.id)},
	})
	timeout, refusal := (api.TimeoutError{}), (*awserr.Error)(nil)
	late = errors.As(err, &timeout)
	if err != nil && !late && !errors.As(err, &refusal) {
		return nil, false, err
	}
	if !o.span.Decide(RuleTriggerPermission, refusal == nil, "a function that this pool may invoke", invocation(refusal)) {
		return nil, false, unexpected(o, refusal.Code)
	}
	return output, late, nil
}

// unexpected is a function that did not run or did not end, in the words of
// https://repost.aws/knowledge-center/cognito-lambda-trigger-errors and
// https://github.com/furaiev/amazon-cognito-identity-dart-2/issues/204.
func unexpected(o occasion, cause string) error {
	return awserr.New("UnexpectedLambdaException", "%s invocation failed due to error %s.", o.trigger, cause)
}

func invocation(refusal *awserr.Error) string {
	if refusal != nil {
		return "Lambda answers " + refusal.Code
	}
	return "it was invoked"
}

func answered(late bool) string {
	if late {
		return "none"
	}
	return "an answer"
}

// checkThrown passes a function's error on to the app:
// https://github.com/aws-amplify/amplify-flutter/issues/1051
func checkThrown(o occasion, failed bool, payload string) error {
	var thrown struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if failed {
		// Whatever the payload is, an error can be made of it.
		_ = json.Unmarshal([]byte(payload), &thrown)
	}
	found := "it answered"
	if failed {
		found = "it threw: " + thrown.ErrorMessage
	}
	if !o.span.Decide(RuleTriggerThrows, !failed, "a function that does not throw", found) {
		return awserr.New("UserLambdaValidationException", "%s failed with error %s.", o.trigger, thrown.ErrorMessage)
	}
	return nil
}

// readResponse takes the response out of the event that a function returned.
func readResponse(o occasion, payload string, into any) error {
	var returned map[string]any
	err := json.Unmarshal([]byte(payload), &returned)
	response, isObject := returned["response"].(map[string]any)
	found := "the event"
	switch {
	case err != nil || returned == nil:
		found = "no object"
	case !isObject:
		found = "no response in it"
	default:
		for _, fault := range shape.Decode(response, into, shape.Exact) {
			if fault.Kind == shape.WrongType {
				isObject, found = false, "response."+fault.String()
				break
			}
		}
	}
	if !o.span.Decide(RuleTriggerAnswer, isObject, "the event with its response", found) {
		return invalidResponse("Unrecognizable lambda output")
	}
	return nil
}

func invalidResponse(message string) error {
	return awserr.New("InvalidLambdaResponseException", "%s", message)
}

// eventAttributes are the attributes of a user as events show them, with the
// user's status.
func (u *user) eventAttributes() map[string]any {
	shown := texts(u.attributes)
	if u.status != "" {
		shown["cognito:user_status"] = u.status
	}
	return shown
}

// texts is a map of texts as a part of an event; AWS leaves no such part out.
func texts(from map[string]string) map[string]any {
	tree := make(map[string]any, len(from))
	for name, value := range from {
		tree[name] = value
	}
	return tree
}
