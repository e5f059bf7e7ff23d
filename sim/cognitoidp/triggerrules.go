package cognitoidp

import "claimcheck/sim/trace"

// The rules of Lambda triggers.
const (
	RuleTriggerPermission  trace.RuleID = "cognito-idp.trigger.permission"
	RuleTriggerTime        trace.RuleID = "cognito-idp.trigger.five-seconds"
	RuleTriggerAttempts    trace.RuleID = "cognito-idp.trigger.attempts"
	RuleTriggerThrows      trace.RuleID = "cognito-idp.trigger.throws"
	RuleTriggerAnswer      trace.RuleID = "cognito-idp.trigger.answer"
	RuleTriggerOneFunction trace.RuleID = "cognito-idp.trigger.one-function"
	RuleSenderKey          trace.RuleID = "cognito-idp.trigger.sender-key"
	RuleSignUpTrigger      trace.RuleID = "cognito-idp.trigger.before-sign-up"
	RuleAutoVerify         trace.RuleID = "cognito-idp.trigger.auto-verify"
	RuleMigrationPassword  trace.RuleID = "cognito-idp.trigger.migration-password"
	RuleMigrationAnswer    trace.RuleID = "cognito-idp.trigger.migration-attributes"
	RuleAccessTokenTrigger trace.RuleID = "cognito-idp.trigger.access-token-version"
	RuleTokenReserved      trace.RuleID = "cognito-idp.trigger.reserved-claim"
	RuleTokenChangeCount   trace.RuleID = "cognito-idp.trigger.claim-count"
	RuleMessageSender      trace.RuleID = "cognito-idp.trigger.message-sender"
	RuleMessageCode        trace.RuleID = "cognito-idp.trigger.message-placeholders"
	RuleMessageLength      trace.RuleID = "cognito-idp.trigger.message-length"
	RuleChallengeTriggers  trace.RuleID = "cognito-idp.trigger.challenge-function"
	RuleChallengeFails     trace.RuleID = "cognito-idp.trigger.challenge-fails"
)

func triggerRules() []trace.Rule {
	const working = guide + "cognito-user-pools-working-with-lambda-triggers.html"
	return append(triggerEffects(), []trace.Rule{
		{ID: RuleTriggerPermission, Statement: "A pool invokes a trigger only when the function's resource policy lets cognito-idp.amazonaws.com do so for this pool; who does not use the console adds it.", Source: "https://repost.aws/knowledge-center/cognito-lambda-trigger-errors", Confidence: trace.Documented},
		{ID: RuleTriggerTime, Statement: "A trigger answers within five seconds, whatever timeout its function has.", Source: working, Confidence: trace.Documented},
		{ID: RuleTriggerAttempts, Statement: "A trigger that is late is called again, so it should do its work only once: AWS long said three calls in all, and since March 2026 only that it may retry.", Source: guide + "cognito-document-history.html", Confidence: trace.Observed},
		{ID: RuleTriggerThrows, Statement: "A trigger that throws stops what the user was doing, and the app gets its message in a UserLambdaValidationException.", Source: "https://github.com/aws-amplify/amplify-flutter/issues/1051", Confidence: trace.Observed},
		{ID: RuleTriggerAnswer, Statement: "A trigger returns the event it got, with the response filled in.", Source: working, Confidence: trace.Documented},
		{ID: RuleTriggerOneFunction, Statement: "PreTokenGeneration and PreTokenGenerationConfig may both be set only when they name the same function.", Source: reference + "API_LambdaConfigType.html", Confidence: trace.Documented},
		{ID: RuleSenderKey, Statement: "A custom sender needs KMSKeyID, because it gets the codes encrypted.", Source: reference + "API_LambdaConfigType.html", Confidence: trace.Documented},
	}...)
}

// triggerEffects are the rules of what single triggers may do.
func triggerEffects() []trace.Rule {
	const (
		preToken = guide + "user-pool-lambda-pre-token-generation.html"
		message  = guide + "user-pool-lambda-custom-message.html"
	)
	return []trace.Rule{
		{ID: RuleSignUpTrigger, Statement: "Pre sign-up is the one trigger that runs before a new user is stored, so only it can turn a sign-up away.", Source: guide + "user-pool-lambda-pre-sign-up.html", Confidence: trace.Documented},
		{ID: RuleAutoVerify, Statement: "Pre sign-up can mark an e-mail address or phone number as verified only when the user gave one.", Source: guide + "user-pool-lambda-pre-sign-up.html", Confidence: trace.Documented},
		{ID: RuleMigrationPassword, Statement: "The user migration trigger runs only when the app sends the password itself, as USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH do; SRP never sends it.", Source: guide + "user-pool-lambda-migrate-user.html", Confidence: trace.Documented},
		{ID: RuleMigrationAnswer, Statement: "The user migration trigger creates a user by returning userAttributes; without them there is no such user.", Source: guide + "user-pool-lambda-migrate-user.html", Confidence: trace.Documented},
		{ID: RuleAccessTokenTrigger, Statement: "A pre token generation trigger changes the access token only with event version V2_0 or V3_0; V1_0 changes the ID token, and of the access token only the groups.", Source: preToken, Confidence: trace.Documented},
		{ID: RuleTokenReserved, Statement: "A pre token generation trigger cannot change the claims that Cognito keeps for itself, such as sub, iss, exp, token_use, client_id and the ID token's aud; here such a change is ignored.", Source: preToken, Confidence: trace.Documented},
		{ID: RuleTokenChangeCount, Statement: "A pre token generation trigger changes at most 5,000 claims and scopes.", Source: guide + "quotas.html", Confidence: trace.Documented},
		{ID: RuleMessageSender, Statement: "A custom message trigger writes e-mail only in a pool that sends through its own SES identity, EmailSendingAccount DEVELOPER.", Source: message, Confidence: trace.Documented},
		{ID: RuleMessageCode, Statement: "The text of a custom message has the placeholder {####} for the code, and {username} in an invitation.", Source: message, Confidence: trace.Documented},
		{ID: RuleMessageLength, Statement: "A custom SMS has at most 140 characters, an e-mail 20,000 and its subject 140.", Source: message, Confidence: trace.Documented},
		{ID: RuleChallengeTriggers, Statement: "CUSTOM_AUTH needs the triggers that define, create and verify its challenges.", Source: "https://github.com/aws-amplify/amplify-js/issues/5623", Confidence: trace.Observed},
		{ID: RuleChallengeFails, Statement: "A custom sign-in ends when define auth challenge says failAuthentication; Cognito itself never stops asking.", Source: guide + "user-pool-lambda-challenge.html", Confidence: trace.Documented},
	}
}
