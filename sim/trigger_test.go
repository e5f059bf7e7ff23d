package sim_test

import (
	"errors"
	"fmt"
	"testing"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// guarded is a pool whose pre sign-up trigger runs the given code; permission
// is the principal that may invoke it.
func guarded(code, permission string) string {
	return fmt.Sprintf(`
Resources:
  Staff: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Check.Arn}}}
  App: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Staff}}
  Check:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Timeout: 30
      Role: arn:aws:iam::123456789012:role/check
      Code: {ZipFile: %q}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Check, Action: lambda:InvokeFunction, Principal: %s, SourceArn: !GetAtt Staff.Arn}
`, code, permission)
}

// A trigger is a real function behind the API door: IAM lets the pool invoke it,
// its handler gets the event, and the pool waits five seconds of virtual time.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func TestATriggerIsAFunctionOfTheAccount(t *testing.T) {
	const (
		answer  = "exports.handler = async (event) => { event.response.autoConfirmUser = event.request.userAttributes.email.endsWith('@example.com'); return event; };"
		sleep   = "exports.handler = async (event) => new Promise((done) => setTimeout(() => done(event), 6000));"
		cognito = "cognito-idp.amazonaws.com"
		failed  = "PreSignUp invocation failed due to error "
	)
	for name, tc := range map[string]struct{ code, permission, message string }{
		"that answers":              {answer, cognito, ""},
		"that takes six seconds":    {sleep, cognito, failed + "Socket timeout while invoking Lambda function."},
		"that is for somebody else": {answer, "apigateway.amazonaws.com", failed + "AccessDeniedException."},
	} {
		t.Run(name, func(t *testing.T) {
			a, stack := deploy(t, guarded(tc.code, tc.permission))
			recorder := trace.NewRecorder(tracetest.Start)
			out, err := a.Call(recorder.Flow(), api.Call{From: "App", Service: "cognito-idp", Operation: "SignUp", Input: map[string]any{
				"ClientId": ref(t, stack, "App"), "Username": "ana", "Password": "Correct-Horse-7",
				"UserAttributes": []any{map[string]any{"Name": "email", "Value": "ana@example.com"}},
			}})
			refusal := (*awserr.Error)(nil)
			switch {
			case tc.message == "" && (err != nil || out["UserConfirmed"] != true):
				t.Errorf("output %v, error %v", out, err)
			case tc.message != "" && (!errors.As(err, &refusal) || refusal.Code != "UnexpectedLambdaException" || refusal.Message != tc.message):
				t.Errorf("error %v, want %s", err, tc.message)
			}
		})
	}
}
