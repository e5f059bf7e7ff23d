package iam

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// tag is the structure Tag.
type tag struct {
	Key   string `aws:"required"`
	Value string `aws:"required"`
}

// Limits of tags: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
const (
	mostTags   = 50
	maxTagKey  = 128
	maxTagText = 256
)

// The condition keys that tags become.
const (
	principalTag = "aws:PrincipalTag/"
	requestTag   = "aws:RequestTag/"
	tagKeys      = "aws:TagKeys"
)

// label adds tags to a user or role, or replaces those with the same key, whose
// case does not count (https://github.com/aws/aws-cdk/issues/26253):
//
//  1. no key stands twice, in the words of
//     https://github.com/serverless/serverless/issues/7885
//  2. keys and values are no longer than AWS allows
//  3. there are at most 50, which AWS documents without the wording of the error
func (h *holder) label(span *trace.Span, tags []tag) error {
	all := maps.Clone(h.tags)
	if all == nil {
		all = map[string]string{}
	}
	seen := map[string]bool{}
	for _, t := range tags {
		lower := strings.ToLower(t.Key)
		if !span.Decide(RuleTags, !seen[lower], "each tag key once", t.Key) { // 1
			return awserr.New("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[lower] = true
		fits := t.Key != "" && len(t.Key) <= maxTagKey && len(t.Value) <= maxTagText
		if !span.Decide(RuleTags, fits, fmt.Sprintf("a key of 1 to %d and a value of at most %d", maxTagKey, maxTagText), fmt.Sprintf("%d and %d characters", len(t.Key), len(t.Value))) { // 2
			return awserr.New("ValidationError", "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to %d", maxTagKey)
		}
		maps.DeleteFunc(all, func(key, _ string) bool { return strings.EqualFold(key, t.Key) })
		all[t.Key] = t.Value
	}
	if !withinQuota(span, "tags", len(all), mostTags) { // 3
		return limitExceeded("The number of tags has reached the maximum limit.")
	}
	h.tags = all
	return nil
}

// listed are the tags by key.
func (h *holder) listed() []tag {
	var list []tag
	for _, key := range slices.Sorted(maps.Keys(h.tags)) {
		list = append(list, tag{key, h.tags[key]})
	}
	return list
}

// tagKeysOf are the condition keys that a principal's and a resource's tags
// bring to a request. A session's own tag stands before the role's of the same
// key, whose case does not count:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func (i *IAM) tagKeysOf(a api.Authorization) map[string][]string {
	keys := map[string][]string{}
	if h := i.home(a.Principal).behind(a.Principal); h != nil {
		for key, value := range h.tags {
			keys[principalTag+key] = []string{value}
		}
	}
	for own := range a.Principal.Keys {
		maps.DeleteFunc(keys, func(key string, _ []string) bool { return strings.EqualFold(key, own) })
	}
	if h := i.holderAt(a.Resource); h != nil {
		for key, value := range h.tags {
			keys["aws:ResourceTag/"+key] = []string{value}
			keys["iam:ResourceTag/"+key] = []string{value}
		}
	}
	return keys
}

// behind is the user or the role that a principal is, nil for others. A
// federated user has none of the tags of who asked for it.
func (i *IAM) behind(p api.Principal) *holder {
	if k, ok := i.keys[p.AccessKeyID]; ok && p.Type == api.User {
		return &k.owner.holder
	}
	s, ok := i.sessions[p.AccessKeyID]
	switch {
	case !ok || s.federated:
		return nil
	case s.role != nil:
		return &s.role.holder
	}
	return &s.user.holder
}

// holderAt is the user or role of this account with an ARN, nil without one.
func (i *IAM) holderAt(resource string) *holder {
	a, err := arn.Parse(resource)
	if err != nil || a.Service != "iam" {
		return nil
	}
	if r, ok := i.roles[a.Name()]; ok && r.arn == resource {
		return &r.holder
	}
	if u, ok := i.users[a.Name()]; ok && u.arn == resource {
		return &u.holder
	}
	return nil
}

// requested are the condition keys of the tags in a request.
func requested(tags []tag) map[string][]string {
	keys := map[string][]string{}
	for _, t := range tags {
		keys[requestTag+t.Key] = []string{t.Value}
		keys[tagKeys] = append(keys[tagKeys], t.Key)
	}
	return keys
}

// The inputs of Tag… and Untag…: of users and of roles.
type (
	tagUserInput struct {
		userName
		newTags
	}
	tagRoleInput struct {
		roleName
		newTags
	}
	untagUserInput struct {
		userName
		oldTags
	}
	untagRoleInput struct {
		roleName
		oldTags
	}
)

type newTags struct {
	Tags []tag `aws:"required"`
}

func (n newTags) added() []tag { return n.Tags }

type oldTags struct {
	TagKeys []string `aws:"required"`
}

func (o oldTags) removed() []string { return o.TagKeys }

type tagsOutput struct {
	Tags []tag
	truncation
}

// tagging are the operations on the tags of one kind of holder.
func tagging[Add interface {
	ofHolder
	added() []tag
}, Remove interface {
	ofHolder
	removed() []string
}, List interface {
	ofHolder
	page() listing
}](i *IAM, kind string) []api.Operation {
	add := onHolder(i, "Tag"+kind, func(c api.Context, in Add) (struct{}, error) {
		h, err := i.held(in.holder())
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, h.label(c.Span, in.added())
	})
	target := add.Target
	add.Target = func(in any) api.Target {
		t := target(in)
		t.Keys = requested(in.(Add).added())
		return t
	}
	return []api.Operation{
		add,
		onHolder(i, "Untag"+kind, func(_ api.Context, in Remove) (struct{}, error) {
			h, err := i.held(in.holder())
			if err != nil {
				return struct{}{}, err
			}
			h.tags = maps.Clone(h.tags)
			for _, key := range in.removed() {
				delete(h.tags, key)
			}
			return struct{}{}, nil
		}),
		onHolder(i, "List"+kind+"Tags", func(_ api.Context, in List) (tagsOutput, error) {
			h, err := i.held(in.holder())
			if err != nil {
				return tagsOutput{}, err
			}
			shown, rest, err := pageOf(append([]tag{}, h.listed()...), in.page())
			return tagsOutput{shown, rest}, err
		}),
	}
}
