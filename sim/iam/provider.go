package iam

import (
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// identityProvider is an OIDC provider that the account trusts.
type identityProvider struct {
	arn       string
	clientIDs []string
}

// scheme begins the URL of every OIDC provider.
const scheme = "https://"

type identityProviderProperties struct {
	ClientIdList []string
	Url          string   `aws:"required"`
	_            struct{} `noeffect:"Tags ThumbprintList"`
}

// createIdentityProvider stores a provider. Its thumbprints have no effect: AWS
// checks an issuer's certificate with its own list of authorities first, and
// there are no certificates here.
//
// Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-oidcprovider.html,
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
func (i *IAM) createIdentityProvider(_ cloudformation.Resource, p identityProviderProperties) (cloudformation.Created, error) {
	issuer, ok := strings.CutPrefix(p.Url, scheme)
	if !ok || issuer == "" || strings.ContainsAny(issuer, "?# ") {
		return cloudformation.Created{}, awserr.New("ValidationError", "Invalid Open ID Connect Provider URL")
	}
	if _, taken := i.providers[issuer]; taken {
		return cloudformation.Created{}, awserr.WithStatus(409, "EntityAlreadyExists", "Provider with url %s already exists.", p.Url)
	}
	created := &identityProvider{arn: arn.New("iam", "", i.world.Account(), "oidc-provider/"+issuer), clientIDs: p.ClientIdList}
	i.providers[issuer] = created
	return cloudformation.Created{Ref: created.arn, Attributes: map[string]string{"Arn": created.arn}}, nil
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
