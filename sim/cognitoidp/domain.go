package cognitoidp

import (
	"fmt"
	"regexp"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// domain is a host with a pool's OAuth endpoints and login pages.
type domain struct {
	// name is the prefix of a prefix domain, the whole host of a custom one.
	name, host string
	pool       *pool
	custom     bool
	// managedLogin is ManagedLoginVersion 2; otherwise the pages are those of
	// the classic hosted UI.
	managedLogin bool
	// certificate is a custom domain's, distribution where its name points to.
	certificate, distribution string
}

// domainProperties are those of AWS::Cognito::UserPoolDomain:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpooldomain.html
type domainProperties struct {
	Domain              string `aws:"required"`
	UserPoolId          string `aws:"required"`
	CustomDomainConfig  *customDomainConfig
	ManagedLoginVersion int64
}

type customDomainConfig struct {
	CertificateArn string
}

func (s *UserPools) createDomain(r cloudformation.Resource, in domainProperties) (cloudformation.Created, error) {
	d, err := s.addDomain(r.Span, in)
	if err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{
		Ref:        d.name,
		Attributes: map[string]string{"CloudFrontDistribution": d.distribution},
		Extra:      map[string]string{"Url": d.url()},
	}, nil
}

// addDomain gives a pool a domain:
//
//  1. the pool exists
//  2. the name has a legal form
//  3. its settings are legal (see domain.configure)
//  4. the pool has no domain of the kind yet, and nobody has the name
func (s *UserPools) addDomain(span *trace.Span, in domainProperties) (*domain, error) {
	p, err := s.findPool(span, in.UserPoolId) // 1
	if err != nil {
		return nil, err
	}
	d := &domain{name: in.Domain, host: in.Domain, pool: p, custom: in.CustomDomainConfig != nil}
	if !d.custom {
		d.host = in.Domain + s.prefixSuffix()
	}
	if err := checkDomainName(span, in.Domain, d.custom); err != nil { // 2
		return nil, err
	}
	if err := d.configure(span, in); err != nil { // 3
		return nil, err
	}
	if err := s.checkDomainFree(span, d); err != nil { // 4
		return nil, err
	}
	s.web.domains[d.host] = d
	p.domains = append(p.domains, d)
	d.distribution = s.world.Token(13, api.LowerAlphanumeric) + ".cloudfront.net"
	return d, nil
}

// configure sets what an update can change, or changes nothing:
//
//  1. ManagedLoginVersion is 1 or 2, and the pool's plan has its pages
//  2. a custom domain's certificate is in us-east-1
func (d *domain) configure(span *trace.Span, in domainProperties) error {
	if err := checkRange(span, "managedLoginVersion", in.ManagedLoginVersion, 1, 2); err != nil { // 1
		return err
	}
	managed := feature{"Managed login", essentials, in.ManagedLoginVersion == 2}
	if err := checkPlan(span, d.pool.settings.plan(), []feature{managed}); err != nil { // 1
		return err
	}
	if in.CustomDomainConfig != nil {
		if err := checkCertificate(span, in.CustomDomainConfig.CertificateArn); err != nil { // 2
			return err
		}
		d.certificate = in.CustomDomainConfig.CertificateArn
	}
	d.managedLogin = in.ManagedLoginVersion == 2
	return nil
}

// prefixSuffix is what stands behind the prefix of a prefix domain.
func (s *UserPools) prefixSuffix() string {
	return ".auth." + s.world.Region() + ".amazoncognito.com"
}

func (d *domain) url() string { return "https://" + d.host }

const domainPattern = `^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$`

// checkDomainName looks at the form of a prefix, or of every label of a custom
// domain. The wordings are those of
// https://github.com/mineiros-io/terraform-aws-cognito-user-pool/issues/69 and
// https://github.com/aws-amplify/amplify-cli/issues/3854
func checkDomainName(span *trace.Span, name string, custom bool) error {
	labels := []string{name}
	if custom {
		labels = strings.Split(name, ".")
	}
	pattern := regexp.MustCompile(domainPattern)
	legal := !custom || len(labels) > 1
	for _, label := range labels {
		legal = legal && pattern.MatchString(label)
	}
	if !span.Decide(RuleDomainName, legal, "lower-case letters, digits and hyphens", name) {
		return awserr.New("InvalidParameterException", "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: %s", domainPattern)
	}
	if custom {
		return nil
	}
	for _, word := range []string{"cognito", "aws", "amazon"} {
		if !span.Decide(RuleDomainName, !strings.Contains(name, word), "a prefix without the word "+word, name) {
			return awserr.New("InvalidParameterException", "Domain cannot contain reserved word: %s", word)
		}
	}
	return nil
}

// checkCertificate looks at the Region of a certificate; whether it exists and
// fits the domain is not simulated. The wording is that of
// https://github.com/aws-amplify/amplify-hosting/issues/2278
func checkCertificate(span *trace.Span, certificate string) error {
	a, err := arn.Parse(certificate)
	fits := err == nil && a.Service == "acm" && a.Region == "us-east-1"
	found := "no certificate"
	if err == nil {
		found = fmt.Sprintf("one of %s in %s", a.Service, a.Region)
	}
	if !span.Decide(RuleDomainCertificate, fits, "an ACM certificate in us-east-1", found) {
		return awserr.New("InvalidParameterException", "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain. (Service: AmazonCloudFront; Status Code: 400; Error Code: InvalidViewerCertificate)")
	}
	return nil
}

// checkDomainFree has the wording of
// https://github.com/aws-samples/aws-cdk-examples/issues/402; how AWS refuses a
// second domain of a kind is not documented.
func (s *UserPools) checkDomainFree(span *trace.Span, d *domain) error {
	for _, other := range d.pool.domains {
		if !span.Decide(RuleDomainFree, other.custom != d.custom, "a pool without such a domain", other.host) {
			return awserr.New("InvalidParameterException", "User pool already has a domain configured.")
		}
	}
	_, taken := s.web.domains[d.host]
	taken = taken || !s.world.Reserve("domain", d.host)
	if !span.Decide(RuleDomainFree, !taken, "a domain that is free", d.host+": "+existence(taken)) {
		return awserr.New("InvalidParameterException", "Domain already associated with another user pool.")
	}
	return nil
}

// endpoint is the base address of a pool's OAuth endpoints, "" without a domain.
// Of two domains the custom one counts:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
func (p *pool) endpoint() string {
	address := ""
	for _, d := range p.domains {
		if address == "" || d.custom {
			address = d.url()
		}
	}
	return address
}
