package appsync

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"claimcheck/sim/cloudformation"
)

// schema is an API's types.
type schema struct{ types *ast.Schema }

// vocabulary is what AppSync adds to every schema: its scalars and directives.
// Sources: https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html,
// https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
const vocabulary = `
scalar AWSDate
scalar AWSTime
scalar AWSDateTime
scalar AWSTimestamp
scalar AWSEmail
scalar AWSJSON
scalar AWSURL
scalar AWSPhone
scalar AWSIPAddress
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
`

// createSchema gives an API its schema. A document that is no schema is AWS's
// refusal; an AWS directive that is used in another way than documented is an
// error of the template, because AppSync was not seen to check it.
func (s *AppSync) createSchema(_ cloudformation.Resource, p schemaProperties) (cloudformation.Created, error) {
	a, err := s.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	types, err := validator.LoadSchema(validator.Prelude, &ast.Source{Input: vocabulary, BuiltIn: true}, &ast.Source{Name: "Definition", Input: p.Definition})
	if err != nil {
		return cloudformation.Created{}, schemaFault(err)
	}
	if types.Query == nil {
		return cloudformation.Created{}, badRequest("Schema Creation Status is FAILED with details: There is no top level schema object defined.")
	}
	a.schema = &schema{types: types}
	return cloudformation.Created{Ref: a.id + "GraphQLSchema", Attributes: map[string]string{"Id": a.id + "GraphQLSchema"}}, nil
}

func schemaFault(err error) error {
	if text := err.Error(); strings.Contains(text, "irective") || strings.Contains(text, "argument") {
		return notSimulated("an answer to a directive that is not used as documented: %s", text)
	}
	return badRequest("Schema Creation Status is FAILED with details: Failed to parse schema document - ensure it's a valid SDL-formatted document. (%s)", err)
}

// document is a request that parses and fits the schema.
type document struct {
	query     *ast.QueryDocument
	operation *ast.OperationDefinition
	variables map[string]any
}

// parse reads a document; its error says that it is not GraphQL.
func parse(text string) (*ast.QueryDocument, error) {
	query, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, maxTokens)
	if err != nil {
		return nil, err
	}
	return query, nil
}

// maxTokens bounds what a document may make the parser do.
const maxTokens = 15000

// validate lists what about the document does not fit the schema, in AppSync's
// words where they are known.
func (s *schema) validate(query *ast.QueryDocument) []entry {
	var entries []entry
	for _, fault := range validator.ValidateWithRules(s.types, query, rules.NewDefaultRules()) {
		entries = append(entries, validationEntry(query, fault))
	}
	return entries
}

// validationEntry is one entry of errors for a fault of the document.
// https://github.com/graphql/graphql-over-http/issues/81
func validationEntry(query *ast.QueryDocument, fault *gqlerror.Error) entry {
	e := entry{message: "Validation error of type " + faultType(fault.Rule) + ": " + fault.Message}
	if len(fault.Locations) == 0 {
		return e
	}
	e.at = &ast.Position{Line: fault.Locations[0].Line, Column: fault.Locations[0].Column}
	if fault.Rule != ruleFieldsOnCorrectType {
		return e
	}
	if path, f := fieldAt(query, e.at); f != nil && f.ObjectDefinition != nil {
		e.message = "Validation error of type FieldUndefined: Field '" + f.Name + "' in type '" + f.ObjectDefinition.Name + "' is undefined @ '" + path + "'"
	}
	return e
}

const ruleFieldsOnCorrectType = "FieldsOnCorrectType"

// faultType is AppSync's name for what a rule of the GraphQL specification finds.
func faultType(rule string) string {
	switch rule {
	case ruleFieldsOnCorrectType:
		return "FieldUndefined"
	case "KnownTypeNames":
		return "UnknownType"
	case "KnownArgumentNames":
		return "UnknownArgument"
	case "ProvidedRequiredArguments":
		return "MissingFieldArgument"
	case "ScalarLeafs":
		return "SubSelectionRequired"
	case "ValuesOfCorrectType":
		return "WrongType"
	case "NoUndefinedVariables":
		return "UndefinedVariable"
	case "VariablesInAllowedPosition":
		return "VariableTypeMismatch"
	}
	return rule
}

// fieldAt finds the field at a position and the response names that lead to it.
func fieldAt(query *ast.QueryDocument, at *ast.Position) (string, *ast.Field) {
	for _, operation := range query.Operations {
		if path, f := fieldIn(operation.SelectionSet, at); f != nil {
			return path, f
		}
	}
	for _, fragment := range query.Fragments {
		if path, f := fieldIn(fragment.SelectionSet, at); f != nil {
			return fragment.Name + "/" + path, f
		}
	}
	return "", nil
}

func fieldIn(set ast.SelectionSet, at *ast.Position) (string, *ast.Field) {
	for _, selection := range set {
		switch node := selection.(type) {
		case *ast.Field:
			if node.Position.Line == at.Line && node.Position.Column == at.Column {
				return node.Alias, node
			}
			if path, f := fieldIn(node.SelectionSet, at); f != nil {
				return node.Alias + "/" + path, f
			}
		case *ast.InlineFragment:
			if path, f := fieldIn(node.SelectionSet, at); f != nil {
				return path, f
			}
		}
	}
	return "", nil
}
