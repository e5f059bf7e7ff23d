package sam

import (
	"slices"
	"strings"

	"claimcheck/sim/source"
)

// paths are the resources of an API's path parts, and the methods on them with
// the OPTIONS methods that Cors asks for.
func (a *restAPI) paths() (parts, methods []source.Entry) {
	known := map[string]bool{"": true}
	served := map[string]bool{}
	for _, method := range a.methods {
		path := strings.Trim(method.path, "/")
		for _, ancestor := range ancestors(path) {
			if !known[ancestor] {
				known[ancestor] = true
				parts = append(parts, a.part(method.maker, ancestor))
			}
		}
		methods = append(methods, a.method(method, path))
		if !served[path] {
			served[path] = true
			methods = append(methods, a.preflight(method.maker, path)...)
		}
	}
	return parts, methods
}

// ancestors are a path and all above it, from the top: a, a/b, a/b/c.
func ancestors(path string) []string {
	var all []string
	parts := strings.Split(path, "/")
	for i := range parts {
		all = append(all, strings.Join(parts[:i+1], "/"))
	}
	return all
}

// pathID is the logical id of a path part's resource.
func (a *restAPI) pathID(path string) string { return a.id + camel(path) + "Resource" }

// pathRef is the id of the resource of a path.
func (a *restAPI) pathRef(m maker, path string) source.Node {
	if path == "" {
		return m.getAtt(a.id, "RootResourceId")
	}
	return m.ref(a.pathID(path))
}

func (a *restAPI) part(m maker, path string) source.Entry {
	parent, name := "", path
	if i := strings.LastIndex(path, "/"); i >= 0 {
		parent, name = path[:i], path[i+1:]
	}
	return m.resource(a.pathID(path), "AWS::ApiGateway::Resource",
		m.entry("RestApiId", m.ref(a.id)), m.entry("ParentId", a.pathRef(m, parent)), m.textEntry("PathPart", name))
}

func (a *restAPI) method(method restMethod, path string) source.Entry {
	m := method.maker
	integration := []source.Entry{
		m.textEntry("Type", "AWS_PROXY"), m.textEntry("IntegrationHttpMethod", "POST"), m.entry("Uri", invocation(m, a.expander.arn(m, method.function))),
	}
	if method.credentials.YAML != nil {
		integration = append(integration, m.entry("Credentials", method.credentials))
	}
	properties := append(a.target(m, path, method.verb), a.guard(m, method.access)...)
	if method.keyNeeded {
		properties = append(properties, m.entry("ApiKeyRequired", m.on()))
	}
	return m.resource(a.methodID(path, method.verb), "AWS::ApiGateway::Method", append(properties, m.entry("Integration", m.object(integration...)))...)
}

func (a *restAPI) methodID(path, verb string) string {
	return a.id + camel(path) + camel(strings.ToLower(verb)) + "Method"
}

// target are the properties that say which method it is.
func (a *restAPI) target(m maker, path, verb string) []source.Entry {
	return []source.Entry{m.entry("RestApiId", m.ref(a.id)), m.entry("ResourceId", a.pathRef(m, path)), m.textEntry("HttpMethod", verb)}
}

// guard are the properties that say who may call a method.
func (a *restAPI) guard(m maker, who access) []source.Entry {
	switch who.authorizer {
	case "":
		return []source.Entry{m.textEntry("AuthorizationType", "NONE")}
	case authorizerIAM:
		return []source.Entry{m.textEntry("AuthorizationType", "AWS_IAM")}
	}
	kind := "CUSTOM"
	definition := a.auth.definition(who.authorizer)
	_, cognito := definition["UserPoolArn"]
	if cognito {
		kind = "COGNITO_USER_POOLS"
	}
	properties := []source.Entry{m.textEntry("AuthorizationType", kind), m.entry("AuthorizerId", m.ref(a.authorizerID(who.authorizer)))}
	if cognito && !who.scopes.IsNull() {
		properties = append(properties, m.entry("AuthorizationScopes", who.scopes))
	}
	return properties
}

