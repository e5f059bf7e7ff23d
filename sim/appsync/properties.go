package appsync

import (
	"fmt"

	"claimcheck/sim/awserr"
)

// The properties of the resource types, from
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_AppSync.html.

type apiProperties struct {
	Name                              string `aws:"required"`
	AuthenticationType                string `aws:"required,enum=API_KEY|AWS_IAM|AMAZON_COGNITO_USER_POOLS|OPENID_CONNECT|AWS_LAMBDA"`
	UserPoolConfig                    *defaultPoolProperties
	OpenIDConnectConfig               *oidcProperties
	LambdaAuthorizerConfig            *authorizerProperties
	AdditionalAuthenticationProviders []providerProperties
	ApiType                           string `aws:"enum=GRAPHQL|MERGED"`
	IntrospectionConfig               string `aws:"enum=ENABLED|DISABLED"`
	Visibility                        string `aws:"enum=GLOBAL|PRIVATE"`

	_ struct{} `noeffect:"EnhancedMetricsConfig LogConfig OwnerContact Tags XrayEnabled" unsimulated:"EnvironmentVariables MergedApiExecutionRoleArn QueryDepthLimit ResolverCountLimit"`
}

type providerProperties struct {
	AuthenticationType     string `aws:"required,enum=API_KEY|AWS_IAM|AMAZON_COGNITO_USER_POOLS|OPENID_CONNECT|AWS_LAMBDA"`
	UserPoolConfig         *poolProperties
	OpenIDConnectConfig    *oidcProperties
	LambdaAuthorizerConfig *authorizerProperties
}

type defaultPoolProperties struct {
	UserPoolId       string
	AwsRegion        string
	AppIdClientRegex string
	DefaultAction    string `aws:"enum=ALLOW|DENY"`
}

// poolProperties are those of an additional mode: it has no DefaultAction.
type poolProperties struct {
	UserPoolId       string
	AwsRegion        string
	AppIdClientRegex string
}

type oidcProperties struct {
	Issuer   string
	ClientId string
	// IatTTL and AuthTTL are milliseconds.
	IatTTL  *int
	AuthTTL *int
}

type authorizerProperties struct {
	AuthorizerUri                string
	AuthorizerResultTtlInSeconds *int
	IdentityValidationExpression string
}

type schemaProperties struct {
	ApiId      string `aws:"required"`
	Definition string

	_ struct{} `unsimulated:"DefinitionS3Location"`
}

type keyProperties struct {
	ApiId string `aws:"required"`
	// Expires counts seconds since 1970.
	Expires *int

	_ struct{} `noeffect:"Description" unsimulated:"ApiKeyId"`
}

type dataSourceProperties struct {
	ApiId          string `aws:"required"`
	Name           string `aws:"required"`
	Type           string `aws:"required,enum=AWS_LAMBDA|AMAZON_DYNAMODB|AMAZON_ELASTICSEARCH|AMAZON_OPENSEARCH_SERVICE|AMAZON_EVENTBRIDGE|AMAZON_BEDROCK_RUNTIME|HTTP|NONE|RELATIONAL_DATABASE"`
	ServiceRoleArn string
	LambdaConfig   *struct {
		LambdaFunctionArn string `aws:"required"`
	}
	DynamoDBConfig *tableProperties

	_ struct{} `noeffect:"Description MetricsConfig" unsimulated:"ElasticsearchConfig EventBridgeConfig HttpConfig OpenSearchServiceConfig RelationalDatabaseConfig"`
}

type tableProperties struct {
	TableName string `aws:"required"`
	AwsRegion string `aws:"required"`

	_ struct{} `unsimulated:"DeltaSyncConfig UseCallerCredentials Versioned"`
}

type functionProperties struct {
	ApiId          string `aws:"required"`
	Name           string `aws:"required"`
	DataSourceName string `aws:"required"`
	codeProperties

	_ struct{} `noeffect:"Description FunctionVersion" unsimulated:"CodeS3Location MaxBatchSize RequestMappingTemplateS3Location ResponseMappingTemplateS3Location SyncConfig"`
}

type resolverProperties struct {
	ApiId          string `aws:"required"`
	TypeName       string `aws:"required"`
	FieldName      string `aws:"required"`
	DataSourceName string
	Kind           string `aws:"enum=UNIT|PIPELINE"`
	PipelineConfig *struct{ Functions []string }
	codeProperties

	_ struct{} `noeffect:"MetricsConfig" unsimulated:"CachingConfig CodeS3Location MaxBatchSize RequestMappingTemplateS3Location ResponseMappingTemplateS3Location SyncConfig"`
}

// codeProperties are what resolvers and functions share.
type codeProperties struct {
	Runtime                 *runtimeProperties
	Code                    string
	RequestMappingTemplate  string
	ResponseMappingTemplate string
}

type runtimeProperties struct {
	Name           string `aws:"required,enum=APPSYNC_JS"`
	RuntimeVersion string `aws:"required"`
}

func badRequest(format string, args ...any) error {
	return awserr.New("BadRequestException", format, args...)
}

func notFound(format string, args ...any) error {
	return awserr.WithStatus(404, "NotFoundException", format, args...)
}

func notSimulated(format string, args ...any) error {
	return fmt.Errorf("AWS has %s, the simulation does not", fmt.Sprintf(format, args...))
}

func (s *AppSync) find(id string) (*graphQLAPI, error) {
	if a, ok := s.apis[id]; ok {
		return a, nil
	}
	return nil, notFound("GraphQL API %s not found.", id)
}
