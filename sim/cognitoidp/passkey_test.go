package cognitoidp_test

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/cognitoidp"
)

// passkeyPool takes passkeys for app.example.com, and has a second client.
const passkeyPool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      MfaConfiguration: OPTIONAL
      EnabledMfas: [SOFTWARE_TOKEN_MFA]
      Policies: {SignInPolicy: {AllowedFirstAuthFactors: [PASSWORD, WEB_AUTHN]}}
      WebAuthnRelyingPartyID: app.example.com
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_AUTH, ALLOW_USER_PASSWORD_AUTH]}}
  Other: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH]}}
`

// passkeyPoolWith is passkeyPool with one more property.
func passkeyPoolWith(property string) string {
	return strings.Replace(passkeyPool, "WebAuthnRelyingPartyID: app.example.com", "WebAuthnRelyingPartyID: app.example.com\n      "+property, 1)
}

// phone is an authenticator that shares nothing with the pool:
// https://github.com/descope/virtualwebauthn
type phone struct {
	rp            virtualwebauthn.RelyingParty
	authenticator virtualwebauthn.Authenticator
	credential    virtualwebauthn.Credential
}

func newPhone() *phone {
	return &phone{
		virtualwebauthn.RelyingParty{ID: "app.example.com", Name: "app.example.com", Origin: "https://app.example.com"},
		virtualwebauthn.NewAuthenticator(), virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2),
	}
}

// offered are the options that StartWebAuthnRegistration returns.
func (a *account) offered(accessToken any) object {
	a.T.Helper()
	return a.Must("StartWebAuthnRegistration", object{"AccessToken": accessToken})["CredentialCreationOptions"].(object)
}

// register is the input that registers the phone's passkey.
func (a *account) register(p *phone, accessToken any) object {
	a.T.Helper()
	return object{"AccessToken": accessToken, "Credential": p.make(a, a.offered(accessToken))}
}

func (p *phone) make(a *account, options object) object {
	a.T.Helper()
	text, err := json.Marshal(options)
	if err != nil {
		a.T.Fatal(err)
	}
	parsed, err := virtualwebauthn.ParseAttestationOptions(string(text))
	if err != nil {
		a.T.Fatal(err)
	}
	var credential object
	if err := json.Unmarshal([]byte(virtualwebauthn.CreateAttestationResponse(p.rp, p.authenticator, p.credential, *parsed)), &credential); err != nil {
		a.T.Fatal(err)
	}
	return credential
}

// prove is the phone's answer to WEB_AUTHN.
func (p *phone) prove(a *account, challenge object) object {
	a.T.Helper()
	options := challenge["ChallengeParameters"].(object)["CREDENTIAL_REQUEST_OPTIONS"].(string)
	parsed, err := virtualwebauthn.ParseAssertionOptions(options)
	if err != nil {
		a.T.Fatal(err)
	}
	credential := virtualwebauthn.CreateAssertionResponse(p.rp, p.authenticator, p.credential, *parsed)
	return a.response(challenge, object{"USERNAME": "ana", "CREDENTIAL": credential})
}

// registered is ana's phone with a registered passkey, and her access token.
func (a *account) registered() (*phone, any) {
	a.T.Helper()
	p, accessToken := newPhone(), a.signIn("ana")["AccessToken"]
	a.Must("CompleteWebAuthnRegistration", a.register(p, accessToken))
	return p, accessToken
}

// askedForPasskey is the challenge WEB_AUTHN for ana.
func (a *account) askedForPasskey() object {
	a.T.Helper()
	return a.challenged(a.Must("InitiateAuth", a.choiceInput("ana", "WEB_AUTHN")), "WEB_AUTHN")
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
func passkeyIsRegisteredAndSignsIn(a *account) {
	a.with(passkeyPool)
	a.addUser("ana")
	p, accessToken := newPhone(), a.signIn("ana")["AccessToken"]
	options := a.offered(accessToken)
	want := object{
		"challenge": options["challenge"], "timeout": 60000.0, "excludeCredentials": []any{},
		"rp":                     object{"id": "app.example.com", "name": "app.example.com"},
		"user":                   object{"id": options["user"].(object)["id"], "name": "ana", "displayName": "ana"},
		"pubKeyCredParams":       []any{object{"type": "public-key", "alg": -7.0}, object{"type": "public-key", "alg": -257.0}},
		"authenticatorSelection": object{"requireResidentKey": true, "residentKey": "required", "userVerification": "preferred"},
	}
	if diff := cmp.Diff(want, options); diff != "" {
		a.T.Errorf("options:\n%s", diff)
	}
	a.challenged(a.Must("InitiateAuth", a.choiceInput("ana", "WEB_AUTHN")), "SELECT_CHALLENGE")
	a.Must("CompleteWebAuthnRegistration", a.register(p, accessToken))

	answer := p.prove(a, a.askedForPasskey())
	result := a.result(a.Must("RespondToAuthChallenge", answer))
	if got := a.parse(result["IdToken"]).Text("cognito:username"); got != "ana" {
		a.T.Errorf("signed in as %q", got)
	}
	a.Refused(cognitoidp.RuleSessionValid, "NotAuthorizedException", "Invalid session for the user.", "RespondToAuthChallenge", answer)

	choice := a.Must("InitiateAuth", a.choiceInput("ana", ""))
	if diff := cmp.Diff([]any{"PASSWORD", "PASSWORD_SRP", "WEB_AUTHN"}, choice["AvailableChallenges"]); diff != "" {
		a.T.Error(diff)
	}
	selected := a.Must("RespondToAuthChallenge", a.response(choice, object{"USERNAME": "ana", "ANSWER": "WEB_AUTHN"}))
	a.result(a.Must("RespondToAuthChallenge", p.prove(a, a.challenged(selected, "WEB_AUTHN"))))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListWebAuthnCredentials.html
func passkeysAreListedAndDeleted(a *account) {
	a.with(passkeyPool)
	a.addUser("ana")
	p, accessToken := a.registered()
	id := p.make(a, a.offered(accessToken))["id"]
	byToken := object{"AccessToken": accessToken}
	want := []any{object{
		"CredentialId": id, "FriendlyCredentialName": "Passkey", "RelyingPartyId": "app.example.com",
		"AuthenticatorTransports": []any{}, "CreatedAt": float64(a.World.Clock.Unix()),
	}}
	if diff := cmp.Diff(want, a.Must("ListWebAuthnCredentials", byToken)["Credentials"]); diff != "" {
		a.T.Error(diff)
	}
	if got := a.offered(accessToken)["excludeCredentials"].([]any)[0].(object)["id"]; got != id {
		a.T.Errorf("excluded: %v", got)
	}
	for operation, input := range map[string]object{"GetUserAuthFactors": byToken, "AdminGetUserAuthFactors": a.user("ana")} {
		want := object{"Username": "ana", "ConfiguredUserAuthFactors": []any{"PASSWORD", "WEB_AUTHN"}}
		if diff := cmp.Diff(want, a.Must(operation, input)); diff != "" {
			a.T.Errorf("%s:\n%s", operation, diff)
		}
	}
	one := object{"AccessToken": accessToken, "CredentialId": id}
	a.Must("DeleteWebAuthnCredential", one)
	a.challenged(a.Must("InitiateAuth", a.choiceInput("ana", "WEB_AUTHN")), "SELECT_CHALLENGE")
	a.Refused(cognitoidp.RulePasskeyExists, "ResourceNotFoundException", "Passkey "+id.(string)+" does not exist.", "DeleteWebAuthnCredential", one)
}

// The custom domain comes before the prefix domain:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnConfigurationType.html
func relyingPartyIsThePoolsDomain(a *account) {
	const domains = `
  Prefix: {Type: AWS::Cognito::UserPoolDomain, Properties: {UserPoolId: !Ref Pool, Domain: shop}}
