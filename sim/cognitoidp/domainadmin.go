package cognitoidp

import (
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

type userPoolDomainInput struct {
	Domain              string `aws:"required"`
	UserPoolId          string `aws:"required"`
	CustomDomainConfig  *customDomainConfig
	ManagedLoginVersion int64

	_ struct{} `unsimulated:"Routing"`
}

func (in userPoolDomainInput) properties() domainProperties {
	return domainProperties{in.Domain, in.UserPoolId, in.CustomDomainConfig, in.ManagedLoginVersion}
}

func (in userPoolDomainInput) pool() string { return in.UserPoolId }

type userPoolDomainOutput struct {
	// CloudFrontDomain is what a custom domain's DNS alias points to.
	CloudFrontDomain    string `json:",omitempty"`
	ManagedLoginVersion int64
}

func (d *domain) output() userPoolDomainOutput {
	out := userPoolDomainOutput{ManagedLoginVersion: d.version()}
	if d.custom {
		out.CloudFrontDomain = d.distribution
	}
	return out
}

// version is ManagedLoginVersion: 1 is the classic hosted UI and the default.
func (d *domain) version() int64 {
	if d.managedLogin {
		return 2
	}
	return 1
}

func (s *UserPools) createUserPoolDomain(c api.Context, in userPoolDomainInput) (userPoolDomainOutput, error) {
	d, err := s.addDomain(c.Span, in.properties())
	if err != nil {
		return userPoolDomainOutput{}, err
	}
	return d.output(), nil
}

type domainInput struct {
	Domain string `aws:"required"`
}

type describeUserPoolDomainOutput struct {
	DomainDescription domainDescription
}

// domainDescription is a domain as AWS describes it. Its files' bucket and its
// version are left out.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DomainDescriptionType.html
type domainDescription struct {
	UserPoolId             string              `json:",omitempty"`
	AWSAccountId           string              `json:",omitempty"`
	Domain                 string              `json:",omitempty"`
	CloudFrontDistribution string              `json:",omitempty"`
	Status                 string              `json:",omitempty"`
	CustomDomainConfig     *customDomainConfig `json:",omitempty"`
	ManagedLoginVersion    int64               `json:",omitempty"`
}

// describeUserPoolDomain finds a domain by its prefix or name. One that does not
// exist is described by nothing at all and is no error:
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cognitoidp/user_pool_domain.go
func (s *UserPools) describeUserPoolDomain(c api.Context, in domainInput) (describeUserPoolDomainOutput, error) {
	d := s.domainNamed(in.Domain)
	c.Span.Note(RuleDomainDescribed, d != nil, "domain "+in.Domain, existence(d != nil))
	if d == nil {
		return describeUserPoolDomainOutput{}, nil
	}
	description := domainDescription{
		UserPoolId: d.pool.id, AWSAccountId: s.world.Account(), Domain: d.name, CloudFrontDistribution: d.distribution,
		Status: "ACTIVE", ManagedLoginVersion: d.version(),
	}
	if d.custom {
		description.CustomDomainConfig = &customDomainConfig{CertificateArn: d.certificate}
	}
	return describeUserPoolDomainOutput{description}, nil
}

// domainNamed is the domain of a prefix or name, nil without one.
func (s *UserPools) domainNamed(name string) *domain {
	if d := s.web.domains[name]; d != nil {
		return d
	}
	return s.web.domains[name+s.prefixSuffix()]
}

// updateUserPoolDomain changes a domain's certificate and the version of its
// pages:
//
//  1. the pool has the domain
//  2. the settings are legal (see domain.configure)
func (s *UserPools) updateUserPoolDomain(c api.Context, in userPoolDomainInput) (userPoolDomainOutput, error) {
	d, err := s.domainOf(c.Span, in.UserPoolId, in.Domain) // 1
	if err != nil {
		return userPoolDomainOutput{}, err
	}
	if err := d.configure(c.Span, in.properties()); err != nil { // 2
		return userPoolDomainOutput{}, err
	}
	return d.output(), nil
}

// domainOf finds a domain of a pool:
//
//  1. the pool exists
//  2. the domain is the pool's; the wording is the one that
//     https://github.com/grucloud/grucloud looks for
func (s *UserPools) domainOf(span *trace.Span, poolID, name string) (*domain, error) {
	p, err := s.findPool(span, poolID) // 1
	if err != nil {
		return nil, err
	}
	d := s.domainNamed(name)
	own := d != nil && d.pool == p
	if !span.Decide(RuleDomainOwn, own, "domain "+name+" of the pool", existence(own)) { // 2
		return nil, awserr.New("InvalidParameterException", "No such domain or user pool exists.")
	}
	return d, nil
}

type deleteUserPoolDomainInput struct {
	Domain     string `aws:"required"`
	UserPoolId string `aws:"required"`
}

func (in deleteUserPoolDomainInput) pool() string { return in.UserPoolId }

func (s *UserPools) deleteUserPoolDomain(c api.Context, in deleteUserPoolDomainInput) (empty, error) {
	d, err := s.domainOf(c.Span, in.UserPoolId, in.Domain)
	if err != nil {
		return empty{}, err
	}
	delete(s.web.domains, d.host)
	d.pool.domains = slices.DeleteFunc(d.pool.domains, func(other *domain) bool { return other == d })
	return empty{}, nil
}
