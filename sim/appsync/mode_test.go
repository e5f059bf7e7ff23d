package appsync

import (
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
)

const (
	keyMode     = `AuthenticationType: API_KEY`
	iamMode     = `AuthenticationType: AWS_IAM`
	poolMode    = `AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: us-east-1_Desk12345, DefaultAction: ALLOW}`
	denyMode    = `AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: us-east-1_Desk12345, DefaultAction: DENY}`
	oidcDefault = `AuthenticationType: OPENID_CONNECT, OpenIDConnectConfig: {Issuer: "https://login.example.com", ClientId: "desk|back-office", IatTTL: 1800000, AuthTTL: 3600000}`
	alsoIAM     = `, AdditionalAuthenticationProviders: [{AuthenticationType: AWS_IAM}]`
	alsoKey     = `, AdditionalAuthenticationProviders: [{AuthenticationType: API_KEY}]`
)

const signature = "AWS4-HMAC-SHA256 Credential=AKIA/20260302/us-east-1/appsync/aws4_request, SignedHeaders=host, Signature=00"

// withKey asks with an API key of the template.
func withKey(query string) func(*account) reply {
	return func(a *account) reply { return a.askWithKey(a.key(), query) }
}

func (a *account) key() string {
	created, _ := a.Stack.Resource("Key")
	return created.Attributes["ApiKey"]
}

func (a *account) askWithKey(key, query string) reply {
	a.T.Helper()
	return a.send(map[string]string{"x-api-key": key}, `{"query": "`+query+`"}`)
}

// signed asks as the principal, whose policies allow the fields.
func signed(query string, fields ...string) func(*account) reply {
	return func(a *account) reply {
		a.signer = &api.Principal{Type: api.AssumedRole, Account: "123456789012", UserID: "AROA:desk", ARN: "arn:aws:sts::123456789012:assumed-role/desk/desk"}
		a.allowed = func(resource string) bool {
			for _, f := range fields {
				typeName, name, _ := strings.Cut(f, ".")
				if strings.HasSuffix(resource, "/types/"+typeName+"/fields/"+name) {
					return true
				}
			}
			return false
		}
		return a.ask(signature, query)
	}
}

func asking(authorization string) func(*account) reply {
	return func(a *account) reply { return a.ask(authorization, "{ hello }") }
}

// modeOutcomes are the ways in which a credential selects a mode, and those of API
// keys and signatures.
func modeOutcomes() []outcome {
	const hi = "{ hello }"
	noCredential := refused("UnauthorizedException", "Valid authorization header not provided.")
	notAuthorized := refused("UnauthorizedException", "You are not authorized to make this call.")
	noJWT := refused("UnauthorizedException", "Unable to parse JWT token.")
	return []outcome{
		{"a key of the API", pageAuth, simple(keyMode), withKey(hi), 200, hello, ""},
		{"no credential", pageTrouble, simple(keyMode), asking(""), 401, noCredential, RuleCredential},
		{"a key of nobody", pageTrouble, simple(keyMode), func(a *account) reply { return a.askWithKey("da2-strange", hi) }, 401, notAuthorized, RuleKey},
		{"a key after seven days", pageTrouble, simple(keyMode), func(a *account) reply {
			a.World.Clock = a.World.Clock.Add(7 * 24 * time.Hour)
			return a.askWithKey(a.key(), hi)
		}, 401, notAuthorized, RuleKeyExpiry},
		{"a key just before seven days", pageAuth, simple(keyMode), func(a *account) reply {
			a.World.Clock = a.World.Clock.Add(7*24*time.Hour - time.Second)
			return a.askWithKey(a.key(), hi)
		}, 200, hello, ""},
		{"a key where only a user pool is configured", pageTrouble, simple(poolMode), withKey(hi), 401, noCredential, RuleMode},
		{"a token where only keys are configured", pageTrouble, simple(keyMode), asking("anything"), 401, noCredential, RuleMode},
		{"a signature where only a user pool is configured", "https://github.com/aws-amplify/docs/pull/1884", simple(poolMode), asking(signature), 401, noJWT, RuleMode},
		{"a signature", pageAuth, simple(iamMode), signed(hi, "Query.hello"), 200, hello, ""},
		{"a bad signature", "https://github.com/aws-amplify/amplify-js/issues/3447", simple(iamMode), asking(signature),
			403, refused("UnrecognizedClientException", "The security token included in the request is invalid."), ""},
		{"a signature without permission for the field", "https://github.com/aws-amplify/amplify-category-api/issues/2457",
			simple(iamMode), signed(hi, "Query.other"), 401, refused("UnauthorizedException", "Permission denied"), RuleIAMPolicy},
		{"a signature for one of several modes", pageAuth, withSchema(poolMode+alsoIAM, "type Query { hello: String @aws_iam }"), signed(hi, "Query.hello"), 200, hello, ""},
	}
}

func TestBothCredentialsAtOnceAreNotSimulated(t *testing.T) {
	a := open(t, simple(keyMode))
	created, _ := a.Stack.Resource("Api")
	_, err := a.appsync.Site().Serve(nil, api.HTTPRequest{
		Method: "POST", URL: created.Attributes["GraphQLUrl"], Header: api.Header{"x-api-key": {a.key()}, "authorization": {"token"}}, Body: `{"query":"{ hello }"}`,
	})
	if err == nil || !strings.Contains(err.Error(), "not documented") {
		t.Errorf("error %v", err)
	}
}

func TestAUserPoolsTokenAfterBearerIsNotSimulated(t *testing.T) {
	a := open(t, simple(poolMode))
	created, _ := a.Stack.Resource("Api")
	_, err := a.appsync.Site().Serve(nil, api.HTTPRequest{
		Method: "POST", URL: created.Attributes["GraphQLUrl"], Header: api.Header{"authorization": {"Bearer " + idToken(t, nil)}}, Body: `{"query":"{ hello }"}`,
	})
	if err == nil || !strings.Contains(err.Error(), "send the token alone") {
		t.Errorf("error %v", err)
	}
}

// https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html: the
// policy's resource is the field's ARN.
func TestIAMIsAskedForTheFieldsOfTheRoot(t *testing.T) {
	a := open(t, withSchema(iamMode, "type Query { hello: String note: Note } type Note { text: String }"))
	var asked []string
	request := signed("{ first: hello note { text } }", "Query.hello", "Query.note")
	a.signer = &api.Principal{}
	request(a)
	allowed := a.allowed
	a.allowed = func(resource string) bool {
		_, field, _ := strings.Cut(resource, "/types/")
		asked = append(asked, field)
		return allowed(resource)
	}
	a.ask(signature, "{ first: hello note { text } }")
	if got := strings.Join(asked, " "); got != "Query/fields/hello Query/fields/note" {
		t.Errorf("IAM was asked for %s", got)
	}
}
