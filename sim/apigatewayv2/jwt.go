package apigatewayv2

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
)

// keyAge is how long API Gateway may keep an issuer's public keys.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
const keyAge = 2 * time.Hour

// largestKeySet is the most that an issuer's key set may have, in bytes.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
const largestKeySet = 150_000

type cachedKeys struct {
	set   jwt.KeySet
	since time.Time
}

// admitted is a token that a route's authorizer let in; the zero value where the
// route has none.
type admitted struct {
	claims map[string]any
	// scopes are the route's, nil where it asks for none.
	scopes []string
}

// jwtAuthorizer is the authorization type JWT. It makes these checks in AWS's
// order; a token that fails one is 401, one without a scope of the route 403:
//
//  1. the identity source holds a token, raw or after "Bearer "
//  2. it can be decoded
//  3. an RSA algorithm, and a signature by a key that the issuer publishes
//  4. iss is the configured issuer, to the letter
//  5. aud, or client_id where there is no aud, is one of the audiences
//  6. exp is in the future, nbf and iat are not
//  7. scope or scp holds one of the route's scopes
//
// It does not look at token_use: without scopes an ID token passes as well as an
// access token.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
type jwtAuthorizer struct{}

func (jwtAuthorizer) admit(c *call) error {
	a := c.definition.authorizers[c.route.authorizer]
	token, err := c.decode(a)
	if err != nil {
		return err
	}
	for _, check := range []func(authorizer, jwt.Token) error{c.checkSignature, c.checkIssuer, c.checkAudience, c.checkTimes, c.checkScopes} {
		if err := check(a, token); err != nil {
			return err
		}
	}
	c.caller.token = admitted{claims: token.Claims, scopes: c.route.scopes}
	return nil
}

// invalid is a token that is no good. The wording behind error_description is
// AWS's for the number of segments and the audience, and ours in its manner for
// the rest.
func (c *call) invalid(description string) error {
	challenge := fmt.Sprintf(`Bearer scope="%s" error="invalid_token" error_description="%s"`, strings.Join(c.route.scopes, " "), description)
	return &refusal{status: 401, challenge: challenge}
}

// decode makes checks 1 and 2.
func (c *call) decode(a authorizer) (jwt.Token, error) {
	// 1
	source := a.sources[0]
	value := bearer(source.read(c))
	found := "a value"
	if value == "" {
		found = "nothing"
	}
	if !c.span.Decide(RuleIdentitySource, value != "", "a token in "+source.String(), found) {
		return jwt.Token{}, &refusal{status: 401, challenge: "Bearer"}
	}
	// 2
	token, err := jwt.Parse(value)
	found = "a JWT"
	if err != nil {
		found = err.Error()
	}
	if !c.span.Decide(RuleDecode, err == nil, "a JSON Web Token", found) {
		return jwt.Token{}, c.invalid("token contains an invalid number of segments")
	}
	return token, nil
}

// checkSignature makes check 3.
func (c *call) checkSignature(a authorizer, token jwt.Token) error {
	rsa := slices.Contains([]string{"RS256", "RS384", "RS512"}, token.Algorithm)
	if !c.span.Decide(RuleAlgorithm, rsa, "an algorithm of the RSA family", token.Algorithm) {
		return c.invalid("signing method " + token.Algorithm + " is invalid")
	}
	keys, err := c.keys(a.issuer)
	if err != nil {
		return err
	}
	err = keys.Verify(token)
	if !c.span.Decide(RuleSignature, err == nil, "a signature by a key of the issuer", signatureText(token, err)) {
		return c.invalid("signature is invalid")
	}
	return nil
}

func signatureText(token jwt.Token, err error) string {
	switch {
	case err == nil:
		return "signed by its key " + token.KeyID
	case errors.Is(err, jwt.ErrUnknownKey):
		return "kid " + token.KeyID + " is none of its keys"
	}
	return err.Error()
}

// keys fetches what the issuer publishes: its discovery document, then the keys
// at jwks_uri.
func (c *call) keys(issuer string) (jwt.KeySet, error) {
	now := c.world.Now()
	if cached, ok := c.keySets[issuer]; ok && now.Sub(cached.since) < keyAge {
		return cached.set, nil
	}
	set, fault, err := c.fetchKeys(issuer)
	if err != nil {
		return jwt.KeySet{}, err
	}
	if !c.span.Decide(RuleKeys, fault == "", "the issuer's public keys", cmp.Or(fault, "fetched through its discovery document")) {
		return jwt.KeySet{}, c.invalid("keys of the issuer cannot be fetched")
	}
	c.keySets[issuer] = cachedKeys{set: set, since: now}
	return set, nil
}

