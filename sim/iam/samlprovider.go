package iam

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/saml"
)

// shortestMetadata is how many characters a metadata document has at least.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
const shortestMetadata = 1000

type samlProviderProperties struct {
	Name                 string
	SamlMetadataDocument string   `aws:"required"`
	_                    struct{} `noeffect:"Tags" unsimulated:"AddPrivateKey AssertionEncryptionMode PrivateKeyList RemovePrivateKey"`
}

// createSAMLProvider stores a provider with what its metadata say.
//
// Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-samlprovider.html,
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html;
// the words for metadata that cannot be read are inferred.
func (i *IAM) createSAMLProvider(r cloudformation.Resource, p samlProviderProperties) (cloudformation.Created, error) {
	if len(p.SamlMetadataDocument) < shortestMetadata {
		return cloudformation.Created{}, awserr.New("ValidationError",
			"1 validation error detected: Value at 'sAMLMetadataDocument' failed to satisfy constraint: Member must have length greater than or equal to %d", shortestMetadata)
	}
	metadata, err := saml.ReadMetadata(p.SamlMetadataDocument)
	if err != nil || len(metadata.Certificates) == 0 {
		return cloudformation.Created{}, awserr.New("InvalidInput", "Could not parse metadata")
	}
	at := arn.New("iam", "", i.world.Account(), "saml-provider/"+i.name(r, p.Name))
	if _, taken := i.saml[at]; taken {
		return cloudformation.Created{}, awserr.WithStatus(409, "EntityAlreadyExists", "SAMLProvider %s already exists.", at)
	}
	i.saml[at] = api.SAMLProvider{ARN: at, Issuer: metadata.EntityID, Certificates: metadata.Certificates}
	return cloudformation.Created{Ref: at, Attributes: map[string]string{"Arn": at}}, nil
}

// SAMLProvider finds a SAML provider by its ARN.
func (i *IAM) SAMLProvider(at string) (api.SAMLProvider, bool) {
	p, ok := i.saml[at]
	return p, ok
}
