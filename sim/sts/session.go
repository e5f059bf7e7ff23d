package sts

import (
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// policyDescriptor is the structure PolicyDescriptorType.
type policyDescriptor struct {
	ARN string `aws:"name=arn,required"`
}

func arns(list []policyDescriptor) []string {
	var texts []string
	for _, p := range list {
		texts = append(texts, p.ARN)
	}
	return texts
}

type assumeRoleInput struct {
	DurationSeconds *int
	ExternalId      string
	Policy          string
	PolicyArns      []policyDescriptor
	RoleArn         string   `aws:"required"`
	RoleSessionName string   `aws:"required"`
	_               struct{} `unsimulated:"ProvidedContexts SerialNumber SourceIdentity Tags TokenCode TransitiveTagKeys"`
}

type assumeRoleOutput struct {
	Credentials     credentials
	AssumedRoleUser assumedRoleUser
}

// assumeRoleTarget is the role, and its trust policy as the resource's policy.
func (s *STS) assumeRoleTarget(in assumeRoleInput) api.Target {
	target := api.Target{Resource: in.RoleArn, Keys: map[string][]string{"sts:RoleSessionName": {in.RoleSessionName}}}
	if in.ExternalId != "" {
		target.Keys["sts:ExternalId"] = []string{in.ExternalId}
	}
	if role, ok := s.directory.Role(in.RoleArn); ok {
		target.Policy = role.TrustPolicy
	}
	return target
}

// assumeRole serves a caller whom IAM and the role's trust policy have let
// through:
//
//  1. the name and the duration have legal values
//  2. the role's sessions may last that long, those of role sessions one hour
//
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (s *STS) assumeRole(c api.Context, in assumeRoleInput) (assumeRoleOutput, error) {
	// 1
	duration, err := checkParameters(c.Span, in.RoleSessionName, in.DurationSeconds)
	if err != nil {
		return assumeRoleOutput{}, err
	}
	// 2
	role, ok := s.directory.Role(in.RoleArn)
	if !ok {
		return assumeRoleOutput{}, accessDenied(fmt.Sprintf("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", c.Principal.ARN, in.RoleArn))
	}
	chained := c.Principal.Type == api.AssumedRole
	if err := checkDuration(c.Span, duration, role.MaxSession, chained); err != nil {
		return assumeRoleOutput{}, err
	}
	session, err := s.directory.IssueSession(api.SessionRequest{
		RoleARN: role.ARN, Name: in.RoleSessionName, Duration: duration, Policy: in.Policy, PolicyARNs: arns(in.PolicyArns),
	})
	if err != nil {
		return assumeRoleOutput{}, err
	}
	out := assumeRoleOutput{}
	out.Credentials, out.AssumedRoleUser = describe(session)
	return out, nil
}

// checkParameters looks at the session's name and at the range that every
// duration must lie in, and returns the duration.
// Source: https://github.com/goldstack/goldstack/pull/425 (observed)
func checkParameters(span *trace.Span, name string, seconds *int) (time.Duration, error) {
	duration := defaultSession
	if seconds != nil {
		duration = time.Duration(*seconds) * time.Second
	}
	fault := nameFault(name)
	switch {
	case fault != "":
	case duration < shortestSession:
		fault = constraint(fmt.Sprint(*seconds), "durationSeconds", "have value greater than or equal to 900")
	case duration > longestAsked:
		fault = constraint(fmt.Sprint(*seconds), "durationSeconds", "have value less than or equal to 43200")
	}
	found := fmt.Sprintf("%s, %d s", name, int(duration.Seconds()))
	if !span.Decide(RuleParameters, fault == "", "a name of 2–64 characters, 900 s to 43200 s", found) {
		return 0, awserr.New("ValidationError", "1 validation error detected: %s", fault)
	}
	return duration, nil
}

func nameFault(name string) string {
	switch {
	case len(name) < 2:
		return constraint(name, "roleSessionName", "have length greater than or equal to 2")
	case len(name) > 64:
		return constraint(name, "roleSessionName", "have length less than or equal to 64")
	case strings.ContainsFunc(name, notInName):
		return constraint(name, "roleSessionName", `satisfy regular expression pattern: [\w+=,.@-]*`)
	}
	return ""
}

func notInName(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("_+=,.@-", r)
}

func constraint(value, member, must string) string {
	return fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: Member must %s", value, member, must)
}

// checkDuration compares with the role's maximum and the cap of role chaining.
//
// Sources: https://github.com/kreuzwerker/awsu/issues/27 (observed),
// https://github.com/aws/eks-anywhere/pull/9485 (observed)
func checkDuration(span *trace.Span, asked, limit time.Duration, chained bool) error {
	wanted := fmt.Sprintf("at most %d s, the role's MaxSessionDuration", int(limit.Seconds()))
	message := "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
	if chained && chainedSession < limit {
		limit = chainedSession
		wanted = "at most 3600 s, for a role session asks"
		message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
	}
	if !span.Decide(RuleSessionDuration, asked <= limit, wanted, fmt.Sprintf("%d s", int(asked.Seconds()))) {
		return awserr.New("ValidationError", "%s", message)
	}
	return nil
}
