package cloudformation

import (
	"slices"
	"strings"
)

// standing says what is known of a type name that no service describes.
type standing int

const (
	noSuchType standing = iota
	notSimulated
)

// standingOf tells a name that AWS does not have from one that is merely not
// simulated. Where the catalog is silent it assumes that AWS has the type, so
// that a gap of the simulation is never a verdict.
func standingOf(typeName string) standing {
	i := strings.LastIndex(typeName, "::")
	if i < 0 {
		return noSuchType
	}
	namespace, name := typeName[:i], typeName[i+len("::"):]
	if known, ok := catalog()[namespace]; ok {
		if slices.Contains(strings.Fields(known), name) {
			return notSimulated
		}
		return noSuchType
	}
	for _, prefix := range []string{"AWS::", "Custom::", "Alexa::"} {
		if strings.HasPrefix(typeName, prefix) {
			return notSimulated
		}
	}
	return noSuchType
}

// catalog lists every type of the namespaces that questions are about, from
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Cognito.html
// and the pages like it.
func catalog() map[string]string {
	return map[string]string{
		"AWS::ApiGateway": `Account ApiKey Authorizer BasePathMapping BasePathMappingV2 ClientCertificate Deployment
			DocumentationPart DocumentationVersion DomainName DomainNameAccessAssociation DomainNameV2 GatewayResponse Method
			Model RequestValidator Resource RestApi Stage UsagePlan UsagePlanKey VpcLink`,
		"AWS::ApiGatewayV2": `Api ApiGatewayManagedOverrides ApiMapping Authorizer Deployment DomainName Integration
			IntegrationResponse Model Route RouteResponse RoutingRule Stage VpcLink`,
		"AWS::AppSync": `Api ApiCache ApiKey ChannelNamespace DataSource DomainName DomainNameApiAssociation
			FunctionConfiguration GraphQLApi GraphQLSchema Resolver SourceApiAssociation`,
		"AWS::Cognito": `IdentityPool IdentityPoolPrincipalTag IdentityPoolRoleAttachment LogDeliveryConfiguration
			ManagedLoginBranding Terms UserPool UserPoolClient UserPoolDomain UserPoolGroup UserPoolIdentityProvider
			UserPoolResourceServer UserPoolRiskConfigurationAttachment UserPoolUICustomizationAttachment UserPoolUser
			UserPoolUserToGroupAttachment`,
		"AWS::DynamoDB": `GlobalTable Table`,
		"AWS::IAM": `AccessKey Group GroupPolicy InstanceProfile ManagedPolicy OIDCProvider Policy Role RolePolicy SAMLProvider
			ServerCertificate ServiceLinkedRole User UserPolicy UserToGroupAddition VirtualMFADevice`,
		"AWS::Lambda": `Alias CapacityProvider CodeSigningConfig EventInvokeConfig EventSourceMapping Function LayerVersion
			LayerVersionPermission Permission Url Version`,
		// CloudFormation has none of SAM's types: they are gone after the transform.
		"AWS::Serverless":    "",
		"AWS::Organizations": `Account Organization OrganizationalUnit Policy ResourcePolicy`,
		"AWS::S3": `AccessGrant AccessGrantsInstance AccessGrantsLocation AccessPoint Bucket BucketPolicy MultiRegionAccessPoint
			MultiRegionAccessPointPolicy StorageLens StorageLensGroup`,
	}
}
