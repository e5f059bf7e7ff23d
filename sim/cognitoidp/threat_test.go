package cognitoidp_test

import (
	"errors"
	"testing"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
)

const plansPage = guidePage + "cognito-sign-in-feature-plans.html"

// misfit is a template with a feature that the plan lacks, or with a trigger's
// setting that contradicts another.
type misfit struct {
	name, source  string
	properties    string
	rule          trace.RuleID
	code, message string
}

func misfits() []misfit {
	const tier = "FeatureUnavailableInTierException"
	lacks := func(name, plan, properties, feature string) misfit {
		return misfit{
			name, plansPage, properties, cognitoidp.RulePlan, tier,
			"The following features need to be disabled for the " + plan + " pricing tier configured: " + feature,
		}
	}
	tokens := "LambdaConfig: {PreTokenGenerationConfig: {LambdaVersion: V2_0, LambdaArn: '" + functionPrefix + "Tokens'}}"
	return []misfit{
		lacks("access tokens of one's own on LITE", "LITE", "UserPoolTier: LITE, "+tokens, "Access token customization"),
		lacks("password history on LITE", "LITE", "UserPoolTier: LITE, Policies: {PasswordPolicy: {PasswordHistorySize: 3}}", "Password history"),
		lacks("passwordless sign-in on LITE", "LITE", "UserPoolTier: LITE, Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP]}}", "Passwordless sign-in"),
		lacks("e-mail MFA on LITE", "LITE", "UserPoolTier: LITE, EnabledMfas: [EMAIL_OTP], EmailConfiguration: {EmailSendingAccount: DEVELOPER}", "Email MFA"),
		lacks("USER_AUTH on LITE", "LITE", `UserPoolTier: LITE}}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_AUTH]`, "Choice-based sign-in"),
		lacks("managed login on LITE", "LITE", `UserPoolTier: LITE}}
  Domain: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: northwind, ManagedLoginVersion: 2`, "Managed login"),
		lacks("threat protection on the default plan", "ESSENTIALS", "UserPoolAddOns: {AdvancedSecurityMode: AUDIT}", "Threat Protection"),
		{"two functions for one trigger", "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
			"LambdaConfig: {PreTokenGeneration: '" + functionPrefix + "A', PreTokenGenerationConfig: {LambdaVersion: V1_0, LambdaArn: '" + functionPrefix + "B'}}",
			cognitoidp.RuleTriggerOneFunction, "InvalidParameterException", "must have the same ARN"},
		{"a custom sender without a key", "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LambdaConfigType.html",
			"LambdaConfig: {CustomEmailSender: {LambdaVersion: V1_0, LambdaArn: '" + functionPrefix + "Sender'}}",
			cognitoidp.RuleSenderKey, "InvalidParameterException", "KMSKeyID is required"},
	}
}

func runMisfit(a *account, m misfit) {
	a.T.Helper()
	a.notDeployed(m.rule, m.code, m.message, "\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {"+m.properties+"}}\n")
}

func TestAPoolHasOnlyTheFeaturesOfItsPlan(t *testing.T) {
	for _, m := range misfits() {
		t.Run(m.name, func(t *testing.T) { runMisfit(newAccount(t), m) })
	}
}

// guarded is a pool with threat protection in a mode, and with MFA that users
// may choose.
func guarded(a *account, mode string) {
	a.T.Helper()
	err := a.Deploy(`
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolTier: PLUS
      UserPoolAddOns: {AdvancedSecurityMode: ` + mode + `}
      MfaConfiguration: OPTIONAL
      EnabledMfas: [EMAIL_OTP]
      EmailConfiguration: {EmailSendingAccount: DEVELOPER}
      LambdaConfig: {PreTokenGenerationConfig: {LambdaVersion: V2_0, LambdaArn: '` + functionPrefix + `Tokens'}}
  Risk:
    Type: AWS::Cognito::UserPoolRiskConfigurationAttachment
    Properties:
      UserPoolId: !Ref Pool
      ClientId: ALL
      AccountTakeoverRiskConfiguration:
        Actions:
          LowAction: {EventAction: NO_ACTION, Notify: false}
          MediumAction: {EventAction: MFA_REQUIRED, Notify: false}
          HighAction: {EventAction: BLOCK, Notify: true}
      CompromisedCredentialsRiskConfiguration: {Actions: {EventAction: BLOCK}}
` + allFlows)
	if err != nil {
		a.T.Fatal(err)
	}
	a.addUser("ana")
}

