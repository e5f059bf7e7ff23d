package apigateway

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/jwt"
	"claimcheck/sim/trace"
)

// userPool is the authorization type COGNITO_USER_POOLS. Its phase 5 makes
// these checks; the first that fails ends the request with 401:
//
//  1. the identity source, one header, is there and not empty
//  2. its value is a JWT, raw or after "Bearer "
//  3. the issuer is one of the authorizer's user pools
//  4. the pool's keys can be fetched (500 otherwise)
//  5. a key of the pool signed the token
//  6. the token has not expired, the one failure with a message of its own
//  7. it is an ID token, or an access token where the method has scopes
//  8. it has one of the method's scopes
//  9. its aud matches the validation expression
//
// AWS documents the checks and not their order. It keeps no record of tokens:
// a revoked token and one of a deleted user pass until they expire.
type userPool struct{ open }

func (userPool) authorizer(c *call) error {
	a := c.stage.deployment.authorizers[c.method.authorizer]
	token, err := c.bearer(a)
	if err != nil {
		return err
	}
	for _, check := range []func(*call, authorizer, jwt.Token) error{
		(*call).checkSigner, (*call).checkExpiry, (*call).checkTokenUse, (*call).checkScopes, (*call).checkAudience,
	} {
		if err := check(c, a, token); err != nil {
			return err
		}
	}
	c.caller.claims = claimTexts(token.Claims)
	return nil
}

func unauthorizedToken() error { return unauthorizedWith("Unauthorized") }

// bearer makes checks 1 and 2.
func (c *call) bearer(a authorizer) (jwt.Token, error) {
	// 1
	value := c.request.Header.Get(a.header)
	found := quoteShort(value)
	if !c.request.Header.Has(a.header) {
		found = "no such header"
	}
	if !c.span.Decide(RuleCognitoIdentitySource, value != "", "a token in the header "+canonical(a.header), found) {
		return jwt.Token{}, unauthorizedToken()
	}
	// 2
	token, err := jwt.Parse(strings.TrimPrefix(value, "Bearer "))
	found = "a JWT"
	if err != nil {
		found = quoteShort(value) + ": " + err.Error()
	}
	if !c.span.Decide(RuleCognitoJWT, err == nil, "a JSON Web Token", found) {
		return jwt.Token{}, unauthorizedToken()
	}
	return token, nil
}

// checkSigner makes checks 3, 4 and 5.
func (c *call) checkSigner(a authorizer, token jwt.Token) error {
	// 3
	issuer, trusted := token.Text("iss"), false
	for _, pool := range a.pools {
		trusted = trusted || issuer == poolIssuer(c.stage.expand(pool))
	}
	wanted := "iss is one of the authorizer's user pools"
	if len(a.pools) == 1 {
		wanted = "iss is " + poolName(c.stage.expand(a.pools[0]))
	}
	if !c.span.Decide(RuleCognitoIssuer, trusted, wanted, issuerText(issuer)) {
		return unauthorizedToken()
	}
	// 4
	keys, err := c.keySetAt(issuer, issuer+"/.well-known/jwks.json", RuleCognitoKeys, "the user pool's public keys")
	if err != nil {
		return err
	}
	// 5
	err = keys.Verify(token)
	if !c.span.Decide(RuleCognitoSignature, err == nil, "a signature by a key of the user pool", signatureText(token, err)) {
		return unauthorizedToken()
	}
	return nil
}

func (c *call) fetch(address string) (api.HTTPResponse, error) {
	return c.doors.Send(c.span, api.HTTPRequest{From: Actor, Method: "GET", URL: address, Header: api.Header{}})
}

