package sam

import (
	"strings"

	"claimcheck/sim/source"
)

// httpAPI is one AWS::Serverless::HttpApi, or the implicit one.
type httpAPI struct {
	expander *expander
	serverless
	auth   auth
	routes []httpRoute
}

// httpRoute is what one event makes.
type httpRoute struct {
	maker
	// path and verb are "" for $default.
	path, verb string
	access     access
	function   string
	// payload is PayloadFormatVersion, timeout the zero Node for the default.
	payload, timeout source.Node
}

func (e *expander) readHTTPAPI(s serverless) *httpAPI {
	return &httpAPI{expander: e, serverless: s, auth: e.readAuth(s, "Authorizers DefaultAuthorizer EnableIamAuthorizer")}
}

// httpAPIEvent makes a route of an HTTP API, its integration, and the permission
// that it needs.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-httpapi.html
func (e *expander) httpAPIEvent(ev event) []source.Entry {
	e.known(ev, "HttpApi", "ApiId Auth Method Path PayloadFormatVersion TimeoutInMillis", "RouteSettings")
	path, verb := textOf(ev.properties["Path"]), textOf(ev.properties["Method"])
	if (path == "") != (verb == "") {
		e.refuseEvent(ev, ev.at, "Event must define both Path and Method, or neither for the $default route.")
		return nil
	}
	api := e.httpAPIOf(ev)
	if api == nil {
		return nil
	}
	m := maker{ev.at}
	r := httpRoute{maker: m, path: path, verb: strings.ToUpper(verb), function: ev.function, access: e.accessOf(ev, api.auth, verb, path),
		payload: m.text("2.0"), timeout: ev.properties["TimeoutInMillis"]}
	if payload, given := ev.properties["PayloadFormatVersion"]; given {
		r.payload = payload
	}
	if r.access.authorizer == authorizerIAM && !isTrue(api.auth.fields["EnableIamAuthorizer"], false) {
		e.refuseEvent(ev, ev.at, "Unable to set Authorizer [AWS_IAM] on API method [%s] for path [%s] because EnableIamAuthorizer is not set to true.", strings.ToLower(verb), path)
	}
	api.routes = append(api.routes, r)
	return []source.Entry{e.permission(m, ev.function+ev.id+"Permission", ev.function, invokedBy(m, api.id, verb, path))}
}

// httpAPIOf is the API that an event names, or the implicit one; nil for a name
// of nothing.
func (e *expander) httpAPIOf(ev event) *httpAPI {
	id := implicitHTTPAPI
	n, named := ev.properties["ApiId"]
	if named {
		id = referred(n)
	}
	if api, ok := e.httpAPIs[id]; ok {
		return api
	}
	if named {
		e.refuseEvent(ev, n.At(), "ApiId must be a valid reference to an 'AWS::Serverless::HttpApi' in same template.")
		return nil
	}
	e.httpAPIs[id] = e.readHTTPAPI(e.implicit(id, typeHTTPAPI, ev.at))
	return e.httpAPIs[id]
}

// resources is step 3.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-httpapi.html
func (a *httpAPI) resources() []source.Entry {
	m := maker{a.at}
	properties := append([]source.Entry{m.textEntry("ProtocolType", "HTTP")}, given(a.properties, "Name", "DisableExecuteApiEndpoint")...)
	if _, named := a.properties["Name"]; !named {
		properties = append(properties, m.entry("Name", m.ref("AWS::StackName")))
	}
	if cors, ok := a.properties["CorsConfiguration"]; ok {
		if isTrue(cors, false) {
			cors = m.object(m.entry("AllowOrigins", m.list(m.text("*"))))
		}
		properties = append(properties, m.entry("CorsConfiguration", cors))
	}
	made := []source.Entry{m.resource(a.id, "AWS::ApiGatewayV2::Api", properties...)}
	for _, entry := range a.auth.authorizers {
		made = append(made, a.authorizer(entry)...)
	}
	for _, r := range a.routes {
		made = append(made, a.route(r)...)
	}
	return append(made, a.stage(m))
}

// stage deploys by itself, as every stage of SAM's does.
func (a *httpAPI) stage(m maker) source.Entry {
	name, id := m.text("$default"), a.id+"ApiGatewayDefaultStage"
	if n, named := a.properties["StageName"]; named && textOf(n) != "$default" {
		name, id = n, a.id+alphanumeric(textOf(n))+"Stage"
	}
	properties := []source.Entry{m.entry("ApiId", m.ref(a.id)), m.entry("StageName", name), m.entry("AutoDeploy", m.on())}
	return m.resource(id, "AWS::ApiGatewayV2::Stage", append(properties, given(a.properties, "StageVariables", "DefaultRouteSettings", "RouteSettings")...)...)
}

