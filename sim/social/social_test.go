package social_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/social"
	"claimcheck/sim/trace"
)

// door gives one answer, or none.
type door struct {
	api.Doors
	answer api.HTTPResponse
	err    error
	asked  string
}

func (d *door) Send(_ *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	d.asked = string(request.From) + " " + request.Method + " " + request.URL
	return d.answer, d.err
}

// Sources: https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging,
// https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
func TestWhatProvidersSayOfAccessTokens(t *testing.T) {
	for name, tt := range map[string]struct {
		provider string
		status   int
		body     string
		want     social.Token
	}{
		"Facebook's":            {social.Facebook, 200, `{"data":{"app_id":"7","user_id":"104","is_valid":true}}`, social.Token{Valid: true, App: "7", User: "104"}},
		"an old one":            {social.Facebook, 200, `{"data":{"app_id":"7","user_id":"104","is_valid":false}}`, social.Token{App: "7", User: "104"}},
		"nothing of Facebook's": {social.Facebook, 400, "no JSON", social.Token{}},
		"Amazon's":              {social.Amazon, 200, `{"app_id":"amzn1.application.7","user_id":"amzn1.account.A","exp":3600}`, social.Token{Valid: true, App: "amzn1.application.7", User: "amzn1.account.A"}},
		"nothing of Amazon's":   {social.Amazon, 400, `{"error":"invalid_token"}`, social.Token{}},
		"no JSON of Amazon's":   {social.Amazon, 200, "no JSON", social.Token{}},
	} {
		d := &door{answer: api.HTTPResponse{Status: tt.status, Body: tt.body}}
		got, err := social.Ask(nil, d, "STS", tt.provider, "a b")
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %s %v", name, diff, err)
		}
		want := map[string]string{
			social.Facebook: "STS GET https://graph.facebook.com/debug_token?input_token=a+b",
			social.Amazon:   "STS GET https://api.amazon.com/auth/o2/tokeninfo?access_token=a+b",
		}[tt.provider]
		if d.asked != want {
			t.Errorf("%s: %s", name, d.asked)
		}
	}
}

func TestProvidersThatDoNotAnswer(t *testing.T) {
	if _, err := social.Ask(nil, &door{answer: api.HTTPResponse{Status: 503}}, "STS", social.Amazon, "a"); !errors.Is(err, social.ErrNoAnswer) {
		t.Error(err)
	}
	broken := errors.New("no such host")
	if _, err := social.Ask(nil, &door{err: broken}, "STS", social.Amazon, "a"); !errors.Is(err, broken) || errors.Is(err, social.ErrNoAnswer) {
		t.Error(err)
	}
}