// preflight is the OPTIONS method that Cors makes for a path, none where an
// event has made one. The default authorizer guards it as well, unless
// AddDefaultAuthorizerToCorsPreflight is false: then browsers get no further.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-corsconfiguration.html
func (a *restAPI) preflight(m maker, path string) []source.Entry {
	headers := a.corsHeaders(path)
	if len(headers) == 0 || slices.Contains(a.verbs(path), "OPTIONS") {
		return nil
	}
	var who access
	if isTrue(a.auth.fields["AddDefaultAuthorizerToCorsPreflight"], true) {
		who = access{authorizer: a.auth.fallback, scopes: a.auth.definition(a.auth.fallback)["AuthorizationScopes"]}
	}
	var mapped, declared []source.Entry
	for _, h := range headers {
		mapped = append(mapped, source.Entry{Key: "method.response.header." + h.Key, KeyAt: h.KeyAt, Value: h.Value})
		declared = append(declared, m.entry("method.response.header."+h.Key, m.on()))
	}
	integration := m.object(
		m.textEntry("Type", "MOCK"), m.entry("RequestTemplates", m.object(m.textEntry("application/json", `{"statusCode": 200}`))),
		m.entry("IntegrationResponses", m.list(m.object(m.textEntry("StatusCode", "200"), m.entry("ResponseParameters", m.object(mapped...))))),
	)
	properties := append(a.target(m, path, "OPTIONS"), a.guard(m, who)...)
	if isTrue(a.auth.fields["ApiKeyRequired"], false) && isTrue(a.auth.fields["AddApiKeyRequiredToCorsPreflight"], true) {
		properties = append(properties, m.entry("ApiKeyRequired", m.on()))
	}
	properties = append(properties, m.entry("Integration", integration),
		m.entry("MethodResponses", m.list(m.object(m.textEntry("StatusCode", "200"), m.entry("ResponseParameters", m.object(declared...))))))
	return []source.Entry{m.resource(a.methodID(path, "OPTIONS"), "AWS::ApiGateway::Method", properties...)}
}

// corsHeaders are the headers that Cors asks for on a path. Cors is an origin
// alone, or a mapping; the values have single quotes around them.
func (a *restAPI) corsHeaders(path string) []source.Entry {
	cors, given := a.properties["Cors"]
	if !given {
		return nil
	}
	m := maker{cors.At()}
	fields := fieldsOf(cors)
	if origin := textOf(cors); origin != "" {
		fields = map[string]source.Node{"AllowOrigin": cors}
	}
	methods, given := fields["AllowMethods"]
	if !given {
		methods = m.text("'" + strings.Join(allowed(a.verbs(path)), ",") + "'")
	}
	headers := []source.Entry{m.entry("Access-Control-Allow-Methods", methods)}
	for _, h := range []struct{ name, property string }{
		{"Access-Control-Allow-Headers", "AllowHeaders"}, {"Access-Control-Allow-Origin", "AllowOrigin"}, {"Access-Control-Max-Age", "MaxAge"},
	} {
		if value, given := fields[h.property]; given {
			headers = append(headers, m.entry(h.name, value))
		}
	}
	if isTrue(fields["AllowCredentials"], false) {
		headers = append(headers, m.textEntry("Access-Control-Allow-Credentials", "'true'"))
	}
	return headers
}

// verbs are the methods of a path, in the order of the events.
func (a *restAPI) verbs(path string) []string {
	var verbs []string
	for _, m := range a.methods {
		if strings.Trim(m.path, "/") == path {
			verbs = append(verbs, m.verb)
		}
	}
	return verbs
}

// allowed are the methods that a preflight response names.
func allowed(verbs []string) []string {
	if slices.Contains(verbs, "ANY") {
		return []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
	}
	all := append([]string{"OPTIONS"}, verbs...)
	slices.Sort(all)
	return slices.Compact(all)
}
