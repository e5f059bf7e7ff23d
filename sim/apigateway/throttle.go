package apigateway

import (
	"fmt"
	"strings"
	"time"
)

type throttleProperties struct {
	BurstLimit int
	RateLimit  float64
}

// rateLimit is a token bucket for each of those who draw on it: rate is requests
// a second and burst how many may come at once; burst 0 limits nothing. AWS
// calls both targets, not hard limits; here they are exact.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
type rateLimit struct {
	rate  float64
	burst int
	drawn map[string]bucket
}

// bucket is how many requests are left, and since when.
type bucket struct {
	left  float64
	since time.Time
}

func newRateLimit(p throttleProperties) rateLimit {
	return rateLimit{rate: p.RateLimit, burst: p.BurstLimit, drawn: map[string]bucket{}}
}

// draw takes one request out of somebody's bucket, when there is one left.
func (l rateLimit) draw(who string, now time.Time) (found string, ok bool) {
	if l.burst == 0 {
		return "no limit", true
	}
	b, seen := l.drawn[who]
	if !seen {
		b = bucket{left: float64(l.burst), since: now}
	}
	b.left = min(float64(l.burst), b.left+now.Sub(b.since).Seconds()*l.rate)
	b.since = now
	if b.left < 1 {
		l.drawn[who] = b
		return "none left", false
	}
	b.left--
	l.drawn[who] = b
	return fmt.Sprintf("%d left after this one", int(b.left)), true
}

// String says the limit in words.
func (l rateLimit) String() string {
	if l.burst == 0 {
		return "a request within the plan's rate"
	}
	return fmt.Sprintf("a request within burst %d, rate %g a second", l.burst, l.rate)
}

func throttledRequest() *refusal {
	return &refusal{kind: throttled, message: "Too Many Requests", exception: "TooManyRequestsException"}
}

// everyMethod is the path and the verb of a method setting that holds for all.
const everyMethod = "/*/*"

// settingFor is a method setting's key: its path, with ~1 for the slashes after
// the first, and its verb.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigateway-stage-methodsetting.html
func settingFor(s methodSetting) string {
	path := strings.ReplaceAll(strings.TrimPrefix(s.ResourcePath, "/"), "~1", "/")
	if s.ResourcePath == "/*" {
		path = "/*"
	}
	return path + "/" + s.HttpMethod
}

// throttle is the second half of phase 7: the stage's limit for the method, or
// for all of them, shared by all callers. API Gateway looks at it after the
// usage plan's.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
func (c *call) throttle() error {
	own := c.resource.path + "/" + c.method.verb
	for _, setting := range []string{own, c.resource.path + "/*", everyMethod} {
		limit, ok := c.stage.limits[setting]
		if !ok || limit.burst == 0 {
			continue
		}
		if left, ok := limit.draw(own, c.world.Now()); !c.span.Decide(RuleStageThrottle, ok, limit.String(), left) {
			return throttledRequest()
		}
		return nil
	}
	return nil
}
