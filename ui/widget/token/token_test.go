package token

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/trace"
	"claimcheck/ui/theme"
	"claimcheck/ui/widget/page"
)

func jwt(claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"RS256","kid":"k"}`)) + "." + enc([]byte(claims)) + "." + enc([]byte("signature"))
}

func TestFindsAJWTThatNothingIssued(t *testing.T) {
	found := Find(`{"Authorization":"Bearer `+jwt(`{"sub":"a","exp":1}`)+`"}`, nil)
	if len(found) != 1 {
		t.Fatalf("found %d tokens, want 1", len(found))
	}
	want := []trace.Claim{{Name: "sub", Value: `"a"`}, {Name: "exp", Value: "1"}}
	if diff := cmp.Diff(want, found[0].Claims); diff != "" {
		t.Error(diff)
	}
}

func TestFindsTokensInsideEscapedJSON(t *testing.T) {
	raw := jwt(`{"sub":"a"}`)
	if found := Find(`{"event":"{\"authorizationToken\":\"`+raw+`\"}"}`, nil); len(found) != 1 || found[0].Raw != raw {
		t.Errorf("found %+v, want the token", found)
	}
}

func TestKnownTokenKeepsWhoWroteItsClaims(t *testing.T) {
	raw := jwt(`{"email":"ana@example.com"}`)
	known := []trace.Token{{Name: "IdToken", Raw: raw, Claims: []trace.Claim{{Name: "email", Value: `"ana@example.com"`, From: "user attribute"}}}}
	found := Find(raw, known)
	if len(found) != 1 || found[0].Name != "IdToken" || found[0].Claims[0].From != "user attribute" {
		t.Errorf("found %+v", found)
	}
}

func TestOrdinaryTextHoldsNoToken(t *testing.T) {
	for _, text := range []string{"", "a.b.c", "https://cognito-idp.us-east-1.amazonaws.com", "1.2.3", "..", "e30.e30", "\xff.\xff.\xff"} {
		if found := Find(text, nil); len(found) != 0 {
			t.Errorf("found %+v in %q", found, text)
		}
	}
}

func TestShortenNamesTheToken(t *testing.T) {
	raw := jwt(`{"sub":"a"}`)
	got := Shorten("Bearer "+raw, []trace.Token{{Name: "AccessToken", Raw: raw}})
	if want := "Bearer " + raw[:8] + "… (AccessToken)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTimesAreToldFromTheStepOn(t *testing.T) {
	issued := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	claims := []trace.Claim{{Name: "iat", Value: "1772442000"}, {Name: "exp", Value: "1772445600"}}
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{issued, "1772445600 = 2026-03-02 10:00:00 UTC, 60 min after issue; 60 min left at this step"},
		{issued.Add(61 * time.Minute), "1772445600 = 2026-03-02 10:00:00 UTC, 60 min after issue; expired 60 s before this step"},
	} {
		p := page.New(theme.New(theme.Look{}), 120)
		Draw(p, theme.New(theme.Look{}), Token{Name: "IdToken", Claims: claims}, c.at)
		if got := ansi.Strip(strings.Join(p.Lines(), "\n")); !strings.Contains(got, c.want) {
			t.Errorf("at %s got\n%s\nwant %q", c.at, got, c.want)
		}
	}
}

func TestOpaqueTokenIsSaidToBe(t *testing.T) {
	p := page.New(theme.New(theme.Look{}), 60)
	Draw(p, theme.New(theme.Look{}), Of(trace.Token{Name: "RefreshToken", Raw: "opaque-and-long"}), time.Time{})
	if got := ansi.Strip(strings.Join(p.Lines(), "\n")); !strings.Contains(got, "only its issuer can read it") {
		t.Error(got)
	}
}

func FuzzFindNeverPanics(f *testing.F) {
	f.Add(jwt(`{"sub":"a"}`))
	f.Add("e30.e30.e30")
	f.Add("W10.W10.")
	f.Fuzz(func(_ *testing.T, text string) { Find(text, nil) })
}