// fetchKeys returns the keys, or what is wrong with what the issuer publishes.
func (c *call) fetchKeys(issuer string) (set jwt.KeySet, fault string, err error) {
	discovered, err := c.get(issuer + "/.well-known/openid-configuration")
	if err != nil {
		return set, "", err
	}
	var document struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if discovered.Status != 200 || json.Unmarshal([]byte(discovered.Body), &document) != nil || document.JWKSURI == "" {
		return set, "no discovery document", nil
	}
	published, err := c.get(document.JWKSURI)
	if err != nil {
		return set, "", err
	}
	if len(published.Body) > largestKeySet {
		return set, fmt.Sprintf("a key set of %d bytes, more than %d", len(published.Body), largestKeySet), nil
	}
	set, parseErr := jwt.ParseKeySet(published.Body)
	if published.Status != 200 || parseErr != nil {
		return set, "no key set at jwks_uri", nil
	}
	return set, "", nil
}

func (c *call) get(address string) (api.HTTPResponse, error) {
	return c.doors.Send(c.span, api.HTTPRequest{From: Actor, Method: "GET", URL: address, Header: api.Header{}})
}

// checkIssuer makes check 4.
func (c *call) checkIssuer(a authorizer, token jwt.Token) error {
	if c.span.Decide(RuleIssuer, token.Text("iss") == a.issuer, "iss is "+a.issuer, cmp.Or(token.Text("iss"), "no iss")) {
		return nil
	}
	return c.invalid("issuer does not match")
}

// checkAudience makes check 5.
func (c *call) checkAudience(a authorizer, token jwt.Token) error {
	name, values := "aud", token.Texts("aud")
	if _, ok := token.Claims["aud"]; !ok {
		name, values = "client_id", token.Texts("client_id")
	}
	held := slices.ContainsFunc(values, func(value string) bool { return slices.Contains(a.audience, value) })
	found := name + " " + strings.Join(values, ", ")
	if len(values) == 0 {
		found = "neither aud nor client_id"
	}
	if c.span.Decide(RuleAudience, held, "aud, or else client_id, is "+strings.Join(a.audience, " or "), found) {
		return nil
	}
	return c.invalid("the token does not have a valid audience")
}

// checkTimes makes check 6.
func (c *call) checkTimes(_ authorizer, token jwt.Token) error {
	now := c.world.Now()
	expires, ok := token.Time("exp")
	if !c.span.Decide(RuleExpiry, ok && expires.After(now), "exp after "+clock(now), timeText(expires, ok)) {
		return c.invalid("the token has expired")
	}
	for _, claim := range []string{"nbf", "iat"} {
		when, ok := token.Time(claim)
		if !c.span.Decide(RuleNotBefore, !ok || !when.After(now), claim+" not after "+clock(now), timeText(when, ok)) {
			return c.invalid("the token is not valid yet")
		}
	}
	return nil
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05") }

func timeText(t time.Time, ok bool) string {
	if !ok {
		return "no such claim"
	}
	return clock(t)
}

// checkScopes makes check 7.
func (c *call) checkScopes(_ authorizer, token jwt.Token) error {
	if len(c.route.scopes) == 0 {
		return nil
	}
	granted := append(strings.Fields(token.Text("scope")), scp(token)...)
	held := slices.ContainsFunc(granted, func(scope string) bool { return slices.Contains(c.route.scopes, scope) })
	wanted := "a scope of the route: " + strings.Join(c.route.scopes, ", ")
	if c.span.Decide(RuleScopes, held, wanted, cmp.Or(strings.Join(granted, " "), "no scope")) {
		return nil
	}
	challenge := fmt.Sprintf(`Bearer scope="%s" error="insufficient_scope" error_description="the token does not have a required scope"`, strings.Join(c.route.scopes, " "))
	return &refusal{status: 403, challenge: challenge}
}

// scp is the claim as a list, or as text that is separated by spaces.
func scp(token jwt.Token) []string {
	if _, isText := token.Claims["scp"].(string); isText {
		return strings.Fields(token.Text("scp"))
	}
	return token.Texts("scp")
}
