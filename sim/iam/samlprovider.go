package iam

import (
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/saml"
)

// samlProvider is a SAML provider with the document that describes it.
type samlProvider struct {
	api.SAMLProvider
	document string
	created  time.Time
}

// shortestMetadata is how many characters a metadata document has at least.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
const shortestMetadata = 1000

type samlProviderProperties struct {
	Name                 string
	SamlMetadataDocument string   `aws:"required"`
	_                    struct{} `noeffect:"Tags" unsimulated:"AddPrivateKey AssertionEncryptionMode PrivateKeyList RemovePrivateKey"`
}

// createSAMLProvider stores a provider of a template.
//
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-samlprovider.html
func (i *IAM) createSAMLProvider(r cloudformation.Resource, p samlProviderProperties) (cloudformation.Created, error) {
	created, err := i.addSAMLProvider(i.name(r, p.Name), p.SamlMetadataDocument)
	if err != nil {
		return cloudformation.Created{}, err
	}
	return cloudformation.Created{Ref: created.ARN, Attributes: map[string]string{"Arn": created.ARN}}, nil
}

// addSAMLProvider stores a provider under a name that is still free.
func (i *IAM) addSAMLProvider(name, document string) (*samlProvider, error) {
	p := &samlProvider{created: i.world.Now()}
	p.ARN = i.arnOf("saml-provider", "/", name)
	if err := p.describe(document); err != nil {
		return nil, err
	}
	if _, taken := i.saml[p.ARN]; taken {
		return nil, awserr.WithStatus(409, "EntityAlreadyExists", "SAMLProvider %s already exists.", p.ARN)
	}
	i.saml[p.ARN] = p
	return p, nil
}

// describe takes over what a metadata document says. The words for one that
// cannot be read are inferred.
//
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
func (p *samlProvider) describe(document string) error {
	if len(document) < shortestMetadata {
		return awserr.New("ValidationError",
			"1 validation error detected: Value at 'sAMLMetadataDocument' failed to satisfy constraint: Member must have length greater than or equal to %d", shortestMetadata)
	}
	metadata, err := saml.ReadMetadata(document)
	if err != nil || len(metadata.Certificates) == 0 {
		return awserr.New("InvalidInput", "Could not parse metadata")
	}
	p.document, p.Issuer, p.Certificates = document, metadata.EntityID, metadata.Certificates
	return nil
}

// SAMLProvider finds a SAML provider by its ARN.
func (i *IAM) SAMLProvider(at string) (api.SAMLProvider, bool) {
	p, ok := i.saml[at]
	if !ok {
		return api.SAMLProvider{}, false
	}
	return p.SAMLProvider, true
}

// samlAdministration are the operations on SAML providers.
func (i *IAM) samlAdministration() []api.Operation {
	byARN := func(in samlProviderInput) api.Target { return api.Target{Resource: in.SAMLProviderArn} }
	return []api.Operation{
		api.On(api.Operate("CreateSAMLProvider", api.Signed, i.newSAMLProvider), func(in newSAMLProviderInput) api.Target {
			return api.Target{Resource: i.arnOf("saml-provider", "/", in.Name)}
		}),
		api.On(api.Operate("GetSAMLProvider", api.Signed, i.getSAMLProvider), byARN),
		api.On(api.Operate("UpdateSAMLProvider", api.Signed, i.updateSAMLProvider), func(in updateSAMLProviderInput) api.Target {
			return api.Target{Resource: in.SAMLProviderArn}
		}),
		api.On(api.Operate("DeleteSAMLProvider", api.Signed, i.deleteSAMLProvider), byARN),
		api.Operate("ListSAMLProviders", api.Signed, i.listSAMLProviders),
	}
}

type newSAMLProviderInput struct {
	Name                 string   `aws:"required"`
	SAMLMetadataDocument string   `aws:"required"`
	_                    struct{} `unsimulated:"AddPrivateKey AssertionEncryptionMode Tags"`
}

type samlProviderARN struct{ SAMLProviderArn string }

func (i *IAM) newSAMLProvider(_ api.Context, in newSAMLProviderInput) (samlProviderARN, error) {
	p, err := i.addSAMLProvider(in.Name, in.SAMLMetadataDocument)
	if err != nil {
		return samlProviderARN{}, err
	}
	return samlProviderARN{p.ARN}, nil
}

type samlProviderInput struct {
	SAMLProviderArn string `aws:"required"`
}

// samlProviderOf finds a provider by ARN. AWS documents the error without its
// wording.
func (i *IAM) samlProviderOf(at string) (*samlProvider, error) {
	p, ok := i.saml[at]
	if !ok {
		return nil, awserr.WithStatus(404, "NoSuchEntity", "Manifest not found for arn %s", at)
	}
	return p, nil
}

type samlProviderOutput struct {
	SAMLMetadataDocument string
	CreateDate           api.Timestamp
}

func (i *IAM) getSAMLProvider(_ api.Context, in samlProviderInput) (samlProviderOutput, error) {
	p, err := i.samlProviderOf(in.SAMLProviderArn)
	if err != nil {
		return samlProviderOutput{}, err
	}
	return samlProviderOutput{SAMLMetadataDocument: p.document, CreateDate: api.Epoch(p.created)}, nil
}

type updateSAMLProviderInput struct {
	SAMLProviderArn      string   `aws:"required"`
	SAMLMetadataDocument string   `aws:"required"`
	_                    struct{} `unsimulated:"AddPrivateKey AssertionEncryptionMode RemovePrivateKey"`
}

// updateSAMLProvider replaces the metadata, as a provider with a new key needs.
//
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html
func (i *IAM) updateSAMLProvider(_ api.Context, in updateSAMLProviderInput) (samlProviderARN, error) {
	p, err := i.samlProviderOf(in.SAMLProviderArn)
	if err != nil {
		return samlProviderARN{}, err
	}
	return samlProviderARN{p.ARN}, p.describe(in.SAMLMetadataDocument)
}

// deleteSAMLProvider deletes a provider. Roles that trust it stay and can no
// longer be assumed with its assertions.
func (i *IAM) deleteSAMLProvider(_ api.Context, in samlProviderInput) (struct{}, error) {
	if _, err := i.samlProviderOf(in.SAMLProviderArn); err != nil {
		return struct{}{}, err
	}
	delete(i.saml, in.SAMLProviderArn)
	return struct{}{}, nil
}

type samlProviderEntry struct {
	Arn        string
	CreateDate api.Timestamp
}

type listSAMLProvidersOutput struct{ SAMLProviderList []samlProviderEntry }

func (i *IAM) listSAMLProviders(api.Context, struct{}) (listSAMLProvidersOutput, error) {
	out := listSAMLProvidersOutput{SAMLProviderList: []samlProviderEntry{}}
	for _, p := range i.saml {
		out.SAMLProviderList = append(out.SAMLProviderList, samlProviderEntry{p.ARN, api.Epoch(p.created)})
	}
	slices.SortFunc(out.SAMLProviderList, func(a, b samlProviderEntry) int { return strings.Compare(a.Arn, b.Arn) })
	return out, nil
}
