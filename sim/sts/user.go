package sts

import (
	"fmt"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
)

// Limits of the sessions that act for a user.
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
const (
	defaultUserSession = 43200 * time.Second
	longestUserSession = 129600 * time.Second
)

type sessionTokenInput struct {
	DurationSeconds         *int
	SerialNumber, TokenCode string
}

type sessionTokenOutput struct{ Credentials credentials }

// getSessionToken gives an IAM user temporary credentials of its own, mostly to
// prove MFA once. It needs no permission:
//
//  1. the caller uses long-term keys
//  2. the duration is legal
//  3. an MFA code is right
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
func (s *STS) getSessionToken(c api.Context, in sessionTokenInput) (sessionTokenOutput, error) {
	// 1
	if err := checkCaller(c, "GetSessionToken", s.isLongTerm(c.Principal)); err != nil {
		return sessionTokenOutput{}, err
	}
	// 2
	duration, err := limits{usual: defaultUserSession, longest: longestUserSession}.check(c.Span, "", in.DurationSeconds)
	if err != nil {
		return sessionTokenOutput{}, err
	}
	// 3
	mfa, err := s.checkMFA(c, in.SerialNumber, in.TokenCode)
	if err != nil {
		return sessionTokenOutput{}, err
	}
	session, err := s.directory.IssueUserSession(api.UserSessionRequest{Caller: c.Principal, Duration: duration, MFA: mfa})
	if err != nil {
		return sessionTokenOutput{}, err
	}
	given, _ := describe(session)
	return sessionTokenOutput{Credentials: given}, nil
}

type federationInput struct {
	DurationSeconds *int
	Name            string `aws:"required"`
	Policy          string
	PolicyArns      []policyDescriptor
	Tags            []tag
}

// federationTarget is the federated user who is asked for.
func (s *STS) federationTarget(in federationInput) api.Target {
	return api.Target{Resource: arn.New("sts", "", s.world.Account(), "federated-user/"+in.Name), Keys: labels{tags: in.Tags}.keys()}
}

type federatedUser struct{ FederatedUserId, Arn string }

type federationOutput struct {
	Credentials      credentials
	FederatedUser    federatedUser
	PackedPolicySize int `json:",omitempty"`
}

// getFederationToken gives temporary credentials to a user whom a broker of the
// account's own has signed in. They can do what both the broker's IAM user and
// the session policies allow:
//
//  1. the caller uses long-term keys
//  2. the name, the duration, the session policies and the tags are legal
//  3. the user may tag the session, which is an action of its own
//  4. all tags together are short enough
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
func (s *STS) getFederationToken(c api.Context, in federationInput) (federationOutput, error) {
	// 1
	if err := checkCaller(c, "GetFederationToken", s.isLongTerm(c.Principal)); err != nil {
		return federationOutput{}, err
	}
	// 2
	duration, err := limits{member: "name", longestName: 32, usual: defaultUserSession, longest: longestUserSession}.check(c.Span, in.Name, in.DurationSeconds)
	if err != nil {
		return federationOutput{}, err
	}
	if err := checkSessionPolicies(c.Span, in.Policy, in.PolicyArns); err != nil {
		return federationOutput{}, err
	}
	written := labels{tags: in.Tags}
	if err := checkTags(c.Span, written, nil); err != nil {
		return federationOutput{}, err
	}
	// 3
	if err := s.mayWrite(c, written, s.federationTarget(in)); err != nil {
		return federationOutput{}, err
	}
	// 4
	packed, err := checkPacked(c.Span, written.values())
	if err != nil {
		return federationOutput{}, err
	}
	session, err := s.directory.IssueUserSession(api.UserSessionRequest{
		Caller: c.Principal, Name: in.Name, Duration: duration, Policy: in.Policy, PolicyARNs: arns(in.PolicyArns), Tags: written.values(),
	})
	if err != nil {
		return federationOutput{}, err
	}
	given, _ := describe(session)
	return federationOutput{Credentials: given, PackedPolicySize: packed, FederatedUser: federatedUser{FederatedUserId: session.Principal.UserID, Arn: session.Principal.ARN}}, nil
}

// isLongTerm reports whether a caller uses the access key of an IAM user.
func (s *STS) isLongTerm(p api.Principal) bool {
	_, temporary := p.Keys["aws:TokenIssueTime"]
	return p.Type == api.User && !temporary
}

// checkCaller refuses credentials that an operation does not take.
// Source: https://github.com/aws/aws-sdk-net/issues/1704 (observed)
func checkCaller(c api.Context, operation string, held bool) error {
	found := string(c.Principal.Type)
	if _, temporary := c.Principal.Keys["aws:TokenIssueTime"]; temporary {
		found += ", temporary credentials"
	}
	if !c.Span.Decide(RuleCaller, held, "a caller that may use "+operation, found) {
		return accessDenied(fmt.Sprintf("Cannot call %s with session credentials", operation))
	}
	return nil
}

// checkMFA reports whether the caller has proven MFA. Both parts or none are
// given, the device is the caller's, and the code is right.
//
// Sources: https://github.com/y13i/sgviz/issues/9 (observed),
// https://github.com/99designs/aws-vault/issues/676 (observed),
// https://github.com/aws/aws-cli/issues/2279 (observed)
func (s *STS) checkMFA(c api.Context, serial, code string) (bool, error) {
	if serial == "" && code == "" {
		return false, nil
	}
	has, right := s.directory.MFA(c.Principal, serial, code)
	message := ""
	switch {
	case serial == "" || code == "":
		message = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
	case !has:
		message = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
	case !right:
		message = "MultiFactorAuthentication failed with invalid MFA one time pass code."
	}
	if !c.Span.Decide(RuleMFA, message == "", "a device of the caller and the code it shows", fmt.Sprintf("device %q, code %q", serial, code)) {
		return false, accessDenied(message)
	}
	return true, nil
}
