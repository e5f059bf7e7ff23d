package cognitoidp

import (
	"maps"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/trace"
)

type tagResourceInput struct {
	ResourceArn string            `aws:"required"`
	Tags        map[string]string `aws:"required"`
}

type untagResourceInput struct {
	ResourceArn string   `aws:"required"`
	TagKeys     []string `aws:"required"`
}

type listTagsInput struct {
	ResourceArn string `aws:"required"`
}

type listTagsOutput struct {
	Tags map[string]string
}

// tagged describes an operation on the tags of a pool, which it names by ARN.
func tagged[In, Out any](name string, run func(api.Context, In) (Out, error), resource func(In) string) api.Operation {
	return api.On(api.Operate(name, api.Signed, run), func(in In) api.Target { return api.Target{Resource: resource(in)} })
}

func (s *UserPools) tagging() []api.Operation {
	return []api.Operation{
		tagged("TagResource", s.tagResource, func(in tagResourceInput) string { return in.ResourceArn }),
		tagged("UntagResource", s.untagResource, func(in untagResourceInput) string { return in.ResourceArn }),
		tagged("ListTagsForResource", s.listTagsForResource, func(in listTagsInput) string { return in.ResourceArn }),
	}
}

// poolByARN is findPool by ARN; an ARN of anything else is no pool's.
func (s *UserPools) poolByARN(span *trace.Span, resource string) (*pool, error) {
	for id := range s.pools {
		if s.arn(id) == resource {
			return s.findPool(span, id)
		}
	}
	return s.findPool(span, resource)
}

func (s *UserPools) tagResource(c api.Context, in tagResourceInput) (empty, error) {
	p, err := s.poolByARN(c.Span, in.ResourceArn)
	if err != nil {
		return empty{}, err
	}
	tags := map[string]string{}
	maps.Copy(tags, p.settings.UserPoolTags)
	maps.Copy(tags, in.Tags)
	p.settings.UserPoolTags = tags
	return empty{}, nil
}

func (s *UserPools) untagResource(c api.Context, in untagResourceInput) (empty, error) {
	p, err := s.poolByARN(c.Span, in.ResourceArn)
	if err != nil {
		return empty{}, err
	}
	p.settings.UserPoolTags = maps.Clone(p.settings.UserPoolTags)
	maps.DeleteFunc(p.settings.UserPoolTags, func(key, _ string) bool { return slices.Contains(in.TagKeys, key) })
	return empty{}, nil
}

func (s *UserPools) listTagsForResource(c api.Context, in listTagsInput) (listTagsOutput, error) {
	p, err := s.poolByARN(c.Span, in.ResourceArn)
	if err != nil {
		return listTagsOutput{}, err
	}
	tags := map[string]string{}
	maps.Copy(tags, p.settings.UserPoolTags)
	return listTagsOutput{Tags: tags}, nil
}
