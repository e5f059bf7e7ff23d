package apigateway

// The property structs follow the pages AWS::ApiGateway::* of
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html

type restAPIProperties struct {
	Name                      string
	Policy                    any
	DisableExecuteApiEndpoint bool
	EndpointConfiguration     endpointConfiguration
	ApiKeySourceType          string `aws:"enum=HEADER|AUTHORIZER"`
	// Body is an OpenAPI definition.
	Body any
	// Compression changes no decision.
	_ struct{} `noeffect:"Description EndpointAccessMode FailOnWarnings MinimumCompressionSize Mode SecurityPolicy Tags"`
	_ struct{} `unsimulated:"BinaryMediaTypes BodyS3Location CloneFrom Parameters"`
}

type endpointConfiguration struct {
	Types []string `aws:"enum=EDGE|REGIONAL|PRIVATE"`
	_     struct{} `noeffect:"IpAddressType" unsimulated:"VpcEndpointIds"`
}

type resourceProperties struct {
	RestApiId string `aws:"required"`
	ParentId  string `aws:"required"`
	PathPart  string `aws:"required"`
}

type methodProperties struct {
	RestApiId           string `aws:"required"`
	ResourceId          string `aws:"required"`
	HttpMethod          string `aws:"required,enum=GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY"`
	AuthorizationType   string `aws:"enum=NONE|AWS_IAM|CUSTOM|COGNITO_USER_POOLS|JWT"`
	AuthorizerId        string
	AuthorizationScopes []string
	ApiKeyRequired      bool
	Integration         *integrationProperties
	MethodResponses     []methodResponse
	// RequestParameters are method.request.PLACE.NAME; true is for required
	// ones, which only a validator looks at.
	RequestParameters map[string]bool
	// RequestModels are names of models by content type.
	RequestModels      map[string]string
	RequestValidatorId string
	_                  struct{} `noeffect:"OperationName"`
}

type integrationProperties struct {
	Type                  string `aws:"enum=AWS|AWS_PROXY|HTTP|HTTP_PROXY|MOCK"`
	IntegrationHttpMethod string `aws:"enum=GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY"`
	Uri                   string
	RequestTemplates      map[string]string
	RequestParameters     map[string]string
	PassthroughBehavior   string `aws:"enum=WHEN_NO_MATCH|WHEN_NO_TEMPLATES|NEVER"`
	Credentials           string
	TimeoutInMillis       int
	IntegrationResponses  []integrationResponse
	_                     struct{} `noeffect:"CacheKeyParameters CacheNamespace"`
	_                     struct{} `unsimulated:"ConnectionId ConnectionType ContentHandling IntegrationTarget ResponseTransferMode"`
}

type integrationResponse struct {
	StatusCode         string `aws:"required"`
	SelectionPattern   string
	ResponseParameters map[string]string
	ResponseTemplates  map[string]string
	_                  struct{} `unsimulated:"ContentHandling"`
}

type methodResponse struct {
	StatusCode         string `aws:"required"`
	ResponseParameters map[string]bool
	_                  struct{} `noeffect:"ResponseModels"`
}

type authorizerProperties struct {
	RestApiId                    string `aws:"required"`
	Name                         string `aws:"required"`
	Type                         string `aws:"required,enum=TOKEN|REQUEST|COGNITO_USER_POOLS|JWT"`
	AuthorizerUri                string
	AuthorizerResultTtlInSeconds *int
	IdentitySource               string
	IdentityValidationExpression string
	ProviderARNs                 []string
	AuthorizerCredentials        string
	JwtConfiguration             *jwtConfiguration
	_                            struct{} `noeffect:"AuthType"`
}

type deploymentProperties struct {
	RestApiId string `aws:"required"`
	StageName string
	_         struct{} `noeffect:"Description" unsimulated:"DeploymentCanarySettings StageDescription"`
}

type stageProperties struct {
	RestApiId      string `aws:"required"`
	DeploymentId   string
	StageName      string
	Variables      map[string]string
	MethodSettings []methodSetting
	_              struct{} `noeffect:"AccessLogSetting CacheClusterEnabled CacheClusterSize ClientCertificateId Description DocumentationVersion Tags TracingEnabled"`
	CanarySetting  *canarySetting
}

type canarySetting struct {
	DeploymentId           string
	PercentTraffic         float64
	StageVariableOverrides map[string]string
	_                      struct{} `noeffect:"UseStageCache"`
}

type methodSetting struct {
	HttpMethod           string
	ResourcePath         string
	ThrottlingBurstLimit int
	ThrottlingRateLimit  float64
	_                    struct{} `noeffect:"DataTraceEnabled LoggingLevel MetricsEnabled"`
	_                    struct{} `unsimulated:"CacheDataEncrypted CacheTtlInSeconds CachingEnabled"`
}

type gatewayResponseProperties struct {
	RestApiId          string `aws:"required"`
	ResponseType       string `aws:"required,enum=ACCESS_DENIED|API_CONFIGURATION_ERROR|AUTHORIZER_CONFIGURATION_ERROR|AUTHORIZER_FAILURE|BAD_REQUEST_BODY|BAD_REQUEST_PARAMETERS|DEFAULT_4XX|DEFAULT_5XX|EXPIRED_TOKEN|INTEGRATION_FAILURE|INTEGRATION_TIMEOUT|INVALID_API_KEY|INVALID_SIGNATURE|MISSING_AUTHENTICATION_TOKEN|QUOTA_EXCEEDED|REQUEST_TOO_LARGE|RESOURCE_NOT_FOUND|THROTTLED|UNAUTHORIZED|UNSUPPORTED_MEDIA_TYPE|WAF_FILTERED"`
	StatusCode         string
	ResponseParameters map[string]string
	ResponseTemplates  map[string]string
}

type apiKeyProperties struct {
	Enabled bool
	Value   string
	_       struct{} `noeffect:"CustomerId Description GenerateDistinctId Name Tags" unsimulated:"StageKeys"`
}
