package apigateway

import (
	"errors"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// validated is POST /tasks behind a Lambda authorizer, with a validator of the
// body, a Task that needs a title, and of parameters, a header and a query
// parameter.
func validated(t *testing.T, checks validatorProperties, models map[string]string) *fixture {
	t.Helper()
	f := newFixture(t)
	f.define(nil)
	f.doors.functions[checker] = answering("Allow")
	authorizer := f.authorizer(authorizerProperties{Type: "TOKEN", AuthorizerUri: functionURI(checker)})
	checks.RestApiId = f.api
	validator := done(t)(f.gateway.createValidator(cloudformation.Resource{}, checks)).Ref
	title := map[string]any{"type": "object", "required": []any{"title"}, "properties": map[string]any{"title": map[string]any{"type": "string"}}}
	done(t)(f.gateway.createModel(cloudformation.Resource{}, modelProperties{RestApiId: f.api, Name: "Task", Schema: title}))
	if models == nil {
		models = map[string]string{"application/json": "Task"}
	}
	f.method(methodProperties{
		ResourceId: f.resource(f.root, "tasks"), HttpMethod: "POST", AuthorizationType: "CUSTOM", AuthorizerId: authorizer,
		RequestValidatorId: validator, RequestModels: models,
		RequestParameters: map[string]bool{"method.request.querystring.list": true, "method.request.header.X-Tenant": true, "method.request.header.X-Trace": false},
	})
	f.deploy()
	return f
}

type validationRow struct {
	name   string
	checks validatorProperties
	models map[string]string
	query  string
	header api.Header
	body   string
	want   outcome
}

func refused400(message string, rule trace.RuleID) outcome {
	return outcome{status: 400, body: `{"message":"` + message + `"}`, errorType: "BadRequestException", rule: rule}
}

func validationRows() []validationRow {
	body, parameters := validatorProperties{ValidateRequestBody: true}, validatorProperties{ValidateRequestParameters: true}
	both := validatorProperties{ValidateRequestBody: true, ValidateRequestParameters: true}
	tenant := api.Header{"x-tenant": {"acme"}}
	xml := api.Header{"content-type": {"application/xml"}}
	invalid := refused400("Invalid request body", RuleBody)
	return []validationRow{
		{name: "a body that fits", checks: body, body: `{"title":"Bread"}`, want: passed()},
		{name: "a body without a title", checks: body, body: `{"name":"Bread"}`, want: invalid},
		{name: "a title that is a number", checks: body, body: `{"title":1}`, want: invalid},
		{name: "a body that is no JSON", checks: body, body: `title`, want: invalid},
		{name: "no body", checks: body, want: invalid},
		{name: "another content type", checks: body, header: xml, body: `<a/>`, want: passed()},
		{name: "another content type, and a model for all", checks: body, models: map[string]string{"$default": "Task"}, header: xml, body: `<a/>`, want: invalid},
		{name: "the model Empty", checks: body, models: map[string]string{"application/json": "Empty"}, body: `{"a":1}`, want: passed()},
		{name: "the body is not validated", checks: parameters, query: "?list=1", header: tenant, body: `{}`, want: passed()},
		{name: "parameters that are there", checks: parameters, query: "?list=1", header: tenant, want: passed()},
		{name: "a parameter missing", checks: parameters, query: "?list=1", want: refused400("Missing required request parameters: [X-Tenant]", RuleParameters)},
		{name: "two parameters missing", checks: parameters, want: refused400("Missing required request parameters: [X-Tenant, list]", RuleParameters)},
		{name: "a blank parameter", checks: parameters, query: "?list=", header: tenant, want: refused400("Missing required request parameters: [list]", RuleParameters)},
		{name: "parameters are not validated", checks: body, body: `{"title":"Bread"}`, want: passed()},
		{name: "both", checks: both, query: "?list=1", header: tenant, body: `{"title":"Bread"}`, want: passed()},
	}
}

func (row validationRow) send(t *testing.T, cover *tracetest.Coverage) {
	t.Helper()
	f := validated(t, row.checks, row.models)
	f.cover = cover
	request := api.HTTPRequest{Method: "POST", URL: "/prod/tasks" + row.query, Header: row.header.Clone(), Body: row.body}
	request.Header.Set("authorization", "token")
	f.expect(f.send(request), row.want)
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
func TestValidationOutcomes(t *testing.T) {
	for _, row := range validationRows() {
		t.Run(row.name, func(t *testing.T) { row.send(t, nil) })
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
func TestAuthorizerComesBeforeTheValidator(t *testing.T) {
	f := validated(t, validatorProperties{ValidateRequestBody: true}, nil)
	f.doors.functions[checker] = answering("Deny")
	request := api.HTTPRequest{Method: "POST", URL: "/prod/tasks", Header: api.Header{"authorization": {"token"}}, Body: "nonsense"}
	if got := f.send(request); got.Status != 403 || got.decider() != RuleLambdaPolicy {
		t.Errorf("answered %d, decided by %s", got.Status, got.decider())
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
func TestGatewayResponseMaySayWhatIsWrongWithTheBody(t *testing.T) {
	f := validated(t, validatorProperties{ValidateRequestBody: true}, nil)
	done(t)(f.gateway.createGatewayResponse(cloudformation.Resource{}, gatewayResponseProperties{
		RestApiId: f.api, ResponseType: "BAD_REQUEST_BODY", ResponseTemplates: jsonText(`{"why": "$context.error.validationErrorString"}`),
	}))
	f.deploy()
	got := f.send(api.HTTPRequest{Method: "POST", URL: "/prod/tasks", Header: api.Header{"authorization": {"token"}}, Body: "{}"})
	if want := `{"why": "[object has missing required properties (["title"])]"}`; got.Body != want {
		t.Errorf("answered %s, want %s", got.Body, want)
	}
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
func TestModelsMayReferToOneAnother(t *testing.T) {
	f := newFixture(t)
	f.define(nil)
	create := func(name string, schema any) error {
		_, err := f.gateway.createModel(cloudformation.Resource{LogicalID: "M"}, modelProperties{RestApiId: f.api, Name: name, Schema: schema})
		return err
	}
	ref := func(name string) any {
		return map[string]any{"$ref": "https://apigateway.amazonaws.com/restapis/" + f.api + "/models/" + name}
	}
	if err := errors.Join(create("Pet", map[string]any{"type": "string"}), create("Pets", map[string]any{"items": ref("Pet")}), create("", nil)); err != nil {
		t.Fatal(err)
	}
	if faults := f.gateway.apis[f.api].draft.models["Pets"].schema.Faults("[1]"); len(faults) != 1 {
		t.Errorf("faults %v", faults)
	}
	var refused *awserr.Error
	for name, err := range map[string]error{
		"no such model": create("Dogs", map[string]any{"items": ref("Dog")}), "unknown keyword": create("X", map[string]any{"if": 1}),
	} {
		if err == nil || errors.As(err, &refused) {
			t.Errorf("%s: %v, want an error that is no refusal", name, err)
		}
	}
	for name, err := range map[string]error{"the name twice": create("Pet", nil), "a hyphen": create("my-pet", nil)} {
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}
