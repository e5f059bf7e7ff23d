package lambda

import "claimcheck/sim/trace"

// The rules of an invocation.
const (
	RuleFunctionExists trace.RuleID = "lambda.function-exists"
	RulePayload        trace.RuleID = "lambda.payload"
	RuleExecutionRole  trace.RuleID = "lambda.execution-role"
	RuleRoleAccount    trace.RuleID = "lambda.execution-role.account"
	RuleHandlerError   trace.RuleID = "lambda.handler-error"
	RuleTimeout        trace.RuleID = "lambda.timeout"
	RuleMemory         trace.RuleID = "lambda.memory"
	RuleResponseSize   trace.RuleID = "lambda.response-size"
)

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	return []trace.Rule{{
		ID:         RuleFunctionExists,
		Statement:  "An invocation names a function that exists in the account and Region.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
		Confidence: trace.Documented,
	}, {
		ID:         RulePayload,
		Statement:  "The payload of an invocation is JSON of at most 6 MB.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleExecutionRole,
		Statement:  "A function acts with its execution role, whose trust policy must let lambda.amazonaws.com assume it.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleRoleAccount,
		Statement:  "A function's execution role is one of its own account; a role of another account is for the code to assume.",
		Source:     "https://github.com/fabric8io/kubernetes-alexa/issues/6",
		Confidence: trace.Observed,
	}, {
		ID:         RuleHandlerError,
		Statement:  "A handler that throws makes a function error: Invoke still answers 200, with FunctionError set and the error as payload.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleTimeout,
		Statement:  "Lambda stops a function that runs longer than its timeout, 3 seconds unless configured otherwise.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
		Confidence: trace.Documented,
	}, {
		ID:         RuleMemory,
		Statement:  "Lambda ends the execution environment of a function that uses more memory than it has.",
		Source:     "https://github.com/adobe/helix-html2md-service/issues/1001",
		Confidence: trace.Observed,
	}, {
		ID:         RuleResponseSize,
		Statement:  "The response of a synchronous invocation is at most 6 MB.",
		Source:     "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
		Confidence: trace.Documented,
	}}
}
