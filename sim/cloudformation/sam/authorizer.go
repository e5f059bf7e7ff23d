package sam

import (
	"strings"

	"claimcheck/sim/source"
)

// The authorizers that no author has to define.
const (
	authorizerNone = "NONE"
	authorizerIAM  = "AWS_IAM"
)

// auth is the Auth property of an API, as far as REST and HTTP APIs have it in
// common.
type auth struct {
	fields map[string]source.Node
	// authorizers are the entries of Authorizers in their order.
	authorizers []source.Entry
	// fallback is DefaultAuthorizer, "" for none.
	fallback string
}

// readAuth reads Auth, and refuses a default authorizer that is not defined.
func (e *expander) readAuth(s serverless, known string) auth {
	n := s.properties["Auth"]
	a := auth{fields: fieldsOf(n), authorizers: entriesOf(fieldsOf(n)["Authorizers"])}
	for _, entry := range entriesOf(n) {
		if !contains(known, entry.Key) {
			e.refuse(entry.KeyAt, s.id, "Invalid value for 'Auth' property")
		}
	}
	a.fallback = textOf(a.fields["DefaultAuthorizer"])
	if a.fallback != "" && a.fallback != authorizerIAM && !a.defines(a.fallback) {
		e.refuse(a.fields["DefaultAuthorizer"].At(), s.id, "Unable to set DefaultAuthorizer because '%s' was not defined in 'Authorizers'.", a.fallback)
	}
	return a
}

func (a auth) defines(name string) bool { return a.definition(name) != nil }

// definition are the fields of an authorizer, nil for one that is not defined.
func (a auth) definition(name string) map[string]source.Node {
	for _, entry := range a.authorizers {
		if entry.Key == name {
			return fieldsOf(entry.Value)
		}
	}
	return nil
}

// access is who may call one method.
type access struct {
	// authorizer is a name of Authorizers, AWS_IAM, or "" for everybody.
	authorizer string
	scopes     source.Node
}

// accessOf decides who may call the method of an event: its own authorizer, or
// the API's default one. NONE takes a method out of the default.
func (e *expander) accessOf(ev event, a auth, method, path string) access {
	own := fieldsOf(ev.properties["Auth"])
	chosen := access{authorizer: a.fallback, scopes: own["AuthorizationScopes"]}
	if n, given := own["Authorizer"]; given {
		chosen.authorizer = textOf(n)
		e.checkAuthorizer(ev, a, n, method, path)
	}
	if chosen.authorizer == authorizerNone {
		chosen.authorizer = ""
	}
	if chosen.scopes.IsNull() {
		chosen.scopes = a.definition(chosen.authorizer)["AuthorizationScopes"]
	}
	return chosen
}

// checkAuthorizer refuses an event's authorizer in SAM's words.
// https://github.com/aws/serverless-application-model/blob/develop/samtranslator/model/eventsources/push.py
func (e *expander) checkAuthorizer(ev event, a auth, n source.Node, method, path string) {
	name := textOf(n)
	place := "on API method [" + strings.ToLower(method) + "] for path [" + path + "] because "
	switch {
	case name == authorizerIAM:
	case name == authorizerNone && a.fallback == "":
		e.refuseEvent(ev, n.At(), "Unable to set Authorizer %s'NONE' is only a valid value when a DefaultAuthorizer on the API is specified.", place)
	case name == authorizerNone:
	case len(a.authorizers) == 0:
		e.refuseEvent(ev, n.At(), "Unable to set Authorizer [%s] %sthe related API does not define any Authorizers.", name, place)
	case !a.defines(name):
		e.refuseEvent(ev, n.At(), "Unable to set Authorizer [%s] %sit wasn't defined in the API's Authorizers.", name, place)
	}
}

// identityPart is a part of Identity, and what API Gateway writes before each of
// its names.
type identityPart struct{ property, prefix string }

// identities are the identity sources of a Lambda authorizer, part by part.
func identities(identity map[string]source.Node, parts []identityPart) []source.Node {
	var sources []source.Node
	for _, part := range parts {
		for _, n := range itemsOf(identity[part.property]) {
			sources = append(sources, n.WithText(part.prefix+textOf(n)))
		}
	}
	return sources
}

// authorizerPermission lets API Gateway invoke an authorizer's function.
func authorizerPermission(m maker, api, name string, function source.Node) source.Entry {
	return m.resource(api+name+"AuthorizerPermission", "AWS::Lambda::Permission",
		m.textEntry("Action", "lambda:InvokeFunction"), m.entry("FunctionName", function),
		m.textEntry("Principal", "apigateway.amazonaws.com"), m.entry("SourceArn", m.sub(executeAPI+"${"+api+"}/authorizers/*")))
}
