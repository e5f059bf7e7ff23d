package iam

import (
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// providerAdministration are the operations on OIDC providers.
func (i *IAM) providerAdministration() []api.Operation {
	byARN := func(in providerInput) api.Target { return api.Target{Resource: in.OpenIDConnectProviderArn} }
	return []api.Operation{
		api.On(api.Operate("CreateOpenIDConnectProvider", api.Signed, i.newProvider), func(in createProviderInput) api.Target {
			return api.Target{Resource: i.arnOf("oidc-provider", "/", strings.TrimPrefix(in.Url, scheme))}
		}),
		api.On(api.Operate("GetOpenIDConnectProvider", api.Signed, i.getProvider), byARN),
		api.On(api.Operate("DeleteOpenIDConnectProvider", api.Signed, i.deleteProvider), byARN),
		api.Operate("ListOpenIDConnectProviders", api.Signed, i.listProviders),
	}
}

type createProviderInput struct {
	Url            string `aws:"required"`
	ClientIDList   []string
	ThumbprintList []string

	_ struct{} `unsimulated:"Tags"`
}

type createProviderOutput struct{ OpenIDConnectProviderArn string }

// newProvider stores a provider by the checks of a template's (see addProvider).
func (i *IAM) newProvider(_ api.Context, in createProviderInput) (createProviderOutput, error) {
	p, err := i.addProvider(in.Url, in.ClientIDList)
	if err != nil {
		return createProviderOutput{}, err
	}
	p.thumbprints = in.ThumbprintList
	return createProviderOutput{p.arn}, nil
}

type providerInput struct {
	OpenIDConnectProviderArn string `aws:"required"`
}

type providerOutput struct {
	Url            string
	ClientIDList   []string
	ThumbprintList []string
	CreateDate     api.Timestamp
}

// providerOf finds a provider by ARN, and its URL without https://. AWS
// documents the error without its wording.
func (i *IAM) providerOf(at string) (string, *identityProvider, error) {
	for issuer, p := range i.providers {
		if p.arn == at {
			return issuer, p, nil
		}
	}
	return "", nil, awserr.WithStatus(404, "NoSuchEntity", "OpenIDConnect Provider not found for arn %s", at)
}

func (i *IAM) getProvider(_ api.Context, in providerInput) (providerOutput, error) {
	issuer, p, err := i.providerOf(in.OpenIDConnectProviderArn)
	if err != nil {
		return providerOutput{}, err
	}
	return providerOutput{Url: issuer, ClientIDList: orEmpty(p.clientIDs), ThumbprintList: orEmpty(p.thumbprints), CreateDate: api.Epoch(p.created)}, nil
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// deleteProvider deletes a provider. Roles that trust it stay and can no longer
// be assumed with its tokens.
func (i *IAM) deleteProvider(_ api.Context, in providerInput) (struct{}, error) {
	issuer, _, err := i.providerOf(in.OpenIDConnectProviderArn)
	if err != nil {
		return struct{}{}, err
	}
	delete(i.providers, issuer)
	return struct{}{}, nil
}

type providerEntry struct{ Arn string }

type listProvidersOutput struct{ OpenIDConnectProviderList []providerEntry }

func (i *IAM) listProviders(api.Context, struct{}) (listProvidersOutput, error) {
	out := listProvidersOutput{OpenIDConnectProviderList: []providerEntry{}}
	for _, p := range i.providers {
		out.OpenIDConnectProviderList = append(out.OpenIDConnectProviderList, providerEntry{p.arn})
	}
	slices.SortFunc(out.OpenIDConnectProviderList, func(a, b providerEntry) int { return strings.Compare(a.Arn, b.Arn) })
	return out, nil
}
