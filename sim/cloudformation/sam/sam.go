// Package sam is the transform AWS::Serverless-2016-10-31: it turns the resource
// types of the AWS Serverless Application Model, AWS::Serverless::Function, Api
// and HttpApi, into the resources of API Gateway, Lambda and IAM that they stand
// for. It works on a template as it is written, before any function such as Ref
// has a value, and in these steps:
//
//  1. Globals are merged into every resource of their type
//  2. each function becomes a function with its role; its events become methods
//     of an API or triggers of a user pool, and permissions to invoke it
//  3. each API becomes an API with a stage and, for each authorizer, what that
//     needs; an event without an API of its own gets the implicit one
//
// Logical ids are SAM's own where SAM makes a resource. Methods, routes,
// integrations and authorizers SAM writes into the API's OpenAPI document; here
// they are resources, named after the API, the path and the method. Every value
// keeps its position, and what is made stands where its cause stands.
//
// What SAM refuses is a Fault; what SAM has and the simulation does not is a
// problem. The package refuses to know what the resources do.
//
// Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
package sam

import (
	"fmt"
	"slices"
	"strings"

	"claimcheck/sim/source"
)

// Transform is the name by which a template asks for the transform.
const Transform = "AWS::Serverless-2016-10-31"

// The resource types of SAM that are simulated.
const (
	typeFunction = "AWS::Serverless::Function"
	typeAPI      = "AWS::Serverless::Api"
	typeHTTPAPI  = "AWS::Serverless::HttpApi"

	typePrefix = "AWS::Serverless::"
)

// The logical ids of the APIs that events get which name none.
const (
	implicitAPI     = "ServerlessRestApi"
	implicitHTTPAPI = "ServerlessHttpApi"
)

// Fault is one thing that SAM refuses.
type Fault struct {
	At source.Position
	// Resource is the logical id of the resource that is invalid.
	Resource string
	// Message is SAM's wording where it is known, and in its manner elsewhere.
	Message string
}

// String is the fault as SAM lists it.
func (f Fault) String() string {
	return fmt.Sprintf("Resource with id [%s] is invalid. %s", f.Resource, f.Message)
}

// Expand returns the template that SAM makes of one, with everything in it that
// SAM refuses. Problems are what the simulation lacks.
func Expand(template source.Node, problems *source.Problems) (source.Node, []Fault) {
	e := &expander{problems: problems, globals: map[string]source.Node{}, aliases: map[string]string{}, permitted: map[string]bool{}, apis: map[string]*restAPI{}, httpAPIs: map[string]*httpAPI{}}
	var sections []source.Entry
	var resources source.Node
	for _, section := range template.Entries(problems) {
		switch section.Key {
		case "Globals":
			e.readGlobals(section.Value)
		case "Resources":
			resources = section.Value
			sections = append(sections, section)
		case "Transform":
		default:
			sections = append(sections, section)
		}
	}
	if resources.YAML == nil {
		return template.With(sections), nil
	}
	expanded := resources.With(e.expand(resources))
	for i := range sections {
		if sections[i].Key == "Resources" {
			sections[i].Value = expanded
		}
	}
	return template.With(sections), e.faults
}

// Named reports whether the value of a Transform section asks for the transform
// and for no other.
func Named(transform source.Node) bool {
	var ignored source.Problems
	if items := transform.Items(&ignored); len(items) == 1 {
		transform = items[0]
	}
	return transform.Text(&ignored) == Transform
}

type expander struct {
	problems *source.Problems
	faults   []Fault
	// globals are the sections of Globals by resource type.
	globals map[string]source.Node
	// aliases are the logical ids of AutoPublishAlias by function.
	aliases map[string]string
	// triggers are those of the template's user pools, and permitted the
	// permissions that they have.
	triggers  []trigger
	permitted map[string]bool
	apis      map[string]*restAPI
	httpAPIs  map[string]*httpAPI
}

// refuse records that SAM refuses a resource.
func (e *expander) refuse(at source.Position, resource, format string, args ...any) {
	e.faults = append(e.faults, Fault{At: at, Resource: resource, Message: fmt.Sprintf(format, args...)})
}

