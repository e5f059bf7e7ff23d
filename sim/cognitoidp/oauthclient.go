package cognitoidp

import (
	"net/url"
	"slices"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// The values of AllowedOAuthFlows.
const (
	codeFlow     = "code"
	implicitFlow = "implicit"
	machineFlow  = "client_credentials"
)

// localUsers is the identity provider that stands for the pool's own users.
const localUsers = "COGNITO"

// checkOAuth looks at what an app client may do at the OAuth endpoints. AWS
// documents the checks and not their order; they are made in this one:
//
//  1. a client of the endpoints has flows and scopes
//  2. client_credentials is the only flow and the client has a secret
//  3. code and implicit have a callback URL
//  4. callback and logout URLs have a legal form
//  5. DefaultRedirectURI is a callback URL
//  6. the pool has every scope
//  7. the pool has every identity provider
func (c *client) checkOAuth(span *trace.Span) error {
	for _, check := range []func(*client, *trace.Span) error{
		(*client).checkOAuthComplete,   // 1
		(*client).checkMachineFlow,     // 2
		(*client).checkHasCallback,     // 3
		(*client).checkAddresses,       // 4
		(*client).checkDefaultRedirect, // 5
		(*client).checkScopesExist,     // 6
		(*client).checkProvidersExist,  // 7
	} {
		if err := check(c, span); err != nil {
			return err
		}
	}
	return nil
}

// checkOAuthComplete has the wording of
// https://jobairkhan.com/2019/02/10/aws-cognito-user-pools-client-credentials
func (c *client) checkOAuthComplete(span *trace.Span) error {
	in := c.settings
	if !in.AllowedOAuthFlowsUserPoolClient {
		return nil
	}
	complete := len(in.AllowedOAuthFlows) > 0 && len(in.AllowedOAuthScopes) > 0
	found := phrase(in.AllowedOAuthFlows, "no flow") + " with " + phrase(in.AllowedOAuthScopes, "no scope")
	if !span.Decide(RuleOAuthComplete, complete, "AllowedOAuthFlows and AllowedOAuthScopes", found) {
		return awserr.New("InvalidParameterException", "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.")
	}
	return nil
}

// checkMachineFlow has the wording of the secret from
// https://jobairkhan.com/2019/02/10/aws-cognito-user-pools-client-credentials
func (c *client) checkMachineFlow(span *trace.Span) error {
	flows := c.settings.AllowedOAuthFlows
	if !slices.Contains(flows, machineFlow) {
		return nil
	}
	if !span.Decide(RuleMachineFlow, len(flows) == 1, "client_credentials alone", phrase(flows, "no flow")) {
		return awserr.New("InvalidOAuthFlowException", "client_credentials flow can not be selected along with code flow or implicit flow.")
	}
	if !span.Decide(RuleMachineFlow, c.secret != "", "an app client with a secret", secretOrNot(c.secret != "")) {
		return awserr.New("InvalidOAuthFlowException", "client_credentials flow can not be selected if client does not have a client secret.")
	}
	return nil
}

func secretOrNot(has bool) string {
	if has {
		return "it has one"
	}
	return "it has none"
}

// checkHasCallback has the wording of
// https://github.com/cisagov/crossfeed/pull/440
func (c *client) checkHasCallback(span *trace.Span) error {
	in := c.settings
	if !slices.Contains(in.AllowedOAuthFlows, codeFlow) && !slices.Contains(in.AllowedOAuthFlows, implicitFlow) {
		return nil
	}
	if !span.Decide(RuleCallbackURL, len(in.CallbackURLs) > 0, "a callback URL to send the user back to", phrase(in.CallbackURLs, "none")) {
		return awserr.New("InvalidOAuthFlowException", "CallbackUrls can not be empty when code flow or implicit flow is selected")
	}
	return nil
}

// checkAddresses refuses addresses that AWS documents as illegal, in words of
// the simulation: AWS documents none.
func (c *client) checkAddresses(span *trace.Span) error {
	for _, address := range slices.Concat(c.settings.CallbackURLs, c.settings.LogoutURLs) {
		fault := addressFault(address)
		found := address
		if fault != "" {
			found += " " + fault
		}
		if !span.Decide(RuleCallbackURL, fault == "", "https, http on localhost, or an app's own scheme; no fragment", found) {
			return awserr.New("InvalidParameterException", "%s %s.", address, fault)
		}
	}
	return nil
}

// addressFault says what is wrong with a callback URL, "" when nothing is:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
func addressFault(address string) string {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || !parsed.IsAbs():
		return "is not an absolute URL"
	case strings.Contains(address, "#"):
		return "has a fragment"
	case parsed.Scheme == "http" && !slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, parsed.Hostname()):
		return "cannot use the HTTP protocol"
	case parsed.Scheme == "https" && parsed.Host == "":
		return "has no host"
	}
	return ""
}

func (c *client) checkDefaultRedirect(span *trace.Span) error {
	address := c.settings.DefaultRedirectURI
	if address == "" {
		return nil
	}
	listed := slices.Contains(c.settings.CallbackURLs, address)
	if !span.Decide(RuleCallbackURL, listed, "DefaultRedirectURI among the callback URLs", address) {
		return awserr.New("InvalidParameterException", "The default redirect URI must be in the list of callback URLs.")
	}
	return nil
}

// checkScopesExist has the wording of
// https://github.com/awsdocs/aws-cloudformation-user-guide/issues/564
func (c *client) checkScopesExist(span *trace.Span) error {
	for _, scope := range c.settings.AllowedOAuthScopes {
		known := slices.Contains(standardScopes(), scope) || c.pool.hasScope(scope)
		if !span.Decide(RuleScopeExists, known, "scope "+scope+" in the user pool", existence(known)) {
			return awserr.New("ScopeDoesNotExistException", "Invalid scope requested: %s", scope)
		}
	}
	return nil
}

func (c *client) checkProvidersExist(span *trace.Span) error {
	for _, name := range c.settings.SupportedIdentityProviders {
		known := name == localUsers || c.pool.provider(name) != nil
		if !span.Decide(RuleProviderExists, known, "identity provider "+name, existence(known)) {
			return awserr.New("InvalidParameterException", "The provider %s does not exist for User Pool %s.", name, c.pool.id)
		}
	}
	return nil
}

// standardScopes are those every pool has:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
func standardScopes() []string {
	return []string{"openid", "email", "phone", "profile", signInScope}
}

// signsInLocally reports whether the client's login page offers the pool's own
// users. A client that names no provider offers all of them.
func (c *client) signsInLocally() bool {
	list := c.settings.SupportedIdentityProviders
	return len(list) == 0 || slices.Contains(list, localUsers)
}

// customScopes are the client's scopes of resource servers.
func (c *client) customScopes() []string {
	var scopes []string
	for _, scope := range c.settings.AllowedOAuthScopes {
		if !slices.Contains(standardScopes(), scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}