// keySetAt makes check 4, once for each issuer: the keys at an address, "" for
// one that is not known.
func (c *call) keySetAt(issuer, address string, rule trace.RuleID, wanted string) (jwt.KeySet, error) {
	if keys, ok := c.keySets[issuer]; ok {
		return keys, nil
	}
	response := api.HTTPResponse{}
	if address != "" {
		var err error
		if response, err = c.fetch(address); err != nil {
			return jwt.KeySet{}, err
		}
	}
	keys, err := jwt.ParseKeySet(response.Body)
	found := fmt.Sprintf("status %d", response.Status)
	if err != nil {
		found += ", no key set"
	}
	if !c.span.Decide(rule, response.Status == 200 && err == nil, wanted, found) {
		return jwt.KeySet{}, misconfigured()
	}
	c.keySets[issuer] = keys
	return keys, nil
}

// checkExpiry makes check 6. The message is the one that clients look for:
// https://github.com/aws-amplify/amplify-js/issues/10147
func (c *call) checkExpiry(_ authorizer, token jwt.Token) error {
	now := c.world.Now()
	expires, ok := token.Time("exp")
	found := "no exp"
	if ok {
		found = "exp " + expires.Format(time.RFC3339) + ", now " + now.UTC().Format("15:04:05")
	}
	if !c.span.Decide(RuleCognitoExpiry, ok && now.Before(expires), "exp in the future", found) {
		return unauthorizedWith("The incoming token has expired")
	}
	return nil
}

// checkTokenUse makes check 7.
func (c *call) checkTokenUse(_ authorizer, token jwt.Token) error {
	use, why := "id", "method without scopes"
	if len(c.method.scopes) > 0 {
		use, why = "access", "method with scopes"
	}
	found := token.Text("token_use")
	if !c.span.Decide(RuleCognitoTokenUse, found == use, "token_use is "+use+" ("+why+")", found) {
		return unauthorizedToken()
	}
	return nil
}

// checkScopes makes check 8. Any one scope is enough.
func (c *call) checkScopes(_ authorizer, token jwt.Token) error {
	if len(c.method.scopes) == 0 {
		return nil
	}
	granted := strings.Fields(token.Text("scope"))
	held := false
	for _, scope := range c.method.scopes {
		for _, g := range granted {
			held = held || scope == g
		}
	}
	wanted := "one of " + strings.Join(c.method.scopes, ", ")
	if !c.span.Decide(RuleCognitoScopes, held, wanted, "scope is "+quoteShort(token.Text("scope"))) {
		return unauthorizedToken()
	}
	return nil
}

// checkAudience makes check 9. An access token has no aud and never passes it.
func (c *call) checkAudience(a authorizer, token jwt.Token) error {
	if a.validation == nil {
		return nil
	}
	audience := token.Texts("aud")
	held := false
	for _, client := range audience {
		held = held || a.validation.MatchString(client)
	}
	found := "no aud"
	if len(audience) > 0 {
		found = "aud is " + strings.Join(audience, ", ")
	}
	if !c.span.Decide(RuleCognitoAudience, held, "aud matches the validation expression", found) {
		return unauthorizedToken()
	}
	return nil
}

// poolIssuer is the issuer of the tokens of the user pool with the given ARN,
// "" when it is not the ARN of one.
func poolIssuer(poolARN string) string {
	a, err := arn.Parse(poolARN)
	id, ok := strings.CutPrefix(a.Resource, "userpool/")
	if err != nil || !ok {
		return ""
	}
	return "https://cognito-idp." + a.Region + ".amazonaws.com/" + id
}

// poolName is the pool's id in its ARN or in an issuer.
func poolName(text string) string { return text[strings.LastIndex(text, "/")+1:] }

func issuerText(issuer string) string {
	if issuer == "" {
		return "no iss"
	}
	if strings.HasPrefix(issuer, "https://cognito-idp.") {
		return "iss is " + poolName(issuer)
	}
	return "iss is " + quoteShort(issuer)
}

func signatureText(token jwt.Token, err error) string {
	switch {
	case err == nil:
		return "signed by key " + quoteShort(token.KeyID)
	case errors.Is(err, jwt.ErrUnknownKey):
		return "the pool has no key " + quoteShort(token.KeyID)
	case errors.Is(err, jwt.ErrAlgorithm):
		return "alg is " + quoteShort(token.Algorithm)
	}
	return "the signature does not match"
}
