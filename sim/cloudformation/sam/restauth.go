package sam

import (
	"strings"

	"claimcheck/sim/source"
)

// authorizer is one entry of Authorizers with the permission that it needs.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html
func (a *restAPI) authorizer(entry source.Entry) []source.Entry {
	m := maker{entry.KeyAt}
	fields := fieldsOf(entry.Value)
	identity := fieldsOf(fields["Identity"])
	properties := []source.Entry{m.entry("RestApiId", m.ref(a.id)), m.textEntry("Name", entry.Key)}
	if ttl, ok := identity["ReauthorizeEvery"]; ok {
		properties = append(properties, m.entry("AuthorizerResultTtlInSeconds", ttl))
	}
	if expression, ok := identity["ValidationExpression"]; ok {
		properties = append(properties, m.entry("IdentityValidationExpression", expression))
	}
	pools, cognito := fields["UserPoolArn"]
	function, lambda := fields["FunctionArn"]
	resource := func(more ...source.Entry) source.Entry {
		return m.resource(a.authorizerID(entry.Key), "AWS::ApiGateway::Authorizer", append(properties, more...)...)
	}
	switch {
	case cognito:
		return []source.Entry{resource(m.textEntry("Type", "COGNITO_USER_POOLS"), m.entry("ProviderARNs", m.list(itemsOf(pools)...)), m.identityHeader(identity))}
	case !lambda:
		a.expander.refuse(entry.KeyAt, a.id, "%s Authorizer must specify UserPoolArn or FunctionArn.", entry.Key)
		return nil
	}
	if role, given := fields["FunctionInvokeRole"]; given {
		properties = append(properties, m.entry("AuthorizerCredentials", role))
	}
	kind, where := a.lambdaIdentity(m, entry.Key, fields["FunctionPayloadType"], identity)
	made := []source.Entry{resource(append(where, m.textEntry("Type", kind), m.entry("AuthorizerUri", invocation(m, function)))...)}
	if isTrue(fields["DisableFunctionDefaultPermissions"], false) {
		return made
	}
	return append(made, authorizerPermission(m, a.id, entry.Key, function))
}

func (a *restAPI) authorizerID(name string) string { return a.id + alphanumeric(name) + "Authorizer" }

func (m maker) identityHeader(identity map[string]source.Node) source.Entry {
	header := textOf(identity["Header"])
	if header == "" {
		header = "Authorization"
	}
	return m.textEntry("IdentitySource", "method.request.header."+header)
}

// lambdaIdentity is the type of a Lambda authorizer and where it finds the
// identity.
func (a *restAPI) lambdaIdentity(m maker, name string, payload source.Node, identity map[string]source.Node) (kind string, where []source.Entry) {
	if textOf(payload) != "REQUEST" {
		return "TOKEN", []source.Entry{m.identityHeader(identity)}
	}
	var sources []string
	for _, n := range identities(identity, []identityPart{
		{"Headers", "method.request.header."}, {"QueryStrings", "method.request.querystring."}, {"StageVariables", "stageVariables."}, {"Context", "context."},
	}) {
		sources = append(sources, textOf(n))
	}
	if len(sources) == 0 && textOf(identity["ReauthorizeEvery"]) != "0" {
		a.expander.refuse(m.at, a.id, "%s Authorizer must specify Identity with at least one of Headers, QueryStrings, StageVariables, or Context.", name)
	}
	if len(sources) == 0 {
		return "REQUEST", nil
	}
	return "REQUEST", []source.Entry{m.textEntry("IdentitySource", strings.Join(sources, ","))}
}

// resourcePolicy are the statements of ResourcePolicy. SAM writes the addresses
// for each path; here they are for the whole API, which decides the same.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html
func (a *restAPI) resourcePolicy() []source.Node {
	n := a.auth.fields["ResourcePolicy"]
	fields := fieldsOf(n)
	for _, entry := range entriesOf(n) {
		if !contains("CustomStatements IpRangeWhitelist IpRangeBlacklist", entry.Key) {
			a.expander.problems.Add(entry.KeyAt, "SAM has %s in ResourcePolicy, the simulation does not", entry.Key)
		}
	}
	m := maker{n.At()}
	statement := func(effect string, more ...source.Entry) source.Node {
		return m.object(append([]source.Entry{
			m.textEntry("Effect", effect), m.textEntry("Principal", "*"), m.textEntry("Action", "execute-api:Invoke"),
			m.textEntry("Resource", "execute-api:/*"),
		}, more...)...)
	}
	statements := itemsOf(fields["CustomStatements"])
	if fields["IpRangeWhitelist"].YAML == nil && fields["IpRangeBlacklist"].YAML == nil {
		return statements
	}
	statements = append(statements, statement("Allow"))
	for _, list := range []struct{ property, operator string }{{"IpRangeWhitelist", "NotIpAddress"}, {"IpRangeBlacklist", "IpAddress"}} {
		if addresses := itemsOf(fields[list.property]); len(addresses) > 0 {
			condition := m.object(m.entry(list.operator, m.object(m.entry("aws:SourceIp", m.list(addresses...)))))
			statements = append(statements, statement("Deny", m.entry("Condition", condition)))
		}
	}
	return statements
}

// usagePlan is a plan with one key, for an API with CreateUsagePlan PER_API.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiusageplan.html
func (a *restAPI) usagePlan() []source.Entry {
	n := a.auth.fields["UsagePlan"]
	fields := fieldsOf(n)
	kind := fields["CreateUsagePlan"]
	switch textOf(kind) {
	case "", "NONE":
		return nil
	case "PER_API":
	default:
		a.expander.problems.Add(kind.At(), "SAM has CreateUsagePlan %s, the simulation has PER_API and NONE", textOf(kind))
		return nil
	}
	m := maker{n.At()}
	stage := m.object(m.entry("ApiId", m.ref(a.id)), m.entry("Stage", m.ref(a.id+alphanumeric(a.stage())+"Stage")))
	properties := append([]source.Entry{m.entry("ApiStages", m.list(stage))}, given(fields, "Quota", "Throttle", "UsagePlanName")...)
	return []source.Entry{
		m.resource(a.id+"UsagePlan", "AWS::ApiGateway::UsagePlan", properties...),
		m.resource(a.id+"ApiKey", "AWS::ApiGateway::ApiKey", m.entry("Enabled", m.on())),
		m.resource(a.id+"UsagePlanKey", "AWS::ApiGateway::UsagePlanKey",
			m.entry("KeyId", m.ref(a.id+"ApiKey")), m.textEntry("KeyType", "API_KEY"), m.entry("UsagePlanId", m.ref(a.id+"UsagePlan"))),
	}
}
