package appsync

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/jwt"
)

// The kinds of authorization mode.
const (
	modeKey     = "API_KEY"
	modeIAM     = "AWS_IAM"
	modeCognito = "AMAZON_COGNITO_USER_POOLS"
	modeOIDC    = "OPENID_CONNECT"
	modeLambda  = "AWS_LAMBDA"
)

// mode is one authorization mode of an API.
type mode struct {
	kind string
	// issuer and clients are those of a user pool or an OIDC provider; clients
	// is nil where every app client is welcome.
	issuer  string
	clients *regexp.Regexp
	// deny is the default mode's DefaultAction DENY.
	deny bool
	// issuedWithin and signedInWithin are IatTTL and AuthTTL, 0 for no limit.
	issuedWithin, signedInWithin time.Duration
	// function, ttl and validation are the Lambda authorizer's.
	function   string
	ttl        time.Duration
	validation *regexp.Regexp
}

// String names a mode as the console does, with the pool or provider.
func (m mode) String() string {
	if m.issuer == "" {
		return m.kind
	}
	return m.kind + " " + strings.TrimPrefix(m.issuer, "https://")
}

// modeNamed is the first mode of a kind.
func (a *graphQLAPI) modeNamed(kind string) (mode, bool) {
	for _, m := range a.modes {
		if m.kind == kind {
			return m, true
		}
	}
	return mode{}, false
}

// kinds lists the kinds of an API's modes, the default first.
func (a *graphQLAPI) kinds() string {
	names := make([]string, len(a.modes))
	for i, m := range a.modes {
		names[i] = m.kind
	}
	return strings.Join(names, ", ")
}

// The messages of requests whose credential fits no mode
// (https://repost.aws/knowledge-center/aws-appsync-graphql-request-unauth-error,
// https://github.com/aws/aws-appsync-community/issues/198), and of a token that
// has ended, which no page of AWS quotes.
const (
	messageNoCredential = "Valid authorization header not provided."
	messageNoJWT        = "Unable to parse JWT token."
	messageUnauthorized = "You are not authorized to make this call."
	messageExpired      = "Token has expired."
)

// credential is what a request presents.
type credential struct {
	// key is x-api-key and authorization the Authorization header.
	key, authorization string
	// token is the JWT in authorization, where a user pool or OIDC provider is to
	// be asked.
	token jwt.Token
}

// selectMode is phase 2. The credential decides which mode the request takes:
//
//  1. a credential is there
//  2. x-api-key is an API key
//  3. a SigV4 signature is AWS_IAM
//  4. where the API has user pools or OIDC providers, a JWT goes to the one whose
//     issuer it names
//  5. anything else is a Lambda authorizer's token
//
// https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
func (c *call) selectMode() error {
	header := c.request.Header
	c.credential = credential{key: header.Get("x-api-key"), authorization: header.Get("authorization")}
	// 1
	if c.credential.key != "" && c.credential.authorization != "" {
		return fmt.Errorf("the request has x-api-key and Authorization: which of them AppSync takes is not documented; send one")
	}
	// 2
	if c.credential.key != "" {
		return c.take(modeKey, "an API key", messageNoCredential)
	}
	if !c.span.Decide(RuleCredential, c.credential.authorization != "", "x-api-key or Authorization", c.credential.describe()) {
		return unauthorized(messageNoCredential)
	}
	// 3
	if strings.HasPrefix(c.credential.authorization, "AWS4-HMAC-SHA256") {
		return c.selectForSignature()
	}
	// 4
	if c.api.hasIssuers() {
		return c.selectForToken()
	}
	// 5
	return c.take(modeLambda, "a token", messageNoCredential)
}

func (k credential) describe() string {
	switch {
	case k.key != "":
		return "x-api-key"
	case k.authorization != "":
		return "Authorization"
	}
	return "neither"
}

// take selects the mode of a kind, if the API has one.
func (c *call) take(kind, what, refusal string) error {
	m, ok := c.api.modeNamed(kind)
	if !c.span.Decide(RuleMode, ok, "a mode for "+what+": "+kind, "the API has "+c.api.kinds()) {
		return unauthorized(refusal)
	}
	c.mode = m
	return nil
}

// selectForSignature gives a signature to a Lambda authorizer only where the API
// has no AWS_IAM.
func (c *call) selectForSignature() error {
	if _, ok := c.api.modeNamed(modeIAM); !ok {
		if _, ok := c.api.modeNamed(modeLambda); ok {
			return c.take(modeLambda, "a token", messageNoJWT)
		}
	}
	return c.take(modeIAM, "a SigV4 signature", messageNoJWT)
}

func (a *graphQLAPI) hasIssuers() bool {
	for _, m := range a.modes {
		if m.issuer != "" {
			return true
		}
	}
	return false
}

// selectForToken gives a JWT to the mode whose issuer it names. Where an OIDC
// provider is the only mode its issuer is not looked at. What is no JWT goes to
// the Lambda authorizer, if there is one.
func (c *call) selectForToken() error {
	text, err := c.bareToken()
	if err != nil {
		return err
	}
	token, err := jwt.Parse(text)
	_, hasLambda := c.api.modeNamed(modeLambda)
	if err != nil && hasLambda {
		return c.take(modeLambda, "a token", messageNoJWT)
	}
	found := "a JWT"
	if err != nil {
		found = err.Error()
	}
	if !c.span.Decide(RuleTokenForm, err == nil, "a JSON Web Token", found) {
		return unauthorized(messageNoJWT)
	}
	c.credential.token = token
	if first := c.api.modes[0]; len(c.api.modes) == 1 && first.kind == modeOIDC {
		c.mode = first
		return nil
	}
	for _, m := range c.api.modes {
		if m.issuer != "" && m.issuer == token.Text("iss") {
			c.mode = m
		}
	}
	if !c.span.Decide(RuleIssuer, c.mode.kind != "", "iss of a user pool or provider of the API", cmp.Or(token.Text("iss"), "no iss")) {
		return unauthorized(messageUnauthorized)
	}
	return nil
}

// bareToken is the Authorization header without Bearer, which an OIDC token may
// have. For a user pool's token AWS's pages and reports disagree.
func (c *call) bareToken() (string, error) {
	scheme, token, ok := strings.Cut(c.credential.authorization, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return c.credential.authorization, nil
	}
	if _, pool := c.api.modeNamed(modeCognito); pool {
		return "", fmt.Errorf("the token stands after Bearer: whether AppSync takes a user pool's token so is told both ways; send the token alone")
	}
	return token, nil
}

// authenticate is phase 3.
func (c *call) authenticate() error {
	switch c.mode.kind {
	case modeKey:
		return c.checkKey()
	case modeIAM:
		return c.checkSignature()
	case modeLambda:
		return c.askAuthorizer()
	}
	return c.checkToken()
}

// refusal ends a request with an HTTP error.
type refusal struct {
	status             int
	errorType, message string
}

// Error is the message.
func (r *refusal) Error() string { return r.message }

func unauthorized(message string) error {
	return &refusal{status: 401, errorType: "UnauthorizedException", message: message}
}

func (r *refusal) response() api.HTTPResponse {
	return jsonResponse(r.status, r.errorType, map[string]any{
		"errors": []any{map[string]any{"errorType": r.errorType, "message": r.message}},
	})
}
