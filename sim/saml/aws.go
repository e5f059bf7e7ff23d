package saml

import "slices"

// AWS as a service that people are sent to: its entity ID, and where it receives
// assertions. As audience either may stand.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
const (
	AWSEntity    = "urn:amazon:webservices"
	AWSRecipient = "https://signin.aws.amazon.com/saml"
)

// ForAWS reports whether an assertion was made for AWS: by its recipient and by
// one of its audiences.
func (a Assertion) ForAWS() bool {
	return a.Recipient == AWSRecipient && (slices.Contains(a.Audiences, AWSEntity) || slices.Contains(a.Audiences, AWSRecipient))
}
