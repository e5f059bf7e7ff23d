package uitest

import (
	"fmt"
	"time"

	"claimcheck/quiz"
)

// Library returns n questions without proofs, in four banks: every third has two
// right options of five, and what is right stands at another place in each.
func Library(n int) []quiz.Question {
	banks := []string{"user-pool-tokens", "identity-pools", "api-authorizers", "hosted-ui"}
	topics := []string{"user-pools", "identity-pools", "rest-authorizer", "http-authorizer", "refresh-token", "oauth-scopes", "lambda-triggers", "sts"}
	tasks := []string{"2.1", "2.2", "1.1", "2.3"}
	questions := make([]quiz.Question, n)
	for i := range questions {
		questions[i] = quiz.Question{
			ID: fmt.Sprintf("question-%02d", i+1), Bank: banks[i*len(banks)/n], Task: tasks[i%len(tasks)],
			Title: fmt.Sprintf("Scenario %d: %s", i+1, topics[i%len(topics)]), Difficulty: []string{"easy", "medium", "hard"}[i%3],
			Topics:   []string{topics[i%len(topics)], topics[(i/3)%len(topics)]},
			Stem:     stem(i),
			Options:  options(i),
			Unproven: "it was written for tests",
			Rule:     "What is signed by a user pool is checked by an authorizer.",
		}
	}
	return questions
}

func stem(i int) string {
	asks := "Which solution meets these requirements with the least operational effort?"
	if i%3 == 2 {
		asks = "Which two steps meet these requirements? (Choose two.)"
	}
	return fmt.Sprintf("Company %d runs a mobile app that calls an Amazon API Gateway REST API with an AWS Lambda integration.\nUsers sign up and sign in with an Amazon Cognito user pool. Only signed-in users may call the API, and the\nfunction has to know who calls it.\n\n%s", i+1, asks)
}

func options(i int) []quiz.Option {
	texts := []string{
		"Add a Cognito user pool authorizer to the method and read the claims from the request context.",
		"Create an identity pool and send its temporary credentials in the Authorization header.",
		"Store the tokens in an Amazon DynamoDB table and look them up in a Lambda authorizer.",
		"Create an IAM user for each user of the app and use IAM authorization on the method.",
	}
	right := 1
	if i%3 == 2 {
		texts = append(texts, "Enable caching for the authorizer with a time to live that is shorter than that of the tokens.")
		right = 2
	}
	options := make([]quiz.Option, len(texts))
	for n, text := range texts {
		options[n] = quiz.Option{ID: string(rune('A' + n)), Text: text, Why: "Because of what the authorizer checks."}
	}
	for n := range right {
		options[(i+2*n)%len(options)].Correct = true
	}
	for n := range options {
		if !options[n].Correct {
			options[n].Misconception = []string{"identity-pool-authenticates", "own-token-store", "iam-users-for-app-users"}[n%3]
		}
	}
	return options
}

// Clock is a clock that stands still until it is moved.
type Clock struct{ at time.Time }

// NewClock starts on a Saturday at nine.
func NewClock() *Clock { return &Clock{at: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)} }

// Now is where the clock stands.
func (c *Clock) Now() time.Time { return c.at }

// Move lets time pass.
func (c *Clock) Move(d time.Duration) { c.at = c.at.Add(d) }
