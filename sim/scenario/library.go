package scenario

import "strings"

// Function is something that an expression of a flow can call or read.
type Function struct {
	Usage   string `json:"usage"`
	Meaning string `json:"meaning"`
}

// Functions are the functions and values that every flow has, beside the
// stack's resources and the results it has saved.
func Functions() []Function {
	var functions []Function
	for _, b := range bindings() {
		functions = append(functions, b.Function)
	}
	return functions
}

// binding is a Function and what it is in one run.
type binding struct {
	Function
	of func(r *run) any
}

func bindings() []binding {
	return []binding{
		{Function{"claims(token)", "the claims of a JWT, not verified; {} when it is none"},
			func(*run) any { return claims }},
		{Function{"code(pool, username)", "the latest code that a user pool has sent to a user"},
			func(r *run) any { return r.code }},
		{Function{"totp(secret)", "the code that an authenticator app with the secret shows now"},
			func(r *run) any { return r.totp }},
		{Function{"srpA()", "SRP_A of an app that signs in by SRP"},
			func(*run) any { return srpA }},
		{Function{"passwordProof(pool, challenge, password)", "ChallengeResponses for the answer of PASSWORD_VERIFIER that a call returned"},
			func(r *run) any { return r.passwordProof }},
		{Function{"deviceVerifier(device, password)", "DeviceSecretVerifierConfig for a device, given by NewDeviceMetadata, and a password that the app makes up for it"},
			func(*run) any { return deviceVerifier }},
		{Function{"deviceProof(device, challenge, password)", "ChallengeResponses for the answer of DEVICE_PASSWORD_VERIFIER that a call returned"},
			func(r *run) any { return r.deviceProof }},
		{Function{"newPasskey(options, device)", "Credential for CompleteWebAuthnRegistration, of a passkey that a device makes for CredentialCreationOptions"},
			func(*run) any { return newPasskey }},
		{Function{"usePasskey(challenge, device)", "CREDENTIAL for the answer of WEB_AUTHN that a call returned, of the device's passkey"},
			func(*run) any { return usePasskey }},
		{Function{"resources(type)", "the logical ids of the stack's resources of a CloudFormation type"},
			func(r *run) any { return r.stack.OfType }},
		{Function{"presign(method, url, credentials, seconds)", "the URL, signed for one method and so many seconds"},
			func(r *run) any { return r.presign }},
		{Function{"param(url, name)", "a parameter of an address, of its query or its fragment"},
			func(*run) any { return param }},
		{Function{"s256(verifier)", "the PKCE code challenge of a code verifier"},
			func(*run) any { return s256 }},
		{Function{"escape(text)", "the text as it stands in a query or a form"},
			func(*run) any { return escape }},
		{Function{"field(page, name)", "the value of an input of an HTML page"},
			func(*run) any { return field }},
		{Function{"cookie(reply)", "name=value of the cookie that an answer set"},
			func(*run) any { return cookie }},
		{Function{"administrator", "credentials of the account's administrator"},
			func(r *run) any { return credentialsTree(r.account.Administrator()) }},
	}
}

// library has each binding under its name, for one run.
func (r *run) library() map[string]any {
	library := map[string]any{}
	for _, b := range bindings() {
		name, _, _ := strings.Cut(b.Usage, "(")
		library[name] = b.of(r)
	}
	return library
}
