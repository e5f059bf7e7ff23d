package sam

import (
	"strconv"
	"strings"

	"claimcheck/sim/source"
)

// function is step 2: the function, its role unless it has one, and what its
// events need.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
func (e *expander) function(s serverless) []source.Entry {
	m := maker{s.at}
	properties := given(s.properties, "FunctionName", "Handler", "Runtime", "Environment", "MemorySize", "Timeout", "PackageType")
	if code, inline := s.properties["InlineCode"]; inline {
		properties = append(properties, m.entry("Code", m.object(m.entry("ZipFile", code))))
	} else {
		e.problems.Add(s.at, "function %s: write its code in InlineCode, the simulation reads no files", s.id)
	}
	role, hasRole := s.properties["Role"]
	if !hasRole {
		role = m.getAtt(s.id+"Role", "Arn")
	}
	properties = append(properties, m.entry("Role", role))
	resource := m.resource(s.id, "AWS::Lambda::Function", properties...)
	if !s.dependsOn.IsNull() {
		resource = m.dependent(s.id, "AWS::Lambda::Function", itemsOf(s.dependsOn), properties...)
	}
	made := []source.Entry{resource}
	if !hasRole {
		made = append(made, e.role(s, m))
	}
	made = append(made, e.published(s, m, m.object(properties...))...)
	for _, event := range entriesOf(s.properties["Events"]) {
		made = append(made, e.event(s, event)...)
	}
	return made
}

// published is the version and the alias of AutoPublishAlias. The id of the
// version changes with the function's code.
func (e *expander) published(s serverless, m maker, function source.Node) []source.Entry {
	name, given := s.properties["AutoPublishAlias"]
	if !given {
		return nil
	}
	version, alias := s.id+"Version"+hash(function), s.id+"Alias"+alphanumeric(textOf(name))
	e.aliases[s.id] = alias
	return []source.Entry{
		m.resource(version, "AWS::Lambda::Version", m.entry("FunctionName", m.ref(s.id))),
		m.resource(alias, "AWS::Lambda::Alias",
			m.entry("FunctionName", m.ref(s.id)), m.entry("FunctionVersion", m.getAtt(version, "Version")), m.entry("Name", name)),
	}
}

// arn is the ARN by which events call a function: its alias's, if it has one.
func (e *expander) arn(m maker, function string) source.Node {
	if alias, ok := e.aliases[function]; ok {
		return m.ref(alias)
	}
	return m.getAtt(function, "Arn")
}

// role is the execution role that SAM makes.
func (e *expander) role(s serverless, m maker) source.Entry {
	trust, given := s.properties["AssumeRolePolicyDocument"]
	if !given {
		trust = m.object(
			m.textEntry("Version", "2012-10-17"),
			m.entry("Statement", m.list(m.object(
				m.textEntry("Effect", "Allow"),
				m.entry("Principal", m.object(m.entry("Service", m.list(m.text("lambda.amazonaws.com"))))),
				m.entry("Action", m.list(m.text("sts:AssumeRole"))),
			))),
		)
	}
	managed := []source.Node{m.text("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")}
	var inline []source.Node
	for i, n := range itemsOf(s.properties["Policies"]) {
		arn, document := e.policy(n)
		if arn.YAML != nil {
			managed = append(managed, arn)
			continue
		}
		if document.YAML == nil {
			continue
		}
		at := maker{n.At()}
		inline = append(inline, at.object(at.textEntry("PolicyName", s.id+"RolePolicy"+strconv.Itoa(i)), at.entry("PolicyDocument", document)))
	}
	properties := []source.Entry{m.entry("AssumeRolePolicyDocument", trust), m.entry("ManagedPolicyArns", m.list(managed...))}
	if len(inline) > 0 {
		properties = append(properties, m.entry("Policies", m.list(inline...)))
	}
	if boundary, ok := s.properties["PermissionsBoundary"]; ok {
		properties = append(properties, m.entry("PermissionsBoundary", boundary))
	}
	return m.resource(s.id+"Role", "AWS::IAM::Role", properties...)
}

// event is one event of a function.
func (e *expander) event(s serverless, entry source.Entry) []source.Entry {
	fields := fieldsOf(entry.Value)
	ev := event{function: s.id, id: entry.Key, at: entry.KeyAt, written: fields["Properties"], properties: fieldsOf(fields["Properties"])}
	switch kind := textOf(fields["Type"]); kind {
	case "Api":
		return e.apiEvent(ev)
	case "HttpApi":
		return e.httpAPIEvent(ev)
	case "Cognito":
		return e.cognitoEvent(ev)
	default:
		e.problems.Add(fields["Type"].At(), "SAM has events of type %q, the simulation has Api, HttpApi and Cognito", kind)
	}
	return nil
}

// event is what calls a function.
type event struct {
	function, id string
	at           source.Position
	// written are the properties as they stand in the template.
	written    source.Node
	properties map[string]source.Node
}

// refuseEvent records that SAM refuses an event.
func (e *expander) refuseEvent(ev event, at source.Position, format string, args ...any) {
	e.refuse(at, ev.function, "Event with id ["+ev.id+"] is invalid. "+format, args...)
}

// known reports properties that an event does not have or the simulation lacks.
func (e *expander) known(ev event, kind, simulated, lacking string) {
	for _, p := range entriesOf(ev.written) {
		switch {
		case contains(lacking, p.Key):
			e.problems.Add(p.KeyAt, "SAM has %s of an event, the simulation does not", p.Key)
		case !contains(simulated, p.Key):
			e.refuseEvent(ev, p.KeyAt, "property %s not defined for resource of type %s", p.Key, kind)
		}
	}
}

func contains(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}

// permission lets API Gateway invoke the function.
func (e *expander) permission(m maker, id, function string, source source.Node) source.Entry {
	return e.permissionFor(m, id, function, "apigateway.amazonaws.com", source)
}

// permissionFor lets a service invoke the function, or its alias.
func (e *expander) permissionFor(m maker, id, function, service string, source source.Node) source.Entry {
	callee := m.ref(function)
	if alias, ok := e.aliases[function]; ok {
		callee = m.ref(alias)
	}
	return m.resource(id, "AWS::Lambda::Permission",
		m.textEntry("Action", "lambda:InvokeFunction"), m.entry("FunctionName", callee),
		m.textEntry("Principal", service), m.entry("SourceArn", source))
}

const executeAPI = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"

// invokedBy is the source of a permission for one method of an API, in every
// stage.
func invokedBy(m maker, api, method, path string) source.Node {
	if strings.EqualFold(method, "any") {
		method = "*"
	}
	target := "/*/" + strings.ToUpper(method) + wildcards(path)
	if path == "" {
		target = "/*/$default"
	}
	return m.sub(executeAPI + "${" + api + "}" + target)
}

// wildcards replaces the variables of a path by *.
func wildcards(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

// invocation is the URI by which API Gateway invokes a function, given its ARN.
func invocation(m maker, arn source.Node) source.Node {
	return m.subWith("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations", "__FunctionArn__", arn)
}
