package appsync

import (
	"fmt"
	"regexp"

	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
)

// The kinds of data source that are simulated.
const (
	sourceNone     = "NONE"
	sourceLambda   = "AWS_LAMBDA"
	sourceDynamoDB = "AMAZON_DYNAMODB"
)

// dataSource is where resolvers get their data.
type dataSource struct {
	name, kind, role string
	// function is a Lambda source's, table a DynamoDB source's.
	function, table string
	session         session
}

// function is one AWS::AppSync::FunctionConfiguration.
type function struct {
	id, name string
	source   *dataSource
	code     code
}

// resolver answers one field: a UNIT resolver from its data source, a pipeline
// through its functions. It has no code when it hands the context to a Lambda
// function as it is.
type resolver struct {
	code      code
	source    *dataSource
	pipeline  bool
	functions []*function
}

func (s *AppSync) createDataSource(_ cloudformation.Resource, p dataSourceProperties) (cloudformation.Created, error) {
	a, err := s.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if !regexp.MustCompile(`^[_A-Za-z][_0-9A-Za-z]*$`).MatchString(p.Name) {
		return cloudformation.Created{}, badRequest("1 validation error detected: Value '%s' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [_A-Za-z][_0-9A-Za-z]*", p.Name)
	}
	d := &dataSource{name: p.Name, kind: p.Type, role: p.ServiceRoleArn}
	switch {
	case p.Type == sourceNone:
	case p.Type != sourceLambda && p.Type != sourceDynamoDB:
		return cloudformation.Created{}, notSimulated("data sources of Type %s", p.Type)
	case p.ServiceRoleArn == "":
		return cloudformation.Created{}, badRequest("Data source of type %s must specify a service role.", p.Type)
	case p.Type == sourceLambda && p.LambdaConfig == nil:
		return cloudformation.Created{}, badRequest("Data source of type %s must specify a LambdaConfig.", p.Type)
	case p.Type == sourceLambda:
		d.function = p.LambdaConfig.LambdaFunctionArn
	case p.DynamoDBConfig == nil:
		return cloudformation.Created{}, badRequest("Data source of type %s must specify a DynamoDBConfig.", p.Type)
	case p.DynamoDBConfig.AwsRegion != s.world.Region():
		return cloudformation.Created{}, notSimulated("tables of another Region (%s)", p.DynamoDBConfig.AwsRegion)
	default:
		d.table = p.DynamoDBConfig.TableName
	}
	a.sources[d.name] = d
	at := s.arnOf(a, "/datasources/"+d.name)
	return cloudformation.Created{Ref: at, Attributes: map[string]string{"DataSourceArn": at, "Name": d.name}}, nil
}

func (s *AppSync) createFunction(_ cloudformation.Resource, p functionProperties) (cloudformation.Created, error) {
	a, err := s.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	d, err := a.source(p.DataSourceName)
	if err != nil {
		return cloudformation.Created{}, err
	}
	program, err := readCode(p.codeProperties)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if program.empty() {
		return cloudformation.Created{}, fmt.Errorf("the function %s has neither Code nor mapping templates", p.Name)
	}
	f := &function{id: s.world.Token(26, api.LowerAlphanumeric), name: p.Name, source: d, code: program}
	a.functions[f.id] = f
	at := s.arnOf(a, "/functions/"+f.id)
	return cloudformation.Created{Ref: at, Attributes: map[string]string{
		"DataSourceName": d.name, "FunctionArn": at, "FunctionId": f.id, "Name": f.name,
	}}, nil
}

func (a *graphQLAPI) source(name string) (*dataSource, error) {
	if d, ok := a.sources[name]; ok {
		return d, nil
	}
	return nil, notFound("No data source found named %s", name)
}

// createResolver attaches a resolver to a field of the schema.
func (s *AppSync) createResolver(_ cloudformation.Resource, p resolverProperties) (cloudformation.Created, error) {
	a, err := s.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if err := a.checkField(p.TypeName, p.FieldName); err != nil {
		return cloudformation.Created{}, err
	}
	program, err := readCode(p.codeProperties)
	if err != nil {
		return cloudformation.Created{}, err
	}
	r := &resolver{code: program, pipeline: p.Kind == "PIPELINE"}
	if err := a.connect(r, p); err != nil {
		return cloudformation.Created{}, err
	}
	key := p.TypeName + "." + p.FieldName
	if _, taken := a.resolvers[key]; taken {
		return cloudformation.Created{}, badRequest("Only one resolver is allowed per field.")
	}
	a.resolvers[key] = r
	at := s.arnOf(a, "/types/"+p.TypeName+"/resolvers/"+p.FieldName)
	return cloudformation.Created{Ref: at, Attributes: map[string]string{"FieldName": p.FieldName, "ResolverArn": at, "TypeName": p.TypeName}}, nil
}

func (a *graphQLAPI) checkField(typeName, fieldName string) error {
	if a.schema == nil {
		return notFound("Type %s not found: the API has no schema yet. The resolver needs DependsOn its GraphQLSchema.", typeName)
	}
	definition := a.schema.types.Types[typeName]
	if definition == nil || definition.Fields.ForName(fieldName) == nil {
		return notFound("No field named %s found on type %s", fieldName, typeName)
	}
	return nil
}

// connect gives a resolver its data source or its functions.
func (a *graphQLAPI) connect(r *resolver, p resolverProperties) error {
	if !r.pipeline {
		d, err := a.source(p.DataSourceName)
		if err != nil {
			return err
		}
		if r.source = d; r.code.empty() && d.kind != sourceLambda {
			return fmt.Errorf("the resolver of %s.%s has neither Code nor mapping templates: only a Lambda data source can do without", p.TypeName, p.FieldName)
		}
		return nil
	}
	if p.PipelineConfig == nil || len(p.PipelineConfig.Functions) == 0 {
		return badRequest("A PIPELINE resolver must specify a PipelineConfig with functions.")
	}
	if r.code.empty() {
		return fmt.Errorf("the resolver of %s.%s has neither Code nor mapping templates", p.TypeName, p.FieldName)
	}
	for _, id := range p.PipelineConfig.Functions {
		f, ok := a.functions[id]
		if !ok {
			return notFound("No function found with id %s", id)
		}
		r.functions = append(r.functions, f)
	}
	return nil
}
