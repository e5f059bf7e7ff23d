package cognitoidp

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
	"claimcheck/sim/webauthn"
)

const webAuthn = "WEB_AUTHN"

// parseRegistration reads a new passkey. One whose attestation only its maker's
// certificates can check is no verdict.
func parseRegistration(span *trace.Span, credential map[string]any) (webauthn.Registration, error) {
	text, err := json.Marshal(credential)
	if err != nil {
		return webauthn.Registration{}, fmt.Errorf("member Credential: %w", err)
	}
	made, err := webauthn.ParseRegistration(string(text))
	var unknown webauthn.UnknownAttestationError
	if errors.As(err, &unknown) {
		return made, fmt.Errorf("member Credential: %w", err)
	}
	return made, checkFormat(span, err, made.Type, webauthn.Create)
}

// checkFormat refuses an answer of a passkey that is not in the standard's
// format, or of the other kind.
func checkFormat(span *trace.Span, err error, kind, wanted string) error {
	found := kind
	if err != nil {
		found = err.Error()
	}
	if !span.Decide(RulePasskeyFormat, err == nil && kind == wanted, "an answer of a passkey, "+wanted, found) {
		return awserr.New("InvalidParameterException", "The credential is not valid.")
	}
	return nil
}

func keyFound(made webauthn.Registration) string {
	switch {
	case !made.Attested:
		return "it does not sign its own attestation"
	case made.Key.Algorithm == webauthn.ES256:
		return "ES256"
	case made.Key.Algorithm == webauthn.RS256:
		return "RS256"
	default:
		return fmt.Sprintf("algorithm %d of COSE", made.Key.Algorithm)
	}
}

func verifiedUser(verified bool) string {
	if verified {
		return "the user was verified"
	}
	return "the user was only present"
}

func counted(n int, name string) string {
	if n == 1 {
		return "1 " + name
	}
	return fmt.Sprintf("%d %ss", n, name)
}

// askPasskey asks for a passkey of the user. The answer to SELECT_CHALLENGE can
// hold a CREDENTIAL at once; what it then answers to is not known.
func (s *UserPools) askPasskey(a *attempt) (*question, error) {
	if a.parameters["CREDENTIAL"] != "" {
		return nil, fmt.Errorf("CREDENTIAL beside the choice of %s: AWS has it, the simulation does not", webAuthn)
	}
	p := a.client.pool
	a.progress.passkeyChallenge = s.passkeyChallenge()
	return &question{name: webAuthn, parameters: map[string]string{"CREDENTIAL_REQUEST_OPTIONS": jsonText(map[string]any{
		"challenge":        a.progress.passkeyChallenge,
		"timeout":          a.client.sessionValidity().Milliseconds(),
		"rpId":             p.relyingPartyID(),
		"allowCredentials": descriptors(a.user.passkeys),
		"userVerification": p.verification(a.user),
	})}}, nil
}

// answerPasskey checks the proof of a passkey:
//
//  1. the user is enabled
//  2. the answer has the format of the standard
//  3. the user has registered this passkey
//  4. it answers the challenge of this sign-in
//  5. it is for the pool's relying party, and the page was on that domain
//  6. it has verified the user, where that is required
//  7. the signature is the passkey's
//
// What AWS says to a proof that fails is inferred from passwords.
func answerPasskey(s *UserPools, a *attempt) (*question, error) {
	if err := checkEnabledUser(a.span, a.user); err != nil { // 1
		return nil, err
	}
	proof, err := webauthn.ParseAssertion(a.parameters["CREDENTIAL"])
	if err := checkFormat(a.span, err, proof.Type, webauthn.Get); err != nil { // 2
		return nil, err
	}
	i := slices.IndexFunc(a.user.passkeys, func(k *passkey) bool { return k.id == proof.ID })
	if !a.span.Decide(RulePasskeyExists, i >= 0, "a passkey that the user has registered", existence(i >= 0)) { // 3
		return nil, wrongPassword()
	}
	if err := a.checkProof(proof, a.user.passkeys[i].key); err != nil { // 4, 5, 6, 7
		return nil, err
	}
	a.progress.secondFactor = a.user.factors.passkey && proof.UserVerified()
	return nil, nil
}

