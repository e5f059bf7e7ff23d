package apigatewayv2

type apiProperties struct {
	Name                      string
	ProtocolType              string `aws:"enum=HTTP|WEBSOCKET"`
	CorsConfiguration         *corsProperties
	DisableExecuteApiEndpoint bool
	_                         struct{} `noeffect:"Description Tags Version IpAddressType" unsimulated:"ApiKeySelectionExpression BasePath Body BodyS3Location CredentialsArn DisableSchemaValidation FailOnWarnings RouteKey RouteSelectionExpression Target"`
}

type corsProperties struct {
	AllowCredentials bool
	AllowHeaders     []string
	AllowMethods     []string
	AllowOrigins     []string
	ExposeHeaders    []string
	MaxAge           *int
}

type jwtProperties struct {
	Issuer   string
	Audience []string
}

type authorizerProperties struct {
	ApiId                          string `aws:"required"`
	Name                           string `aws:"required"`
	AuthorizerType                 string `aws:"required,enum=JWT|REQUEST"`
	IdentitySource                 []string
	JwtConfiguration               *jwtProperties
	AuthorizerUri                  string
	AuthorizerPayloadFormatVersion string `aws:"enum=1.0|2.0"`
	AuthorizerResultTtlInSeconds   int
	EnableSimpleResponses          bool
	AuthorizerCredentialsArn       string
	_                              struct{} `noeffect:"IdentityValidationExpression"`
}

type deploymentProperties struct {
	ApiId     string `aws:"required"`
	StageName string
	_         struct{} `noeffect:"Description"`
}

type integrationProperties struct {
	ApiId                string `aws:"required"`
	IntegrationType      string `aws:"required,enum=AWS_PROXY|HTTP_PROXY|AWS|HTTP|MOCK"`
	IntegrationMethod    string
	IntegrationUri       string
	CredentialsArn       string
	PayloadFormatVersion string `aws:"enum=1.0|2.0"`
	TimeoutInMillis      *int
	RequestParameters    map[string]string
	ResponseParameters   map[string]responseParameters
	_                    struct{} `noeffect:"Description" unsimulated:"ConnectionId ConnectionType ContentHandlingStrategy IntegrationSubtype PassthroughBehavior RequestTemplates TemplateSelectionExpression TlsConfig"`
}

// responseParameters are the mappings for one status.
type responseParameters struct {
	ResponseParameters []responseParameter
}

type responseParameter struct {
	Destination string `aws:"required"`
	Source      string `aws:"required"`
}

type routeProperties struct {
	ApiId               string `aws:"required"`
	RouteKey            string `aws:"required"`
	AuthorizationType   string `aws:"enum=NONE|JWT|AWS_IAM|CUSTOM"`
	AuthorizerId        string
	AuthorizationScopes []string
	Target              string
	_                   struct{} `noeffect:"OperationName" unsimulated:"ApiKeyRequired ModelSelectionExpression RequestModels RequestParameters RouteResponseSelectionExpression"`
}

type stageProperties struct {
	ApiId                string `aws:"required"`
	StageName            string `aws:"required"`
	AutoDeploy           bool
	DeploymentId         string
	StageVariables       map[string]string
	DefaultRouteSettings *routeSettings
	RouteSettings        map[string]routeSettings
	_                    struct{} `noeffect:"AccessLogSettings Description Tags" unsimulated:"AccessPolicyId ClientCertificateId"`
}

// routeSettings without a limit leave the account's, which no run comes near.
type routeSettings struct {
	ThrottlingBurstLimit *int
	ThrottlingRateLimit  *float64
	_                    struct{} `noeffect:"DataTraceEnabled DetailedMetricsEnabled LoggingLevel"`
}
