package phrase

import (
	"testing"
	"time"

	"claimcheck/sim/trace"
)

func TestStatusPrefersTheErrorCodeOfAWS(t *testing.T) {
	for _, c := range []struct {
		message trace.Message
		want    string
	}{
		{trace.Message{Status: 401}, "401 Unauthorized"},
		{trace.Message{Status: 400, Error: "NotAuthorizedException"}, "400 NotAuthorizedException"},
		{trace.Message{Status: 418}, "418"},
		{trace.Message{}, "answered"},
	} {
		if got := Status(c.message); got != c.want {
			t.Errorf("Status(%+v) = %q, want %q", c.message, got, c.want)
		}
	}
}

func TestLengthHasAtMostTwoUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 60 * time.Second: "60 s", 61 * time.Minute: "61 min", -5 * time.Minute: "5 min",
		150 * time.Minute: "2 h 30 min", 3 * time.Hour: "3 h", 720 * time.Hour: "30 days", 73*time.Hour + time.Minute: "3 days 1 h",
	} {
		if got := Length(d); got != want {
			t.Errorf("Length(%s) = %q, want %q", d, got, want)
		}
	}
	if got := Span("no duration"); got != "no duration" {
		t.Errorf("Span gives %q for what is no duration", got)
	}
}

func TestClockDropsTheHoursItDoesNotNeed(t *testing.T) {
	for d, want := range map[time.Duration]string{
		2*time.Hour + 3*time.Minute + 4*time.Second: "2:03:04", 59*time.Minute + 59*time.Second: "59:59", 5 * time.Second: "0:05", -time.Second: "0:00",
	} {
		if got := Clock(d); got != want {
			t.Errorf("Clock(%s) = %q, want %q", d, got, want)
		}
	}
}

func TestTitlesReadLikeTitles(t *testing.T) {
	for name, want := range map[string]string{
		"api-authorizers": "API authorizers", "identity-pools": "Identity pools", "s3-and-iam": "S3 and IAM", "": "",
	} {
		if got := Title(name); got != want {
			t.Errorf("Title(%q) = %q, want %q", name, got, want)
		}
	}
}
