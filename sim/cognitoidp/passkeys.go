package cognitoidp

import (
	"cmp"
	"encoding/base64"
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
	"claimcheck/sim/webauthn"
)

// webAuthnConfiguration is how a pool takes passkeys:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnConfigurationType.html
type webAuthnConfiguration struct {
	// RelyingPartyId is the domain that passkeys are for, "" for the pool's own.
	RelyingPartyId      string `json:",omitempty"`
	UserVerification    string `aws:"enum=required|preferred" json:",omitempty"`
	FactorConfiguration string `aws:"enum=SINGLE_FACTOR|MULTI_FACTOR_WITH_USER_VERIFICATION" json:",omitempty"`
}

// passkey is a registered credential of a user.
type passkey struct {
	id           string
	key          webauthn.Key
	relyingParty string
	attachment   string
	transports   []string
	created      time.Time
}

// registration is a passkey that is being registered.
type registration struct {
	challenge string
	client    *client
	expires   time.Time
}

// mostPasskeys is how many a user can have.
const mostPasskeys = 20

// relyingPartyID is the domain that the pool's passkeys are for: the configured
// one, or else the custom domain, or else the prefix domain; "" for none.
func (p *pool) relyingPartyID() string {
	id := p.passkeys.RelyingPartyId
	for _, custom := range []bool{true, false} {
		for _, d := range p.domains {
			if d.custom == custom {
				id = cmp.Or(id, d.host)
			}
		}
	}
	return id
}

// passkeysAreMFA reports whether a passkey can satisfy MFA for users who say so.
func (p *pool) passkeysAreMFA() bool {
	return p.passkeys.FactorConfiguration == "MULTI_FACTOR_WITH_USER_VERIFICATION"
}

// verification is the userVerification that passkeys of a user are asked for.
func (p *pool) verification(u *user) string {
	if u.factors.passkey && p.passkeysAreMFA() {
		return "required"
	}
	return cmp.Or(p.passkeys.UserVerification, "preferred")
}

func (p *pool) takesPasskeys() bool {
	return slices.Contains(p.settings.Policies.SignInPolicy.AllowedFirstAuthFactors, webAuthn)
}

// offersPasskeys reports whether a user can sign in with a passkey. One that is
// a single factor is of no use where a second has to follow.
func (p *pool) offersPasskeys(u *user) bool {
	if !p.takesPasskeys() || len(u.passkeys) == 0 {
		return false
	}
	single := p.mfa.configuration != "ON" && len(p.factorsOf(u)) == 0
	return single || u.factors.passkey && p.passkeysAreMFA()
}

// passkeyOperations are those on the passkeys of users.
func (s *UserPools) passkeyOperations() []api.Operation {
	return []api.Operation{
		api.Operate("StartWebAuthnRegistration", api.AccessToken, s.startWebAuthnRegistration),
		api.Operate("CompleteWebAuthnRegistration", api.AccessToken, s.completeWebAuthnRegistration),
		api.Operate("ListWebAuthnCredentials", api.AccessToken, s.listWebAuthnCredentials),
		api.Operate("DeleteWebAuthnCredential", api.AccessToken, s.deleteWebAuthnCredential),
		api.Operate("GetUserAuthFactors", api.AccessToken, s.getUserAuthFactors),
		onPool(s, "AdminGetUserAuthFactors", s.adminGetUserAuthFactors),
	}
}

type startWebAuthnRegistrationOutput struct {
	CredentialCreationOptions map[string]any
}

// startWebAuthnRegistration asks the signed-in user's browser for a passkey. AWS
// documents the exceptions without their wording:
//
//  1. the access token is good
//  2. the pool takes passkeys
//  3. the pool has a relying party
func (s *UserPools) startWebAuthnRegistration(c api.Context, in accessTokenInput) (startWebAuthnRegistrationOutput, error) {
	none := startWebAuthnRegistrationOutput{}
	signedIn, err := s.bearer(c.Span, in.AccessToken) // 1
	if err != nil {
		return none, err
	}
	p, u := signedIn.client.pool, signedIn.user
	if err := p.checkPasskeys(c.Span); err != nil { // 2
		return none, err
	}
	id := p.relyingPartyID()
	if !c.Span.Decide(RulePasskeyConfigured, id != "", "a relying party or a domain of the pool", cmp.Or(id, "neither")) { // 3
		return none, awserr.New("WebAuthnConfigurationMissingException", "The user pool has no relying party ID and no domain.")
	}
	u.registration = &registration{challenge: s.passkeyChallenge(), client: signedIn.client, expires: s.world.Now().Add(signedIn.client.sessionValidity())}
	return startWebAuthnRegistrationOutput{map[string]any{
		"challenge":          u.registration.challenge,
		"rp":                 map[string]any{"id": id, "name": id},
		"user":               map[string]any{"id": base64.RawURLEncoding.EncodeToString([]byte(u.attributes["sub"])), "name": u.username, "displayName": u.username},
		"pubKeyCredParams":   []any{publicKeyParameter(webauthn.ES256), publicKeyParameter(webauthn.RS256)},
		"timeout":            60000,
		"excludeCredentials": descriptors(u.passkeys),
		"authenticatorSelection": map[string]any{
			"requireResidentKey": true, "residentKey": "required", "userVerification": p.verification(u),
		},
	}}, nil
}

func publicKeyParameter(algorithm int) map[string]any {
	return map[string]any{"type": "public-key", "alg": algorithm}
}

// descriptors name passkeys to a browser.
func descriptors(passkeys []*passkey) []any {
	list := []any{}
	for _, k := range passkeys {
		list = append(list, map[string]any{"type": "public-key", "id": k.id, "transports": k.transports})
	}
	return list
}

