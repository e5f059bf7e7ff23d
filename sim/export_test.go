package sim

import "claimcheck/sim/api"

// Services are those behind the API door.
func (a *Account) Services() map[string]api.Service { return a.services }
