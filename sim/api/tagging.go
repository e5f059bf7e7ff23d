package api

import (
	"maps"
	"slices"

	"claimcheck/sim/trace"
)

type taggedInput struct {
	ResourceArn string `aws:"required"`
}

type tagInput struct {
	taggedInput
	Tags map[string]string `aws:"required"`
}

type untagInput struct {
	taggedInput
	TagKeys []string `aws:"required"`
}

type tagsOutput struct {
	Tags map[string]string
}

type noOutput struct{}

// Tagging are TagResource, UntagResource and ListTagsForResource of a service
// that names what has tags by ARN. The function finds the tags of a resource;
// its error is what all three answer where there is none.
func Tagging(tagsOf func(span *trace.Span, arn string) (*map[string]string, error)) []Operation {
	return []Operation{
		On(Operate("TagResource", Signed, func(c Context, in tagInput) (noOutput, error) {
			return noOutput{}, changeTags(tagsOf, c, in.ResourceArn, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
		}), func(in tagInput) Target { return Target{Resource: in.ResourceArn} }),
		On(Operate("UntagResource", Signed, func(c Context, in untagInput) (noOutput, error) {
			return noOutput{}, changeTags(tagsOf, c, in.ResourceArn, func(tags map[string]string) {
				maps.DeleteFunc(tags, func(key, _ string) bool { return slices.Contains(in.TagKeys, key) })
			})
		}), func(in untagInput) Target { return Target{Resource: in.ResourceArn} }),
		On(Operate("ListTagsForResource", Signed, func(c Context, in taggedInput) (tagsOutput, error) {
			out := tagsOutput{}
			err := changeTags(tagsOf, c, in.ResourceArn, func(tags map[string]string) { out.Tags = tags })
			return out, err
		}), func(in taggedInput) Target { return Target{Resource: in.ResourceArn} }),
	}
}

// changeTags puts a changed copy in place of a resource's tags.
func changeTags(tagsOf func(*trace.Span, string) (*map[string]string, error), c Context, arn string, change func(map[string]string)) error {
	at, err := tagsOf(c.Span, arn)
	if err != nil {
		return err
	}
	tags := map[string]string{}
	maps.Copy(tags, *at)
	change(tags)
	*at = tags
	return nil
}
