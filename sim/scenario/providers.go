package scenario

import (
	"claimcheck/sim/idp"
	"claimcheck/sim/source"
)

// parseProviders reads the identity providers outside AWS that a stack's users
// may sign in with:
//
//	Google:                       one of the four social providers, or any name
//	  Issuer: https://…           the address of the server; not for the four
//	  Protocol: SAML              for one that speaks SAML; others speak OpenID Connect
//	  SignOut: https://…/saml2/logout  where a browser goes that has signed out; SAML only
//	  Secret: text                the client secret that it asks for; any without
//	  Users: [{sub: "104", email: ana@example.com}]
//
// What they answer is in the package idp. The metadata that AWS::IAM::SAMLProvider
// wants as text is at Issuer/metadata, and stays the same.
func parseProviders(n source.Node, problems *source.Problems) []idp.Provider {
	var providers []idp.Provider
	for _, e := range n.Entries(problems) {
		fields := e.Value.Fields(problems, []string{"Users"}, []string{"Issuer", "Protocol", "SignOut", "Secret"})
		p := idp.Provider{Name: e.Key}
		if node, ok := fields["Issuer"]; ok {
			p.Issuer = node.Text(problems)
		}
		if node, ok := fields["Protocol"]; ok {
			if p.Protocol = node.Text(problems); p.Protocol != idp.SAML {
				problems.Add(node.At(), "Protocol is %s or left out, found %q", idp.SAML, p.Protocol)
			}
		}
		if node, ok := fields["SignOut"]; ok {
			p.SignOut = node.Text(problems)
		}
		if node, ok := fields["Secret"]; ok {
			p.Secret = node.Text(problems)
		}
		if node, ok := fields["Users"]; ok {
			p.Users = parseUsers(node, problems)
		}
		providers = append(providers, p)
	}
	return providers
}

func parseUsers(n source.Node, problems *source.Problems) []map[string]any {
	var users []map[string]any
	for _, item := range n.Items(problems) {
		user, ok := item.Tree().(map[string]any)
		if !ok {
			problems.Add(item.At(), "a user is a mapping of claims, such as {sub: \"104\", email: ana@example.com}, found %s", item.Shape())
			continue
		}
		users = append(users, user)
	}
	return users
}
