package sim_test

import (
	"sync"
	"testing"

	"claimcheck/sim"
	"claimcheck/sim/api"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace/tracetest"
)

const signInTemplate = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
`

// Under the race detector this shows that the account guards all of its state:
// users sign in, refresh and read their profiles at once, and the clock moves.
func TestParallelSignInsOnOneAccount(t *testing.T) {
	account := sim.New(tracetest.Start())
	template, err := cloudformation.Parse("template.yaml", []byte(signInTemplate))
	if err != nil {
		t.Fatal(err)
	}
	stack, err := account.Deploy(nil, template)
	if err != nil {
		t.Fatal(err)
	}
	pool, _ := stack.Resource("Pool")
	client, _ := stack.Resource("Client")
	administrator := account.Administrator()
	call := func(caller api.Caller, operation string, input map[string]any) map[string]any {
		out, err := account.Call(nil, api.Call{From: "App", Service: "cognito-idp", Operation: operation, Input: input, Caller: caller})
		if err != nil {
			t.Errorf("%s: %v", operation, err)
		}
		return out
	}
	admin := api.Caller{Credentials: &administrator}
	call(admin, "AdminCreateUser", map[string]any{"UserPoolId": pool.Ref, "Username": "ana", "MessageAction": "SUPPRESS"})
	call(admin, "AdminSetUserPassword", map[string]any{"UserPoolId": pool.Ref, "Username": "ana", "Password": "Passw0rd!", "Permanent": true})

	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			signIn := func(flow string, parameters map[string]any) map[string]any {
				out := call(api.Caller{}, "InitiateAuth", map[string]any{"AuthFlow": flow, "ClientId": client.Ref, "AuthParameters": parameters})
				result, _ := out["AuthenticationResult"].(map[string]any)
				return result
			}
			tokens := signIn("USER_PASSWORD_AUTH", map[string]any{"USERNAME": "ana", "PASSWORD": "Passw0rd!"})
			signIn("REFRESH_TOKEN_AUTH", map[string]any{"REFRESH_TOKEN": tokens["RefreshToken"]})
			call(api.Caller{}, "GetUser", map[string]any{"AccessToken": tokens["AccessToken"]})
			account.Outbox(pool.Ref, "ana")
			account.Advance(1)
		})
	}
	running.Wait()
}
