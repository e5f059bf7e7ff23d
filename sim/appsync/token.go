package appsync

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
)

// checkToken is phase 3 for user pools and OIDC providers. Phase 2 has chosen the
// mode by the token's issuer; the checks that are left are:
//
//  1. the issuer publishes its keys, and one of them signed the token
//  2. it has not expired
//  3. OIDC only: IatTTL and AuthTTL have not passed
//  4. its app client matches: AppIdClientRegex for a pool (aud of an ID token,
//     client_id of an access token), ClientId for OIDC (aud or azp)
//
// ID and access tokens of a user pool are both welcome, and nobody asks whether a
// token has been revoked.
// https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
func (c *call) checkToken() error {
	token := c.credential.token
	// 1
	if err := c.checkTokenSignature(token); err != nil {
		return err
	}
	// 2
	now := c.world.Now()
	expires, ok := token.Time("exp")
	if !c.span.Decide(RuleTokenExpiry, ok && expires.After(now), "exp after "+clock(now), timeText(expires, ok)) {
		return unauthorized(messageExpired)
	}
	// 3
	if err := c.checkAge(token, "iat", c.mode.issuedWithin); err != nil {
		return err
	}
	if err := c.checkAge(token, "auth_time", c.mode.signedInWithin); err != nil {
		return err
	}
	// 4
	return c.checkClient(token)
}

func (c *call) checkTokenSignature(token jwt.Token) error {
	if c.mode.kind == modeOIDC && !strings.HasPrefix(token.Algorithm, "RS") {
		return notSimulated("OIDC tokens signed with %s", token.Algorithm)
	}
	keys, fault, err := c.issuerKeys()
	if err != nil {
		return err
	}
	if !c.span.Decide(RuleIssuerKeys, fault == "", "the issuer's public keys", cmp.Or(fault, "fetched")) {
		return unauthorized(messageUnauthorized)
	}
	err = keys.Verify(token)
	found := "signed by its key " + token.KeyID
	switch {
	case errors.Is(err, jwt.ErrUnknownKey):
		found = "kid " + token.KeyID + " is none of its keys"
	case err != nil:
		found = err.Error()
	}
	if !c.span.Decide(RuleTokenSignature, err == nil, "a signature by a key of the issuer", found) {
		return unauthorized(messageUnauthorized)
	}
	return nil
}

// issuerKeys fetches the keys that the mode's issuer publishes, or says what is
// wrong with what it publishes. A pool's are at a fixed place below its issuer.
func (c *call) issuerKeys() (set jwt.KeySet, fault string, err error) {
	address := c.mode.issuer + "/.well-known/jwks.json"
	if c.mode.kind == modeOIDC {
		if address, err = c.discover(); err != nil || address == "" {
			return set, "no discovery document", err
		}
	}
	published, err := c.get(address)
	if err != nil {
		return set, "", err
	}
	set, parseErr := jwt.ParseKeySet(published.Body)
	if published.Status != 200 || parseErr != nil {
		return set, "no key set", nil
	}
	return set, "", nil
}

// discover is jwks_uri of the provider's discovery document, "" without one.
func (c *call) discover() (string, error) {
	found, err := c.get(c.mode.issuer + "/.well-known/openid-configuration")
	if err != nil {
		return "", err
	}
	var document struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if found.Status != 200 || json.Unmarshal([]byte(found.Body), &document) != nil {
		return "", nil
	}
	return document.JWKSURI, nil
}

func (c *call) get(address string) (api.HTTPResponse, error) {
	return c.doors.Send(c.span, api.HTTPRequest{From: Actor, Method: "GET", URL: address, Header: api.Header{}})
}

// checkAge makes check 3 for one claim.
func (c *call) checkAge(token jwt.Token, claim string, limit time.Duration) error {
	if limit == 0 {
		return nil
	}
	at, ok := token.Time(claim)
	held := ok && !at.Add(limit).Before(c.world.Now())
	if c.span.Decide(RuleTokenAge, held, claim+" at most "+limit.String()+" ago", timeText(at, ok)) {
		return nil
	}
	return unauthorized(messageUnauthorized)
}

// checkClient makes check 4.
func (c *call) checkClient(token jwt.Token) error {
	if c.mode.clients == nil {
		c.span.Note(RuleClient, true, "an app client of the issuer", "any: no expression is set")
		return nil
	}
	clients := append(token.Texts("aud"), token.Texts("azp")...)
	if c.mode.kind == modeCognito {
		clients = append(token.Texts("aud"), token.Texts("client_id")...)
	}
	found := "none"
	if len(clients) > 0 {
		found = clients[0]
	}
	if c.span.Decide(RuleClient, slices.ContainsFunc(clients, c.mode.clients.MatchString), "an app client that matches the expression", found) {
		return nil
	}
	return unauthorized(messageUnauthorized)
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05") }

func timeText(t time.Time, ok bool) string {
	if !ok {
		return "no such claim"
	}
	return clock(t)
}
