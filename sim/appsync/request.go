package appsync

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
)

// body is a GraphQL request as it travels.
type body struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// readBody reads a request's body: a JSON object with a query, or a GraphQL
// document by itself. Its fault is a short phrase, "" for none.
// https://github.com/graphql/graphql-over-http/issues/81
func readBody(text string) (body, string) {
	if strings.TrimSpace(text) == "" {
		return body{}, "nothing"
	}
	var b body
	var members map[string]any
	if json.Unmarshal([]byte(text), &members) != nil {
		return body{Query: text}, ""
	}
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		return body{}, "members of the wrong type"
	}
	if b.Query == "" {
		return body{}, "no query"
	}
	return b, ""
}

func malformed(message string) error {
	return &refusal{status: 400, errorType: "MalformedHttpRequestException", message: message}
}

// read is phase 4: the body is a request and its query is GraphQL.
func (c *call) read() error {
	b, fault := readBody(c.request.Body)
	if !c.span.Decide(RuleRequest, fault == "", "a body with a GraphQL query", cmp.Or(fault, "a query")) {
		if fault == "nothing" {
			return malformed("Request body is empty.")
		}
		return malformed("Unable to parse GraphQL query.")
	}
	c.body = b
	query, err := parse(b.Query)
	found := "it parses"
	if err != nil {
		found = abbreviate(err.Error())
	}
	if !c.span.Decide(RuleParse, err == nil, "a GraphQL document", found) {
		return malformed("Unable to parse GraphQL query.")
	}
	c.document.query = query
	return nil
}

// fit is phase 5: the document fits the schema, does not ask for it where that is
// disabled (in words of ours), says which operation is meant, and its variables
// have the types that it declares. What fails is answered with status 200, data
// null and errors.
func (c *call) fit() error {
	entries := c.api.schema.validate(c.document.query)
	found := "it fits"
	if len(entries) > 0 {
		found = abbreviate(entries[0].message)
	}
	if !c.span.Decide(RuleValidation, len(entries) == 0, "a document that fits the schema", found) {
		return &failure{entries: entries}
	}
	if asked := introspected(c.document.query); asked != "" && !c.span.Decide(RuleIntrospection, c.api.introspection, "IntrospectionConfig ENABLED for "+asked, "DISABLED") {
		return &failure{entries: []entry{{message: "Introspection is disabled."}}}
	}
	c.document.operation = operationOf(c.document.query, c.body.OperationName)
	if c.document.operation == nil {
		c.span.Decide(RuleOperation, false, "the name of one of the operations", cmp.Or(c.body.OperationName, "no operationName"))
		return &failure{entries: []entry{{message: "Must provide operation name if query contains multiple operations."}}}
	}
	c.span.Decide(RuleOperation, true, "one operation", cmp.Or(c.document.operation.Name, "without a name"))
	variables, err := validator.VariableValues(c.api.schema.types, c.document.operation, c.body.Variables)
	found = "they have"
	if err != nil {
		found = abbreviate(err.Error())
	}
	if !c.span.Decide(RuleVariables, err == nil, "variables of the declared types", found) {
		return &failure{entries: []entry{variableEntry(c.document.operation, err)}}
	}
	c.document.variables = variables
	return nil
}

// introspected is the field by which a document asks for the schema, "" for none.
func introspected(query *ast.QueryDocument) string {
	for _, operation := range query.Operations {
		for _, name := range []string{"__schema", "__type"} {
			if selects(operation.SelectionSet, name) {
				return name
			}
		}
	}
	return ""
}

func selects(set ast.SelectionSet, name string) bool {
	return slices.ContainsFunc(set, func(selection ast.Selection) bool {
		switch node := selection.(type) {
		case *ast.Field:
			return node.Name == name
		case *ast.InlineFragment:
			return selects(node.SelectionSet, name)
		case *ast.FragmentSpread:
			return node.Definition != nil && selects(node.Definition.SelectionSet, name)
		}
		return false
	})
}

// operationOf is the operation of that name, or the only one; nil without one.
func operationOf(query *ast.QueryDocument, name string) *ast.OperationDefinition {
	if name == "" && len(query.Operations) == 1 {
		return query.Operations[0]
	}
	return query.Operations.ForName(name)
}

// variableEntry words a variable that does not fit
// (https://github.com/graphql/graphql-over-http/issues/81).
func variableEntry(operation *ast.OperationDefinition, err error) entry {
	var fault *gqlerror.Error
	if !errors.As(err, &fault) || len(fault.Path) < 2 {
		return entry{message: err.Error()}
	}
	name, _ := fault.Path[1].(ast.PathName)
	definition := operation.VariableDefinitions.ForName(string(name))
	if definition == nil {
		return entry{message: err.Error()}
	}
	e := entry{message: "Variable '" + string(name) + "' has an invalid value: " + fault.Message, at: definition.Position}
	if fault.Message == "must be defined" || fault.Message == "cannot be null" {
		e.message = "Variable '" + string(name) + "' has coerced Null value for NonNull type '" + definition.Type.String() + "'"
	}
	return e
}
