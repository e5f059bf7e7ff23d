package cognitoidentity

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

// tagged is an operation on the tags of a pool, which it names by ARN.
func tagged[In, Out any](name string, run func(api.Context, In) (Out, error), resource func(In) string) api.Operation {
	return api.On(api.Operate(name, api.Signed, run), func(in In) api.Target { return api.Target{Resource: resource(in)} })
}

// poolByARN is findPool by ARN; an ARN of anything else is no pool's.
func (s *IdentityPools) poolByARN(span *trace.Span, resource string) (*pool, error) {
	for id := range s.pools {
		if s.arn(id) == resource {
			return s.findPool(span, id)
		}
	}
	return s.findPool(span, resource)
}

func (s *IdentityPools) tagResource(c api.Context, in tagResourceInput) (empty, error) {
	p, err := s.poolByARN(c.Span, in.ResourceArn)
	if err != nil {
		return empty{}, err
	}
	tags := map[string]string{}
	maps.Copy(tags, p.settings.IdentityPoolTags)
	maps.Copy(tags, in.Tags)
	p.settings.IdentityPoolTags = tags
	return empty{}, nil
}

func (s *IdentityPools) untagResource(c api.Context, in untagResourceInput) (empty, error) {
	p, err := s.poolByARN(c.Span, in.ResourceArn)
	if err != nil {
		return empty{}, err
	}
	p.settings.IdentityPoolTags = maps.Clone(p.settings.IdentityPoolTags)
	maps.DeleteFunc(p.settings.IdentityPoolTags, func(key, _ string) bool { return slices.Contains(in.TagKeys, key) })
	return empty{}, nil
}

func (s *IdentityPools) listTagsForResource(c api.Context, in listTagsInput) (listTagsOutput, error) {
	p, err := s.poolByARN(c.Span, in.ResourceArn)
	if err != nil {
		return listTagsOutput{}, err
	}
	tags := map[string]string{}
	maps.Copy(tags, p.settings.IdentityPoolTags)
	return listTagsOutput{Tags: tags}, nil
}