// sighting is a sign-in of a certain risk with its outcome.
type sighting struct {
	name, mode, risk string
	refused          bool
}

func sightings() []sighting {
	return []sighting{
		{"no risk", "ENFORCED", "", false},
		{"low risk without an action", "ENFORCED", "risk=low", false},
		{"medium risk without a second factor", "ENFORCED", "risk=medium", true},
		{"high risk", "ENFORCED", "risk=high", true},
		{"high risk that is only logged", "AUDIT", "risk=high", false},
	}
}

func runSighting(a *account, s sighting) {
	a.T.Helper()
	guarded(a, s.mode)
	input := a.passwordInput("ana", password)
	input["UserContextData"] = object{"EncodedData": s.risk}
	if s.refused {
		a.Refused(cognitoidp.RuleThreatRisk, "NotAuthorizedException", "Unable to login because of security reasons.", "InitiateAuth", input)
		return
	}
	a.Must("InitiateAuth", input)
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-adaptive-authentication.html
func TestAdaptiveAuthenticationActsByTheRisk(t *testing.T) {
	for _, s := range sightings() {
		t.Run(s.name, func(t *testing.T) { runSighting(newAccount(t), s) })
	}
}

const leaked = "P@ssw0rd1"

func signInWithLeakedPassword(a *account, mode string) (string, object) {
	a.T.Helper()
	guarded(a, mode)
	a.Must("AdminSetUserPassword", object{"UserPoolId": a.Ref("Pool"), "Username": "ana", "Password": leaked, "Permanent": true})
	return "InitiateAuth", a.passwordInput("ana", leaked)
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-compromised-credentials.html
func TestABlockedPasswordMustBeReset(t *testing.T) { blockedPassword(newAccount(t)) }

func blockedPassword(a *account) {
	name, input := signInWithLeakedPassword(a, "ENFORCED")
	a.Refused(cognitoidp.RuleThreatCompromised, "NotAuthorizedException", "Unable to login because of security reasons.", name, input)
	if status := a.Must("AdminGetUser", a.user("ana"))["UserStatus"]; status != "RESET_REQUIRED" {
		a.T.Errorf("the user is %v", status)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html
func TestAuditLetsALeakedPasswordIn(t *testing.T) {
	a := newAccount(t)
	a.Must(signInWithLeakedPassword(a, "AUDIT"))
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-compromised-credentials.html
func TestALeakedPasswordCannotBeChosen(t *testing.T) {
	a := newAccount(t)
	guarded(a, "ENFORCED")
	signUp := a.signUpInput("ben")
	signUp["Password"] = leaked
	change := object{"AccessToken": a.signIn("ana")["AccessToken"], "PreviousPassword": password, "ProposedPassword": leaked}
	for operation, input := range map[string]object{"SignUp": signUp, "ChangePassword": change} {
		a.Refused(cognitoidp.RuleThreatCompromised, "InvalidPasswordException", "Provided password cannot be used for security reasons.", operation, input)
	}
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-adaptive-authentication.html
func TestMediumRiskAsksASecondFactorOfWhoHasOne(t *testing.T) {
	a := newAccount(t)
	guarded(a, "ENFORCED")
	a.Must("AdminSetUserMFAPreference", object{
		"UserPoolId": a.Ref("Pool"), "Username": "ana", "EmailMfaSettings": object{"Enabled": true, "PreferredMfa": true},
	})
	input := a.passwordInput("ana", password)
	input["UserContextData"] = object{"EncodedData": "risk=medium"}
	if out := a.Must("InitiateAuth", input); out["ChallengeName"] != "EMAIL_OTP" {
		t.Errorf("output %v", out)
	}
}

func TestOtherDeviceDataIsNoVerdict(t *testing.T) {
	a := newAccount(t)
	guarded(a, "ENFORCED")
	input := a.passwordInput("ana", password)
	input["UserContextData"] = object{"EncodedData": "eyJwYXlsb2FkIjoi"}
	_, err := a.Run("InitiateAuth", input)
	if refusal := (*awserr.Error)(nil); err == nil || errors.As(err, &refusal) {
		t.Errorf("error %v, want one that is no refusal", err)
	}
}

func protectionStories() []func(*account) {
	stories := []func(*account){blockedPassword}
	for _, m := range misfits() {
		stories = append(stories, func(a *account) { runMisfit(a, m) })
	}
	for _, s := range sightings() {
		stories = append(stories, func(a *account) { runSighting(a, s) })
	}
	return append(stories, effectStories()...)
}
