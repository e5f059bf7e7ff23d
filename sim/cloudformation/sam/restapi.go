package sam

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"claimcheck/sim/source"
)

// restAPI is one AWS::Serverless::Api, or the implicit one.
type restAPI struct {
	expander *expander
	serverless
	auth    auth
	methods []restMethod
}

// restMethod is what one event makes.
type restMethod struct {
	maker
	path, verb string
	access     access
	keyNeeded  bool
	// credentials are those that the function is invoked with, the zero Node
	// for API Gateway's own.
	credentials source.Node
	function    string
}

func (e *expander) readAPI(s serverless) *restAPI {
	return &restAPI{expander: e, serverless: s, auth: e.readAuth(s,
		"Authorizers DefaultAuthorizer AddDefaultAuthorizerToCorsPreflight AddApiKeyRequiredToCorsPreflight ApiKeyRequired InvokeRole ResourcePolicy UsagePlan")}
}

// apiEvent makes a method of a REST API and the permission that it needs.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-api.html
func (e *expander) apiEvent(ev event) []source.Entry {
	e.known(ev, "Api", "Path Method RestApiId Auth", "RequestModel RequestParameters ResponseTransferMode TimeoutInMillis")
	path, verb := textOf(ev.properties["Path"]), textOf(ev.properties["Method"])
	if path == "" || verb == "" {
		e.refuseEvent(ev, ev.at, "Event is missing a value for Path or Method.")
		return nil
	}
	api := e.apiOf(ev)
	if api == nil {
		return nil
	}
	own := fieldsOf(ev.properties["Auth"])
	m := restMethod{maker: maker{ev.at}, path: path, verb: strings.ToUpper(verb), function: ev.function, access: e.accessOf(ev, api.auth, verb, path)}
	m.keyNeeded = isTrue(own["ApiKeyRequired"], isTrue(api.auth.fields["ApiKeyRequired"], false))
	if m.access.authorizer == authorizerIAM {
		m.credentials = m.invokeRole(own["InvokeRole"], api.auth.fields["InvokeRole"])
	}
	for _, other := range api.methods {
		if other.path == path && other.verb == m.verb {
			e.refuseEvent(ev, ev.at, "API method \"%s\" defined multiple times for path \"%s\".", strings.ToLower(verb), path)
			return nil
		}
	}
	api.methods = append(api.methods, m)
	return []source.Entry{e.permission(m.maker, ev.function+ev.id+"Permission"+api.stage(), ev.function, invokedBy(m.maker, api.id, verb, path))}
}

// apiOf is the API that an event names, or the implicit one; nil for a name of
// nothing.
func (e *expander) apiOf(ev event) *restAPI {
	id := implicitAPI
	n, named := ev.properties["RestApiId"]
	if named {
		id = referred(n)
	}
	if api, ok := e.apis[id]; ok {
		return api
	}
	if named {
		e.refuseEvent(ev, n.At(), "RestApiId property of Api event must reference a valid resource in the same template.")
		return nil
	}
	e.apis[id] = e.readAPI(e.implicit(id, typeAPI, ev.at, maker{ev.at}.textEntry("StageName", "Prod")))
	return e.apis[id]
}

// invokeRole are the credentials of an AWS_IAM method: the caller's own, unless
// the event or the API says NONE or names a role.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html
func (m restMethod) invokeRole(own, common source.Node) source.Node {
	chosen := own
	if chosen.IsNull() {
		chosen = common
	}
	switch {
	case chosen.IsNull() || textOf(chosen) == "CALLER_CREDENTIALS":
		return m.text("arn:aws:iam::*:user/*")
	case textOf(chosen) == "NONE":
		return source.Node{}
	}
	return chosen
}

func (a *restAPI) stage() string { return textOf(a.properties["StageName"]) }

