// Package uitest gives the screens something to show in tests: questions with
// proofs whose runs are written by hand. It proves nothing about AWS.
package uitest

import (
	"fmt"

	"claimcheck/quiz"
	"claimcheck/quiz/proof"
	"claimcheck/sim/scenario"
	"claimcheck/sim/trace"
)

// Questions returns two questions with a proof, one of them with two correct
// options, and one that is unproven, in two banks.
func Questions() []quiz.Question {
	return []quiz.Question{cloudTasker(), twoOfFive(), unproven()}
}

// Prove returns the proof of one of Questions.
func Prove(id string) (proof.Proof, error) {
	switch id {
	case "cloudtasker-token-access":
		return cloudTaskerProof(), nil
	case "two-of-five":
		return twoOfFiveProof(), nil
	case "unproven":
		return proof.Proof{Question: unproven()}, nil
	}
	return proof.Proof{}, fmt.Errorf("question %q is not known", id)
}

// Rule finds the rules that the runs name.
func Rule(id trace.RuleID) (trace.Rule, bool) {
	for _, r := range rules() {
		if r.ID == id {
			return r, true
		}
	}
	return trace.Rule{}, false
}

func rules() []trace.Rule {
	const docs = "https://docs.aws.amazon.com/"
	return []trace.Rule{
		{ID: "cognito-idp.client.auth-flow", Statement: "An app client allows only the authentication flows named in ExplicitAuthFlows.", Source: docs + "cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: "cognito-idp.user.password", Statement: "A user signs in with the password that was set for them.", Source: docs + "cognito/latest/developerguide/authentication.html", Confidence: trace.Documented},
		{ID: "cognito-identity.login-provider", Statement: "An identity pool takes tokens of the providers it lists only.", Source: docs + "cognito/latest/developerguide/identity-pools.html", Confidence: trace.Documented},
		{ID: "apigateway.cognito.identity-source", Statement: "The authorizer reads the token from the header its identity source names.", Source: docs + "apigateway/latest/developerguide/apigateway-integrate-with-cognito.html", Confidence: trace.Documented},
		{ID: "apigateway.cognito.token-is-jwt", Statement: "A Cognito authorizer takes a JSON web token of a user pool and nothing else.", Source: docs + "apigateway/latest/developerguide/apigateway-integrate-with-cognito.html", Confidence: trace.Observed},
		{ID: "apigateway.cognito.expiry", Statement: "A token is refused from the second its exp claim names.", Source: docs + "apigateway/latest/developerguide/apigateway-integrate-with-cognito.html", Confidence: trace.Documented},
		{ID: "apigateway.cognito.token-use", Statement: "Without scopes on the method the authorizer wants an ID token, with scopes an access token.", Source: docs + "apigateway/latest/developerguide/apigateway-integrate-with-cognito.html", Confidence: trace.Documented},
		{ID: "sts.trust-policy", Statement: "A role is assumed only by whom its trust policy names.", Source: docs + "IAM/latest/UserGuide/reference_policies_elements_principal.html", Confidence: trace.Documented},
	}
}

func cloudTasker() quiz.Question {
	return quiz.Question{
		ID: "cloudtasker-token-access", Bank: "api-authorizers", File: "questions/api-authorizers/cloudtasker.yaml",
		Title: "Tokens that expire and renew themselves", Task: "2.1", Difficulty: "medium",
		Topics: []string{"user-pools", "rest-authorizer", "refresh-token"}, Source: "000_9ba1a80b4c2dbb10.txt",
		Stem: "CloudTasker runs a task app behind an Amazon API Gateway REST API. Only registered users may reach\nthe API. Access has to end by itself after a while, and the app must be able to renew it without asking\nthe user to sign in again.\n\nHow should a developer control access to the API with the least code to look after?",
		Requirements: []quiz.Requirement{
			{ID: "registered", Says: "A registered user reaches the API"},
			{ID: "strangers", Says: "A caller without a token is turned away"},
			{ID: "expires", Says: "Access ends when the token expires"},
			{ID: "renews", Says: "Access is renewed without signing in again"},
			{ID: "managed", Says: "There is no token store or validation code of our own to run"},
		},
		Options: []quiz.Option{
			{ID: "A", Text: "Create an Amazon Cognito identity pool, use a Cognito authorizer on the API, and send the temporary credentials of the identity pool.", Fails: map[string]string{"registered": "apigateway.cognito.token-is-jwt"}, Why: "Identity pools hand out AWS credentials. The authorizer reads a JWT of a user pool, and a session token is none, so even the registered user is turned away.", Misconception: "identity-pool-authenticates"},
			{ID: "B", Text: "Keep a table of user tokens in Amazon DynamoDB and validate them in a Lambda authorizer.", Fails: map[string]string{"managed": "stack.custom-code"}, Why: "It works, and every line of it is yours: the table, the expiry, the rotation, the code.", Misconception: "own-token-store"},
			{ID: "C", Text: "Create an Amazon Cognito user pool, use a Cognito authorizer on the API, and send the tokens of the user pool.", Correct: true, Why: "The pool signs tokens that expire, the refresh token renews them, and the authorizer checks them without code."},
			{ID: "D", Text: "Create an IAM user for each user of the app, allow it to invoke the API, and use IAM authorization.", Fails: map[string]string{"expires": "iam.credentials.expiry"}, Why: "Access keys of an IAM user do not expire, and an account holds 5,000 IAM users.", Misconception: "iam-users-for-app-users"},
		},
		Observations: []quiz.Observation{{ID: "refresh-at-gateway", Says: "The refresh token itself opens nothing at the API"}},
		Rule:         "Registered users + expiry + refresh on your own API: user pool and Cognito authorizer.",
		Practice:     "Teams send the access token with scopes to the API and keep the ID token in the app.\n\n- Access tokens of 15 minutes\n- Refresh token rotation",
		References:   []string{"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html"},
		Errata:       "The command apigatewayv2 create-authorizer --authorizer-type COGNITO_USER_POOLS does not exist: HTTP APIs have JWT authorizers, REST APIs have COGNITO_USER_POOLS.",
	}
}

func twoOfFive() quiz.Question {
	q := quiz.Question{
		ID: "two-of-five", Bank: "identity-pools", File: "questions/identity-pools/two-of-five.yaml",
		Title: "Photos straight from the phone to S3", Task: "2.1", Difficulty: "hard",
		Stem:         "A mobile app stores photos in Amazon S3. Each user may read and write only below a prefix of their own. Choose what is needed.",
		Requirements: []quiz.Requirement{{ID: "own", Says: "A user writes below their own prefix"}, {ID: "others", Says: "A user cannot read the photos of others"}},
		Rule:         "AWS credentials for app users come from an identity pool; who they are comes from a user pool.",
	}
	for i, text := range []string{"A user pool to sign in with", "An identity pool with a role for authenticated users", "An IAM user for each phone", "A bucket policy that allows everyone", "A pre-signed URL made by the phone"} {
		q.Options = append(q.Options, quiz.Option{ID: string(rune('A' + i)), Text: text, Correct: i < 2, Why: "Because of how S3 checks policies."})
	}
	return q
}

func unproven() quiz.Question {
	return quiz.Question{
		ID: "unproven", Bank: "identity-pools", Title: "What an audit wants to see", Task: "2.2", Difficulty: "easy",
		Stem:     "Which service keeps the record of API calls?",
		Options:  []quiz.Option{{ID: "A", Text: "AWS CloudTrail", Correct: true, Why: "It records API calls."}, {ID: "B", Text: "Amazon Inspector", Why: "It scans for vulnerabilities."}},
		Unproven: "keeping records is not simulated",
	}
}

func cloudTaskerProof() proof.Proof {
	q := cloudTasker()
	p := proof.Proof{Question: q}
	failing := map[string]map[string]scenario.Outcome{
		"A": {"registered": sessionTokenRun(), "renews": sessionTokenRun()},
		"B": {"managed": customCodeRun()},
		"D": {"expires": noExpiryRun()},
	}
	for _, o := range q.Options {
		row := proof.Option{ID: o.ID, Correct: o.Correct, Holds: len(failing[o.ID]) == 0, Agrees: true, Stack: stack(o.ID), Client: client(o.ID)}
		for _, r := range q.Requirements {
			run, fails := failing[o.ID][r.ID]
			if !fails {
				run = renewRun()
			}
			row.Cells = append(row.Cells, proof.Cell{Requirement: r.ID, Holds: run.Holds, ExpectedBy: trace.RuleID(o.Fails[r.ID]), DecidedBy: run.DecidedBy(""), Agrees: true, Run: run})
		}
		p.Options = append(p.Options, row)
	}
	p.Observations = []proof.Cell{{Requirement: "refresh-at-gateway", Holds: true, Agrees: true, Run: renewRun()}}
	return p
}

func twoOfFiveProof() proof.Proof {
	q := twoOfFive()
	p := proof.Proof{Question: q}
	for i, o := range q.Options {
		run := renewRun()
		if i >= 2 {
			run = sessionTokenRun()
		}
		row := proof.Option{ID: o.ID, Correct: o.Correct, Holds: run.Holds, Agrees: i != 4}
		for _, r := range q.Requirements {
			row.Cells = append(row.Cells, proof.Cell{Requirement: r.ID, Holds: run.Holds, DecidedBy: run.DecidedBy(""), Agrees: i != 4, Run: run})
		}
		p.Options = append(p.Options, row)
	}
	return p
}
