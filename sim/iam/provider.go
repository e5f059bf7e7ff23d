package iam

import (
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// identityProvider is an OIDC provider that the account trusts.
type identityProvider struct {
	arn                    string
	clientIDs, thumbprints []string
	created                time.Time
}

// scheme begins the URL of every OIDC provider.
const scheme = "https://"

type identityProviderProperties struct {
	ClientIdList []string
	Url          string   `aws:"required"`
	_            struct{} `noeffect:"Tags ThumbprintList"`
}

func (i *IAM) createIdentityProvider(_ cloudformation.Resource, p identityProviderProperties) (cloudformation.Created, error) {
	created, err := i.addProvider(p.Url, p.ClientIdList)
	if err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: created.arn, Attributes: map[string]string{"Arn": created.arn}}, nil
}

// addProvider stores a provider. Its thumbprints have no effect: AWS checks an
// issuer's certificate with its own list of authorities first, and there are no
// certificates here.
//
// Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-oidcprovider.html,
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
func (i *IAM) addProvider(url string, clientIDs []string) (*identityProvider, error) {
	issuer, ok := strings.CutPrefix(url, scheme)
	if !ok || issuer == "" || strings.ContainsAny(issuer, "?# ") {
		return nil, awserr.New("ValidationError", "Invalid Open ID Connect Provider URL")
	}
	if _, taken := i.providers[issuer]; taken {
		return nil, awserr.WithStatus(409, "EntityAlreadyExists", "Provider with url %s already exists.", url)
	}
	created := &identityProvider{arn: i.arnOf("oidc-provider", "/", issuer), clientIDs: clientIDs, created: i.world.Now()}
	i.providers[issuer] = created
	return created, nil
}

// IdentityProvider finds the OIDC provider of an issuer, such as
// https://token.actions.githubusercontent.com.
func (i *IAM) IdentityProvider(issuer string) (api.IdentityProvider, bool) {
	p, ok := i.providers[strings.TrimPrefix(issuer, scheme)]
	if !ok {
		return api.IdentityProvider{}, false
	}
	return api.IdentityProvider{ARN: p.arn, ClientIDs: p.clientIDs}, true
}