func (s *UserPools) passkeyChallenge() string {
	return base64.RawURLEncoding.EncodeToString([]byte(s.world.Token(32, api.Alphanumeric)))
}

func (p *pool) checkPasskeys(span *trace.Span) error {
	allowed := p.settings.Policies.SignInPolicy.AllowedFirstAuthFactors
	if !span.Decide(RulePasskeyEnabled, p.takesPasskeys(), "WEB_AUTHN in AllowedFirstAuthFactors", phrase(allowed, "PASSWORD")) {
		return awserr.New("WebAuthnNotEnabledException", "Passkeys are not enabled for the user pool.")
	}
	return nil
}

type completeWebAuthnRegistrationInput struct {
	AccessToken string         `aws:"required"`
	Credential  map[string]any `aws:"required"`
}

// completeWebAuthnRegistration takes the passkey that the browser has made. AWS
// documents the exceptions without their wording and order:
//
//  1. the access token is good, and the pool takes passkeys
//  2. the credential has the format of the standard
//  3. it answers the challenge that was asked last, in time
//  4. the same app client asked
//  5. it is for the pool's relying party
//  6. the page was on that domain
//  7. the pool can use such a credential
//  8. the user has fewer than 20
func (s *UserPools) completeWebAuthnRegistration(c api.Context, in completeWebAuthnRegistrationInput) (empty, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken) // 1
	if err != nil {
		return empty{}, err
	}
	p, u := signedIn.client.pool, signedIn.user
	if err := p.checkPasskeys(c.Span); err != nil {
		return empty{}, err
	}
	made, err := parseRegistration(c.Span, in.Credential) // 2
	if err != nil {
		return empty{}, err
	}
	if err := s.checkRegistration(c.Span, signedIn.client, u.registration, made); err != nil { // 3, 4
		return empty{}, err
	}
	id := p.relyingPartyID()
	if !c.Span.Decide(RulePasskeyDomain, made.For(id), "a passkey for "+id, sameOrNot(made.For(id))) { // 5
		return empty{}, awserr.New("WebAuthnRelyingPartyMismatchException", "The passkey is for another relying party.")
	}
	allowed := webauthn.AllowedOrigin(made.Origin, id)
	if !c.Span.Decide(RulePasskeyOrigin, allowed, "a page on "+id, made.Origin) { // 6
		return empty{}, awserr.New("WebAuthnOriginNotAllowedException", "The origin of the passkey is not allowed.")
	}
	if err := p.checkSupported(c.Span, u, made); err != nil { // 7
		return empty{}, err
	}
	if !c.Span.Decide(RulePasskeyLimit, len(u.passkeys) < mostPasskeys, "fewer than 20 passkeys", counted(len(u.passkeys), "passkey")) { // 8
		return empty{}, awserr.New("LimitExceededException", "The user has the most passkeys that are allowed.")
	}
	u.registration = nil
	u.passkeys = append(u.passkeys, &passkey{
		id: made.ID, key: made.Key, relyingParty: id, attachment: made.Attachment, transports: made.Transports, created: s.world.Now(),
	})
	return empty{}, nil
}

// checkRegistration finds the registration that a new passkey belongs to:
//
//  1. the challenge was asked, and has not expired
//  2. the app client is the one that asked
func (s *UserPools) checkRegistration(span *trace.Span, c *client, asked *registration, made webauthn.Registration) error {
	waits := asked != nil && asked.challenge == made.Challenge && s.world.Now().Before(asked.expires)
	if !span.Decide(RulePasskeyChallenge, waits, "the challenge of StartWebAuthnRegistration, in time", sameOrNot(waits)) { // 1
		return awserr.New("WebAuthnChallengeNotFoundException", "The challenge of the registration has expired.")
	}
	if !span.Decide(RulePasskeyClient, asked.client == c, "the app client that started", sameOrNot(asked.client == c)) { // 2
		return awserr.New("WebAuthnClientMismatchException", "The registration was started by another app client.")
	}
	return nil
}

// checkSupported refuses a credential that the pool cannot use.
func (p *pool) checkSupported(span *trace.Span, u *user, made webauthn.Registration) error {
	signs := made.Attested && (made.Key.Algorithm == webauthn.ES256 || made.Key.Algorithm == webauthn.RS256)
	verified := made.UserVerified() || p.verification(u) != "required"
	if !span.Decide(RulePasskeySupported, signs, "a key for ES256 or RS256 that proves itself", keyFound(made)) ||
		!span.Decide(RulePasskeyVerified, verified, "user verification "+p.verification(u), verifiedUser(made.UserVerified())) {
		return awserr.New("WebAuthnCredentialNotSupportedException", "The passkey provider is not supported.")
	}
	return nil
}

// checkPasskeyMFA refuses to count passkeys as MFA where the pool does not, or
// for a user without another factor, who could be locked out.
func (p *pool) checkPasskeyMFA(span *trace.Span, in *webAuthnMfaSettings, chosen []string) error {
	if in == nil || !in.Enabled {
		return nil
	}
	const wanted = "MULTI_FACTOR_WITH_USER_VERIFICATION and another factor"
	found := cmp.Or(p.passkeys.FactorConfiguration, "SINGLE_FACTOR") + ", " + phrase(chosen, "no factor")
	if !span.Decide(RulePasskeyMFA, p.passkeysAreMFA() && len(chosen) > 0, wanted, found) {
		return awserr.New("InvalidParameterException", "Passkey MFA cannot be enabled for the user.")
	}
	return nil
}
