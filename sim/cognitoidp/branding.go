package cognitoidp

import (
	"fmt"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// style is how the managed login pages of an app client look, which has no
// effect; that there is one does.
type style struct {
	id                string
	client            *client
	provided          bool
	created, modified time.Time
}

// brandingProperties are those of AWS::Cognito::ManagedLoginBranding:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-managedloginbranding.html
type brandingProperties struct {
	UserPoolId               string `aws:"required"`
	ClientId                 string
	UseCognitoProvidedValues bool

	_ struct{} `noeffect:"Assets ReturnMergedResources Settings"`
}

func (s *UserPools) createBranding(r cloudformation.Resource, in brandingProperties) (cloudformation.Created, error) {
	if in.ClientId == "" {
		return cloudformation.Created{}, fmt.Errorf("ClientId is left out: the simulation gives styles to app clients only")
	}
	made, err := s.addStyle(r.Span, styleInput{UserPoolId: in.UserPoolId, ClientId: in.ClientId, UseCognitoProvidedValues: in.UseCognitoProvidedValues})
	if err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: in.UserPoolId + "|" + made.id, Attributes: map[string]string{"ManagedLoginBrandingId": made.id}}, nil
}

type styleInput struct {
	UserPoolId               string `aws:"required"`
	ClientId                 string `aws:"required"`
	UseCognitoProvidedValues bool

	_ struct{} `noeffect:"Assets Settings"`
}

func (in styleInput) pool() string { return in.UserPoolId }

// addStyle gives an app client's managed login pages a style, without which they
// are not served. AWS documents the error of 2 without its wording:
//
//  1. the pool and the app client exist
//  2. the app client has no style yet
func (s *UserPools) addStyle(span *trace.Span, in styleInput) (*style, error) {
	c, err := s.clientOf(span, in.UserPoolId, in.ClientId) // 1
	if err != nil {
		return nil, err
	}
	taken := s.web.styles[c.id] != nil
	if !span.Decide(RuleStyleFree, !taken, "an app client without a style", existence(taken)) { // 2
		return nil, awserr.New("ManagedLoginBrandingExistsException", "The app client has a managed login style already.")
	}
	now := s.world.Now()
	made := &style{id: s.world.UUID(), client: c, provided: in.UseCognitoProvidedValues, created: now, modified: now}
	s.web.styles[c.id] = made
	return made, nil
}

type styleOutput struct {
	ManagedLoginBranding styleDescription
}

type styleDescription struct {
	ManagedLoginBrandingId   string
	UserPoolId               string
	UseCognitoProvidedValues bool
	CreationDate             api.Timestamp
	LastModifiedDate         api.Timestamp
}

func (y *style) describe() styleOutput {
	return styleOutput{styleDescription{
		ManagedLoginBrandingId: y.id, UserPoolId: y.client.pool.id, UseCognitoProvidedValues: y.provided,
		CreationDate: api.Epoch(y.created), LastModifiedDate: api.Epoch(y.modified),
	}}
}

func (s *UserPools) createStyle(c api.Context, in styleInput) (styleOutput, error) {
	made, err := s.addStyle(c.Span, in)
	if err != nil {
		return styleOutput{}, err
	}
	return made.describe(), nil
}

type ofStyle struct {
	UserPoolId             string `aws:"required"`
	ManagedLoginBrandingId string `aws:"required"`

	_ struct{} `noeffect:"ReturnMergedResources"`
}

func (in ofStyle) pool() string { return in.UserPoolId }

// styleOf finds a style. AWS documents the error without its wording:
//
//  1. the pool exists
//  2. it has the style
func (s *UserPools) styleOf(span *trace.Span, poolID, id string) (*style, error) {
	p, err := s.findPool(span, poolID) // 1
	if err != nil {
		return nil, err
	}
	var found *style
	for _, candidate := range s.web.styles {
		if candidate.id == id && candidate.client.pool == p {
			found = candidate
		}
	}
	return found, checkStyle(span, found, "style "+id) // 2
}

func checkStyle(span *trace.Span, found *style, wanted string) error {
	if !span.Decide(RuleStyleExists, found != nil, wanted, existence(found != nil)) {
		return awserr.New("ResourceNotFoundException", "The managed login style does not exist.")
	}
	return nil
}

func (s *UserPools) describeStyle(c api.Context, in ofStyle) (styleOutput, error) {
	found, err := s.styleOf(c.Span, in.UserPoolId, in.ManagedLoginBrandingId)
	if err != nil {
		return styleOutput{}, err
	}
	return found.describe(), nil
}

type styleOfClientInput struct {
	UserPoolId string `aws:"required"`
	ClientId   string `aws:"required"`

	_ struct{} `noeffect:"ReturnMergedResources"`
}

func (in styleOfClientInput) pool() string { return in.UserPoolId }

func (s *UserPools) describeStyleOfClient(c api.Context, in styleOfClientInput) (styleOutput, error) {
	owner, err := s.clientOf(c.Span, in.UserPoolId, in.ClientId)
	if err != nil {
		return styleOutput{}, err
	}
	found := s.web.styles[owner.id]
	if err := checkStyle(c.Span, found, "a style of app client "+owner.id); err != nil {
		return styleOutput{}, err
	}
	return found.describe(), nil
}

type updateStyleInput struct {
	UserPoolId               string `aws:"required"`
	ManagedLoginBrandingId   string `aws:"required"`
	UseCognitoProvidedValues bool

	_ struct{} `noeffect:"Assets Settings"`
}

func (in updateStyleInput) pool() string { return in.UserPoolId }

func (s *UserPools) updateStyle(c api.Context, in updateStyleInput) (styleOutput, error) {
	found, err := s.styleOf(c.Span, in.UserPoolId, in.ManagedLoginBrandingId)
	if err != nil {
		return styleOutput{}, err
	}
	found.provided, found.modified = in.UseCognitoProvidedValues, s.world.Now()
	return found.describe(), nil
}

type deleteStyleInput struct {
	UserPoolId             string `aws:"required"`
	ManagedLoginBrandingId string `aws:"required"`
}

func (in deleteStyleInput) pool() string { return in.UserPoolId }

// deleteStyle takes an app client's style away, and its pages with it.
func (s *UserPools) deleteStyle(c api.Context, in deleteStyleInput) (empty, error) {
	found, err := s.styleOf(c.Span, in.UserPoolId, in.ManagedLoginBrandingId)
	if err != nil {
		return empty{}, err
	}
	delete(s.web.styles, found.client.id)
	return empty{}, nil
}
