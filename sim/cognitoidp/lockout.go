package cognitoidp

import (
	"fmt"
	"time"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// failures counts a user's failed attempts to sign in, by password and by
// second factor alike:
// https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html
type failures struct {
	count       int
	latest      time.Time
	lockedUntil time.Time
}

const (
	// freeFailures is how many attempts may fail without a lock.
	freeFailures = 5
	// longestLock is also how long the count lasts.
	longestLock = 15 * time.Minute
)

// fail counts a failed attempt: the fifth locks the user for a second, and each
// one more for twice as long.
func (f *failures) fail(now time.Time) {
	if now.Sub(f.latest) >= longestLock {
		f.count = 0
	}
	f.count++
	f.latest = now
	if f.count < freeFailures {
		return
	}
	const doublings = 10 // 2^10 seconds are more than the longest lock
	lock := time.Second << min(f.count-freeFailures, doublings)
	f.lockedUntil = now.Add(min(lock, longestLock))
}

// checkLock refuses a user who is locked. Such an attempt is not counted.
func (s *UserPools) checkLock(span *trace.Span, u *user) error {
	free := !s.world.Now().Before(u.failures.lockedUntil)
	found := fmt.Sprintf("%d failed", u.failures.count)
	if !free {
		found += ", locked until " + at(u.failures.lockedUntil)
	}
	if !span.Decide(RuleLockout, free, "fewer than five failed attempts, or time since", found) {
		return awserr.New("NotAuthorizedException", "Password attempts exceeded")
	}
	return nil
}
