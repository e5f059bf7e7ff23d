package apigateway

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// described is an OpenAPI 3.0 definition with one of everything.
const described = `{
  "openapi": "3.0.1", "info": {"title": "tasks", "version": "1"},
  "paths": {
    "/tasks": {
      "get": {
        "operationId": "list", "security": [{"pool": ["tasks/read"]}],
        "x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": "FUNCTION", "passthroughBehavior": "when_no_match"}
      },
      "post": {
        "security": [{"tokens": []}, {"api_key": []}],
        "parameters": [{"name": "list", "in": "query", "required": true}],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Task"}}}},
        "responses": {"200": {"headers": {"X-Made": {}}}},
        "x-amazon-apigateway-integration": {
          "type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
          "responses": {"default": {"statusCode": "200", "responseParameters": {"method.response.header.X-Made": "'yes'"}, "responseTemplates": {"application/json": "made"}}}
        }
      }
    },
    "/tasks/{id}": {
      "x-amazon-apigateway-any-method": {
        "x-amazon-apigateway-auth": {"type": "AWS_IAM"},
        "x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": "FUNCTION"}
      }
    }
  },
  "components": {
    "schemas": {
      "Task": {"type": "object", "required": ["title"], "properties": {"title": {"$ref": "#/components/schemas/Title"}}},
      "Title": {"type": "string", "example": "Bread"}
    },
    "securitySchemes": {
      "pool": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["POOL"]}},
      "tokens": {"type": "apiKey", "name": "X-Token", "in": "header", "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "CHECKER", "authorizerResultTtlInSeconds": 0}},
      "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}
    }
  },
  "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true, "validateRequestParameters": true}},
  "x-amazon-apigateway-request-validator": "all",
  "x-amazon-apigateway-gateway-responses": {"UNAUTHORIZED": {"statusCode": 418}}
}`

func describedBody(t *testing.T, changes ...string) any {
	t.Helper()
	text := strings.NewReplacer("FUNCTION", functionURI(function), "CHECKER", functionURI(checker), "POOL", poolARN).Replace(strings.NewReplacer(changes...).Replace(described))
	var body any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		t.Fatal(err)
	}
	return body
}

func describedAPI(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t)
	f.doors.functions[checker] = answering("Allow")
	f.api = done(t)(f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Body: describedBody(t)})).Ref
	f.deploy()
	return f
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
func TestBodyDefinesMethodsAuthorizersAndValidators(t *testing.T) {
	f := describedAPI(t)
	post := func(query, key, body string) reply {
		request := api.HTTPRequest{Method: "POST", URL: "/prod/tasks" + query, Header: api.Header{"x-token": {"secret"}}, Body: body}
		if key != "" {
			request.Header.Set("x-api-key", key)
		}
		return f.send(request)
	}
	key := done(t)(f.gateway.createAPIKey(cloudformation.Resource{}, apiKeyProperties{Enabled: true, Value: keyText})).Ref
	f.plan(key)
	f.expect(f.get(f.accessToken(nil)), passed())
	f.expect(f.get(f.idToken(nil)), outcome{status: 418, body: `{"message":"Unauthorized"}`, errorType: "UnauthorizedException", rule: RuleCognitoTokenUse})
	f.expect(post("?list=1", "", `{"title":"Bread"}`), keyRefused(RuleAPIKey))
	f.expect(post("", keyText, `{"title":"Bread"}`), refused400("Missing required request parameters: [list]", RuleParameters))
	f.expect(post("?list=1", keyText, `{"title":1}`), refused400("Invalid request body", RuleBody))
	made := post("?list=1", keyText, `{"title":"Bread"}`)
	f.expect(made, outcome{status: 200, body: "made"})
	if made.Header.Get("x-made") != "yes" {
		t.Errorf("headers are %v", made.Header)
	}
	signed := getRequest("")
	signed.URL = "/prod/tasks/7"
	f.expect(f.send(signed), outcome{status: 403, body: `{"message":"Missing Authentication Token"}`, errorType: "MissingAuthenticationTokenException"})
}

func TestBodyOfOpenAPI2(t *testing.T) {
	f := newFixture(t)
	body := describedBody(t, `"components": {`, `"definitions": {"Old": {"type": "string"}}, "securityDefinitions": {"none": {"type": "apiKey"}}, "components": {`,
		`"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Task"}}}},`, "",
		`[{"name": "list", "in": "query", "required": true}]`, `[{"name": "t", "in": "body", "schema": {"$ref": "#/definitions/Old"}}]`)
	f.api = done(t)(f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Body: body})).Ref
	for key, m := range f.gateway.apis[f.api].draft.methods {
		if key.verb == "POST" && m.models["application/json"] != "Old" {
			t.Errorf("the models are %v", m.models)
		}
	}
}

func TestBodyThatCannotBeImported(t *testing.T) {
	for name, row := range map[string]struct {
		changes []string
		refused bool
	}{
		"an integration without a verb": {[]string{`"httpMethod": "POST", `, ""}, true},
		"no user pool":                  {[]string{`["POOL"]`, `[]`}, true},
		"paths that are a list":         {[]string{`"paths": {`, `"paths": [], "was": {`}, true},
		"an operation that is text":     {[]string{`"security": [{"pool": ["tasks/read"]}]`, `"security": "none"`}, true},
		"a path part with a space":      {[]string{`"/tasks/{id}"`, `"/a b"`}, true},
		"an unknown key":                {[]string{`"type": "mock",`, `"type": "mock", "tlsConfig": {},`}, false},
		"a schema keyword":              {[]string{`"example"`, `"nullable"`}, false},
	} {
		f := newFixture(t)
		_, err := f.gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Body: describedBody(t, row.changes...)})
		var refused *awserr.Error
		if err == nil || errors.As(err, &refused) != row.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := newFixture(t).gateway.createRestAPI(cloudformation.Resource{}, restAPIProperties{Body: "openapi: 3.0.1"})
	if err == nil {
		t.Error("a Body that is text is taken")
	}
}
