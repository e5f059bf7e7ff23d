package cognitoidp

import "claimcheck/sim/awserr"

// round is one challenge that a user has answered in a custom sign-in, as the
// triggers see it in session.
type round struct {
	name   string
	passed bool
	// metadata is the challengeMetadata of the create trigger.
	metadata string
}

// roundsSeen is session in the events of the challenge triggers: empty at the
// start.
func roundsSeen(rounds []round) []map[string]any {
	seen := make([]map[string]any, len(rounds))
	for i, r := range rounds {
		seen[i] = map[string]any{"challengeName": r.name, "challengeResult": r.passed, "challengeMetadata": r.metadata}
	}
	return seen
}

// definition is what the define auth challenge trigger decides: the next
// challenge, the tokens, or the end. With none of them AWS asks for another
// challenge.
type definition struct {
	ChallengeName      string `aws:"name=challengeName"`
	IssueTokens        bool   `aws:"name=issueTokens"`
	FailAuthentication bool   `aws:"name=failAuthentication"`
}

// creation is the challenge that the create auth challenge trigger makes.
type creation struct {
	// Public go to the app, Private only to the verify trigger.
	Public   map[string]string `aws:"name=publicChallengeParameters"`
	Private  map[string]string `aws:"name=privateChallengeParameters"`
	Metadata string            `aws:"name=challengeMetadata"`
}

// defineChallenge asks what comes next in a custom sign-in. The attempt's user
// is nil for an unknown one that the app client must not learn of. In order:
//
//  1. the pool has the trigger
//  2. the trigger answers
//  3. it does not fail the sign-in
func (s *UserPools) defineChallenge(a *attempt, rounds []round) (definition, error) {
	var answer definition
	o := a.aboutChallenge(defineAuthChallenge, map[string]any{"session": roundsSeen(rounds)})
	o.response = map[string]any{"challengeName": nil, "issueTokens": nil, "failAuthentication": nil}
	ran, err := s.consultChallenge(o, &answer) // 1, 2
	if err != nil || !ran {
		return definition{}, err
	}
	if !a.span.Decide(RuleChallengeFails, !answer.FailAuthentication, "a sign-in that define auth challenge does not fail", definedAs(answer)) { // 3
		return definition{}, wrongPassword()
	}
	return answer, nil
}

func definedAs(d definition) string {
	switch {
	case d.FailAuthentication:
		return "failAuthentication"
	case d.IssueTokens:
		return "issueTokens"
	default:
		return "challenge " + d.ChallengeName
	}
}

// createChallenge makes the challenge that the define trigger named; AWS asks
// for it only for CUSTOM_CHALLENGE.
func (s *UserPools) createChallenge(a *attempt, name string, rounds []round) (creation, error) {
	var answer creation
	o := a.aboutChallenge(createAuthChallenge, map[string]any{"challengeName": name, "session": roundsSeen(rounds)})
	o.response = map[string]any{"publicChallengeParameters": nil, "privateChallengeParameters": nil, "challengeMetadata": nil}
	_, err := s.consultChallenge(o, &answer)
	return answer, err
}

// verifyChallenge asks whether an answer is right. A wrong one is no error: the
// define trigger decides what comes of it.
func (s *UserPools) verifyChallenge(a *attempt, private map[string]string, given string) (correct bool, err error) {
	var answer struct {
		AnswerCorrect bool `aws:"name=answerCorrect"`
	}
	o := a.aboutChallenge(verifyAuthChallengeResponse, map[string]any{
		"privateChallengeParameters": texts(private), "challengeAnswer": given,
	})
	o.response = map[string]any{"answerCorrect": nil}
	_, err = s.consultChallenge(o, &answer)
	return answer.AnswerCorrect, err
}

// aboutChallenge is an occasion of a custom sign-in. The three triggers share
// what they are told of the user.
func (a *attempt) aboutChallenge(t trigger, request map[string]any) occasion {
	u, attributes := a.user, map[string]any{}
	if u == nil {
		u = &user{username: a.parameters["USERNAME"]}
	} else {
		attributes = u.eventAttributes()
	}
	o := a.about(t, string(t)+"_Authentication", u)
	request["userAttributes"], request["clientMetadata"] = attributes, texts(a.answerMetadata())
	request["userNotFound"] = a.user == nil
	o.request = request
	return o
}

// consultChallenge is consult for a trigger that a custom sign-in cannot do
// without: https://github.com/aws-amplify/amplify-js/issues/5623
func (s *UserPools) consultChallenge(o occasion, into any) (ran bool, err error) {
	configured := o.pool.settings.LambdaConfig.function(o.trigger) != ""
	if !o.span.Decide(RuleChallengeTriggers, configured, "a function for "+string(o.trigger), existence(configured)) {
		return false, awserr.New("InvalidParameterException", "Custom auth lambda trigger is not configured for the user pool.")
	}
	return s.consult(o, into)
}
