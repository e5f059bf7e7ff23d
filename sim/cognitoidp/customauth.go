package cognitoidp

import (
	"fmt"
	"maps"

	"claimcheck/sim/awserr"
)

const customChallenge = "CUSTOM_CHALLENGE"

// customSignIn is what a sign-in by CUSTOM_AUTH has come to.
type customSignIn struct {
	rounds []round
	// private goes to the verify trigger alone, metadata into the next round.
	private  map[string]string
	metadata string
	// srpA is the number that the sign-in starts with, "" for a start without a
	// password.
	srpA string
}

// beginCustom lets the pool's triggers decide what the user has to answer. The
// define trigger sees SRP_A as the first round when the sign-in starts with a
// password:
//
//  1. the user exists; an app client that must not learn this goes on, and the
//     triggers are told
//  2. the user is enabled and confirmed
//  3. the triggers say what comes first
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
func beginCustom(s *UserPools, a *attempt) (*question, error) {
	a.user = a.client.pool.find(a.parameters["USERNAME"])
	if a.client.hidesUnknownUsers() {
		a.span.Note(RuleUserHidden, a.user != nil, "a user of this name", existence(a.user != nil)+pretence(a.user))
	} else if !a.span.Decide(RuleUserExists, a.user != nil, "a user of this name", existence(a.user != nil)) { // 1
		return nil, unknownUser(a.client)
	}
	if a.user != nil { // 2
		if err := checkEnabledUser(a.span, a.user); err != nil {
			return nil, err
		}
		if !a.span.Decide(RuleUserConfirmed, a.user.status != statusUnconfirmed, "a confirmed user", a.user.status) {
			return nil, awserr.New("UserNotConfirmedException", "User is not confirmed.")
		}
	}
	a.progress.custom = &customSignIn{}
	if a.parameters["CHALLENGE_NAME"] == "SRP_A" {
		if err := a.require("SRP_A"); err != nil {
			return nil, err
		}
		a.progress.custom.srpA = a.parameters["SRP_A"]
		a.progress.custom.rounds = []round{{name: "SRP_A", passed: true}}
	}
	return s.nextRound(a) // 3
}

// nextRound asks the define trigger what comes next: nil for tokens. A trigger
// that names nothing gets one more custom challenge.
func (s *UserPools) nextRound(a *attempt) (*question, error) {
	custom := a.progress.custom
	decided, err := s.defineChallenge(a, custom.rounds)
	if err != nil {
		return nil, err
	}
	switch {
	case decided.IssueTokens:
		if !a.span.Decide(RuleUserExists, a.user != nil, "a user to issue tokens to", existence(a.user != nil)) {
			return nil, wrongPassword()
		}
		return nil, nil
	case decided.ChallengeName == passwordVerifier && custom.srpA != "":
		return s.askProofOf(a, custom.srpA)
	case decided.ChallengeName != "" && decided.ChallengeName != customChallenge:
		return nil, fmt.Errorf("the define auth challenge trigger named %s: the simulation knows %s, and %s after SRP_A", decided.ChallengeName, customChallenge, passwordVerifier)
	}
	created, err := s.createChallenge(a, customChallenge, custom.rounds)
	if err != nil {
		return nil, err
	}
	custom.private, custom.metadata = created.Private, created.Metadata
	public := map[string]string{}
	maps.Copy(public, created.Public)
	return &question{name: customChallenge, parameters: public}, nil
}

// answerCustom hands the answer to the verify trigger. A wrong one is a round
// that was not passed, and no error.
func answerCustom(s *UserPools, a *attempt) (*question, error) {
	custom := a.progress.custom
	correct, err := s.verifyChallenge(a, custom.private, a.parameters["ANSWER"])
	if err != nil {
		return nil, err
	}
	custom.rounds = append(custom.rounds, round{name: customChallenge, passed: correct, metadata: custom.metadata})
	return s.nextRound(a)
}

// shown goes on after a password was proven or a second factor shown. In a
// custom sign-in that is one more round, after the second factor that is due;
// other sign-ins go on by themselves.
func (s *UserPools) shown(a *attempt, challenge string) (*question, error) {
	if a.progress.custom == nil {
		return nil, nil
	}
	a.progress.custom.rounds = append(a.progress.custom.rounds, round{name: challenge, passed: true})
	if q, err := s.secondFactorDue(a); q != nil || err != nil {
		return q, err
	}
	return s.nextRound(a)
}
