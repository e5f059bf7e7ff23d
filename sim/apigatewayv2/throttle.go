package apigatewayv2

import (
	"fmt"
	"time"
)

// limit is a throttling setting; a zero burst is none.
type limit struct {
	burst int
	// rate is in requests a second.
	rate float64
}

// bucket is what is left of a limit at a time.
type bucket struct {
	left  float64
	since time.Time
}

// newLimits reads the throttling settings of a stage; the default ones stand
// under "".
func newLimits(p stageProperties) map[string]limit {
	limits := map[string]limit{}
	if p.DefaultRouteSettings != nil {
		limits[""] = newLimit(*p.DefaultRouteSettings)
	}
	for key, settings := range p.RouteSettings {
		limits[key] = newLimit(settings)
	}
	return limits
}

func newLimit(s routeSettings) limit {
	var l limit
	if s.ThrottlingBurstLimit != nil {
		l.burst = *s.ThrottlingBurstLimit
	}
	if s.ThrottlingRateLimit != nil {
		l.rate = *s.ThrottlingRateLimit
	}
	return l
}

// throttle is phase 3: a token bucket for each route, of the route's own
// settings or the stage's default ones. AWS's limits are targets rather than
// ceilings; these are exact. That throttling comes before authorization is
// inferred.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
func (c *call) throttle() error {
	l, own := c.stage.limits[c.route.key]
	if !own {
		l = c.stage.limits[""]
	}
	if l.burst == 0 {
		return nil
	}
	left, ok := c.stage.draw(c.route.key, l, c.world.Now())
	if c.span.Decide(RuleThrottle, ok, fmt.Sprintf("a request within burst %d, rate %g a second", l.burst, l.rate), left) {
		return nil
	}
	return &refusal{status: 429}
}

// draw takes one request out of the route's bucket, when there is one left.
func (s *stage) draw(route string, l limit, now time.Time) (found string, ok bool) {
	b, seen := s.buckets[route]
	if !seen {
		b = bucket{left: float64(l.burst), since: now}
	}
	b.left = min(float64(l.burst), b.left+now.Sub(b.since).Seconds()*l.rate)
	b.since = now
	ok = b.left >= 1
	found = "none left"
	if ok {
		b.left--
		found = fmt.Sprintf("%d left after this one", int(b.left))
	}
	s.buckets[route] = b
	return found, ok
}
