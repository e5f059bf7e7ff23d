// Package appsync is AWS AppSync: GraphQL APIs, who may call them, and how a
// request is answered field by field. A request passes numbered phases:
//
//  1. the request is a POST of an API's /graphql
//  2. its credential selects one of the API's authorization modes
//  3. the mode authenticates: each mode has its own checks in its own file
//  4. the body is a GraphQL request
//  5. the document parses and fits the schema
//  6. AWS_IAM only: policies allow the fields of the operation
//  7. every field, in turn: the directives admit the mode, the resolver
//     answers, the value fits its type
//
// What fails before phase 5 is an HTTP error. From phase 5 on the status is 200,
// phase 6 excepted: a field that is denied is null, with an entry in errors.
//
// The package refuses to know who issued a token, what a function does and how a
// table stores (api.Doors), and how resolver code runs (its folder resolverjs).
package appsync

import (
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

const (
	// Actor is AppSync's lane in a trace.
	Actor trace.Actor = "AppSync"
	// principal is AppSync as service roles and functions know it.
	principal = "appsync.amazonaws.com"
)

// Access is what AppSync asks IAM.
type Access interface {
	// Authenticate checks the SigV4 signature of a request for the service of
	// the credential scope. Its error is an *awserr.Error whose code says which
	// check failed.
	Authenticate(span *trace.Span, request api.HTTPRequest, service string) (api.Principal, error)
	// Authorize evaluates the policies of the principal.
	Authorize(span *trace.Span, a api.Authorization) api.Decision
}

// AppSync holds the GraphQL APIs of one account. It is not safe for concurrent use.
type AppSync struct {
	world  api.World
	doors  api.Doors
	access Access
	// apis are by API id; endpoints give the API id of a host's first label.
	apis      map[string]*graphQLAPI
	endpoints map[string]string
}

// New returns an AppSync without APIs. It reaches tables, functions and the keys
// of issuers through doors.
func New(w api.World, doors api.Doors, access Access) *AppSync {
	return &AppSync{world: w, doors: doors, access: access, apis: map[string]*graphQLAPI{}, endpoints: map[string]string{}}
}

// Service is the control plane behind the API door: API keys. APIs are defined
// by templates.
func (s *AppSync) Service() api.Service {
	return api.Service{
		Prefix: "appsync", Name: Actor, Host: "appsync." + s.world.Region() + ".amazonaws.com",
		Protocol:    api.Protocol{Encoding: api.RESTJSON},
		Operations:  s.keyOperations(),
		Unsimulated: unsimulatedOperations(),
		Rules:       Rules(),
	}
}

// Site answers at the hosts of this account's APIs.
func (s *AppSync) Site() api.Site {
	return api.Site{
		Name:  Actor,
		Hosts: func(host string) bool { _, ok := s.apiAt(host); return ok },
		Serve: s.serve,
	}
}

// Types are the resource types of GraphQL APIs.
func (s *AppSync) Types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::AppSync::GraphQLApi", []string{"ApiId", "Arn", "GraphQLDns", "GraphQLEndpointArn", "GraphQLUrl", "RealtimeDns", "RealtimeUrl"}, s.createAPI),
		cloudformation.Define("AWS::AppSync::GraphQLSchema", []string{"Id"}, s.createSchema),
		cloudformation.Define("AWS::AppSync::ApiKey", []string{"ApiKey", "ApiKeyId", "Arn"}, s.createKeyResource),
		cloudformation.Define("AWS::AppSync::DataSource", []string{"DataSourceArn", "Name"}, s.createDataSource),
		cloudformation.Define("AWS::AppSync::FunctionConfiguration", []string{"DataSourceName", "FunctionArn", "FunctionId", "Name"}, s.createFunction),
		cloudformation.Define("AWS::AppSync::Resolver", []string{"FieldName", "ResolverArn", "TypeName"}, s.createResolver),
	}
}

// graphQLAPI is one GraphQL API.
type graphQLAPI struct {
	id, name string
	// endpoint is the first label of its host, which is not the id.
	endpoint string
	// modes are the default mode and then the additional ones.
	modes []mode
	// introspection is false when the API answers no __schema and no __type.
	introspection bool
	schema        *schema // nil before there is one
	keys          map[string]*apiKey
	sources       map[string]*dataSource
	functions     map[string]*function
	// resolvers are by "Type.field".
	resolvers map[string]*resolver
	// answers are the cached answers of the Lambda authorizer by token.
	answers map[string]cachedAnswer
}

func (s *AppSync) domain() string { return ".appsync-api." + s.world.Region() + ".amazonaws.com" }

// apiAt finds the API at a host, with or without a port.
func (s *AppSync) apiAt(host string) (*graphQLAPI, bool) {
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	label, ok := strings.CutSuffix(host, s.domain())
	if !ok {
		return nil, false
	}
	a, ok := s.apis[s.endpoints[label]]
	return a, ok
}

// arnOf is the ARN of an API, or of what the path below it names.
func (s *AppSync) arnOf(a *graphQLAPI, path string) string {
	return arn.New("appsync", s.world.Region(), s.world.Account(), "apis/"+a.id+path)
}

// unsimulatedOperations are the others of the service model of 2017-07-25.
func unsimulatedOperations() []string {
	return []string{
		"AssociateApi", "AssociateMergedGraphqlApi", "AssociateSourceGraphqlApi", "CreateApi", "CreateApiCache",
		"CreateChannelNamespace", "CreateDataSource", "CreateDomainName", "CreateFunction", "CreateGraphqlApi", "CreateResolver",
		"CreateType", "DeleteApi", "DeleteApiCache", "DeleteChannelNamespace", "DeleteDataSource", "DeleteDomainName",
		"DeleteFunction", "DeleteGraphqlApi", "DeleteResolver", "DeleteType", "DisassociateApi", "DisassociateMergedGraphqlApi",
		"DisassociateSourceGraphqlApi", "EvaluateCode", "EvaluateMappingTemplate", "FlushApiCache", "GetApi", "GetApiAssociation",
		"GetApiCache", "GetChannelNamespace", "GetDataSource", "GetDataSourceIntrospection", "GetDomainName", "GetFunction",
		"GetGraphqlApi", "GetGraphqlApiEnvironmentVariables", "GetIntrospectionSchema", "GetResolver", "GetSchemaCreationStatus",
		"GetSourceApiAssociation", "GetType", "ListApis", "ListChannelNamespaces", "ListDataSources", "ListDomainNames",
		"ListFunctions", "ListGraphqlApis", "ListResolvers", "ListResolversByFunction", "ListSourceApiAssociations",
		"ListTagsForResource", "ListTypes", "ListTypesByAssociation", "PutGraphqlApiEnvironmentVariables",
		"StartDataSourceIntrospection", "StartSchemaCreation", "StartSchemaMerge", "TagResource", "UntagResource", "UpdateApi",
		"UpdateApiCache", "UpdateChannelNamespace", "UpdateDataSource", "UpdateDomainName", "UpdateFunction", "UpdateGraphqlApi",
		"UpdateResolver", "UpdateSourceApiAssociation", "UpdateType",
	}
}
