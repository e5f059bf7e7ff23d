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
	DurationSeconds   *int
	ExternalId        string
	Policy            string
	PolicyArns        []policyDescriptor
	RoleArn           string `aws:"required"`
	RoleSessionName   string `aws:"required"`
	SerialNumber      string
	SourceIdentity    string
	Tags              []tag
	TokenCode         string
	TransitiveTagKeys []string
	_                 struct{} `unsimulated:"ProvidedContexts"`
}

func (in assumeRoleInput) labels() labels {
	return labels{tags: in.Tags, transitive: in.TransitiveTagKeys, source: in.SourceIdentity}
}

// assumeRoleTarget is the role, and its trust policy as the resource's policy. A
// caller who gives an MFA code is believed here: whether it is right is checked
// when IAM has let the caller through.
func (s *STS) assumeRoleTarget(in assumeRoleInput) api.Target {
	target := api.Target{Resource: in.RoleArn, Keys: in.labels().keys()}
	target.Keys["sts:RoleSessionName"] = []string{in.RoleSessionName}
	if in.SerialNumber != "" || in.TokenCode != "" {
		target.Keys["aws:MultiFactorAuthPresent"], target.Keys["aws:MultiFactorAuthAge"] = []string{"true"}, []string{"0"}
	}
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
//  1. the name, the duration and the session policies have legal values
//  2. a federated user assumes no role, and an MFA code is right
//  3. the tags are legal, and the source identity is that of the caller's session
//  4. IAM and the trust policy let the caller tag the session and set its source
//     identity, which are actions of their own
//  5. the role's sessions may last that long, those of role sessions one hour
//  6. all tags of the session together are short enough
//
// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func (s *STS) assumeRole(c api.Context, in assumeRoleInput) (issued, error) {
	// 1
	duration, err := checkParameters(c.Span, in.RoleSessionName, in.DurationSeconds)
	if err != nil {
		return issued{}, err
	}
	if err := checkSessionPolicies(c.Span, in.Policy, in.PolicyArns); err != nil {
		return issued{}, err
	}
	// 2
	if err := checkCaller(c, "AssumeRole", c.Principal.Type != api.FederatedUser); err != nil {
		return issued{}, err
	}
	mfa, err := s.checkMFA(c, in.SerialNumber, in.TokenCode)
	if err != nil {
		return issued{}, err
	}
	// 3
	written := in.labels()
	if err := checkTags(c.Span, written, c.Principal.TransitiveTags); err != nil {
		return issued{}, err
	}
	if err := checkSource(c.Span, written.source, sourceOf(c.Principal)); err != nil {
		return issued{}, err
	}
	// 4
	if err := s.mayWrite(c, written, s.assumeRoleTarget(in)); err != nil {
		return issued{}, err
	}
	// 5
	role, ok := s.directory.Role(in.RoleArn)
	if !ok {
		return issued{}, accessDenied(fmt.Sprintf("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", c.Principal.ARN, in.RoleArn))
	}
	chained := c.Principal.Type == api.AssumedRole
	if err := checkDuration(c.Span, duration, longestFor(c.Principal, role), chained); err != nil {
		return issued{}, err
	}
	// 6
	request := api.SessionRequest{RoleARN: role.ARN, Name: in.RoleSessionName, Duration: duration, Policy: in.Policy, PolicyARNs: arns(in.PolicyArns)}
	request.MFA, request.HasMFA = mfa, c.Principal.Type == api.User
	written.mark(&request, c.Principal)
	return s.issue(c.Span, request)
}

// issued is what an answer with credentials of a role has.
type issued struct {
	Credentials     credentials
	AssumedRoleUser assumedRoleUser
	// PackedPolicySize is in percent.
	PackedPolicySize int    `json:",omitempty"`
	SourceIdentity   string `json:",omitempty"`
}

// issue makes credentials when the tags of the session are short enough
// together.
func (s *STS) issue(span *trace.Span, r api.SessionRequest) (issued, error) {
	packed, err := checkPacked(span, r.Tags)
	if err != nil {
		return issued{}, err
	}
	session, err := s.directory.IssueSession(r)
	if err != nil {
		return issued{}, err
	}
	given := issued{PackedPolicySize: packed, SourceIdentity: first(r.Keys["aws:SourceIdentity"])}
	given.Credentials, given.AssumedRoleUser = describe(session)
	return given, nil
}

// mayWrite asks IAM for each of the labels that need a permission.
func (s *STS) mayWrite(c api.Context, l labels, target api.Target) error {
	var actions []string
	if len(l.tags) > 0 {
		actions = append(actions, tagAction)
	}
	if l.source != "" {
		actions = append(actions, sourceAction)
	}
	for _, action := range actions {
		d := s.directory.Authorize(c.Span, api.Authorization{
			Principal: c.Principal, Action: action, Resource: target.Resource, ResourcePolicy: target.Policy, Keys: target.Keys,
		})
		if !d.Allowed {
			return accessDenied(d.Message)
		}
	}
	return nil
}

// checkParameters looks at the session's name and at the range that every
// duration must lie in, and returns the duration.
// Source: https://github.com/goldstack/goldstack/pull/425 (observed)
func checkParameters(span *trace.Span, name string, seconds *int) (time.Duration, error) {
	return limits{member: "roleSessionName", longestName: 64, usual: defaultSession, longest: longestAsked}.check(span, name, seconds)
}

// limits are those of a kind of session.
type limits struct {
	// member is the input member with the session's name, "" for none.
	member      string
	longestName int
	// usual is the duration when none is asked for.
	usual, longest time.Duration
}

func (l limits) check(span *trace.Span, name string, seconds *int) (time.Duration, error) {
	duration := l.usual
	if seconds != nil {
		duration = time.Duration(*seconds) * time.Second
	}
	fault := l.nameFault(name)
	switch {
	case fault != "":
	case duration < shortestSession:
		fault = constraint(fmt.Sprint(*seconds), "durationSeconds", "have value greater than or equal to 900")
	case duration > l.longest:
		fault = constraint(fmt.Sprint(*seconds), "durationSeconds", fmt.Sprintf("have value less than or equal to %d", int(l.longest.Seconds())))
	}
	wanted, found := fmt.Sprintf("900 s to %d s", int(l.longest.Seconds())), fmt.Sprintf("%d s", int(duration.Seconds()))
	if l.member != "" {
		wanted, found = fmt.Sprintf("a name of 2–%d characters, %s", l.longestName, wanted), name+", "+found
	}
	if !span.Decide(RuleParameters, fault == "", wanted, found) {
		return 0, awserr.New("ValidationError", "1 validation error detected: %s", fault)
	}
	return duration, nil
}

func (l limits) nameFault(name string) string {
	switch {
	case l.member == "":
	case len(name) < 2:
		return constraint(name, l.member, "have length greater than or equal to 2")
	case len(name) > l.longestName:
		return constraint(name, l.member, fmt.Sprintf("have length less than or equal to %d", l.longestName))
	case strings.ContainsFunc(name, notInName):
		return constraint(name, l.member, `satisfy regular expression pattern: [\w+=,.@-]*`)
	}
	return ""
}

func notInName(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("_+=,.@-", r)
}

func constraint(value, member, must string) string {
	return fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: Member must %s", value, member, must)
}

// longestFor is the role's maximum, which does not limit the sessions of AWS
// services.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html
func longestFor(caller api.Principal, role api.Role) time.Duration {
	if caller.Type == api.ServiceCaller {
		return longestAsked
	}
	return role.MaxSession
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
