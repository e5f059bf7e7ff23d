package cognitoidp

// ClientSecret returns the secret of an app client, "" when it has none, and
// whether the pool has the client: what a load balancer is told when a listener
// is made that signs users in.
//
// Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
func (s *UserPools) ClientSecret(poolID, clientID string) (secret string, found bool) {
	c, ok := s.clients[clientID]
	if !ok || c.pool.id != poolID {
		return "", false
	}
	return c.secret, true
}
