package scenario

import (
	"strings"
	"testing"

	"claimcheck/sim/source"
)

// ordersAPI is a REST API whose GET wants the scope orders/read of a user pool
// with a domain, a machine's app client, and Google beside the pool.
const ordersAPI = `
Metadata:
  Claimcheck:
    IdentityProviders:
      Google: {Users: [{sub: "1045", email: ana@example.com}]}
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  Login: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Users, Domain: orders}}
  Orders:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties: {UserPoolId: !Ref Users, Identifier: orders, Name: orders, Scopes: [{ScopeName: read, ScopeDescription: r}, {ScopeName: write, ScopeDescription: w}]}
  Machine:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: Orders
    Properties: {UserPoolId: !Ref Users, GenerateSecret: true, AllowedOAuthFlows: [client_credentials], AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: [orders/read, orders/write]}
  Google:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Properties: {UserPoolId: !Ref Users, ProviderName: Google, ProviderType: Google, ProviderDetails: {client_id: a, client_secret: b, authorize_scopes: openid}}
  App:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: Google
    Properties: {UserPoolId: !Ref Users, AllowedOAuthFlows: [implicit], AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: [openid], CallbackURLs: [https://app.example.com/], SupportedIdentityProviders: [Google]}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties: {Name: pool, RestApiId: !Ref Api, Type: COGNITO_USER_POOLS, ProviderARNs: [!GetAtt Users.Arn], IdentitySource: method.request.header.Authorization}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Authorizer, AuthorizationScopes: [orders/read], Integration: {Type: MOCK, RequestTemplates: {application/json: '{"statusCode": 200}'}, IntegrationResponses: [{StatusCode: "200"}]}, MethodResponses: [{StatusCode: "200"}]}
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: [Get], Properties: {RestApiId: !Ref Api}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: prod}}
`

const machineClient = `
get-token:
  - http: POST ${Login.Url}/oauth2/token
    headers: {Content-Type: application/x-www-form-urlencoded, Authorization: 'Basic ${toBase64(Machine.Ref + ":" + Machine.ClientSecret)}'}
    body: grant_type=client_credentials&scope=${escape(scope)}
    as: token
call-api:
  - http: GET ${Api.Url}/
    headers: {Authorization: "${token.body.access_token}"}
    as: reply
`

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
func TestAMachineTokenOpensAMethodWithItsScope(t *testing.T) {
	p := program(t, ordersAPI, machineClient)
	o := runFlow(t, p, `
- {let: '"orders/read"', as: scope}
- do: get-token
- do: call-api
- expect: reply.status == 200
`)
	if !o.Holds {
		t.Errorf("orders/read: wanted %s, but %s", o.Expected, o.Happened)
	}
	o = runFlow(t, p, `
- {let: '"orders/write"', as: scope}
- do: get-token
- do: call-api
- expect: reply.status == 200
`)
	if o.Holds || o.DecidedBy("") != "apigateway.cognito.scopes" {
		t.Errorf("orders/write: holds %v, decided by %v", o.Holds, o.Decided)
	}
}

// The browser is sent from the domain to Google and back, hop by hop.
func TestABrowserWalksToAnIdentityProviderAndBack(t *testing.T) {
	o := runFlow(t, program(t, ordersAPI, "{}"), `
- http: GET ${Login.Url}/oauth2/authorize?response_type=token&client_id=${App}&redirect_uri=${escape("https://app.example.com/")}&identity_provider=Google
  as: away
- expect: away.status == 302 && away.headers.location startsWith "https://accounts.google.com/"
- http: POST ${away.headers.location}
  body: account=ana@example.com
  headers: {Content-Type: application/x-www-form-urlencoded}
  as: vouched
- http: GET ${vouched.headers.location}
  as: back
- expect: claims(param(back.headers.location, "id_token")).identities[0].userId == "1045"
- expect: cookie(back) startsWith "cognito="
`)
	if !o.Holds {
		t.Errorf("wanted %s, but %s", o.Expected, o.Happened)
	}
	var hops []string
	for _, e := range o.Trace.Events {
		if e.Kind == "request" && e.To == "Google" {
			hops = append(hops, string(e.From)+" "+e.Title)
		}
	}
	want := "App POST /o/oauth2/v2/auth, Cognito user pool POST /oauth2/v4/token, Cognito user pool GET /v1/userinfo"
	if got := strings.Join(hops, ", "); got != want {
		t.Errorf("Google was asked: %s\nwant %s", got, want)
	}
}

