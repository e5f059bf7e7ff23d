package sts

import (
	"fmt"
	"sort"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// How many session tags a session may have, and how many characters their keys
// and values.
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const (
	maxTags  = 50
	maxKey   = 128
	maxValue = 256
)

// principalTag begins the condition keys of a session's tags.
const principalTag = "aws:PrincipalTag/"

// tag is the structure Tag.
type tag struct {
	Key   string `aws:"required"`
	Value string `aws:"required"`
}

// labels are what a caller writes on the session it asks for.
type labels struct {
	tags       []tag
	transitive []string
	source     string
}

// keys are the condition keys that labels bring to the request.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func (l labels) keys() map[string][]string {
	keys := map[string][]string{}
	for _, t := range l.tags {
		keys["aws:RequestTag/"+t.Key] = []string{t.Value}
		keys["aws:TagKeys"] = append(keys["aws:TagKeys"], t.Key)
	}
	if len(l.transitive) > 0 {
		keys["sts:TransitiveTagKeys"] = l.transitive
	}
	if l.source != "" {
		keys["sts:SourceIdentity"] = []string{l.source}
	}
	return keys
}

// values are the tags by their keys, nil without tags.
func (l labels) values() map[string]string {
	if len(l.tags) == 0 {
		return nil
	}
	values := make(map[string]string, len(l.tags))
	for _, t := range l.tags {
		values[t.Key] = t.Value
	}
	return values
}

// names are the keys of the tags, for a trace.
func (l labels) names() string {
	if len(l.tags) == 0 {
		return "none"
	}
	names := make([]string, len(l.tags))
	for i, t := range l.tags {
		names[i] = t.Key
	}
	return strings.Join(names, ", ")
}

// checkTags looks at the tags by themselves and against those that the calling
// session hands on.
//
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html,
// https://github.com/mahitotsu/gekko_08/blob/main/experiments/multi-hop-propagation/RESULTS.md (observed)
func checkTags(span *trace.Span, l labels, inherited []string) error {
	if len(l.tags) == 0 && len(l.transitive) == 0 {
		return nil
	}
	code, fault := "InvalidParameterValue", tagFault(l, inherited)
	if tooLong := tagLength(l); tooLong != "" {
		code, fault = "ValidationError", "1 validation error detected: "+tooLong
	}
	const wanted = "distinct keys, at most 50, none of them inherited"
	if !span.Decide(RuleTags, fault == "", wanted, l.names()) {
		return awserr.New(code, "%s", fault)
	}
	return nil
}

// tagLength says what about tags is longer than it may be, "" for nothing.
func tagLength(l labels) string {
	if len(l.tags) > maxTags {
		return fmt.Sprintf("Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to %d", maxTags)
	}
	for n, t := range l.tags {
		switch at := fmt.Sprintf("tags.%d.member.", n+1); {
		case len(t.Key) > maxKey:
			return constraint(t.Key, at+"key", fmt.Sprintf("have length less than or equal to %d", maxKey))
		case len(t.Value) > maxValue:
			return constraint(t.Value, at+"value", fmt.Sprintf("have length less than or equal to %d", maxValue))
		}
	}
	return ""
}

func tagFault(l labels, inherited []string) string {
	seen := map[string]bool{}
	for _, t := range l.tags {
		lower := strings.ToLower(t.Key)
		if seen[lower] {
			return "Duplicate tag keys found. Please note that Tag keys are case insensitive."
		}
		seen[lower] = true
	}
	for _, key := range inherited {
		if seen[strings.ToLower(key)] {
			return "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."
		}
	}
	for _, key := range l.transitive {
		if !seen[strings.ToLower(key)] {
			return "The specified transitive tag key must be included in the requested tags."
		}
	}
	return ""
}

// mayLabel asks a role's trust policy whether a token may write labels on the
// session.
func mayLabel(span *trace.Span, l labels, trust func(action string) bool) error {
	if err := checkTags(span, l, nil); err != nil {
		return err
	}
	if len(l.tags) > 0 && !trust(tagAction) {
		return accessDenied(notAuthorized(tagAction))
	}
	if l.source != "" && !trust(sourceAction) {
		return accessDenied(notAuthorized(sourceAction))
	}
	return nil
}

// notAuthorized is how STS refuses callers whom it cannot name.
func notAuthorized(action string) string { return "Not authorized to perform " + action }

// checkSource keeps the source identity of a calling session.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
func checkSource(span *trace.Span, asked, inherited string) error {
	if asked == "" {
		return nil
	}
	wanted := "a source identity where there is none yet"
	if inherited != "" {
		wanted = "the source identity " + inherited + " of the calling session"
	}
	if !span.Decide(RuleSourceIdentity, inherited == "" || asked == inherited, wanted, asked) {
		return accessDenied("The source identity is already set for this assume role session")
	}
	return nil
}

// mark adds to the request for a session what the caller writes on it, and what
// the caller's own session hands on.
func (l labels) mark(r *api.SessionRequest, caller api.Principal) {
	r.Tags = map[string]string{}
	for _, key := range caller.TransitiveTags {
		if values := caller.Keys[principalTag+key]; len(values) == 1 {
			r.Tags[key] = values[0]
		}
	}
	for _, t := range l.tags {
		r.Tags[t.Key] = t.Value
	}
	r.TransitiveTags = append(append([]string(nil), caller.TransitiveTags...), l.transitive...)
	source := l.source
	if source == "" {
		source = sourceOf(caller)
	}
	if source != "" {
		if r.Keys == nil {
			r.Keys = map[string][]string{}
		}
		r.Keys["aws:SourceIdentity"] = []string{source}
	}
	if len(r.Tags) == 0 {
		r.Tags = nil
	}
}

func sourceOf(p api.Principal) string {
	if values := p.Keys["aws:SourceIdentity"]; len(values) == 1 {
		return values[0]
	}
	return ""
}

// tokenLabels reads the session tags and the source identity in a web identity
// token. A tag has one value, in a list.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func tokenLabels(claims map[string]any) labels {
	l := labels{source: firstText(claims[sourceClaim])}
	claim, _ := claims[tagsClaim].(map[string]any)
	tags, _ := claim["principal_tags"].(map[string]any)
	for name, value := range tags {
		if text := firstText(value); text != "" {
			l.tags = append(l.tags, tag{Key: name, Value: text})
		}
	}
	sort.Slice(l.tags, func(i, j int) bool { return l.tags[i].Key < l.tags[j].Key })
	transitive, _ := claim["transitive_tag_keys"].([]any)
	for _, value := range transitive {
		if text, ok := value.(string); ok {
			l.transitive = append(l.transitive, text)
		}
	}
	return l
}

func firstText(value any) string {
	if list, ok := value.([]any); ok && len(list) > 0 {
		value = list[0]
	}
	text, _ := value.(string)
	return text
}