`
	a.with(strings.Replace(passkeyPool, "WebAuthnRelyingPartyID: app.example.com", "", 1) + domains)
	a.addUser("ana")
	options := a.offered(a.signIn("ana")["AccessToken"])
	if got := options["rp"].(object)["id"]; got != "shop.auth.us-east-1.amazoncognito.com" {
		a.T.Errorf("the relying party is %v", got)
	}
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnMfaSettingsType.html
func passkeysCountAsMFAWhereUsersSaySo(a *account) {
	a.with(passkeyPoolWith("WebAuthnFactorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION"))
	a.addUser("ana")
	p, accessToken := a.registered()
	preference := object{"AccessToken": accessToken, "WebAuthnMfaSettings": object{"Enabled": true}}
	a.Refused(cognitoidp.RulePasskeyMFA, "InvalidParameterException", "Passkey MFA cannot be enabled for the user.", "SetUserMFAPreference", preference)
	a.enrol(accessToken)
	a.challenged(a.Must("InitiateAuth", a.choiceInput("ana", "WEB_AUTHN")), "SELECT_CHALLENGE")
	a.Must("SetUserMFAPreference", preference)
	a.Must("SetUserPoolMfaConfig", object{
		"UserPoolId": a.Ref("Pool"), "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": object{"Enabled": true},
	})
	a.result(a.Must("RespondToAuthChallenge", p.prove(a, a.askedForPasskey())))
	p.authenticator.Options.UserNotVerified = true
	a.Refused(cognitoidp.RulePasskeyVerified, "NotAuthorizedException", "Incorrect username or password.", "RespondToAuthChallenge", p.prove(a, a.askedForPasskey()))
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
func poolsChangeHowTheyTakePasskeys(a *account) {
	a.with(passkeyPool)
	settings := object{"RelyingPartyId": "example.com", "UserVerification": "required", "FactorConfiguration": "SINGLE_FACTOR"}
	a.Must("SetUserPoolMfaConfig", object{"UserPoolId": a.Ref("Pool"), "MfaConfiguration": "OFF", "WebAuthnConfiguration": settings})
	if diff := cmp.Diff(settings, a.Must("GetUserPoolMfaConfig", object{"UserPoolId": a.Ref("Pool")})["WebAuthnConfiguration"]); diff != "" {
		a.T.Error(diff)
	}
	a.addUser("ana")
	options := a.offered(a.signIn("ana")["AccessToken"])
	if options["rp"].(object)["id"] != "example.com" || options["authenticatorSelection"].(object)["userVerification"] != "required" {
		a.T.Errorf("options: %v", options)
	}
}

func passkeyBehaviours() []behaviour {
	return []behaviour{
		{"a passkey is registered and signs in", passkeyIsRegisteredAndSignsIn},
		{"passkeys are listed and deleted", passkeysAreListedAndDeleted},
		{"the relying party is the pool's domain", relyingPartyIsThePoolsDomain},
		{"passkeys count as MFA where users say so", passkeysCountAsMFAWhereUsersSaySo},
		{"pools change how they take passkeys", poolsChangeHowTheyTakePasskeys},
	}
}

// passkeyRefusals are those of registrations and of proofs.
func passkeyRefusals() []refusal {
	const (
		complete = reference + "API_CompleteWebAuthnRegistration.html"
		standard = "https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion"
		wrong    = "Incorrect username or password."
	)
	// register changes the phone that makes a passkey.
	register := func(change func(p *phone)) func(*account) object {
		return func(a *account) object {
			p := newPhone()
			change(p)
			return a.register(p, a.signIn("ana")["AccessToken"])
		}
	}
	// prove changes the phone that has made one.
	prove := func(change func(a *account, p *phone)) func(*account) object {
		return func(a *account) object {
			p, _ := a.registered()
			challenge := a.askedForPasskey()
			change(a, p)
			return p.prove(a, challenge)
		}
	}
	start := func(a *account) object { return object{"AccessToken": a.signIn("ana")["AccessToken"]} }
	none := func(*phone) {}
	return []refusal{
		{
			"a passkey for a pool that takes none", reference + "API_StartWebAuthnRegistration.html", plainPool,
			cognitoidp.RulePasskeyEnabled, "WebAuthnNotEnabledException", "Passkeys are not enabled for the user pool.", "StartWebAuthnRegistration", start,
		}, {
			"a passkey for a pool without a domain", reference + "API_StartWebAuthnRegistration.html", strings.Replace(passkeyPool, "WebAuthnRelyingPartyID: app.example.com", "", 1),
			cognitoidp.RulePasskeyConfigured, "WebAuthnConfigurationMissingException", "The user pool has no relying party ID and no domain.", "StartWebAuthnRegistration", start,
		}, {
			"a credential that is none", complete, passkeyPool,
			cognitoidp.RulePasskeyFormat, "InvalidParameterException", "The credential is not valid.", "CompleteWebAuthnRegistration",
			func(a *account) object {
				input := start(a)
				input["Credential"] = object{"id": "x"}
				return input
			},
		}, {
			"a registration that nobody started", complete, passkeyPool,
			cognitoidp.RulePasskeyChallenge, "WebAuthnChallengeNotFoundException", "The challenge of the registration has expired.", "CompleteWebAuthnRegistration",
			func(a *account) object {
				input := register(none)(a)
				a.Must("CompleteWebAuthnRegistration", input)
				return input
			},
		}, {
			"a registration that comes too late", complete, passkeyPool,
			cognitoidp.RulePasskeyChallenge, "WebAuthnChallengeNotFoundException", "The challenge of the registration has expired.", "CompleteWebAuthnRegistration",
			func(a *account) object {
				input := register(none)(a)
				a.wait(3 * time.Minute)
				return input
			},
		}, {
			"a registration that another client started", complete, passkeyPool,
			cognitoidp.RulePasskeyClient, "WebAuthnClientMismatchException", "The registration was started by another app client.", "CompleteWebAuthnRegistration",
			func(a *account) object {
				input := register(none)(a)
				other := a.passwordInput("ana", password)
				other["ClientId"] = a.Ref("Other")
				input["AccessToken"] = a.result(a.Must("InitiateAuth", other))["AccessToken"]
				return input
			},
		}, {
			"a passkey for another relying party", complete, passkeyPool,
			cognitoidp.RulePasskeyDomain, "WebAuthnRelyingPartyMismatchException", "The passkey is for another relying party.", "CompleteWebAuthnRegistration",
			register(func(p *phone) { p.rp.ID = "example.org" }),
		}, {
			"a passkey from another site", complete, passkeyPool,
			cognitoidp.RulePasskeyOrigin, "WebAuthnOriginNotAllowedException", "The origin of the passkey is not allowed.", "CompleteWebAuthnRegistration",
			register(func(p *phone) { p.rp.Origin = "https://app.example.com.evil.example" }),
		}, {
			"a passkey whose attestation is forged", complete, passkeyPool,
			cognitoidp.RulePasskeySupported, "WebAuthnCredentialNotSupportedException", "The passkey provider is not supported.", "CompleteWebAuthnRegistration",
			func(a *account) object {
				input, other := register(none)(a), register(none)(a)
				input["Credential"].(object)["response"].(object)["clientDataJSON"] = other["Credential"].(object)["response"].(object)["clientDataJSON"]
				return input
			},
		}, {
			"a passkey that does not verify its user", reference + "API_WebAuthnConfigurationType.html", passkeyPoolWith("WebAuthnUserVerification: required"),
			cognitoidp.RulePasskeyVerified, "WebAuthnCredentialNotSupportedException", "The passkey provider is not supported.", "CompleteWebAuthnRegistration",
			register(func(p *phone) { p.authenticator.Options.UserNotVerified = true }),
		}, {
			"the twenty-first passkey", guide + "amazon-cognito-user-pools-authentication-flow-methods.html", passkeyPool,
			cognitoidp.RulePasskeyLimit, "LimitExceededException", "The user has the most passkeys that are allowed.", "CompleteWebAuthnRegistration",
			func(a *account) object {
				accessToken := a.signIn("ana")["AccessToken"]
				for range 20 {
					a.Must("CompleteWebAuthnRegistration", a.register(newPhone(), accessToken))
				}
				return a.register(newPhone(), accessToken)
			},
		}, {
			"a proof of a passkey that was not registered", guide + "amazon-cognito-user-pools-authentication-flow-methods.html", passkeyPool,
			cognitoidp.RulePasskeyExists, "NotAuthorizedException", wrong, "RespondToAuthChallenge",
			prove(func(_ *account, p *phone) { p.credential = newPhone().credential }),
		}, {
			"a proof that another key has signed", standard, passkeyPool,
			cognitoidp.RulePasskeySignature, "NotAuthorizedException", wrong, "RespondToAuthChallenge",
			prove(func(_ *account, p *phone) { p.credential.Key = newPhone().credential.Key }),
		}, {
			"a proof from another site", standard, passkeyPool,
			cognitoidp.RulePasskeyOrigin, "NotAuthorizedException", wrong, "RespondToAuthChallenge",
			prove(func(_ *account, p *phone) { p.rp.Origin = "https://app-example.com" }),
		}, {
			"a proof for another relying party", standard, passkeyPool,
			cognitoidp.RulePasskeyDomain, "NotAuthorizedException", wrong, "RespondToAuthChallenge",
			prove(func(_ *account, p *phone) { p.rp.ID = "example.org" }),
		}, {
			"a proof of an earlier challenge", standard, passkeyPool,
			cognitoidp.RulePasskeyChallenge, "NotAuthorizedException", wrong, "RespondToAuthChallenge",
			func(a *account) object {
				p, _ := a.registered()
				earlier, later := p.prove(a, a.askedForPasskey()), a.askedForPasskey()
				earlier["Session"] = later["Session"]
				return earlier
			},
		}, {
			"a proof of a disabled user", reference + "API_AdminDisableUser.html", passkeyPool,
			cognitoidp.RuleUserEnabled, "NotAuthorizedException", "User is disabled.", "RespondToAuthChallenge",
			prove(func(a *account, _ *phone) { a.Must("AdminDisableUser", a.user("ana")) }),
		}, {
			"a proof that is none", standard, passkeyPool,
			cognitoidp.RulePasskeyFormat, "InvalidParameterException", "The credential is not valid.", "RespondToAuthChallenge",
			func(a *account) object {
				a.registered()
				return a.response(a.askedForPasskey(), object{"USERNAME": "ana", "CREDENTIAL": "a passkey"})
			},
		},
	}
}