// resources is step 3.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-api.html
func (a *restAPI) resources() []source.Entry {
	m := maker{a.at}
	properties := given(a.properties, "Name", "ApiKeySourceType", "DisableExecuteApiEndpoint", "EndpointConfiguration")
	if _, named := a.properties["Name"]; !named {
		properties = append(properties, m.entry("Name", m.ref("AWS::StackName")))
	}
	if statements := a.resourcePolicy(); len(statements) > 0 {
		properties = append(properties, m.entry("Policy", m.object(m.textEntry("Version", "2012-10-17"), m.entry("Statement", m.list(statements...)))))
	}
	if typed, ok := fieldsOf(a.properties["EndpointConfiguration"])["Type"]; ok {
		a.expander.problems.Add(typed.At(), "SAM has EndpointConfiguration Type, the simulation does not: leave EndpointConfiguration out")
	}
	made := []source.Entry{m.resource(a.id, "AWS::ApiGateway::RestApi", properties...)}
	for _, entry := range a.auth.authorizers {
		made = append(made, a.authorizer(entry)...)
	}
	parts, methods := a.paths()
	made = append(made, parts...)
	made = append(made, methods...)
	made = append(made, a.gatewayResponses()...)
	made = append(made, a.deployed(made[1:])...)
	return append(made, a.usagePlan()...)
}

// deployed are the deployment of everything that was made, and the stage. Unless
// OpenApiVersion is set, the deployment makes a second stage, called Stage.
func (a *restAPI) deployed(made []source.Entry) []source.Entry {
	m := maker{a.at}
	var needs []source.Node
	for _, entry := range made {
		if kind := textOf(fieldsOf(entry.Value)["Type"]); strings.HasPrefix(kind, "AWS::ApiGateway::") {
			needs = append(needs, m.text(entry.Key))
		}
	}
	id := a.id + "Deployment" + hash(m.object(made...))
	properties := []source.Entry{m.entry("RestApiId", m.ref(a.id))}
	if _, modern := a.properties["OpenApiVersion"]; !modern {
		properties = append(properties, m.textEntry("StageName", "Stage"))
	}
	stage := []source.Entry{m.entry("RestApiId", m.ref(a.id)), m.entry("DeploymentId", m.ref(id))}
	stage = append(stage, given(a.properties, "StageName", "Variables")...)
	deployment := m.resource(id, "AWS::ApiGateway::Deployment", properties...)
	if len(needs) > 0 {
		deployment = m.dependent(id, "AWS::ApiGateway::Deployment", needs, properties...)
	}
	return []source.Entry{deployment, m.resource(a.id+alphanumeric(a.stage())+"Stage", "AWS::ApiGateway::Stage", stage...)}
}

// hash is the first ten hexadecimal digits of a value's hash: a deployment of
// something else has another id.
func hash(n source.Node) string {
	text, err := json.Marshal(n.Tree())
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:5])
}

// alphanumeric leaves out what a logical id cannot have.
func alphanumeric(text string) string {
	return strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, text)
}

func (a *restAPI) gatewayResponses() []source.Entry {
	var made []source.Entry
	for _, entry := range entriesOf(a.properties["GatewayResponses"]) {
		m := maker{entry.KeyAt}
		fields := fieldsOf(entry.Value)
		properties := []source.Entry{m.entry("RestApiId", m.ref(a.id)), m.textEntry("ResponseType", entry.Key)}
		properties = append(properties, given(fields, "StatusCode", "ResponseTemplates")...)
		var parameters []source.Entry
		for _, header := range entriesOf(fieldsOf(fields["ResponseParameters"])["Headers"]) {
			parameters = append(parameters, source.Entry{Key: "gatewayresponse.header." + header.Key, KeyAt: header.KeyAt, Value: header.Value})
		}
		if len(parameters) > 0 {
			properties = append(properties, m.entry("ResponseParameters", m.object(parameters...)))
		}
		made = append(made, m.resource(a.id+camel(strings.ToLower(entry.Key))+"GatewayResponse", "AWS::ApiGateway::GatewayResponse", properties...))
	}
	return made
}
