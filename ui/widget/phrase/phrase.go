// Package phrase puts facts into a few words: statuses, durations, names of
// folders, numbers of things.
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

// Clock is a duration as a clock that counts down shows it: "1:43:07", "4:59".
func Clock(d time.Duration) string {
	seconds := int(max(d, 0).Round(time.Second) / time.Second)
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// Count is a number of things: "1 question", "3 questions".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// Percent is a share of 0 to 1: "54 %".
func Percent(share float64) string { return strconv.Itoa(int(share*100+0.5)) + " %" }

// Title makes a title of the name of a folder or topic: "api-authorizers" is
// "API authorizers".
func Title(name string) string {
	words := strings.Split(name, "-")
	for i, word := range words {
		words[i] = spelt(word)
	}
	title := strings.Join(words, " ")
	if title == "" {
		return title
	}
	return strings.ToUpper(title[:1]) + title[1:]
}

// spelt is a word as AWS writes it where that is not in small letters.
func spelt(word string) string {
	switch word {
	case "api", "aws", "cors", "iam", "id", "jwt", "mfa", "oidc", "pkce", "rest", "http", "s3", "saml", "sdk", "sts", "ui":
		return strings.ToUpper(word)
	case "oauth":
		return "OAuth"
	case "appsync":
		return "AppSync"
	case "graphql":
		return "GraphQL"
	case "dynamodb":
		return "DynamoDB"
	}
	return word
}