func TestIdentityProvidersThatAreDescribedWrongly(t *testing.T) {
	for description, want := range map[string]string{
		"{Google: {}}":                    "Users",
		"{Google: {Users: [ana]}}":        "a user is a mapping of claims",
		"{corp: {Users: [], Issuers: x}}": "Issuers",
	} {
		var problems source.Problems
		parseProviders(node(t, description), &problems)
		if err := problems.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", description, err, want)
		}
	}
	stack := strings.Replace(ordersAPI, "Google: {Users: [{sub: \"1045\"", "corp: {Users: [{sub: \"1045\"", 1)
	if _, err := Run(program(t, stack, "{}"), flowOf(t, "[{wait: 1s}]")); err == nil || !strings.Contains(err.Error(), "needs an Issuer") {
		t.Errorf("a provider without an Issuer: %v", err)
	}
}

func TestWebFunctions(t *testing.T) {
	for _, row := range []struct{ name, got, want string }{
		{"a parameter of the query", param("https://a.example/back?code=1%202#code=3", "code"), "1 2"},
		{"a parameter of the fragment", param("https://a.example/back?state=s#id_token=x.y.z", "id_token"), "x.y.z"},
		{"no such parameter", param("https://a.example/back", "code"), ""},
		{"no address", param("%zz", "code"), ""},
		// RFC 7636, appendix B
		{"the challenge of a verifier", s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
		{"escaped text", escape("openid orders/read"), "openid+orders%2Fread"},
		{"an input of a page", field(`<input name="session" value="a&amp;b">`, "session"), "a&b"},
		{"no such input", field(`<input name="session" value="a">`, "code"), ""},
		{"the cookie of an answer", cookie(map[string]any{"headers": map[string]any{"set-cookie": "cognito=1; Path=/"}}), "cognito=1"},
		{"no cookie", cookie(map[string]any{}), ""},
	} {
		if row.got != row.want {
			t.Errorf("%s: %q, want %q", row.name, row.got, row.want)
		}
	}
}

// samlStack lets users in who have an account at the company's SAML server.
const samlStack = `
Metadata:
  Claimcheck:
    IdentityProviders:
      adfs: {Issuer: https://adfs.corp.example, Protocol: SAML, Users: [{NameID: ana, mail: ana@corp.example}]}
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  Login: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Users, Domain: corp}}
  ADFS:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Properties: {UserPoolId: !Ref Users, ProviderName: adfs, ProviderType: SAML, ProviderDetails: {MetadataURL: https://adfs.corp.example/metadata}, AttributeMapping: {email: mail}}
  App:
    Type: AWS::Cognito::UserPoolClient
    DependsOn: ADFS
    Properties: {UserPoolId: !Ref Users, AllowedOAuthFlows: [implicit], AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: [openid], CallbackURLs: [https://app.example.com/], SupportedIdentityProviders: [adfs]}
`

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp-authentication.html
func TestABrowserCarriesAnAssertionToThePool(t *testing.T) {
	o := runFlow(t, program(t, samlStack, "{}"), `
- http: GET ${Login.Url}/oauth2/authorize?response_type=token&client_id=${App}&redirect_uri=${escape("https://app.example.com/")}&identity_provider=adfs
  as: away
- http: POST ${away.headers.location}
  headers: {Content-Type: application/x-www-form-urlencoded}
  body: account=ana
  as: vouched
- http: POST ${Login.Url}/saml2/idpresponse
  headers: {Content-Type: application/x-www-form-urlencoded}
  body: SAMLResponse=${escape(field(vouched.text, "SAMLResponse"))}&RelayState=${field(vouched.text, "RelayState")}
  as: back
- let: claims(param(back.headers.location, "id_token"))
  as: facts
- expect: facts["cognito:username"] == "adfs_ana" && facts.email == "ana@corp.example"
`)
	if !o.Holds {
		t.Errorf("wanted %s, but %s", o.Expected, o.Happened)
	}
}
