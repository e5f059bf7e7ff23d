// Package phrase puts facts of a trace into a few words: statuses, durations.
package phrase

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/trace"
)

// Aside reports whether a check did not hold and refused nothing: it notes
// something worth knowing. The event with the Seq decider is none.
func Aside(e trace.Event, decider int) bool {
	return e.Kind == trace.Checked && !e.Check.Held && !e.Check.Decides && e.Seq != decider
}

// Status is a response in a few words: "401 Unauthorized", or AWS's error code
// when it has one, such as "400 NotAuthorizedException".
func Status(m trace.Message) string {
	words := []string{}
	if m.Status != 0 {
		words = append(words, strconv.Itoa(m.Status))
	}
	if m.Error != "" {
		words = append(words, m.Error)
	} else if reason := Reason(m.Status); reason != "" {
		words = append(words, reason)
	}
	if len(words) == 0 {
		return "answered"
	}
	return strings.Join(words, " ")
}

// Reason is the phrase of an HTTP status that AWS answers with, "" for others.
func Reason(status int) string {
	switch status {
	case 200:
		return "OK"
	case 201:
		return "Created"
	case 204:
		return "No Content"
	case 302:
		return "Found"
	case 400:
		return "Bad Request"
	case 401:
		return "Unauthorized"
	case 403:
		return "Forbidden"
	case 404:
		return "Not Found"
	case 429:
		return "Too Many Requests"
	case 500:
		return "Internal Server Error"
	case 502:
		return "Bad Gateway"
	case 504:
		return "Gateway Timeout"
	}
	return ""
}

// Span reads a duration as Go writes it ("1h1m0s") in a person's words.
func Span(duration string) string {
	d, err := time.ParseDuration(duration)
	if err != nil {
		return duration
	}
	return Length(d)
}

// Length is a duration in its two largest units: "61 min", "2 h 30 min",
// "30 days". It takes no account of the sign.
func Length(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return two(int(d.Hours()), "h", int(d.Minutes())%60, "min")
	}
	return two(int(d.Hours())/24, "days", int(d.Hours())%24, "h")
}

func two(n int, unit string, m int, small string) string {
	if m == 0 {
		return fmt.Sprintf("%d %s", n, unit)
	}
	return fmt.Sprintf("%d %s %d %s", n, unit, m, small)
}