func (a *httpAPI) route(r httpRoute) []source.Entry {
	m := r.maker
	id, key := a.id+camel(r.path)+camel(strings.ToLower(r.verb)), r.verb+" "+r.path
	if r.path == "" {
		id, key = a.id+"Default", "$default"
	}
	integration := []source.Entry{
		m.entry("ApiId", m.ref(a.id)), m.textEntry("IntegrationType", "AWS_PROXY"),
		m.entry("IntegrationUri", a.expander.arn(m, r.function)), m.entry("PayloadFormatVersion", r.payload),
	}
	if r.timeout.YAML != nil {
		integration = append(integration, m.entry("TimeoutInMillis", r.timeout))
	}
	properties := []source.Entry{m.entry("ApiId", m.ref(a.id)), m.textEntry("RouteKey", key), m.entry("Target", m.sub("integrations/${"+id+"Integration}"))}
	return []source.Entry{
		m.resource(id+"Integration", "AWS::ApiGatewayV2::Integration", integration...),
		m.resource(id+"Route", "AWS::ApiGatewayV2::Route", append(properties, a.guard(m, r.access)...)...),
	}
}

// guard are the properties that say who may call a route.
func (a *httpAPI) guard(m maker, who access) []source.Entry {
	switch who.authorizer {
	case "":
		return []source.Entry{m.textEntry("AuthorizationType", "NONE")}
	case authorizerIAM:
		return []source.Entry{m.textEntry("AuthorizationType", "AWS_IAM")}
	}
	reference := m.entry("AuthorizerId", m.ref(a.authorizerID(who.authorizer)))
	if _, lambda := a.auth.definition(who.authorizer)["FunctionArn"]; lambda {
		return []source.Entry{m.textEntry("AuthorizationType", "CUSTOM"), reference}
	}
	properties := []source.Entry{m.textEntry("AuthorizationType", "JWT"), reference}
	if !who.scopes.IsNull() {
		properties = append(properties, m.entry("AuthorizationScopes", who.scopes))
	}
	return properties
}

func (a *httpAPI) authorizerID(name string) string { return a.id + alphanumeric(name) + "Authorizer" }

// authorizer is one entry of Authorizers. Unlike a REST API's, the function of
// a Lambda authorizer gets its permission only with
// EnableFunctionDefaultPermissions.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapiauth.html
func (a *httpAPI) authorizer(entry source.Entry) []source.Entry {
	m := maker{entry.KeyAt}
	fields := fieldsOf(entry.Value)
	properties := []source.Entry{m.entry("ApiId", m.ref(a.id)), m.textEntry("Name", entry.Key)}
	function, lambda := fields["FunctionArn"]
	if !lambda {
		return []source.Entry{m.resource(a.authorizerID(entry.Key), "AWS::ApiGatewayV2::Authorizer", append(properties, a.jwt(m, fields)...)...)}
	}
	if _, given := fields["AuthorizerPayloadFormatVersion"]; !given {
		a.expander.refuse(entry.KeyAt, a.id, "%s Lambda Authorizer must define 'AuthorizerPayloadFormatVersion'.", entry.Key)
	}
	identity := fieldsOf(fields["Identity"])
	properties = append(properties, m.textEntry("AuthorizerType", "REQUEST"), m.entry("AuthorizerUri", invocation(m, function)))
	properties = append(properties, given(fields, "AuthorizerPayloadFormatVersion", "EnableSimpleResponses")...)
	if role, given := fields["FunctionInvokeRole"]; given {
		properties = append(properties, m.entry("AuthorizerCredentialsArn", role))
	}
	if ttl, given := identity["ReauthorizeEvery"]; given {
		properties = append(properties, m.entry("AuthorizerResultTtlInSeconds", ttl))
	}
	if sources := identities(identity, []identityPart{
		{"Headers", "$request.header."}, {"QueryStrings", "$request.querystring."}, {"StageVariables", "$stageVariables."}, {"Context", "$context."},
	}); len(sources) > 0 {
		properties = append(properties, m.entry("IdentitySource", m.list(sources...)))
	}
	made := []source.Entry{m.resource(a.authorizerID(entry.Key), "AWS::ApiGatewayV2::Authorizer", properties...)}
	if !isTrue(fields["EnableFunctionDefaultPermissions"], false) {
		return made
	}
	return append(made, authorizerPermission(m, a.id, entry.Key, function))
}

// jwt are the properties of a JWT authorizer. SAM's spelling of JwtConfiguration
// has small letters.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-oauth2authorizer.html
func (a *httpAPI) jwt(m maker, fields map[string]source.Node) []source.Entry {
	place, given := fields["IdentitySource"]
	if !given {
		place = m.text("$request.header.Authorization")
	}
	properties := []source.Entry{m.textEntry("AuthorizerType", "JWT"), m.entry("IdentitySource", m.list(place))}
	var configuration []source.Entry
	for _, entry := range entriesOf(fields["JwtConfiguration"]) {
		entry.Key = map[string]string{"issuer": "Issuer", "audience": "Audience"}[strings.ToLower(entry.Key)]
		if entry.Key != "" {
			configuration = append(configuration, entry)
		}
	}
	return append(properties, m.entry("JwtConfiguration", m.object(configuration...)))
}