func (a *attempt) checkProof(proof webauthn.Assertion, key webauthn.Key) error {
	p := a.client.pool
	id, verification := p.relyingPartyID(), p.verification(a.user)
	answers := proof.Challenge == a.progress.passkeyChallenge
	right := a.span.Decide(RulePasskeyChallenge, answers, "the challenge of this sign-in", sameOrNot(answers)) &&
		a.span.Decide(RulePasskeyDomain, proof.For(id), "a passkey for "+id, sameOrNot(proof.For(id))) &&
		a.span.Decide(RulePasskeyOrigin, webauthn.AllowedOrigin(proof.Origin, id), "a page on "+id, proof.Origin) &&
		a.span.Decide(RulePasskeyVerified, proof.UserVerified() || verification != "required", "user verification "+verification, verifiedUser(proof.UserVerified())) &&
		a.span.Decide(RulePasskeySignature, proof.SignedBy(key), "a signature of the registered key", sameOrNot(proof.SignedBy(key)))
	if !right {
		return wrongPassword()
	}
	return nil
}

// credentialDescription is how the API shows a passkey.
type credentialDescription struct {
	CredentialId            string
	FriendlyCredentialName  string
	RelyingPartyId          string
	AuthenticatorAttachment string `json:",omitempty"`
	AuthenticatorTransports []string
	CreatedAt               api.Timestamp
}

type listWebAuthnCredentialsInput struct {
	AccessToken string `aws:"required"`

	_ struct{} `unsimulated:"MaxResults NextToken"`
}

type listWebAuthnCredentialsOutput struct {
	Credentials []credentialDescription
}

// listWebAuthnCredentials lists the user's passkeys, oldest first. AWS makes
// FriendlyCredentialName up from the model of the authenticator; the simulation
// knows none.
func (s *UserPools) listWebAuthnCredentials(c api.Context, in listWebAuthnCredentialsInput) (listWebAuthnCredentialsOutput, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return listWebAuthnCredentialsOutput{}, err
	}
	out := listWebAuthnCredentialsOutput{Credentials: []credentialDescription{}}
	for _, k := range signedIn.user.passkeys {
		out.Credentials = append(out.Credentials, credentialDescription{
			CredentialId: k.id, FriendlyCredentialName: "Passkey", RelyingPartyId: k.relyingParty,
			AuthenticatorAttachment: k.attachment, AuthenticatorTransports: append([]string{}, k.transports...), CreatedAt: api.Epoch(k.created),
		})
	}
	return out, nil
}

type deleteWebAuthnCredentialInput struct {
	AccessToken  string `aws:"required"`
	CredentialId string `aws:"required"`
}

func (s *UserPools) deleteWebAuthnCredential(c api.Context, in deleteWebAuthnCredentialInput) (empty, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return empty{}, err
	}
	u := signedIn.user
	i := slices.IndexFunc(u.passkeys, func(k *passkey) bool { return k.id == in.CredentialId })
	if !c.Span.Decide(RulePasskeyExists, i >= 0, "a passkey that the user has registered", existence(i >= 0)) {
		return empty{}, awserr.New("ResourceNotFoundException", "Passkey %s does not exist.", in.CredentialId)
	}
	u.passkeys = slices.Delete(u.passkeys, i, i+1)
	return empty{}, nil
}

type userAuthFactorsOutput struct {
	Username                  string
	PreferredMfaSetting       string   `json:",omitempty"`
	UserMFASettingList        []string `json:",omitempty"`
	ConfiguredUserAuthFactors []string
}

func (s *UserPools) getUserAuthFactors(c api.Context, in accessTokenInput) (userAuthFactorsOutput, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return userAuthFactorsOutput{}, err
	}
	return signedIn.client.pool.authFactors(signedIn.user), nil
}

func (s *UserPools) adminGetUserAuthFactors(c api.Context, in ofUser) (userAuthFactorsOutput, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return userAuthFactorsOutput{}, err
	}
	return p.authFactors(u), nil
}

// authFactors are what a user can sign in with; SRP is a way to show the
// password and no factor of its own.
func (p *pool) authFactors(u *user) userAuthFactorsOutput {
	factors := slices.DeleteFunc(p.firstFactors(u), func(factor string) bool { return factor == bySRP })
	return userAuthFactorsOutput{
		Username: u.username, PreferredMfaSetting: u.factors.preferred, UserMFASettingList: u.factors.chosen,
		ConfiguredUserAuthFactors: append([]string{}, factors...),
	}
}

// notePasskeys says of a user with passkeys whether one is on offer.
func (a *attempt) notePasskeys() {
	p, u := a.client.pool, a.user
	if u == nil || len(u.passkeys) == 0 || !p.takesPasskeys() {
		return
	}
	found := "MFA is " + p.mfa.configuration + ", the user has " + phrase(p.factorsOf(u), "no factor")
	if u.factors.passkey {
		found += ", passkeys count as MFA"
	}
	a.span.Note(RulePasskeyOffered, p.offersPasskeys(u), "a sign-in that a passkey is enough for", found)
}
