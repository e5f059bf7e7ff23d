package cognitoidp

import (
	"net/url"
	"strings"

	"claimcheck/sim/jwt"
)

// has finds the account that an app means: clients, sessions and tokens bear no
// account, and are unique without one.
func (s *UserPools) has(input map[string]any) bool {
	text := func(member string) string { value, _ := input[member].(string); return value }
	if _, ok := s.clients[text("ClientId")]; ok {
		return true
	}
	if _, ok := s.sessions[text("Session")]; ok {
		return true
	}
	token, err := jwt.Parse(text("AccessToken"))
	return err == nil && s.signIns[token.Text("event_id")] != nil
}

// hasAddress knows the documents of this account's pools: /POOL/….
func (s *UserPools) hasAddress(address *url.URL) bool {
	id, _, _ := strings.Cut(strings.TrimPrefix(address.Path, "/"), "/")
	return s.pools[id] != nil
}

// hasDomain knows the domains of this account's pools.
func (s *UserPools) hasDomain(address *url.URL) bool { return s.web.domains[address.Host] != nil }
