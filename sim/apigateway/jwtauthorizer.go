package apigateway

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/jwt"
)

// jwtAuthorizer is the authorization type JWT, for tokens of any OIDC provider;
// most study material is older than it. Its phase 5 makes these checks; a token
// that fails one is 401, one without a scope of the method 403:
//
//  1. the identity source, one header, holds a token, raw or after "Bearer "
//  2. it is a JWT
//  3. its iss is one of the configured issuers, to the letter
//  4. its alg is one of the allowed algorithms
//  5. a key that the issuer publishes signed it
//  6. it is within its times: exp, nbf
//  7. its aud, or client_id where there is no aud, is an audience of that issuer
//  8. scope or scp holds one of the method's scopes
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html
type jwtAuthorizer struct{ open }

// trust is what a JWT authorizer takes.
type trust struct {
	algorithms []string
	// audiences are by issuer.
	audiences map[string][]string
}

func (jwtAuthorizer) authorizer(c *call) error {
	a := c.stage.deployment.authorizers[c.method.authorizer]
	token, err := c.oidcToken(a)
	if err != nil {
		return err
	}
	for _, check := range []func(*call, authorizer, jwt.Token) error{
		(*call).checkTrust, (*call).checkProviderKeys, (*call).checkTimes, (*call).checkAudiences, (*call).checkGrantedScopes,
	} {
		if err := check(c, a, token); err != nil {
			return err
		}
	}
	c.caller.claims = claimTexts(token.Claims)
	return nil
}

// oidcToken makes checks 1 and 2.
func (c *call) oidcToken(a authorizer) (jwt.Token, error) {
	// 1
	value := strings.TrimPrefix(c.request.Header.Get(a.header), "Bearer ")
	if !c.span.Decide(RuleJWTIdentitySource, value != "", "a token in the header "+canonical(a.header), cmp.Or(quoteShort(value), "nothing")) {
		return jwt.Token{}, unauthorizedToken()
	}
	// 2
	token, err := jwt.Parse(value)
	found := "a JWT"
	if err != nil {
		found = quoteShort(value) + ": " + err.Error()
	}
	if !c.span.Decide(RuleJWTDecode, err == nil, "a JSON Web Token", found) {
		return jwt.Token{}, unauthorizedToken()
	}
	return token, nil
}

// checkTrust makes checks 3 and 4.
func (c *call) checkTrust(a authorizer, token jwt.Token) error {
	// 3
	issuer := token.Text("iss")
	_, trusted := a.trust.audiences[issuer]
	if !c.span.Decide(RuleJWTIssuer, trusted, "iss is one of the issuers, to the letter", issuerText(issuer)) {
		return unauthorizedToken()
	}
	// 4
	allowed := slices.Contains(a.trust.algorithms, token.Algorithm)
	if !c.span.Decide(RuleJWTAlgorithm, allowed, "alg is "+strings.Join(a.trust.algorithms, " or "), "alg is "+quoteShort(token.Algorithm)) {
		return unauthorizedToken()
	}
	return nil
}

// checkProviderKeys makes check 5 with the keys that the issuer's discovery
// document leads to.
func (c *call) checkProviderKeys(_ authorizer, token jwt.Token) error {
	issuer := token.Text("iss")
	address, err := c.keysAddress(issuer)
	if err != nil {
		return err
	}
	keys, err := c.keySetAt(issuer, address, RuleJWTKeys, "the issuer's public keys")
	if err != nil {
		return err
	}
	err = keys.Verify(token)
	if !c.span.Decide(RuleJWTSignature, err == nil, "a signature by a key of the issuer", signatureText(token, err)) {
		return unauthorizedToken()
	}
	return nil
}

// keysAddress is jwks_uri of an issuer's discovery document, "" without one.
func (c *call) keysAddress(issuer string) (string, error) {
	if _, ok := c.keySets[issuer]; ok {
		return "", nil
	}
	response, err := c.fetch(strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration")
	if err != nil {
		return "", err
	}
	var document struct {
		Keys string `json:"jwks_uri"`
	}
	if json.Unmarshal([]byte(response.Body), &document) != nil {
		return "", nil
	}
	return document.Keys, nil
}

// checkTimes makes check 6.
func (c *call) checkTimes(_ authorizer, token jwt.Token) error {
	now := c.world.Now()
	expires, ok := token.Time("exp")
	found := "no exp"
	if ok {
		found = "exp " + expires.Format(time.RFC3339) + ", now " + now.UTC().Format("15:04:05")
	}
	if notBefore, set := token.Time("nbf"); set && now.Before(notBefore) {
		ok, found = false, "nbf "+notBefore.Format(time.RFC3339)
	}
	if !c.span.Decide(RuleJWTTimes, ok && now.Before(expires), "now between nbf and exp", found) {
		return unauthorizedToken()
	}
	return nil
}

// checkAudiences makes check 7.
func (c *call) checkAudiences(a authorizer, token jwt.Token) error {
	wanted := a.trust.audiences[token.Text("iss")]
	given, claim := token.Texts("aud"), "aud"
	if len(given) == 0 {
		given, claim = token.Texts("client_id"), "client_id"
	}
	held := slices.ContainsFunc(given, func(audience string) bool { return slices.Contains(wanted, audience) })
	if !c.span.Decide(RuleJWTAudience, held, "aud, or else client_id, is "+strings.Join(wanted, " or "), claim+" is "+cmp.Or(strings.Join(given, ", "), "missing")) {
		return unauthorizedToken()
	}
	return nil
}

// checkGrantedScopes makes check 8. The page has the status of its refusal; the
// body, that of ACCESS_DENIED, is inferred.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-methods.html
func (c *call) checkGrantedScopes(_ authorizer, token jwt.Token) error {
	if len(c.method.scopes) == 0 {
		return nil
	}
	granted := append(strings.Fields(token.Text("scope")), token.Texts("scp")...)
	held := slices.ContainsFunc(c.method.scopes, func(scope string) bool { return slices.Contains(granted, scope) })
	if !c.span.Decide(RuleJWTScopes, held, "one of "+strings.Join(c.method.scopes, ", "), "scopes "+cmp.Or(short(strings.Join(granted, " ")), "none")) {
		return &refusal{kind: accessDenied, message: "Forbidden", exception: "ForbiddenException"}
	}
	return nil
}

type jwtConfiguration struct {
	DefaultAlgorithms []string    `aws:"required"`
	Issuers           []jwtIssuer `aws:"required"`
}

type jwtIssuer struct {
	Issuer    string   `aws:"required"`
	Audiences []string `aws:"required"`
	_         struct{} `unsimulated:"AdditionalClaims"`
}

// newTrust reads JwtConfiguration. An issuer is an absolute https URL without
// query string or fragment.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-create.html
func newTrust(p *jwtConfiguration) (trust, error) {
	if p == nil || len(p.Issuers) == 0 || len(p.DefaultAlgorithms) == 0 {
		return trust{}, badRequest("A JWT authorizer needs a JWT configuration with issuers and algorithms")
	}
	t := trust{algorithms: p.DefaultAlgorithms, audiences: map[string][]string{}}
	for _, issuer := range p.Issuers {
		address, err := url.Parse(issuer.Issuer)
		if err != nil || address.Scheme != "https" || address.Host == "" || address.RawQuery != "" || address.Fragment != "" {
			return t, badRequest("Invalid issuer: %s. Issuer must be an absolute https URL with no query string or fragment", issuer.Issuer)
		}
		t.audiences[issuer.Issuer] = issuer.Audiences
	}
	return t, nil
}