// serverless is one resource of a type of SAM's.
type serverless struct {
	id   string
	kind string
	at   source.Position
	// properties are those of the resource and of Globals.
	properties map[string]source.Node
	dependsOn  source.Node
}

// expand makes steps 2 and 3.
func (e *expander) expand(resources source.Node) []source.Entry {
	var own []serverless
	made := map[string][]source.Entry{}
	for _, entry := range resources.Entries(e.problems) {
		s, ok := e.read(entry)
		if !ok {
			made[entry.Key] = []source.Entry{entry}
			continue
		}
		own = append(own, s)
		switch s.kind {
		case typeAPI:
			e.apis[s.id] = e.readAPI(s)
		case typeHTTPAPI:
			e.httpAPIs[s.id] = e.readHTTPAPI(s)
		}
	}
	for _, s := range own {
		if s.kind == typeFunction {
			made[s.id] = e.function(s)
		}
	}
	e.attach(made)
	var all []source.Entry
	for _, entry := range resources.Entries(e.problems) {
		all = append(all, made[entry.Key]...)
		all = append(all, e.apiResources(entry.Key)...)
	}
	for _, id := range []string{implicitAPI, implicitHTTPAPI} {
		all = append(all, e.apiResources(id)...)
	}
	return all
}

// apiResources are the resources of an API, none for another id and the second
// time.
func (e *expander) apiResources(id string) []source.Entry {
	if a, ok := e.apis[id]; ok {
		delete(e.apis, id)
		return a.resources()
	}
	if a, ok := e.httpAPIs[id]; ok {
		delete(e.httpAPIs, id)
		return a.resources()
	}
	return nil
}

// read returns a resource of a type of SAM's; ok is false for any other.
func (e *expander) read(entry source.Entry) (s serverless, ok bool) {
	var ignored source.Problems
	fields := fieldsOf(entry.Value)
	s = serverless{id: entry.Key, at: entry.KeyAt, kind: fields["Type"].Text(&ignored), properties: map[string]source.Node{}, dependsOn: fields["DependsOn"]}
	shape, simulated := shapes()[s.kind]
	lacking := slices.Contains(unsimulatedTypes(), strings.TrimPrefix(s.kind, typePrefix))
	switch {
	case !simulated && !lacking:
		return serverless{}, false
	case lacking:
		e.problems.Add(fields["Type"].At(), "SAM has %s, the simulation does not", s.kind)
		return s, true
	}
	for _, key := range []string{"Condition", "Connectors", "IgnoreGlobals"} {
		if n, used := fields[key]; used {
			e.problems.Add(n.At(), "SAM has %s of a resource, the simulation does not", key)
		}
	}
	e.accept(&s, shape, merge(e.globals[s.kind], fields["Properties"]))
	return s, true
}

// accept takes the properties that SAM has and the simulation too.
func (e *expander) accept(s *serverless, shape Type, properties source.Node) {
	for _, p := range entriesOf(properties) {
		switch {
		case slices.Contains(shape.Unsimulated, p.Key):
			e.problems.Add(p.KeyAt, "SAM has the property %s of %s, the simulation does not", p.Key, s.kind)
		case !slices.Contains(shape.Properties, p.Key) && !slices.Contains(shape.NoEffect, p.Key):
			e.refuse(p.KeyAt, s.id, "property %s not defined for resource of type %s", p.Key, s.kind)
		default:
			s.properties[p.Key] = p.Value
		}
	}
	for _, key := range shape.Required {
		if _, given := s.properties[key]; !given {
			e.refuse(s.at, s.id, "Missing required property '%s'.", key)
		}
	}
}

// implicit is an API that an event makes because it names none.
func (e *expander) implicit(id, kind string, at source.Position, own ...source.Entry) serverless {
	s := serverless{id: id, kind: kind, at: at, properties: map[string]source.Node{}}
	e.accept(&s, shapes()[kind], merge(e.globals[kind], maker{at}.object(own...)))
	return s
}
