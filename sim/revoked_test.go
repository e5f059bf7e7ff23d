package sim_test

import (
	"strings"
	"testing"
	"time"

	"claimcheck/sim/api"
)

// A Cognito authorizer asks the user pool for its keys and for nothing else, so
// a token opens the API until its exp, whatever becomes of its user.
// https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
func TestATokenOpensARestAPIUntilItExpiresWhateverBecomesOfItsUser(t *testing.T) {
	guarded := strings.Replace(signedAPI, "AuthorizationType: AWS_IAM", "AuthorizationType: COGNITO_USER_POOLS\n      AuthorizerId: !Ref Checker", 1) +
		strings.TrimPrefix(staff, "\nResources:\n") + `
  Checker:
    Type: AWS::ApiGateway::Authorizer
    Properties: {Name: staff, RestApiId: !Ref Api, Type: COGNITO_USER_POOLS, IdentitySource: method.request.header.Authorization, ProviderARNs: [!GetAtt Staff.Arn]}
`
	for _, operation := range []string{"AdminUserGlobalSignOut", "AdminDisableUser", "AdminDeleteUser"} {
		t.Run(operation, func(t *testing.T) {
			a, stack := deploy(t, guarded)
			pool, administrator := ref(t, stack, "Staff"), a.Administrator()
			createUser(t, a, pool, "ana")
			out, err := signIn(a, nil, ref(t, stack, "App"), "ana")
			if err != nil {
				t.Fatal(err)
			}
			token, _ := out["AuthenticationResult"].(map[string]any)["IdToken"].(string)
			_, err = a.Call(nil, api.Call{
				Service: "cognito-idp", Operation: operation, Input: map[string]any{"UserPoolId": pool, "Username": "ana"},
				Caller: api.Caller{Credentials: &administrator},
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range []struct {
				wait   time.Duration
				status int
			}{{0, 200}, {59 * time.Minute, 200}, {time.Minute, 401}} {
				a.Advance(step.wait)
				response, err := a.Send(nil, api.HTTPRequest{
					Method: "GET", URL: "https://" + ref(t, stack, "Api") + ".execute-api.us-east-1.amazonaws.com/prod/tasks",
					Header: api.Header{"authorization": {token}},
				})
				if err != nil || response.Status != step.status {
					t.Errorf("%s later: %d %s, error %v", step.wait, response.Status, response.Body, err)
				}
			}
		})
	}
}
