package cognitoidentity

import "claimcheck/sim/trace"

// tagsOf are the tags of the pool with an ARN; an ARN of anything else is no
// pool's.
func (s *IdentityPools) tagsOf(span *trace.Span, resource string) (*map[string]string, error) {
	id := resource
	for known := range s.pools {
		if s.arn(known) == resource {
			id = known
		}
	}
	p, err := s.findPool(span, id)
	if err != nil {
		return nil, err
	}
	return &p.settings.IdentityPoolTags, nil
}
