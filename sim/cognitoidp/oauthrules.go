package cognitoidp

import "claimcheck/sim/trace"

// The rules of domains, resource servers and OAuth endpoints.
const (
	RuleDomainExists       trace.RuleID = "cognito-idp.domain.exists"
	RuleDomainName         trace.RuleID = "cognito-idp.domain.name"
	RuleDomainFree         trace.RuleID = "cognito-idp.domain.free"
	RuleDomainCertificate  trace.RuleID = "cognito-idp.domain.certificate"
	RuleResourceServerFree trace.RuleID = "cognito-idp.resource-server.free"
	RuleOAuthComplete      trace.RuleID = "cognito-idp.oauth-client.complete"
	RuleMachineFlow        trace.RuleID = "cognito-idp.oauth-client.client-credentials"
	RuleCallbackURL        trace.RuleID = "cognito-idp.oauth-client.callback-url"
	RuleScopeExists        trace.RuleID = "cognito-idp.oauth-client.scopes"
	RuleDomainClient       trace.RuleID = "cognito-idp.oauth.client"
	RuleOAuthEnabled       trace.RuleID = "cognito-idp.oauth.enabled"
	RuleGrantAllowed       trace.RuleID = "cognito-idp.oauth.grant-allowed"
	RuleScopeAllowed       trace.RuleID = "cognito-idp.oauth.scope"
	RuleScopeOpenID        trace.RuleID = "cognito-idp.oauth.openid-scope"
	RuleRedirectURI        trace.RuleID = "cognito-idp.authorize.redirect-uri"
	RuleResponseType       trace.RuleID = "cognito-idp.authorize.response-type"
	RuleChallengeMethod    trace.RuleID = "cognito-idp.authorize.pkce-method"
	RuleResource           trace.RuleID = "cognito-idp.authorize.resource"
	RuleAudience           trace.RuleID = "cognito-idp.token.audience"
	RulePrompt             trace.RuleID = "cognito-idp.authorize.prompt"
	RuleBrowserSession     trace.RuleID = "cognito-idp.login.session"
	RuleLoginBranding      trace.RuleID = "cognito-idp.login.branding"
	RuleLocalUsers         trace.RuleID = "cognito-idp.login.local-users"
	RuleLogoutURL          trace.RuleID = "cognito-idp.logout.url"
	RuleTokenForm          trace.RuleID = "cognito-idp.token-endpoint.form"
	RuleGrantType          trace.RuleID = "cognito-idp.token-endpoint.grant-type"
	RuleEndpointSecret     trace.RuleID = "cognito-idp.token-endpoint.client-secret"
	RuleCodeOnce           trace.RuleID = "cognito-idp.authorization-code.once"
	RuleCodeExpiry         trace.RuleID = "cognito-idp.authorization-code.expiry"
	RuleCodeRedirect       trace.RuleID = "cognito-idp.authorization-code.redirect-uri"
	RuleCodeVerifier       trace.RuleID = "cognito-idp.authorization-code.verifier"
	RuleUserInfoToken      trace.RuleID = "cognito-idp.user-info.token"
	RuleUserInfoScope      trace.RuleID = "cognito-idp.user-info.openid"
)

func oauthRules() []trace.Rule {
	return append(append(domainRules(), authorizeRules()...), tokenEndpointRules()...)
}

func domainRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleDomainExists, Statement: "The OAuth endpoints and login pages exist only once the user pool has a domain.", Source: guide + "cognito-user-pools-assign-domain.html", Confidence: trace.Documented},
		{ID: RuleDomainName, Statement: "A domain prefix has lower-case letters, digits and hyphens, and not the words aws, amazon or cognito.", Source: guide + "cognito-user-pools-assign-domain-prefix.html", Confidence: trace.Documented},
		{ID: RuleDomainFree, Statement: "A domain prefix exists once in a Region, and a user pool has at most one prefix and one custom domain.", Source: guide + "cognito-user-pools-assign-domain.html", Confidence: trace.Documented},
		{ID: RuleDomainCertificate, Statement: "The certificate of a custom domain is an ACM certificate in us-east-1, whatever the Region of the user pool.", Source: guide + "cognito-user-pools-add-custom-domain.html", Confidence: trace.Documented},
		{ID: RuleResourceServerFree, Statement: "A resource server's identifier exists once in a user pool.", Source: reference + "API_CreateResourceServer.html", Confidence: trace.Inferred},
		{ID: RuleOAuthComplete, Statement: "An app client of the OAuth endpoints has flows and scopes.", Source: "https://jobairkhan.com/2019/02/10/aws-cognito-user-pools-client-credentials", Confidence: trace.Observed},
		{ID: RuleMachineFlow, Statement: "client_credentials needs an app client with a secret and goes with no other flow.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: RuleCallbackURL, Statement: "Callback URLs are absolute and https, http only on localhost, or an app's own scheme; code and implicit need one.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: RuleScopeExists, Statement: "An app client's scopes are standard ones or IDENTIFIER/SCOPE of a resource server of the pool.", Source: guide + "cognito-user-pools-define-resource-servers.html", Confidence: trace.Documented},
	}
}

func authorizeRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleDomainClient, Statement: "A domain serves the app clients of its own user pool.", Source: guide + "authorization-endpoint.html", Confidence: trace.Documented},
		{ID: RuleOAuthEnabled, Statement: "An app client uses the OAuth endpoints only with AllowedOAuthFlowsUserPoolClient true; it is false by default.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: RuleGrantAllowed, Statement: "An app client uses only the grants in its AllowedOAuthFlows: code, implicit or client_credentials.", Source: guide + "token-endpoint.html", Confidence: trace.Documented},
		{ID: RuleScopeAllowed, Statement: "An app gets only scopes of its AllowedOAuthScopes, and with client_credentials only custom ones; others are refused with invalid_scope.", Source: guide + "cognito-user-pools-define-resource-servers.html", Confidence: trace.Documented},
		{ID: RuleScopeOpenID, Statement: "The scopes email, phone and profile are asked for together with openid.", Source: guide + "cognito-user-pools-define-resource-servers.html", Confidence: trace.Documented},
		{ID: RuleRedirectURI, Statement: "redirect_uri is one of the app client's callback URLs, to the letter; otherwise the browser ends at an error page.", Source: guide + "authorization-endpoint.html", Confidence: trace.Documented},
		{ID: RuleResponseType, Statement: "response_type is code or token.", Source: guide + "authorization-endpoint.html", Confidence: trace.Documented},
		{ID: RuleChallengeMethod, Statement: "PKCE works with the method S256 only; plain, or a challenge without a method, is refused.", Source: guide + "authorization-endpoint.html", Confidence: trace.Documented},
		{ID: RuleResource, Statement: "resource is one address, by https, http://localhost or an app's own scheme; the access token is bound to it.", Source: guide + "authorization-endpoint.html", Confidence: trace.Documented},
		{ID: RuleAudience, Statement: "An access token has no aud, unless the app bound it to a resource at the authorization endpoint; its client is in client_id.", Source: guide + "amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html", Confidence: trace.Documented},
		{ID: RulePrompt, Statement: "prompt=none signs in silently or fails with login_required.", Source: guide + "authorization-endpoint.html", Confidence: trace.Documented},
		{ID: RuleBrowserSession, Statement: "The login page's cookie signs the browser in again for an hour; using it does not prolong it.", Source: guide + "cognito-user-pools-managed-login.html", Confidence: trace.Documented},
		{ID: RuleLoginBranding, Statement: "A domain with ManagedLoginVersion 2 serves no page for an app client without a branding style.", Source: guide + "cognito-user-pools-managed-login.html", Confidence: trace.Documented},
		{ID: RuleLocalUsers, Statement: "Without COGNITO in SupportedIdentityProviders the login page does not take the pool's own users; the sign-in API does.", Source: reference + "API_CreateUserPoolClient.html", Confidence: trace.Documented},
		{ID: RuleLogoutURL, Statement: "/logout ends the browser's session, not the tokens, and goes on only to a URL in LogoutURLs.", Source: guide + "logout-endpoint.html", Confidence: trace.Documented},
	}
}

func tokenEndpointRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleTokenForm, Statement: "The token and revocation endpoints take a form with the parameters of the request.", Source: guide + "token-endpoint.html", Confidence: trace.Documented},
		{ID: RuleGrantType, Statement: "The token endpoint knows authorization_code, refresh_token and client_credentials, and no password grant.", Source: guide + "token-endpoint.html", Confidence: trace.Documented},
		{ID: RuleEndpointSecret, Statement: "An app client with a secret proves it at the token endpoint, by Basic authentication or in the form.", Source: guide + "token-endpoint.html", Confidence: trace.Documented},
		{ID: RuleCodeOnce, Statement: "An authorization code works once, for the app client that asked for it.", Source: guide + "token-endpoint.html", Confidence: trace.Documented},
		{ID: RuleCodeExpiry, Statement: "An authorization code lives five minutes.", Source: guide + "authorization-endpoint.html", Confidence: trace.Documented},
		{ID: RuleCodeRedirect, Statement: "A code is exchanged with the redirect_uri that it was asked for with.", Source: guide + "token-endpoint.html", Confidence: trace.Documented},
		{ID: RuleCodeVerifier, Statement: "A code that was asked for with a code_challenge is exchanged only with the code_verifier behind it.", Source: guide + "using-pkce-in-authorization-code.html", Confidence: trace.Documented},
		{ID: RuleUserInfoToken, Statement: "userInfo takes an access token in the header Authorization, after Bearer.", Source: guide + "userinfo-endpoint.html", Confidence: trace.Documented},
		{ID: RuleUserInfoScope, Statement: "userInfo needs the scope openid, which tokens of the sign-in API do not have.", Source: guide + "userinfo-endpoint.html", Confidence: trace.Documented},
	}
}
